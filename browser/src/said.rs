//! What a form that saves by itself says of it, and the version that it was read at.

use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::dom;

/// The line that says how far saving is: a state for the style sheet, and a sentence.
#[derive(Clone)]
pub struct Said(pub HtmlElement);

impl Said {
    pub fn set(&self, state: &str, sentence: &str) {
        // Said once, not again each time that it is still so.
        if dom::attribute(&self.0, "data-state") == state && self.0.text_content().is_some_and(|said| said == sentence) {
            return;
        }
        dom::set(&self.0, "data-state", state);
        self.0.set_text_content(Some(sentence));
    }

    /// To signing in.
    pub fn leads(&self) -> bool {
        dom::within::<Element>(&self.0, "a:not([href^='#'])").is_some()
    }

    /// A link behind the sentence.
    pub fn lead(&self, href: &str, text: &str) {
        let Some(link) = dom::document().and_then(|document| document.create_element("a").ok()) else { return };
        dom::set(&link, "href", href);
        dom::set(&link, "class", "govuk-link");
        link.set_text_content(Some(text));
        let _ = self.0.append_with_str_1(" ");
        let _ = self.0.append_child(&link);
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
