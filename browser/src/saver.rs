//! Saving as one works: at each change or pause, and when the page is left; kept in the browser until the server has it, and
//! sent again by itself. The island says what stands in its form and what it makes of an answer; everything else is the same
//! for all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement, HtmlFormElement, SubmitEvent};

use crate::kept::{self, Item, Shelf};
use crate::pairs::{Pairs, of, plain, same};
use crate::said::{Said, Version};
use crate::{dom, page_form, wire};

/// What an island makes of the server's status and answer. True: it has said itself what there is to say.
pub type Answered = Box<dyn Fn(u16, &JsValue) -> bool>;

/// Told to the window after each saving.
pub const SAVED: &str = "wp-saved";
/// A pause in typing after which is saved, in milliseconds.
const PAUSE: u32 = 900;
/// What could not be sent is tried again after so many milliseconds, then after twice as many, up to a minute.
const FIRST_AGAIN: u32 = 2_000;
const LAST_AGAIN: u32 = 60_000;
/// The hidden field with the version that was read: the server takes the form only if that is still the newest.
const SEEN: &str = "seen";

pub struct Plan {
    /// The form's own address.
    pub action: String,
    /// Of what is kept in the browser: names the person, so that nobody else at the same browser is shown it.
    pub key: String,
    /// Who wrote it. The server takes it from nobody else, whoever has signed in since.
    pub person: String,
    /// `SaveWords` of `app::islands`.
    pub words: JsValue,
    pub said: Said,
    pub version: Version,
    /// Each field has a version of its own (`seen-<field>`) and is kept by itself; otherwise the form is one.
    pub each: bool,
    /// What the server has of the form, as [`plain`] gives it.
    pub base: Pairs,
    /// What stands in the form now.
    pub read: Box<dyn Fn() -> Pairs>,
    /// Whether it can be saved; a half-filled form is told by its own button.
    pub ready: Box<dyn Fn() -> bool>,
    /// Two texts stand side by side, and none was chosen yet.
    pub asking: Box<dyn Fn() -> bool>,
    /// Where each field is kept by itself: those that wait for a choice. The others are saved meanwhile.
    pub waits: Box<dyn Fn() -> Vec<String>>,
    pub answered: Answered,
}

/// What became of what was sent.
#[derive(Clone, Copy, PartialEq)]
enum Sent {
    Taken,
    /// No connection, no server, or one that is broken: the same again may do.
    Away,
    SignedOut,
    /// Somebody saved meanwhile: a choice is to be made.
    Asked,
    Refused,
}

/// What waits for the saving under way.
enum Then {
    Go(String),
    Submit(HtmlFormElement, Option<HtmlElement>),
}

struct Inner {
    plan: Plan,
    shelf: Shelf,
    base: RefCell<Pairs>,
    busy: Cell<bool>,
    /// Something was changed since it was last sent.
    changed: Cell<bool>,
    /// It waits for the network, the server or a signing in.
    stuck: Cell<bool>,
    /// The form is sent by its button now; everything was saved before.
    going: Cell<bool>,
    again: Cell<u32>,
    timer: RefCell<Option<Timeout>>,
    then: RefCell<Option<Then>>,
    /// Texts that the server may have got from here although it was not heard to say so: nobody else's.
    tried: RefCell<Pairs>,
}

#[derive(Clone)]
pub struct Saver(Rc<Inner>);

impl Saver {
    pub fn new(plan: Plan) -> Self {
        let saver = Self(Rc::new(Inner {
            shelf: Shelf::new(plan.key.clone()),
            base: RefCell::new(plan.base.clone()),
            plan,
            busy: Cell::new(false),
            changed: Cell::new(false),
            stuck: Cell::new(false),
            going: Cell::new(false),
            again: Cell::new(FIRST_AGAIN),
            timer: RefCell::default(),
            then: RefCell::default(),
            tried: RefCell::default(),
        }));
        if let Some(window) = dom::window() {
            // A page that is left in the middle of a sentence saves it.
            let leaving = saver.clone();
            dom::listen::<Event>(&window, "pagehide", move |_| {
                if leaving.stop_timer() {
                    leaving.save();
                }
            });
            // The network is back; or one has signed in again elsewhere and comes back.
            for event in ["online", "focus", "pageshow"] {
                let waiting = saver.clone();
                dom::listen::<Event>(&window, event, move |_| {
                    if waiting.0.stuck.get() {
                        waiting.save();
                    }
                });
            }
        }
        saver
    }

    /// What other visits of such a page could not send, the newest last.
    pub fn others(&self) -> Vec<Item> {
        self.0.shelf.others()
    }

    /// The form has it from now on, or its reader is asked.
    pub fn take(&self, item: Item) {
        self.0.tried.borrow_mut().extend(item.fields.clone());
        self.0.shelf.take(item);
    }

    /// What the server has of a field; `None` where it does not stand on this page.
    pub fn base_of(&self, name: &str) -> Option<String> {
        of(&self.0.base.borrow(), name).map(str::to_owned)
    }

    /// All that other visits kept stands in the form: sent as one's own.
    pub fn taken_up(&self) {
        self.0.changed.set(true);
        if self.keep(false) {
            self.0.shelf.moved();
        }
        self.save();
    }

    /// A key was pressed: kept at once, saved at a pause.
    pub fn typed(&self) {
        self.0.changed.set(true);
        let line = &self.0.plan.said.0;
        if dom::attribute(line, "data-state") == "saved" {
            // What it says was so, and is so no more; in the same words, so that nobody is told at each pause.
            dom::set(line, "data-state", "unsaved");
        }
        self.keep(false);
        self.in_a_while(PAUSE);
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
        self.0.base.replace(plain(&(self.0.plan.read)(), self.0.plan.each));
        self.0.shelf.clear();
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

    /// A button of the form was pressed. What was typed is saved first: then the button does the rest, or it is said here why
    /// not, beside the text. But a submission goes as it stands: it brings everything, and each moment may be the last.
    pub fn submitted(&self, event: &SubmitEvent) {
        let (inner, plan) = (&self.0, &self.0.plan);
        self.stop_timer();
        let button = event.submitter();
        let act = button.as_ref().map(|button| dom::attribute(button, "value")).unwrap_or_default();
        let submits = act == "submit";
        if act == "clear" {
            // Taken back, with all that was typed.
            self.settled();
            return;
        }
        self.keep(submits);
        if (plan.asking)() {
            event.prevent_default();
            plan.said.set("failed", &self.word("choose"));
            return;
        }
        if inner.going.take() {
            inner.changed.set(false);
            return;
        }
        let saves = !submits && inner.changed.get() && (plan.ready)();
        if submits && !dom::online() {
            event.prevent_default();
            inner.stuck.set(true);
            inner.changed.set(true);
            plan.said.set("offline", &self.word("offline"));
        } else if let Some(form) = event.target().and_then(|form| form.dyn_into().ok()).filter(|_| inner.busy.get() || saves) {
            event.prevent_default();
            inner.then.replace(Some(Then::Submit(form, button)));
            self.save();
        } else {
            inner.changed.set(false);
        }
    }

    /// True: it was running. A timer that is dropped does not fire.
    fn stop_timer(&self) -> bool {
        self.0.timer.take().is_some()
    }

    fn in_a_while(&self, milliseconds: u32) {
        let saver = self.clone();
        self.stop_timer();
        self.0.timer.replace(Some(Timeout::new(milliseconds, move || saver.save())));
    }

    /// Whether a field of the form, or what goes with it, waits for a choice.
    fn waits(waiting: &[String], name: &str) -> bool {
        let of = |field: &String| {
            let rest = name.strip_prefix("seen-").unwrap_or(name).strip_prefix(field.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("--"))
        };
        waiting.iter().any(of)
    }

    /// The server has this of a field.
    fn has(&self, name: &str, value: &str) {
        let mut base = self.0.base.borrow_mut();
        base.retain(|(own, _)| own != name);
        base.push((name.to_owned(), value.to_owned()));
    }

    /// What is said by each field, beside the page's one line: nobody should read "saved" under what is not. `lines`: of the fields
    /// that the server has now.
    fn paint(&self, held: &Pairs, lines: &JsValue) {
        if !self.0.plan.each {
            return;
        }
        for line in dom::all("form#form [data-of]") {
            let name = dom::attribute(&line, "data-of");
            let newest = wire::text(lines, &name);
            if !newest.is_empty() {
                dom::set(&line, "data-said", &newest);
            } else if !line.has_attribute("data-said") {
                dom::set(&line, "data-said", &line.text_content().unwrap_or_default());
            }
            let said = dom::attribute(&line, "data-said");
            let (state, said) = match of(held, &name) {
                Some(_) => ("unsaved", self.word("unsaved")),
                None => ("saved", said),
            };
            let shown = if said.is_empty() { line.set_attribute("hidden", "") } else { line.remove_attribute("hidden") };
            if shown.is_ok() && line.text_content().is_none_or(|before| before != said) {
                line.set_text_content(Some(&said));
            }
            dom::set(&line, "data-state", state);
        }
    }

    /// What the server does not have of what stands in the form.
    fn held(&self) -> Pairs {
        let Plan { each, read, .. } = &self.0.plan;
        let (read, base) = (read(), self.0.base.borrow());
        let now = plain(&read, *each);
        let differs = |(name, value): &(String, String)| !of(&base, name).is_some_and(|before| same(before, value));
        if !*each {
            let unchanged = base.len() == now.len() && base.iter().zip(&now).all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1));
            return if unchanged { Pairs::new() } else { now };
        }
        let mut held = Pairs::new();
        for pair in now.into_iter().filter(differs) {
            let seen = format!("seen-{}", pair.0);
            let version = of(&read, &seen).unwrap_or_default().to_owned();
            held.extend([pair, (seen, version)]);
        }
        held
    }

    /// `sent`: by a button that submits. False: this browser keeps nothing.
    fn keep(&self, sent: bool) -> bool {
        let plan = &self.0.plan;
        let (over, page) = (plan.version.get(), dom::document().map(|document| document.title()).unwrap_or_default());
        let about = [(kept::OVER, over.as_str()), (kept::TO, &plan.action), (kept::PAGE, &page), (kept::SENT, "yes")];
        let held = self.held();
        self.paint(&held, &JsValue::NULL);
        self.0.shelf.put(held, if sent { &about } else { &about[..3] })
    }

    fn save(&self) {
        self.stop_timer();
        let inner = &self.0;
        if inner.busy.get() || !inner.changed.get() || !(inner.plan.ready)() {
            return;
        }
        let waiting = (inner.plan.waits)();
        if !waiting.is_empty() && self.held().iter().all(|(name, _)| Self::waits(&waiting, name)) {
            // Nothing else was typed: what waits is sent once it is chosen.
            return;
        }
        inner.busy.set(true);
        // What is said of waiting stands until it is over: its link is pressed where a change makes the page save.
        if !inner.stuck.get() && waiting.is_empty() {
            inner.plan.said.set("saving", &self.word("saving"));
        }
        let saver = self.clone();
        spawn_local(async move {
            let mut sent = Sent::Taken;
            while sent == Sent::Taken && saver.0.changed.replace(false) {
                sent = saver.send().await;
            }
            saver.0.changed.set(sent != Sent::Taken);
            saver.0.busy.set(false);
            saver.0.stuck.set(matches!(sent, Sent::Away | Sent::SignedOut));
            match sent {
                Sent::Away => {
                    let again = saver.0.again.get();
                    saver.0.again.set((again * 2).min(LAST_AGAIN));
                    // Not all at the same instant where a server comes back to many.
                    saver.in_a_while(again / 2 + (js_sys::Math::random() * f64::from(again / 2)) as u32);
                }
                _ => saver.0.again.set(FIRST_AGAIN),
            }
            saver.go_on(sent);
        });
    }

    fn word(&self, name: &str) -> String {
        wire::text(&self.0.plan.words, name)
    }

    /// Sends what stands in the form now.
    async fn send(&self) -> Sent {
        let Plan { action, person, said, version, read, answered, each, .. } = &self.0.plan;
        let mut body = read();
        let waiting = (self.0.plan.waits)();
        body.retain(|(name, _)| !Self::waits(&waiting, name));
        let now = plain(&body, *each);
        let mut held = self.held();
        held.retain(|(name, _)| !Self::waits(&waiting, name));
        body.push((SEEN.to_owned(), version.get()));
        body.push(("do".to_owned(), "save".to_owned()));
        let answer = wire::save(action, &wire::form(&body).unwrap_or_default(), person).await;
        match answer {
            None | Some((429 | 500.., _)) => {
                let mut tried = self.0.tried.borrow_mut();
                held.into_iter()
                    .filter(|pair| !tried.contains(pair))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .for_each(|pair| tried.push(pair));
                let kept = self.keep(false);
                said.set("offline", &self.word(if kept { "offline" } else { "unkept" }));
                Sent::Away
            }
            Some((401, _)) => {
                let kept = self.keep(false);
                if !said.leads() {
                    said.set("offline", &self.word(if kept { "signed_out" } else { "unkept" }));
                    said.lead(&wire::sign_in(), &self.word("sign_in"));
                }
                Sent::SignedOut
            }
            Some((200, answer)) => {
                version.set(&wire::text(&answer, SEEN));
                self.0.base.replace(now);
                let told = answered(200, &answer);
                for row in wire::list(&answer, "longer") {
                    self.has(&wire::text(&row, "field"), &wire::text(&row, "text"));
                }
                self.0.tried.borrow_mut().clear();
                self.paint(&self.held(), &wire::member(&answer, "lines"));
                if self.0.changed.get() || !(self.0.plan.waits)().is_empty() {
                    // Typed meanwhile, over what is saved now: else it would come back as a conflict with oneself.
                    self.keep(false);
                } else {
                    self.0.shelf.clear();
                }
                if let (Some(window), Ok(event)) = (dom::window(), Event::new(SAVED)) {
                    let _ = window.dispatch_event(&event);
                }
                if !told {
                    let told = wire::text(&answer, "saved");
                    said.set("saved", if told.is_empty() { self.word("saved") } else { told }.as_str());
                }
                Sent::Taken
            }
            // What was sent while an earlier page was left, or without an answer, had arrived: nobody else's.
            Some((409, answer)) if self.own(&answer) => {
                version.set(&wire::text(&answer, SEEN));
                for ids in ["ids", "newer"] {
                    page_form::set_ids(&wire::member(&answer, ids));
                }
                self.0.changed.set(true);
                Sent::Taken
            }
            Some((status, answer)) => {
                let told = answered(status, &answer);
                if *each {
                    // The others are saved.
                    let ids = wire::member(&answer, "ids");
                    for (name, value) in now.iter().filter(|(name, _)| !wire::text(&ids, &format!("seen-{name}")).is_empty()) {
                        self.has(name, value);
                    }
                    self.paint(&self.held(), &wire::member(&answer, "lines"));
                    self.keep(false);
                }
                if !told {
                    // What the server says is wrong, rather than that something is.
                    let why = wire::list(&answer, "errors")
                        .first()
                        .map(|error| wire::text(error, "text"))
                        .filter(|why| !why.is_empty());
                    let why =
                        why.filter(|_| status == 422).unwrap_or_else(|| self.word(if status == 409 { "two" } else { "failed" }));
                    said.set("failed", &why);
                }
                if status == 409 { Sent::Asked } else { Sent::Refused }
            }
        }
    }

    /// Each text is taken for one's own once: a server that goes on differing is asked about.
    fn own(&self, answer: &JsValue) -> bool {
        let rows = wire::list(answer, "differing");
        let mut tried = self.0.tried.borrow_mut();
        let at = |tried: &Pairs, row: &JsValue| {
            let (field, theirs) = (wire::text(row, "field"), wire::text(row, "theirs"));
            tried.iter().position(|(name, value)| *name == field && same(value, &theirs))
        };
        let own = !tried.is_empty() && rows.iter().all(|row| at(&tried, row).is_some());
        for row in rows.iter().filter(|_| own) {
            if let Some(at) = at(&tried, row) {
                tried.remove(at);
            }
        }
        own
    }

    fn go_on(&self, sent: Sent) {
        match self.0.then.take() {
            Some(Then::Go(to)) if sent == Sent::Taken => dom::go(&to),
            // What was refused is told by the page itself, beside the field.
            Some(Then::Submit(form, button)) if matches!(sent, Sent::Taken | Sent::Refused) => {
                self.0.going.set(true);
                let _ = match &button {
                    Some(button) => form.request_submit_with_submitter(Some(button)),
                    None => form.request_submit(),
                };
            }
            _ => {}
        }
    }
}
