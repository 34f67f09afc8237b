//! Saving as one works: at each change or pause, and when the page is left; kept in the browser until the server has it.
//! The island says what stands in its form and what it makes of an answer; everything else is the same for all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, SubmitEvent};

use crate::{dom, wire};

/// Names and values of a form.
pub type Pairs = Vec<(String, String)>;

/// What an island makes of the server's status and answer. True: it has said itself what there is to say.
pub type Answered = Box<dyn Fn(u16, &JsValue) -> bool>;

/// Told to the window after each saving.
pub const SAVED: &str = "wp-saved";
/// A pause in typing after which is saved, in milliseconds.
const PAUSE: u32 = 900;
/// The hidden field with the version that was read: the server takes the form only if that is still the newest. Also where
/// what is kept in the browser notes the version that it was written over, and that it was sent by a button.
const SEEN: &str = "seen";
const SENT: &str = " sent";

/// The line that says how far saving is: a state for the style sheet, and a sentence.
#[derive(Clone)]
pub struct Said(pub HtmlElement);

impl Said {
    pub fn set(&self, state: &str, sentence: &str) {
        dom::set(&self.0, "data-state", state);
        self.0.set_text_content(Some(sentence));
    }
}

/// The version in a form's hidden field.
#[derive(Clone)]
pub struct Version(pub HtmlInputElement);

impl Version {
    pub fn of(form: &Element) -> Option<Self> {
        dom::within(form, "input[type=hidden][name=seen]").map(Self)
    }

    pub fn get(&self) -> String {
        self.0.value()
    }

    pub fn set(&self, version: &str) {
        self.0.set_value(version);
    }
}

pub struct Plan {
    /// The form's own address.
    pub action: String,
    /// Of what is kept in the browser: names the person, so that nobody else at the same browser is shown it.
    pub key: String,
    /// `SaveWords` of `app::islands`.
    pub words: JsValue,
    pub said: Said,
    pub version: Version,
    /// What stands in the form now.
    pub read: Box<dyn Fn() -> Pairs>,
    /// Whether it can be saved; a half-filled form is told by its own button.
    pub ready: Box<dyn Fn() -> bool>,
    pub answered: Answered,
}

/// What waits for the saving under way.
enum Then {
    Go(String),
    Submit(HtmlFormElement, Option<HtmlElement>),
}

struct Inner {
    plan: Plan,
    busy: Cell<bool>,
    /// Something was changed since it was last sent.
    changed: Cell<bool>,
    timer: RefCell<Option<Timeout>>,
    then: RefCell<Option<Then>>,
    /// What was kept when the page came.
    kept: RefCell<Pairs>,
}

#[derive(Clone)]
pub struct Saver(Rc<Inner>);

impl Saver {
    pub fn new(plan: Plan) -> Self {
        let saver = Self(Rc::new(Inner {
            plan,
            busy: Cell::new(false),
            changed: Cell::new(false),
            timer: RefCell::default(),
            then: RefCell::default(),
            kept: RefCell::default(),
        }));
        // A page that is left in the middle of a sentence saves it.
        let leaving = saver.clone();
        if let Some(window) = dom::window() {
            dom::listen::<web_sys::Event>(&window, "pagehide", move |_| {
                if leaving.stop_timer() {
                    leaving.save();
                }
            });
        }
        saver
    }

    /// What an earlier visit could not send, if it says something else than the page.
    /// True: it was written over the version that the page has.
    pub fn kept(&self) -> Option<(Pairs, bool)> {
        let storage = wire::storage()?;
        let mut kept = wire::pairs(&storage.get_item(&self.0.plan.key).ok().flatten()?);
        let mut take = |name: &str| kept.iter().position(|(own, _)| own == name).map(|at| kept.remove(at).1);
        let (sent, over) = (take(SENT).is_some(), take(SEEN).unwrap_or_default());
        // A button sent it and there is a newer version: it was saved.
        let same = over == self.0.plan.version.get();
        let saved = sent && !same;
        if saved || kept == (self.0.plan.read)() {
            let _ = storage.remove_item(&self.0.plan.key);
            return None;
        }
        self.0.kept.replace(kept.clone());
        Some((kept, same))
    }

    /// A key was pressed: kept at once, saved at a pause.
    pub fn typed(&self) {
        self.0.changed.set(true);
        self.keep(false);
        let saver = self.clone();
        self.stop_timer();
        self.0.timer.replace(Some(Timeout::new(PAUSE, move || saver.save())));
    }

    /// Something was chosen: saved at once.
    pub fn chosen(&self) {
        self.0.changed.set(true);
        self.keep(false);
        self.save();
    }

    /// What stands in the form is what the server has: nothing waits to be sent.
    pub fn settled(&self) {
        self.stop_timer();
        self.0.changed.set(false);
        if let Some(storage) = wire::storage() {
            let _ = storage.remove_item(&self.0.plan.key);
        }
    }

    /// To another page, once what was changed is saved; what cannot be saved stays kept.
    pub fn leave(&self, to: &str) {
        self.save();
        if self.0.busy.get() {
            self.0.then.replace(Some(Then::Go(to.to_owned())));
        } else {
            dom::go(to);
        }
    }

    /// A button of the form was pressed. A saving under way comes first: the form would say that it is out of date.
    pub fn submitted(&self, event: &SubmitEvent) {
        self.stop_timer();
        self.keep(true);
        if self.0.busy.get()
            && let Some(form) = event.target().and_then(|form| form.dyn_into().ok())
        {
            event.prevent_default();
            self.0.then.replace(Some(Then::Submit(form, event.submitter())));
        } else {
            self.0.changed.set(false);
        }
    }

    /// True: it was running. A timer that is dropped does not fire.
    fn stop_timer(&self) -> bool {
        self.0.timer.take().is_some()
    }

    fn keep(&self, sent: bool) {
        let plan = &self.0.plan;
        let mut kept = (plan.read)();
        kept.push((SEEN.to_owned(), plan.version.get()));
        if sent {
            kept.push((SENT.to_owned(), "yes".to_owned()));
        }
        if let (Some(storage), Some(text)) = (wire::storage(), wire::form(&kept)) {
            let _ = storage.set_item(&plan.key, &text);
        }
    }

    fn save(&self) {
        self.stop_timer();
        let inner = &self.0;
        if inner.busy.get() || !inner.changed.get() || !(inner.plan.ready)() {
            return;
        }
        inner.busy.set(true);
        inner.plan.said.set("saving", &self.word("saving"));
        let saver = self.clone();
        spawn_local(async move {
            let mut saved = true;
            while saved && saver.0.changed.replace(false) {
                saved = saver.send().await;
            }
            saver.0.changed.set(!saved);
            saver.0.busy.set(false);
            saver.go_on(saved);
        });
    }

    fn word(&self, name: &str) -> String {
        wire::text(&self.0.plan.words, name)
    }

    /// Sends what stands in the form now. True: the server has it.
    async fn send(&self) -> bool {
        let Plan { action, key, said, version, read, answered, .. } = &self.0.plan;
        let mut body = read();
        body.push((SEEN.to_owned(), version.get()));
        body.push(("do".to_owned(), "save".to_owned()));
        let answer = wire::fetch(action, Some(&wire::form(&body).unwrap_or_default())).await;
        let (state, word) = match answer {
            None => ("offline", "offline"),
            Some((401, _)) => ("offline", "signed_out"),
            Some((200, answer)) => {
                version.set(&wire::text(&answer, SEEN));
                if self.0.changed.get() {
                    // Typed meanwhile, over what is saved now: else it would come back as a conflict with oneself.
                    self.keep(false);
                } else if let Some(storage) = wire::storage() {
                    let _ = storage.remove_item(key);
                }
                if let (Some(window), Ok(event)) = (dom::window(), web_sys::Event::new(SAVED)) {
                    let _ = window.dispatch_event(&event);
                }
                if !answered(200, &answer) {
                    let told = wire::text(&answer, "saved");
                    said.set("saved", if told.is_empty() { self.word("saved") } else { told }.as_str());
                }
                return true;
            }
            // What an earlier page sent while it was left has arrived since this one was made: nobody else's.
            Some((409, answer)) if self.own(&answer) => {
                self.0.kept.take();
                version.set(&wire::text(&answer, SEEN));
                self.0.changed.set(true);
                return true;
            }
            Some((status, answer)) if answered(status, &answer) => return false,
            Some(_) => ("failed", "failed"),
        };
        said.set(state, &self.word(word));
        false
    }

    fn own(&self, answer: &JsValue) -> bool {
        let kept = self.0.kept.borrow();
        let plain = |text: &str| text.replace("\r\n", "\n");
        !kept.is_empty()
            && wire::list(answer, "differing").iter().all(|row| {
                let (field, theirs) = (wire::text(row, "field"), wire::text(row, "theirs"));
                kept.iter().any(|(name, value)| *name == field && plain(value) == plain(&theirs))
            })
    }

    fn go_on(&self, saved: bool) {
        match self.0.then.take() {
            Some(Then::Go(to)) if saved => dom::go(&to),
            Some(Then::Submit(form, button)) => {
                let _ = match &button {
                    Some(button) => form.request_submit_with_submitter(Some(button)),
                    None => form.request_submit(),
                };
            }
            _ => {}
        }
    }
}
