//! Requests of islands: the same addresses as the forms, answered as JSON.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The status and the parsed answer; `None` where the network failed.
pub async fn fetch(url: &str, body: Option<&str>) -> Option<(u16, JsValue)> {
    let init = web_sys::RequestInit::new();
    let headers = web_sys::Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    if let Some(body) = body {
        init.set_method("POST");
        init.set_body(&JsValue::from_str(body));
        headers.set("content-type", "application/x-www-form-urlencoded").ok()?;
    }
    init.set_headers(&headers);
    let request = web_sys::Request::new_with_str_and_init(url, &init).ok()?;
    let response = JsFuture::from(web_sys::window()?.fetch_with_request(&request)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    let status = response.status();
    let json = match response.json() {
        Ok(promise) => JsFuture::from(promise).await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    Some((status, json))
}

pub fn text(value: &JsValue, name: &str) -> String {
    js_sys::Reflect::get(value, &JsValue::from_str(name)).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

pub fn list(value: &JsValue, name: &str) -> Vec<JsValue> {
    js_sys::Reflect::get(value, &JsValue::from_str(name))
        .ok()
        .and_then(|value| value.dyn_into::<js_sys::Array>().ok())
        .map(|array| array.iter().collect())
        .unwrap_or_default()
}

pub fn form(pairs: &[(&str, &str)]) -> Option<String> {
    let params = web_sys::UrlSearchParams::new().ok()?;
    for (name, value) in pairs {
        params.append(name, value);
    }
    Some(String::from(params.to_string()))
}

/// What could not be sent is kept in the browser and offered again.
pub fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
