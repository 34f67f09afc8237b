//! Saves the form of a draft's section as one types. It stands in the form and adds to it: the fields stay the page's own.
//! Where somebody else saved meanwhile, both texts stand side by side and nothing more is saved before a choice.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{Element, Event, HtmlElement, SubmitEvent};

use crate::saver::{Plan, Said, Saver, Version};
use crate::{dom, page_form, wire};

/// A field in which two texts differ: its name, what it is called, and the other's text.
pub struct Differing {
    pub field: String,
    pub label: String,
    pub mine: String,
    pub theirs: String,
}

/// The choice between two texts, hidden while there is none.
#[derive(Clone)]
struct Choice {
    root: Element,
    panel: HtmlElement,
    /// The version to save over once the choice is made.
    newest: Rc<RefCell<String>>,
    /// The same where each field has its own: names and values of hidden fields.
    newer: Rc<RefCell<JsValue>>,
}

pub fn start(root: &Element) -> Option<()> {
    let form = page_form::form()?;
    let words = dom::json(root, "data-words");
    let said = Said(dom::within(root, ".wp-saved")?);
    let version = Version::of(&form)?;
    let choice = Choice {
        root: root.clone(),
        panel: dom::within(root, ".wp-conflict")?,
        newest: Rc::default(),
        newer: Rc::new(RefCell::new(JsValue::NULL)),
    };
    let (asked, waiting, told, failed) = (choice.clone(), choice.clone(), said.clone(), wire::text(&words, "failed"));
    let restored = wire::text(&words, "restored");
    let saver = Saver::new(Plan {
        action: dom::attribute(root, "data-action"),
        key: dom::attribute(root, "data-key"),
        words,
        said: said.clone(),
        version: version.clone(),
        read: Box::new(page_form::read),
        ready: Box::new(move || waiting.panel.hidden()),
        answered: Box::new(move |status, answer| {
            match status {
                200 => page_form::set_ids(&wire::member(answer, "ids")),
                409 => {
                    page_form::set_ids(&wire::member(answer, "ids"));
                    asked.newer.replace(wire::member(answer, "newer"));
                    let why = wire::list(answer, "errors").first().map(|error| wire::text(error, "text")).unwrap_or_default();
                    asked.ask(&why, wire::text(answer, "seen"), wire::list(answer, "differing").iter().map(row).collect());
                    told.set("failed", &failed);
                    return true;
                }
                _ => {}
            }
            false
        }),
    });
    let (typed, chosen, sent) = (saver.clone(), saver.clone(), saver.clone());
    dom::listen::<Event>(&form, "input", move |_| typed.typed());
    dom::listen::<Event>(&form, "change", move |_| chosen.chosen());
    dom::listen::<SubmitEvent>(&form, "submit", move |event| sent.submitted(&event));
    let (going, over, saving) = (choice.clone(), version.clone(), saver.clone());
    let go_on = dom::slot(root, "go-on")?;
    dom::listen::<Event>(&go_on, "click", move |_| {
        over.set(&going.newest.borrow());
        page_form::set_ids(&going.newer.borrow());
        dom::show(&going.panel, false);
        saving.chosen();
    });
    // What was typed before the script came is saved; what an earlier visit could not send comes back.
    let early = page_form::early();
    match saver.kept() {
        None if early => saver.chosen(),
        Some((kept, true)) if !early => {
            page_form::write(&kept);
            said.set("offline", &restored);
        }
        Some((kept, _)) => {
            let rows = page_form::write(&kept);
            if !rows.is_empty() {
                choice.ask(&dom::attribute(root, "data-kept"), version.get(), rows);
            }
        }
        None => {}
    }
    Some(())
}

impl Choice {
    fn ask(&self, why: &str, newest: String, rows: Vec<Differing>) {
        self.newest.replace(newest);
        dom::say(&self.panel, "told", why);
        if let Some(list) = dom::slot(&self.panel, "rows") {
            dom::empty(&list);
            for row in rows {
                if let Some(item) = self.row(row) {
                    let _ = list.append_child(&item);
                }
            }
        }
        dom::show(&self.panel, true);
    }

    fn row(&self, row: Differing) -> Option<Element> {
        let item = dom::copy(&self.root, "differing")?;
        dom::say(&item, "label", &row.label);
        dom::say(&item, "mine", &row.mine);
        dom::say(&item, "theirs", &row.theirs);
        dom::show(&dom::slot(&item, "empty")?, row.theirs.trim().is_empty());
        let take = dom::slot(&item, "take")?;
        dom::set(&take, "aria-label", &format!("{}: {}", take.text_content().unwrap_or_default(), row.label));
        let taken = item.clone();
        dom::listen::<Event>(&take, "click", move |_| {
            page_form::set(&row.field, &row.theirs);
            taken.remove();
        });
        Some(item)
    }
}

fn row(row: &JsValue) -> Differing {
    Differing {
        field: wire::text(row, "field"),
        label: wire::text(row, "label"),
        mine: wire::text(row, "mine"),
        theirs: wire::text(row, "theirs"),
    }
}
