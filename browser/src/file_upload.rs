//! A form that sends a file: says how far the upload is, and a broken one can be tried again without choosing the file anew.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlProgressElement};
use web_sys::{ProgressEvent, SubmitEvent, XmlHttpRequest};

use crate::{dom, wire};

#[derive(Clone)]
struct Upload {
    root: Element,
    form: HtmlFormElement,
    files: HtmlInputElement,
    bar: HtmlProgressElement,
    progress: HtmlElement,
    error: HtmlElement,
    button: HtmlButtonElement,
}

pub fn start(root: &Element) -> Option<()> {
    let upload = Upload {
        root: root.clone(),
        form: dom::within(root, "form")?,
        files: dom::within(root, "input[type=file]")?,
        bar: dom::within(root, "progress")?,
        progress: dom::within(root, ".wp-upload")?,
        error: dom::slot(root, "error")?,
        button: dom::within(root, "button")?,
    };
    let form = upload.form.clone();
    dom::listen::<SubmitEvent>(&form, "submit", move |event| {
        if upload.send().is_some() {
            event.prevent_default();
        }
    });
    Some(())
}

impl Upload {
    fn word(&self, name: &str) -> String {
        wire::text(&dom::json(&self.root, "data-words"), name)
    }

    /// How far it is, in percent; nothing is under way without one.
    fn far(&self, percent: Option<u32>) {
        dom::show(&self.progress, percent.is_some());
        self.button.set_disabled(percent.is_some());
        self.bar.set_value(percent.map_or(0.0, f64::from));
        let said = match percent {
            None => String::new(),
            Some(100) => self.word("checking"),
            Some(percent) => self.word("sending").replace('%', &percent.to_string()),
        };
        dom::say(&self.root, "said", &said);
    }

    fn wrong(&self, text: &str) {
        dom::empty(&self.error);
        if !text.is_empty()
            && let Some(message) = dom::copy(&self.root, "error")
        {
            dom::say(&message, "text", text);
            let _ = self.error.append_child(&message);
        }
    }

    fn broke(&self) {
        self.button.set_text_content(Some(&self.word("again")));
        self.wrong(&self.word("broken"));
    }

    /// `None`: the form is sent as it would be without a script.
    fn send(&self) -> Option<()> {
        let (data, request) = (FormData::new_with_form(&self.form).ok()?, XmlHttpRequest::new().ok()?);
        let files = self.files.files().filter(|files| files.length() > 0)?;
        // Told before a minute is spent on sending it.
        let most = js_sys::Number::parse_float(&dom::attribute(&self.root, "data-most"));
        if (0..files.length()).any(|n| files.get(n).is_some_and(|file| file.size() > most)) {
            self.wrong(&self.word("too_long"));
            return Some(());
        }
        self.wrong("");
        self.far(Some(0));
        let (progressing, ending, ended) = (self.clone(), self.clone(), request.clone());
        let progressed = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.total() > 0.0 {
                progressing.far(Some((event.loaded() / event.total() * 100.0) as u32));
            }
        });
        let finished = Closure::<dyn Fn()>::new(move || ending.ended(&ended));
        if let Ok(upload) = request.upload() {
            upload.set_onprogress(Some(progressed.as_ref().unchecked_ref()));
        }
        request.set_onloadend(Some(finished.as_ref().unchecked_ref()));
        progressed.forget();
        finished.forget();
        let sent = request
            .open("POST", &self.form.action())
            .and_then(|()| request.set_request_header("accept", "application/json"))
            .and_then(|()| request.send_with_opt_form_data(Some(&data)));
        if sent.is_err() {
            self.far(None);
            self.broke();
        }
        Some(())
    }

    fn ended(&self, request: &XmlHttpRequest) {
        self.far(None);
        match request.status() {
            Ok(200) => dom::go(&dom::attribute(&self.root, "data-done")),
            Ok(status) if status >= 400 => {
                let answer = request.response_text().ok().flatten().and_then(|text| js_sys::JSON::parse(&text).ok());
                let text = answer.and_then(|answer| wire::list(&answer, "errors").first().map(|error| wire::text(error, "text")));
                self.wrong(&text.filter(|text| !text.is_empty()).unwrap_or_else(|| self.word("broken")));
            }
            _ => self.broke(),
        }
    }
}
