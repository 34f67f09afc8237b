//! Text that the server has not taken, on pages where it is not written: it is sent from there by itself, and what cannot be
//! sent is told, with the way to it. What ends its writing (locking scores, submitting) waits for it.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, SubmitEvent};

use crate::kept::{self, Item};
use crate::pairs::same;
use crate::{dom, wire};

/// Who types in another tab sends it within this time, in milliseconds; it is left to them.
const FRESH: u32 = 4_000;

#[derive(Clone)]
struct Note {
    root: Element,
    panel: HtmlElement,
    words: JsValue,
    busy: Rc<Cell<bool>>,
}

pub fn start(root: &Element) -> Option<()> {
    let note =
        Note { root: root.clone(), panel: dom::slot(root, "panel")?, words: dom::json(root, "data-words"), busy: Rc::default() };
    // A receipt is here: what was sent with that submission is taken.
    if root.has_attribute("data-received") {
        note.items().iter().filter(|item| !item.about(kept::SENT).is_empty()).for_each(Item::forget);
        return Some(());
    }
    note.look(None);
    if let Some(window) = dom::window() {
        for event in ["online", "focus"] {
            let again = note.clone();
            dom::listen::<Event>(&window, event, move |_| again.look(None));
        }
    }
    let guarded: HtmlFormElement = dom::find(&dom::attribute(root, "data-before"))?;
    let form = guarded.clone();
    dom::listen::<SubmitEvent>(&guarded, "submit", move |event| {
        if !note.items().is_empty() {
            event.prevent_default();
            note.look(Some(form.clone()));
        }
    });
    Some(())
}

impl Note {
    fn items(&self) -> Vec<Item> {
        dom::attribute(&self.root, "data-keys").split(' ').flat_map(kept::beginning).collect()
    }

    fn word(&self, name: &str) -> String {
        wire::text(&self.words, name)
    }

    /// Sends what can be sent, and tells of the rest. `before`: the form that waits for it.
    fn look(&self, before: Option<HtmlFormElement>) {
        if self.busy.replace(true) {
            return;
        }
        let note = self.clone();
        spawn_local(async move {
            let (mut taken, mut rows, mut fresh) = (0, Vec::new(), false);
            for item in note.items() {
                if before.is_none() && kept::now() < item.at() + u64::from(FRESH) {
                    fresh = true;
                    continue;
                }
                match send(&item, &dom::attribute(&note.root, "data-person")).await {
                    None => {
                        item.forget();
                        taken += 1;
                    }
                    Some(why) => rows.push((item, why)),
                }
            }
            note.busy.set(false);
            note.tell(rows, before.is_some());
            if fresh {
                let again = note.clone();
                Timeout::new(FRESH, move || again.look(None)).forget();
            }
            if taken > 0 && note.root.has_attribute("data-shows") {
                // The page shows what was taken now: nothing is ended unseen.
                if let Some(window) = dom::window() {
                    let _ = window.location().reload();
                }
            } else if let Some(form) = before
                && note.items().is_empty()
            {
                let _ = form.request_submit();
            }
        });
    }

    fn tell(&self, rows: Vec<(Item, &str)>, waits: bool) {
        dom::show(&self.panel, !rows.is_empty());
        let Some(list) = dom::slot(&self.panel, "rows") else { return };
        dom::empty(&list);
        if rows.is_empty() {
            return;
        }
        dom::say(&self.panel, "told", &self.word(if waits { "waits" } else { "told" }));
        for (item, why) in rows {
            if let Some(row) = self.row(item, why) {
                let _ = list.append_child(&row);
            }
        }
        if waits {
            let _ = self.panel.focus();
        }
    }

    fn row(&self, item: Item, why: &str) -> Option<Element> {
        let row = dom::copy(&self.root, "row")?;
        let link = dom::slot(&row, "page")?;
        dom::set(&link, "href", item.about(kept::TO));
        link.set_text_content(Some(item.about(kept::PAGE)));
        dom::say(&row, "why", &self.word(why));
        let typed = |name: &str| !name.starts_with("seen-") && !name.ends_with("-id");
        let texts = item.fields.iter().filter(|(name, value)| typed(name) && !value.trim().is_empty());
        dom::say(&row, "text", &texts.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("\n\n"));
        let away = dom::slot(&row, "drop")?;
        let (note, shown) = (self.clone(), row.clone());
        dom::listen::<Event>(&away, "click", move |_| {
            item.forget();
            shown.remove();
            dom::show(&note.panel, !note.items().is_empty());
        });
        Some(row)
    }
}

/// `None`: the server has it. Otherwise why not, by the name of the sentence.
async fn send(item: &Item, person: &str) -> Option<&'static str> {
    let mut body = item.fields.clone();
    body.push(("seen".to_owned(), item.about(kept::OVER).to_owned()));
    body.push(("do".to_owned(), "save".to_owned()));
    match wire::save(item.about(kept::TO), &wire::form(&body).unwrap_or_default(), person).await {
        Some((200, _)) => None,
        None | Some((429 | 500.., _)) => Some("offline"),
        Some((401, _)) => Some("signed_out"),
        Some((409, answer)) => {
            let rows = wire::list(&answer, "differing");
            let mine = |row: &JsValue| {
                let (field, theirs) = (wire::text(row, "field"), wire::text(row, "theirs"));
                item.fields.iter().any(|(name, value)| *name == field && same(value, &theirs))
            };
            (rows.is_empty() || !rows.iter().all(mine)).then_some("choose")
        }
        Some(_) => Some("refused"),
    }
}
