//! Requests of islands: the same addresses as the forms, answered as JSON.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::dom;

/// A page or a part of one, as HTML; `None` where there is none.
pub async fn page(url: &str) -> Option<String> {
    let response = JsFuture::from(dom::window()?.fetch_with_str(url)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// The status and the parsed answer; `None` where the network failed.
pub async fn fetch(url: &str, body: Option<&str>) -> Option<(u16, JsValue)> {
    ask(url, body, "").await
}

/// The same, of what was written by this person: where somebody else has signed in meanwhile, the answer is 401.
pub async fn save(url: &str, body: &str, person: &str) -> Option<(u16, JsValue)> {
    ask(url, Some(body), person).await
}

async fn ask(url: &str, body: Option<&str>, person: &str) -> Option<(u16, JsValue)> {
    let init = web_sys::RequestInit::new();
    let headers = web_sys::Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    if !person.is_empty() {
        headers.set("x-written-by", person).ok()?;
    }
    if let Some(body) = body {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
        headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
        // Goes on when the page is left; browsers do so up to 64 KiB.
        if body.len() < 60_000 {
            let _ = js_sys::Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE);
        }
    }
    init.set_headers(&headers);
    let request = web_sys::Request::new_with_str_and_init(url, &init).ok()?;
    let response = JsFuture::from(dom::window()?.fetch_with_request(&request)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    let status = response.status();
    let json = match response.json() {
        Ok(promise) => JsFuture::from(promise).await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    Some((status, json))
}

/// Where one signs in and comes back to this page.
pub fn sign_in() -> String {
    let location = dom::window().map(|window| window.location());
    let part = |part: Option<Result<String, JsValue>>| part.and_then(Result::ok).unwrap_or_default();
    let path = part(location.as_ref().map(|location| location.pathname()));
    let query = part(location.as_ref().map(|location| location.search()));
    format!("/sign-in?{}", form(&[("next", format!("{path}{query}"))]).unwrap_or_default())
}

pub fn member(value: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

pub fn text(value: &JsValue, name: &str) -> String {
    member(value, name).as_string().unwrap_or_default()
}

pub fn list(value: &JsValue, name: &str) -> Vec<JsValue> {
    member(value, name).dyn_into::<js_sys::Array>().map(|array| array.iter().collect()).unwrap_or_default()
}

pub fn form(pairs: &[(impl AsRef<str>, impl AsRef<str>)]) -> Option<String> {
    let params = web_sys::UrlSearchParams::new().ok()?;
    for (name, value) in pairs {
        params.append(name.as_ref(), value.as_ref());
    }
    Some(String::from(params.to_string()))
}

/// What [`form`] wrote.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let Ok(params) = web_sys::UrlSearchParams::new_with_str(text) else { return Vec::new() };
    let pairs = js_sys::Array::from(&params);
    let part = |pair: &js_sys::Array, at| pair.get(at).as_string().unwrap_or_default();
    pairs.iter().map(|pair| js_sys::Array::from(&pair)).map(|pair| (part(&pair, 0), part(&pair, 1))).collect()
}

/// What could not be sent is kept in the browser and offered again.
pub fn storage() -> Option<web_sys::Storage> {
    dom::window()?.local_storage().ok()?
}

/// What one page tells the next of the same tab.
pub fn passing() -> Option<web_sys::Storage> {
    dom::window()?.session_storage().ok()?
}
