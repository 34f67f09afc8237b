//! One score with its reason: saved as soon as there is a score and a reason, what could not be sent is kept, and the keys
//! 0 to 9 and j/k work while the score has the focus.

use wasm_bindgen::JsValue;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent, SubmitEvent};

use crate::saver::{Plan, Said, Saver, Version};
use crate::{dom, wire};

#[derive(Clone)]
struct Form {
    form: Element,
    reason: HtmlTextAreaElement,
    said: Said,
}

pub fn start(root: &Element) -> Option<()> {
    let form = Form {
        form: dom::within(root, "form")?,
        reason: dom::within(root, "#reason")?,
        said: Said(dom::within(root, ".wp-saved")?),
    };
    let number = |name: &str| dom::attribute(root, name).parse::<usize>().unwrap_or_default();
    let (max, least) = (number("data-max"), number("data-least"));
    let (action, words) = (dom::attribute(&form.form, "action"), dom::json(root, "data-words"));
    let restored = wire::text(&words, "restored");
    let (reading, filled, answered) = (form.clone(), form.clone(), form.clone());
    let saver = Saver::new(Plan {
        key: format!("wp-score:{}:{action}", dom::attribute(root, "data-seat")),
        action,
        words,
        said: form.said.clone(),
        version: Version::of(&form.form)?,
        read: Box::new(move || vec![("points".into(), reading.points()), ("reason".into(), reading.reason.value())]),
        ready: Box::new(move || !filled.points().is_empty() && filled.reason.value().trim().chars().count() >= least),
        answered: Box::new(move |status, answer| answered.answered(status, answer)),
    });
    form.listen(root, max, &saver)?;
    if form.early() {
        saver.chosen();
    } else if let Some((kept, _)) = saver.kept() {
        for (name, value) in kept {
            match name.as_str() {
                "points" => form.choose(&value),
                "reason" => form.reason.set_value(&value),
                _ => {}
            }
        }
        form.said.set("offline", &restored);
    }
    Some(())
}

impl Form {
    fn points(&self) -> String {
        dom::within::<HtmlInputElement>(&self.form, "input[name=points]:checked").map(|input| input.value()).unwrap_or_default()
    }

    fn choose(&self, points: &str) {
        let points = points.parse::<u8>().map(|points| points.to_string()).unwrap_or_default();
        if let Some(input) = dom::within::<HtmlInputElement>(&self.form, &format!("input[name=points][value=\"{points}\"]")) {
            input.set_checked(true);
        }
    }

    /// What was typed and chosen before the script came counts.
    fn early(&self) -> bool {
        let before = dom::within::<HtmlInputElement>(&self.form, "input[name=points][checked]").map(|input| input.value());
        self.points() != before.unwrap_or_default()
            || self.reason.default_value().is_ok_and(|before| before.trim() != self.reason.value().trim())
    }

    fn listen(&self, root: &Element, max: usize, saver: &Saver) -> Option<()> {
        let (typed, chosen, sent, keys) = (saver.clone(), saver.clone(), saver.clone(), saver.clone());
        dom::listen::<Event>(&self.reason, "input", move |_| typed.typed());
        let scale: Element = dom::within(&self.form, "fieldset")?;
        dom::listen::<Event>(&scale, "change", move |_| chosen.chosen());
        dom::listen::<SubmitEvent>(&self.form, "submit", move |event| sent.submitted(&event));
        let (form, previous, next) = (self.clone(), dom::attribute(root, "data-previous"), dom::attribute(root, "data-next"));
        dom::listen::<KeyboardEvent>(&scale, "keydown", move |event| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let pressed = event.key();
            let to = match pressed.as_str() {
                "j" => &next,
                "k" => &previous,
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
                keys.leave(to);
            }
        });
        Some(())
    }

    /// An error by its field, or none.
    fn wrong(&self, field: &str, text: &str) {
        let id = format!("{field}-error");
        let Some(message) = dom::within::<HtmlElement>(&self.form, &format!("#{id}")) else { return };
        dom::say(&message, "text", text);
        dom::show(&message, !text.is_empty());
        let Some(described) = dom::within::<Element>(&self.form, &format!("[data-describes={field}]")) else { return };
        let hint = dom::attribute(&described, "data-hint");
        let by = if text.is_empty() { hint } else { format!("{hint} {id}") };
        dom::set(&described, "aria-describedby", by.trim());
        if text.is_empty() {
            let _ = described.remove_attribute("aria-invalid");
        } else if field == "reason" {
            dom::set(&described, "aria-invalid", "true");
        }
    }

    fn answered(&self, status: u16, answer: &JsValue) -> bool {
        self.wrong("points", "");
        self.wrong("reason", "");
        let mut told = false;
        if status != 200 {
            for error in wire::list(answer, "errors") {
                let text = wire::text(&error, "text");
                match wire::text(&error, "field").as_str() {
                    field @ ("points" | "reason") => self.wrong(field, &text),
                    _ => {
                        self.said.set("failed", &text);
                        told = true;
                    }
                }
            }
        }
        told
    }
}
