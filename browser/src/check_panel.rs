//! The statement check beside the text: what the server found when the page was made, then what is found as one types. The
//! rules are `domain::statement`, the same in both places; the sentences come in the HTML.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::challenge::Section;
use domain::form::Fields;
use domain::statement::{self, Facts, Finding, Gravity, Lang, Passage, Role, Statement};
use gloo_timers::callback::Timeout;
use js_sys::Array;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use crate::{dom, page_form, wire};

/// A pause in typing after which is checked, in milliseconds.
const PAUSE: u32 = 300;

struct Panel {
    root: Element,
    list: Element,
    section: Section,
    lang: Lang,
    /// The draft's other sections: what is explained there need not be explained here.
    others: Vec<Passage>,
    /// Rule → sentences, with `{name}` where a parameter stands.
    rules: JsValue,
    words: JsValue,
    /// Keys of findings that were left as they are, with a reason.
    dismissed: RefCell<Vec<String>>,
    /// Ids of the fields for reasons.
    made: Cell<u32>,
}

pub fn start(root: &Element) -> Option<()> {
    let panel = Rc::new(Panel {
        root: root.clone(),
        list: dom::within(root, ".wp-findings")?,
        section: Section::parse(&dom::attribute(root, "data-section"))?,
        lang: coded(&dom::attribute(root, "data-lang"))?,
        others: Array::from(&dom::json(root, "data-others")).iter().filter_map(|row| passage(&Array::from(&row))).collect(),
        rules: dom::json(root, "data-rules"),
        words: dom::json(root, "data-words"),
        dismissed: RefCell::new(
            Array::from(&dom::json(root, "data-dismissed")).iter().filter_map(|key| key.as_string()).collect(),
        ),
        made: Cell::new(0),
    });
    let pressed = panel.clone();
    dom::listen::<Event>(root, "click", move |event| {
        pressed.pressed(&event);
    });
    panel.check();
    let timer = RefCell::new(None::<Timeout>);
    let form = page_form::form()?;
    dom::listen::<Event>(&form, "input", move |_| {
        let panel = panel.clone();
        timer.replace(Some(Timeout::new(PAUSE, move || panel.check())));
    });
    Some(())
}

/// A value by its code, as serde writes it.
fn coded<T: for<'de> Deserialize<'de>>(code: &str) -> Option<T> {
    let code: StrDeserializer<'_, Error> = code.into_deserializer();
    T::deserialize(code).ok()
}

/// Section, field, role, text.
fn passage(row: &Array) -> Option<Passage> {
    let at = |n| row.get(n).as_string().unwrap_or_default();
    Some(Passage::new(at(0), at(1), coded::<Role>(&at(2))?, at(3)))
}

fn key(item: &Element) -> String {
    dom::attribute(item, "data-key")
}

impl Panel {
    fn check(&self) {
        let fields: Fields = page_form::read().into_iter().collect();
        let clock = dom::window().and_then(|window| window.performance());
        let now = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
        let from = now();
        let mut passages = statement::of_section(self.section, &fields);
        passages.extend(self.others.iter().cloned());
        let facts = Facts { by_field: true, ..Facts::default() };
        let mut found = statement::check(&Statement { lang: self.lang, passages, facts });
        let took = js_sys::Number::from(now() - from).to_fixed(1).map(String::from).unwrap_or_default();
        dom::set(&self.root, "data-took", &took);
        let dismissed = self.dismissed.borrow();
        found.retain(|one| one.section == self.section.code() && !one.rule.needs_server() && !dismissed.contains(&one.key()));
        self.show(&found);
        self.count();
    }

    /// What stays keeps its element, so that a reason half written and the focus stay where they are.
    fn show(&self, found: &[Finding]) {
        let keys: Vec<String> = found.iter().map(Finding::key).collect();
        let mut standing = dom::all_within(&self.list, "li:not([data-server])");
        standing.retain(|item| {
            let stays = keys.contains(&key(item));
            if !stays {
                item.remove();
            }
            stays
        });
        let mut next = self.list.first_element_child();
        for (finding, own) in found.iter().zip(&keys) {
            let at = standing.iter().position(|item| key(item) == *own);
            let Some(item) = at.map(|at| standing.remove(at)).or_else(|| self.item(finding, own)) else { continue };
            place(&item, finding);
            if next.as_ref() == Some(&item) {
                next = item.next_element_sibling();
            } else {
                let _ = self.list.insert_before(&item, next.as_deref());
            }
        }
        for item in standing {
            item.remove();
        }
    }

    fn count(&self) {
        let text = match self.list.child_element_count() {
            0 => wire::text(&self.words, "none"),
            1 => wire::text(&self.words, "one"),
            n => wire::text(&self.words, "many").replace("{n}", &n.to_string()),
        };
        if let Some(slot) = dom::slot(&self.root, "count").filter(|slot| slot.text_content().as_deref() != Some(&text)) {
            slot.set_text_content(Some(&text));
        }
    }

    fn item(&self, finding: &Finding, key: &str) -> Option<Element> {
        let item = dom::copy(&self.root, "finding")?;
        dom::set(&item, "data-key", key);
        let class = match finding.gravity {
            Gravity::MustClear => "wp-finding wp-finding--must",
            Gravity::Advice => "wp-finding",
            Gravity::Note => "wp-finding wp-finding--note",
        };
        item.set_class_name(class);
        dom::say(&item, "gravity", &wire::text(&self.words, finding.gravity.code()));
        let rule = wire::member(&self.rules, finding.rule.code());
        let whats = wire::member(&rule, "what");
        let what = Some(wire::text(&whats, &finding.variant)).filter(|text| !text.is_empty());
        dom::say(&item, "what", &finding.fill(&what.unwrap_or_else(|| wire::text(&whats, ""))));
        dom::say(&item, "why", &wire::text(&rule, "why"));
        dom::say(&item, "better", &finding.fill(&wire::text(&rule, "better")));
        dom::say(&item, "excerpt", &finding.excerpt);
        let show = dom::slot(&item, "show")?;
        dom::set(&show, "aria-label", &format!("{}: {}", show.text_content().unwrap_or_default(), finding.excerpt));
        if finding.span.is_none() || finding.excerpt.is_empty() {
            dom::slot(&item, "place")?.remove();
        }
        let leaving = dom::slot(&item, "leaving")?;
        if finding.gravity == Gravity::Note {
            leaving.remove();
        } else {
            self.made.set(self.made.get() + 1);
            let id = format!("leave-new-{}", self.made.get());
            let (input, label): (Element, Element) = (dom::within(&leaving, "input")?, dom::within(&leaving, "label")?);
            let hint: Element = dom::within(&leaving, ".govuk-hint")?;
            input.set_id(&id);
            dom::set(&label, "for", &id);
            hint.set_id(&format!("{id}-hint"));
            dom::set(&input, "aria-describedby", &format!("{id}-hint"));
        }
        Some(item)
    }

    fn pressed(self: &Rc<Self>, event: &Event) -> Option<()> {
        let item = dom::hit(event, "li[data-key]")?;
        if dom::hit(event, "[data-slot=show]").is_some() {
            let of = |name: &str| dom::attribute(&item, name).parse().ok();
            page_form::named(&dom::attribute(&item, "data-field"))?.select((of("data-from")?, of("data-to")?));
        } else if dom::hit(event, "[data-slot=leave]").is_some() {
            let reason: HtmlInputElement = dom::within(&item, "input")?;
            spawn_local(self.clone().leave(item, reason.value()));
        }
        Some(())
    }

    /// Leaves a finding as it is, with a reason that the approver reads.
    async fn leave(self: Rc<Self>, item: Element, reason: String) {
        let key = key(&item);
        let form = wire::form(&[("finding", key.as_str()), ("reason", &reason), ("do", "dismiss")]).unwrap_or_default();
        match wire::fetch(&dom::attribute(&self.root, "data-readiness"), Some(&form)).await {
            Some((200, _)) => {
                self.dismissed.borrow_mut().push(key);
                item.remove();
                self.count();
                if let Some(count) = dom::slot(&self.root, "count") {
                    let _ = count.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
                }
            }
            Some((_, answer)) => {
                let text = wire::list(&answer, "errors").first().map(|error| wire::text(error, "text"));
                dom::say(&item, "wrong", &text.unwrap_or_default());
            }
            None => {}
        }
    }
}

/// Where the words stand now.
fn place(item: &Element, finding: &Finding) {
    dom::set(item, "data-field", &finding.field);
    if let Some(span) = finding.span {
        dom::set(item, "data-from", &span.utf16.0.to_string());
        dom::set(item, "data-to", &span.utf16.1.to_string());
    }
}
