//! Saves the form of a draft's section as one types. It stands in the form and adds to it: the fields stay the page's own.
//! Where somebody else saved meanwhile, both texts stand side by side and nothing more is saved before a choice.

use std::cell::RefCell;
use std::rc::Rc;

use domain::form::words;
use wasm_bindgen::JsValue;
use web_sys::{Element, Event, HtmlElement, SubmitEvent};

use crate::kept::{Item, OVER};
use crate::pairs::{Pairs, of, plain, same};
use crate::said::{Said, Version};
use crate::saver::{Plan, Saver};
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
    newer: Rc<RefCell<Vec<JsValue>>>,
    each: bool,
    /// The fields, with what is shown of them.
    rows: Rc<RefCell<Vec<(String, Element)>>>,
}

pub fn start(root: &Element) -> Option<()> {
    let form = page_form::form()?;
    let words = dom::json(root, "data-words");
    let said = Said(dom::within(root, ".wp-saved")?);
    let version = Version::of(&form)?;
    let (each, unsaved) = (root.has_attribute("data-each"), root.has_attribute("data-unsaved"));
    let choice = Choice {
        root: root.clone(),
        panel: dom::within(root, ".wp-conflict")?,
        newest: Rc::default(),
        newer: Rc::default(),
        each,
        rows: Rc::default(),
    };
    let (asked, waiting, open, told, chosen) = (choice.clone(), choice.clone(), choice.clone(), said.clone(), choice.clone());
    let restored = wire::text(&words, "restored");
    let two = wire::text(&words, if each { "two_each" } else { "two" });
    let (lead, at) = (wire::text(&words, "lead_two"), format!("#{}", choice.panel.id()));
    let tell_two = move || {
        told.set("failed", &two);
        told.lead(&at, &lead);
    };
    let saver = Saver::new(Plan {
        action: dom::attribute(root, "data-action"),
        key: dom::attribute(root, "data-key"),
        person: dom::attribute(root, "data-person"),
        words,
        said: said.clone(),
        version: version.clone(),
        each,
        // Of a page that came back with what was typed nobody knows what the server has.
        // But for the answers of which it says so.
        base: base(unsaved, each),
        read: Box::new(page_form::read),
        ready: Box::new(move || each || waiting.panel.hidden()),
        asking: Box::new(move || {
            let asking = !open.panel.hidden();
            if asking {
                let _ = open.panel.focus();
            }
            asking
        }),
        waits: Box::new(move || if each { chosen.fields() } else { Vec::new() }),
        answered: Box::new(move |status, answer| {
            match status {
                200 => {
                    page_form::set_ids(&wire::member(answer, "ids"));
                    wire::list(answer, "longer").iter().for_each(go_on_with);
                    if each && !asked.panel.hidden() {
                        tell_two();
                        return true;
                    }
                }
                409 => {
                    page_form::set_ids(&wire::member(answer, "ids"));
                    asked.newer.borrow_mut().push(wire::member(answer, "newer"));
                    let why = wire::list(answer, "errors").first().map(|error| wire::text(error, "text")).unwrap_or_default();
                    asked.ask(&why, wire::text(answer, "seen"), wire::list(answer, "differing").iter().map(row).collect());
                    tell_two();
                    return true;
                }
                // One answer cannot be held: the others are saved, and are not sent again.
                422 => page_form::set_ids(&wire::member(answer, "ids")),
                _ => {}
            }
            false
        }),
    });
    let (typed, chosen, sent, shown) = (saver.clone(), saver.clone(), saver.clone(), choice.clone());
    dom::listen::<Event>(&form, "input", move |event| {
        shown.refresh();
        let _ = count(&event);
        typed.typed();
    });
    dom::listen::<Event>(&form, "change", move |_| chosen.chosen());
    dom::listen::<SubmitEvent>(&form, "submit", move |event| sent.submitted(&event));
    let (going, over, saving) = (choice.clone(), version.clone(), saver.clone());
    let go_on = dom::slot(root, "go-on")?;
    dom::listen::<Event>(&go_on, "click", move |_| {
        over.set(&going.newest.borrow());
        going.newer.take().iter().for_each(page_form::set_ids);
        going.rows.take();
        dom::show(&going.panel, false);
        saving.chosen();
    });
    // What was typed before the script came is saved; what an earlier visit could not send comes back and is sent.
    let items = saver.others();
    if unsaved {
        let now = plain(&page_form::read(), each);
        let stands =
            |(name, value): &(String, String)| name.starts_with("seen-") || of(&now, name).is_some_and(|own| same(own, value));
        items.into_iter().filter(|item| item.fields.iter().all(stands)).for_each(|item| saver.take(item));
        return Some(());
    }
    let early = page_form::early();
    let (found, rows) = if each { take_each(root, &saver, items) } else { take_whole(&saver, &version, early, items) };
    if !rows.is_empty() {
        choice.ask(&dom::attribute(root, "data-kept"), version.get(), rows);
        said.set("offline", &restored);
        if each {
            // What no other text was written over is saved meanwhile.
            saver.chosen();
        }
    } else if found {
        saver.taken_up();
    } else if early {
        saver.chosen();
    }
    Some(())
}

/// Words written, of how many, as the server counts them; what is over the limit is told, and stays.
fn count(event: &Event) -> Option<()> {
    let name = dom::attribute(&dom::hit(event, "textarea[name], input[name]")?, "name");
    let told = dom::find::<Element>(&format!("[data-counts=\"{name}\"]"))?;
    let n = match page_form::named(&name)? {
        page_form::Field::Text(area) => words(&area.value()),
        page_form::Field::Line(input) => words(&input.value()),
        page_form::Field::Choice(_) => return None,
    };
    let over = n.saturating_sub(dom::attribute(&told, "data-max").parse().ok()?);
    let (class, text) = match over {
        0 => ("wp-muted", "data-within"),
        1 => ("wp-over", "data-one"),
        _ => ("wp-over", "data-beyond"),
    };
    let text = dom::attribute(&told, text).replace("{n}", &n.to_string()).replace("{over}", &over.to_string());
    dom::set(&told, "class", class);
    told.set_text_content(Some(&text));
    Some(())
}

/// What the server has of the page's form. Of a page that came back with what was typed it is only said of single answers.
fn base(unsaved: bool, each: bool) -> Pairs {
    let has = |name: &str| dom::find::<Element>(&format!("form#form [data-of=\"{name}\"][data-same]")).is_some();
    match (unsaved, each) {
        (false, _) => plain(&page_form::sent(), each),
        (true, true) => plain(&page_form::sent(), each).into_iter().filter(|(name, _)| has(name)).collect(),
        (true, false) => Pairs::new(),
    }
}

/// Answers, each by itself: those of this page into their fields, others unseen beside them, so that they are sent too. Whether
/// there were any, and where two texts differ.
fn take_each(root: &Element, saver: &Saver, items: Vec<Item>) -> (bool, Vec<Differing>) {
    let read = page_form::read();
    let now = plain(&read, true);
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in items.iter().flat_map(|item| &item.fields) {
        if !name.starts_with("seen-") && !names.contains(&name) {
            names.push(name);
        }
    }
    let mut rows = Vec::new();
    for name in names {
        let here = saver.base_of(name);
        let seen = format!("seen-{name}");
        // Each with the version that it was written over; what was typed before the script came is the newest.
        let mut texts: Vec<(&str, Option<&str>)> = Vec::new();
        let kept = items.iter().filter_map(|item| Some((of(&item.fields, name)?, of(&item.fields, &seen))));
        let typed = of(&now, name).map(|text| (text, None)).filter(|_| here.is_some());
        for (text, over) in kept.chain(typed).filter(|(text, _)| !here.as_ref().is_some_and(|here| same(here, text))) {
            texts.retain(|(other, _)| !same(other, text));
            texts.push((text, over));
        }
        let Some((mine, over)) = texts.pop() else { continue };
        page_form::set(name, mine);
        if here.is_none() {
            page_form::set(&seen, over.unwrap_or_default());
        }
        let label = match page_form::named(name).map(|field| field.label()) {
            Some(label) if here.is_some() => label,
            _ => dom::attribute(root, "data-elsewhere"),
        };
        let mut differs = |theirs: &str| {
            let (field, label) = (name.clone(), label.clone());
            rows.push(Differing { field, label, mine: mine.to_owned(), theirs: theirs.to_owned() });
        };
        texts.iter().for_each(|(text, _)| differs(text));
        if let (Some(here), Some(over)) = (&here, over)
            && of(&read, &seen).is_some_and(|newest| newest != over)
        {
            differs(here);
        }
    }
    let mut found = false;
    for item in items {
        let saved = |(name, value): &(String, String)| {
            name.starts_with("seen-") || saver.base_of(name).is_some_and(|here| same(&here, value))
        };
        if item.fields.iter().all(saved) {
            item.forget();
        } else {
            found = true;
            saver.take(item);
        }
    }
    (found, rows)
}

/// A section, whole, as it was typed last; what older visits say otherwise stands beside it.
fn take_whole(saver: &Saver, version: &Version, early: bool, mut items: Vec<Item>) -> (bool, Vec<Differing>) {
    let now = page_form::read();
    items.retain(|item| {
        let saved = item.fields == now;
        if saved {
            item.forget();
        }
        !saved
    });
    let Some(newest) = items.pop() else { return (false, Vec::new()) };
    let written = page_form::write(&newest.fields);
    let mut rows = if newest.about(OVER) == version.get() && !early { Vec::new() } else { written };
    for item in &items {
        rows.extend(page_form::differing(&newest.fields, &item.fields));
    }
    items.into_iter().chain([newest]).for_each(|item| saver.take(item));
    (true, rows)
}

impl Choice {
    fn ask(&self, why: &str, newest: String, rows: Vec<Differing>) {
        self.newest.replace(newest);
        dom::say(&self.panel, "told", why);
        if let Some(list) = dom::slot(&self.panel, "rows") {
            // Where each answer is saved by itself, those that wait already go on waiting.
            if !self.each || self.panel.hidden() {
                dom::empty(&list);
                self.rows.take();
            }
            for row in rows {
                let field = row.field.clone();
                if let Some(item) = self.row(row) {
                    let _ = list.append_child(&item);
                    self.rows.borrow_mut().push((field, item));
                }
            }
        }
        dom::show(&self.panel, true);
    }

    /// Those that wait, also where the other text was taken already.
    fn fields(&self) -> Vec<String> {
        self.rows.borrow().iter().map(|(field, _)| field.clone()).collect()
    }

    /// "Yours, as it stands in the form" is what stands there now.
    fn refresh(&self) {
        if self.rows.borrow().is_empty() {
            return;
        }
        let now = plain(&page_form::read(), self.each);
        for (field, item) in self.rows.borrow().iter() {
            if let Some(text) = of(&now, field) {
                dom::say(item, "mine", text);
            }
        }
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

/// The same person wrote on in another tab: what stands there goes on where this one stops. Whoever typed on here meanwhile is
/// asked at the next saving: the version stays the older one.
fn go_on_with(row: &JsValue) {
    let (field, text) = (wire::text(row, "field"), wire::text(row, "text"));
    let here = of(&page_form::read(), &field).map(str::to_owned).unwrap_or_default();
    if text.replace("\r\n", "\n").starts_with(here.replace("\r\n", "\n").trim_end()) {
        page_form::set(&field, &text);
        page_form::set_ids(&wire::member(row, "ids"));
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
