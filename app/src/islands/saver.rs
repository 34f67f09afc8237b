//! Saving as one works: at each change or pause, and when the page is left; kept in the browser until the server has it.
//! The island says what stands in its form and what it makes of an answer; everything else is the same for all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::SaveWords;
use super::wire;

/// Names and values of a form.
pub type Pairs = Vec<(String, String)>;

/// What an island makes of the server's status and answer. True: it has said itself what there is to say.
pub type Answered = Box<dyn Fn(u16, &JsValue) -> bool>;

/// A state for the style sheet, and its sentence.
pub type Said = (&'static str, String);

/// Told to the window after each saving.
pub const SAVED: &str = "wp-saved";
/// A pause in typing after which is saved.
const PAUSE: Duration = Duration::from_millis(900);
/// Where what is kept in the browser notes the version that it was written over, and that it was sent by a button.
const SEEN: &str = "seen";
const SENT: &str = " sent";

pub struct Plan {
    /// The form's own address.
    pub action: String,
    /// Of what is kept in the browser: names the person, so that nobody else at the same browser is shown it.
    pub key: String,
    pub words: SaveWords,
    pub said: RwSignal<Said>,
    /// The version that was read: the server takes the form only if it is still the newest.
    pub version: RwSignal<String>,
    /// What stands in the form now.
    pub read: Box<dyn Fn() -> Pairs>,
    /// Whether it can be saved; a half-filled form is told by its own button.
    pub ready: Box<dyn Fn() -> bool>,
    pub answered: Answered,
}

/// What waits for the saving under way.
enum Then {
    Go(String),
    Submit(web_sys::HtmlFormElement, Option<web_sys::HtmlElement>),
}

struct Inner {
    plan: Plan,
    busy: Cell<bool>,
    /// Something was changed since it was last sent.
    changed: Cell<bool>,
    timer: Cell<Option<TimeoutHandle>>,
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
            timer: Cell::new(None),
            then: RefCell::new(None),
            kept: RefCell::default(),
        }));
        // A page that is left in the middle of a sentence saves it.
        let leaving = saver.clone();
        let handle = window_event_listener_untyped("pagehide", move |_| {
            if leaving.stop_timer() {
                leaving.save();
            }
        });
        on_cleanup(move || handle.remove());
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
        let same = self.0.plan.version.with_untracked(|version| over == *version);
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
        self.0.timer.set(set_timeout_with_handle(move || saver.save(), PAUSE).ok());
    }

    /// Something was chosen: saved at once.
    pub fn chosen(&self) {
        self.0.changed.set(true);
        self.keep(false);
        self.save();
    }

    /// To another page, once what was changed is saved; what cannot be saved stays kept.
    pub fn leave(&self, to: &str) {
        self.save();
        if self.0.busy.get() {
            self.0.then.replace(Some(Then::Go(to.to_owned())));
        } else {
            go(to);
        }
    }

    /// A button of the form was pressed. A saving under way comes first: the form would say that it is out of date.
    pub fn submitted(&self, event: &web_sys::SubmitEvent) {
        use wasm_bindgen::JsCast;

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

    /// True: it was running.
    fn stop_timer(&self) -> bool {
        let timer = self.0.timer.take();
        timer.inspect(TimeoutHandle::clear).is_some()
    }

    fn keep(&self, sent: bool) {
        let plan = &self.0.plan;
        let mut kept = (plan.read)();
        kept.push((SEEN.to_owned(), plan.version.get_untracked()));
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
        inner.plan.said.set(("saving", inner.plan.words.saving.clone()));
        let saver = self.clone();
        leptos::task::spawn_local(async move {
            let mut saved = true;
            while saved && saver.0.changed.replace(false) {
                saved = saver.send().await;
            }
            saver.0.changed.set(!saved);
            saver.0.busy.set(false);
            saver.go_on(saved);
        });
    }

    /// Sends what stands in the form now. True: the server has it.
    async fn send(&self) -> bool {
        let Plan { action, key, words, said, version, read, answered, .. } = &self.0.plan;
        let mut body = read();
        body.push((SEEN.to_owned(), version.get_untracked()));
        body.push(("do".to_owned(), "save".to_owned()));
        let answer = wire::fetch(action, Some(&wire::form(&body).unwrap_or_default())).await;
        let (state, sentence) = match answer {
            None => ("offline", words.offline.clone()),
            Some((401, _)) => ("offline", words.signed_out.clone()),
            Some((200, answer)) => {
                version.set(wire::text(&answer, SEEN));
                if !self.0.changed.get()
                    && let Some(storage) = wire::storage()
                {
                    let _ = storage.remove_item(key);
                }
                if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new(SAVED)) {
                    let _ = window.dispatch_event(&event);
                }
                if !answered(200, &answer) {
                    let told = wire::text(&answer, "saved");
                    said.set(("saved", if told.is_empty() { words.saved.clone() } else { told }));
                }
                return true;
            }
            // What an earlier page sent while it was left has arrived since this one was made: nobody else's.
            Some((409, answer)) if self.own(&answer) => {
                self.0.kept.take();
                version.set(wire::text(&answer, SEEN));
                self.0.changed.set(true);
                return true;
            }
            Some((status, answer)) if answered(status, &answer) => return false,
            Some(_) => ("failed", words.failed.clone()),
        };
        said.set((state, sentence));
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
            Some(Then::Go(to)) if saved => go(&to),
            // After the version has reached its hidden field.
            Some(Then::Submit(form, button)) => set_timeout(
                move || {
                    let _ = match &button {
                        Some(button) => form.request_submit_with_submitter(Some(button)),
                        None => form.request_submit(),
                    };
                },
                Duration::ZERO,
            ),
            _ => {}
        }
    }
}

fn go(to: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_href(to);
    }
}
