//! One score with its reason: saved as soon as there is a score, what could not be sent is kept, and the keys 0 to 9, j, k
//! and n work while the score has the focus, unless they are switched off. A saved change can be undone; what is selected in
//! the answer can be quoted; where somebody saved meanwhile, both texts stand side by side and nothing is saved before a choice.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, SubmitEvent,
};

use crate::kept::OVER;
use crate::pairs::{Pairs, same};
use crate::said::{Said, Version};
use crate::saver::{Plan, Saver};
use crate::{dom, wire};

/// Where the browser remembers that the keys are switched off.
const KEYS: &str = "wp-score-keys";
/// Where a page that is left by a key, or by the button that goes on, tells the next that the score has the focus.
const FOCUS: &str = "wp-score-focus";
/// Texts of a score, by the names of their fields.
const TEXTS: [&str; 2] = ["reason", "next_point"];

#[derive(Clone)]
struct Form {
    root: Element,
    form: Element,
    said: Said,
    version: Version,
    /// Before the ids of the form.
    prefix: String,
    /// What stood in the form each time it was saved, the newest last.
    saved: Rc<RefCell<Vec<Pairs>>>,
    /// Another text, with the version to save over: nothing is saved before a choice.
    theirs: Rc<RefCell<Option<Theirs>>>,
    undoing: Rc<Cell<bool>>,
}

#[derive(Clone)]
struct Theirs {
    text: Pairs,
    version: String,
    /// The server has it: it need not be sent.
    saved: bool,
}

pub fn start(root: &Element) -> Option<()> {
    let element: Element = dom::within(root, "form")?;
    let form = Form {
        root: root.clone(),
        said: Said(dom::within(root, ".wp-saved")?),
        version: Version::of(&element)?,
        form: element,
        prefix: dom::attribute(root, "data-prefix"),
        saved: Rc::default(),
        theirs: Rc::default(),
        undoing: Rc::default(),
    };
    let (action, words) = (dom::attribute(&form.form, "action"), dom::json(root, "data-words"));
    let restored = wire::text(&words, "restored");
    let unsaved = root.has_attribute("data-unsaved");
    if !unsaved {
        form.saved.borrow_mut().push(form.read_saved());
    }
    let (reading, filled, open, answered) = (form.clone(), form.clone(), form.clone(), form.clone());
    let saver = Saver::new(Plan {
        key: dom::attribute(root, "data-key"),
        person: dom::attribute(root, "data-person"),
        action,
        words,
        said: form.said.clone(),
        version: form.version.clone(),
        each: false,
        base: if unsaved { Pairs::new() } else { form.read_saved() },
        read: Box::new(move || reading.read()),
        ready: Box::new(move || !filled.points().is_empty() && filled.theirs.borrow().is_none()),
        asking: Box::new(move || open.theirs.borrow().is_some()),
        waits: Box::new(Vec::new),
        answered: Box::new(move |status, answer| answered.answered(status, answer)),
    });
    form.listen(&saver)?;
    form.keys(&saver)?;
    form.quotes(&saver);
    form.take_up(&saver, unsaved, &restored);
    form.arrive();
    Some(())
}

/// The next score has the focus.
fn pass_focus() {
    if let Some(passing) = wire::passing() {
        let _ = passing.set_item(FOCUS, "yes");
    }
}

/// What was typed and chosen, field by field.
fn alike(a: &Pairs, b: &Pairs) -> bool {
    a.iter().all(|(name, value)| b.iter().any(|(other, text)| other == name && same(value, text)))
}

impl Form {
    /// What earlier visits could not send, and what was typed before the script came: saved, or shown beside what differs.
    fn take_up(&self, saver: &Saver, unsaved: bool, restored: &str) {
        let items = saver.others();
        let now = self.read();
        if unsaved {
            items.into_iter().filter(|item| alike(&item.fields, &now)).for_each(|item| saver.take(item));
            if let Some(panel) = dom::slot(&self.root, "conflict").filter(|panel| !panel.hidden()) {
                // The server shows both already.
                let at = |name: &str| {
                    let text = dom::slot(&panel, &format!("theirs-{name}")).and_then(|slot| slot.text_content());
                    (name.to_owned(), text.unwrap_or_default().trim().to_owned())
                };
                let text = vec![at("points"), at(TEXTS[0]), at(TEXTS[1])];
                self.theirs.replace(Some(Theirs { text, version: self.version.get(), saved: true }));
            }
            return;
        }
        let (saved, early) = (self.read_saved(), self.early());
        let mut mine: Option<(Pairs, String)> = None;
        let mut other = None;
        for item in items {
            if alike(&item.fields, &saved) {
                item.forget();
                continue;
            }
            let text = (item.fields.clone(), item.about(OVER).to_owned());
            other = mine.replace(text).map(|(text, _)| text).filter(|text| !alike(text, &item.fields)).or(other);
            saver.take(item);
        }
        let version = self.version.get();
        let Some((text, over)) = mine else {
            if early {
                saver.chosen();
            }
            return;
        };
        let theirs = if early {
            // Typed just now: it stays in the form.
            Some(Theirs { text, version, saved: false }).filter(|theirs| !alike(&theirs.text, &now))
        } else {
            self.write(&text);
            // Written over an older version than the page has: both are shown.
            let met = (over != version && version != "0").then(|| Theirs { text: saved, version: version.clone(), saved: true });
            met.or(other.map(|text| Theirs { text, version, saved: false }))
        };
        match theirs {
            Some(theirs) => {
                self.meet(theirs);
                self.said.set("offline", restored);
            }
            None if self.points().is_empty() => {
                saver.typed();
                self.said.set("offline", restored);
            }
            None => saver.taken_up(),
        }
    }

    fn act<T: JsCast>(&self, name: &str) -> Option<T> {
        dom::within(&self.root, &format!("[data-act={name}]"))
    }

    fn points(&self) -> String {
        dom::within::<HtmlInputElement>(&self.form, "input[name=points]:checked").map(|input| input.value()).unwrap_or_default()
    }

    fn text(&self, name: &str) -> Option<HtmlTextAreaElement> {
        dom::within(&self.form, &format!("textarea[name={name}]"))
    }

    fn read(&self) -> Pairs {
        let mut pairs = vec![("points".to_owned(), self.points())];
        pairs.extend(TEXTS.map(|name| (name.to_owned(), self.text(name).map(|text| text.value()).unwrap_or_default())));
        pairs
    }

    /// What the server sent, whatever was typed since.
    fn read_saved(&self) -> Pairs {
        let points = dom::within::<HtmlInputElement>(&self.form, "input[name=points][checked]").map(|input| input.value());
        let mut pairs = vec![("points".to_owned(), points.unwrap_or_default())];
        pairs.extend(TEXTS.map(|name| {
            let text = self.text(name).and_then(|text| text.default_value().ok()).unwrap_or_default();
            (name.to_owned(), text.trim().to_owned())
        }));
        pairs
    }

    fn write(&self, pairs: &Pairs) {
        for (name, value) in pairs {
            match name.as_str() {
                "points" => self.choose(value),
                name => {
                    if let Some(text) = self.text(name) {
                        text.set_value(value);
                    }
                }
            }
        }
    }

    fn choose(&self, points: &str) {
        let points = points.parse::<u8>().map(|points| points.to_string()).unwrap_or_default();
        for input in dom::all_within(&self.form, "input[name=points]") {
            if let Ok(input) = input.dyn_into::<HtmlInputElement>() {
                input.set_checked(input.value() == points);
            }
        }
    }

    /// What was typed and chosen before the script came counts.
    fn early(&self) -> bool {
        let plain = |pairs: Pairs| pairs.into_iter().map(|(_, value)| value.trim().to_owned()).collect::<Vec<_>>();
        plain(self.read()) != plain(self.read_saved())
    }

    fn listen(&self, saver: &Saver) -> Option<()> {
        for name in TEXTS {
            let typed = saver.clone();
            let text = self.text(name)?;
            dom::listen::<Event>(&text, "input", move |_| typed.typed());
        }
        let (chosen, sent) = (saver.clone(), saver.clone());
        let scale: Element = dom::within(&self.form, "fieldset")?;
        dom::listen::<Event>(&scale, "change", move |_| chosen.chosen());
        dom::listen::<SubmitEvent>(&self.form, "submit", move |event| {
            if event.submitter().is_some_and(|button| dom::attribute(&button, "value") == "next") {
                pass_focus();
            }
            sent.submitted(&event);
        });
        let (form, undone) = (self.clone(), saver.clone());
        let button: HtmlElement = self.act("undo")?;
        dom::listen::<Event>(&button, "click", move |_| form.undo(&undone));
        let (form, mine) = (self.clone(), saver.clone());
        let button: HtmlElement = self.act("mine")?;
        dom::listen::<Event>(&button, "click", move |_| {
            if let Some(theirs) = form.met() {
                form.version.set(&theirs.version);
                mine.chosen();
            }
        });
        let (form, taken) = (self.clone(), saver.clone());
        let button: HtmlElement = self.act("theirs")?;
        dom::listen::<Event>(&button, "click", move |_| {
            if let Some(theirs) = form.met() {
                form.write(&theirs.text);
                form.version.set(&theirs.version);
                if theirs.saved {
                    form.saved.borrow_mut().push(theirs.text);
                    taken.settled();
                } else {
                    taken.chosen();
                }
            }
        });
        Some(())
    }

    /// The keys, and the box that switches them off; remembered in this browser.
    fn keys(&self, saver: &Saver) -> Option<()> {
        let scale: Element = dom::within(&self.form, "fieldset")?;
        let on: Option<HtmlInputElement> = self.act("keys");
        let off = wire::storage().and_then(|storage| storage.get_item(KEYS).ok().flatten()).is_some();
        if let Some(on) = &on {
            on.set_checked(!off);
            let chosen = on.clone();
            dom::listen::<Event>(on, "change", move |_| {
                if let Some(storage) = wire::storage() {
                    let _ = if chosen.checked() { storage.remove_item(KEYS) } else { storage.set_item(KEYS, "off") };
                }
            });
        }
        let max = dom::attribute(&self.root, "data-max").parse::<usize>().unwrap_or_default();
        let way = ["data-next", "data-previous", "data-open"].map(|name| dom::attribute(&self.root, name));
        let (form, keys) = (self.clone(), saver.clone());
        dom::listen::<KeyboardEvent>(&scale, "keydown", move |event| {
            let switched_off = on.as_ref().is_none_or(|on| !on.checked());
            if event.ctrl_key() || event.alt_key() || event.meta_key() || switched_off {
                return;
            }
            let pressed = event.key();
            let to = match pressed.as_str() {
                "j" => &way[0],
                "k" => &way[1],
                "n" => &way[2],
                _ => {
                    if pressed.parse::<usize>().is_ok_and(|points| points <= max) {
                        event.prevent_default();
                        form.choose(&pressed);
                        keys.chosen();
                    }
                    return;
                }
            };
            if !to.is_empty() {
                event.prevent_default();
                pass_focus();
                keys.leave(to);
            }
        });
        Some(())
    }

    /// Who goes on by the keyboard goes on from the score: the focus would be at the top of the page else. The answers beside it
    /// stay where they are seen.
    fn arrive(&self) -> Option<()> {
        let passing = wire::passing().filter(|_| self.prefix.is_empty())?;
        passing.get_item(FOCUS).ok()??;
        let _ = passing.remove_item(FOCUS);
        let scale = ["input[name=points]:checked", "input[name=points]"];
        let score: HtmlElement = scale.iter().find_map(|selector| dom::within(&self.form, selector))?;
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        score.focus_with_options(&options).ok()
    }

    /// Back to what was saved before the last saving; where that was nothing, the score is taken back.
    fn undo(&self, saver: &Saver) {
        let before = {
            let mut saved = self.saved.borrow_mut();
            if saved.len() < 2 {
                return;
            }
            saved.pop();
            saved.last().cloned().unwrap_or_default()
        };
        let nothing = before.iter().all(|(name, value)| name != "points" || value.is_empty());
        self.write(&before);
        if nothing {
            if let Some(clear) = self.act::<HtmlButtonElement>("clear") {
                clear.click();
            }
            return;
        }
        self.undoing.set(true);
        saver.chosen();
    }

    /// The words selected in the answer beside the form go into the reason, as a quotation.
    fn quotes(&self, saver: &Saver) -> Option<()> {
        let button: HtmlButtonElement = self.act("quote")?;
        let answers: Element = dom::within(&self.root.closest(".wp-score").ok()??, ".wp-score__answers")?;
        let selected = move || {
            let selection = dom::window()?.get_selection().ok()??;
            let from = selection.anchor_node().is_some_and(|node| answers.contains(Some(&node)));
            let to = selection.focus_node().is_some_and(|node| answers.contains(Some(&node)));
            let words = String::from(selection.to_string());
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            (from && to && !words.is_empty()).then_some(words)
        };
        let (shown, there) = (button.clone(), selected.clone());
        let document = dom::document()?;
        dom::listen::<Event>(&document, "selectionchange", move |_| {
            // The button itself takes the focus when it is pressed; what was selected stays.
            shown.set_disabled(there().is_none());
        });
        // A press must not take the selection away before the click.
        dom::listen::<Event>(&button, "mousedown", |event| event.prevent_default());
        let (reason, typed) = (self.text("reason")?, saver.clone());
        dom::listen::<Event>(&button, "click", move |_| {
            let Some(words) = selected() else { return };
            let text = reason.value();
            let gap = if text.is_empty() || text.ends_with(char::is_whitespace) { "" } else { " " };
            reason.set_value(&format!("{text}{gap}\u{201c}{words}\u{201d} "));
            let _ = reason.focus();
            typed.typed();
        });
        Some(())
    }

    /// An error by its field, or none.
    fn wrong(&self, field: &str, text: &str) {
        let id = format!("{}{field}-error", self.prefix);
        let Some(message) = dom::within::<HtmlElement>(&self.form, &format!("[data-error={field}]")) else { return };
        dom::say(&message, "text", text);
        dom::show(&message, !text.is_empty());
        let Some(described) = dom::within::<Element>(&self.form, &format!("[data-describes={field}]")) else { return };
        let hint = dom::attribute(&described, "data-hint");
        let by = if text.is_empty() { hint } else { format!("{hint} {id}") };
        dom::set(&described, "aria-describedby", by.trim());
        if text.is_empty() {
            let _ = described.remove_attribute("aria-invalid");
        } else if field != "points" {
            dom::set(&described, "aria-invalid", "true");
        }
    }

    /// Somebody saved meanwhile, or another text was kept: shown beside what stands here.
    fn meet(&self, theirs: Theirs) {
        for (name, value) in &theirs.text {
            dom::say(&self.root, &format!("theirs-{name}"), value);
        }
        self.theirs.replace(Some(theirs));
        if let Some(panel) = dom::slot(&self.root, "conflict") {
            dom::show(&panel, true);
        }
    }

    /// The choice is made.
    fn met(&self) -> Option<Theirs> {
        if let Some(panel) = dom::slot(&self.root, "conflict") {
            dom::show(&panel, false);
        }
        self.theirs.take()
    }

    fn saved(&self) -> bool {
        let now = self.read();
        let undone = self.undoing.replace(false);
        let mut saved = self.saved.borrow_mut();
        if saved.last() != Some(&now) {
            saved.push(now);
        }
        if let Some(undo) = self.act::<HtmlElement>("undo") {
            dom::show(&undo, saved.len() > 1);
        }
        if let Some(clear) = self.act::<HtmlElement>("clear") {
            dom::show(&clear, true);
        }
        if undone {
            self.said.set("saved", &dom::attribute(&self.root, "data-undone"));
        }
        undone
    }

    fn answered(&self, status: u16, answer: &JsValue) -> bool {
        for field in ["points", "reason", "next_point"] {
            self.wrong(field, "");
        }
        if status == 200 {
            return self.saved();
        }
        if status == 409 {
            let theirs = wire::list(answer, "differing");
            let text = theirs.iter().map(|row| (wire::text(row, "field"), wire::text(row, "theirs"))).collect();
            self.meet(Theirs { text, version: wire::text(answer, "seen"), saved: true });
        }
        let mut told = false;
        for error in wire::list(answer, "errors") {
            let text = wire::text(&error, "text");
            match wire::text(&error, "field").as_str() {
                field @ ("points" | "reason" | "next_point") => self.wrong(field, &text),
                _ => {
                    self.said.set("failed", &text);
                    told = true;
                }
            }
        }
        told
    }
}
