//! Categories: codes of the common procurement vocabulary, each a field of its own (`category-72000000`), so that what two
//! people choose adds up.

use crate::form::{Errors, FieldError, Fields};

/// Most categories of a challenge; more would find everybody, that is nobody.
const MOST: usize = 20;

/// The chosen codes, in order.
pub fn chosen(f: &Fields) -> impl Iterator<Item = &str> {
    f.0.iter().filter(|(_, value)| !value.trim().is_empty()).filter_map(|(name, _)| name.strip_prefix("category-"))
}

pub(super) fn categories(f: &Fields, e: &mut Errors) -> Vec<String> {
    let codes: Vec<String> = chosen(f).map(str::to_owned).collect();
    if let Some(code) = codes.iter().find(|code| code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit())) {
        e.say(format!("category-{code}"), "category");
    } else if let Some(code) = codes.get(MOST) {
        e.add(FieldError::new(format!("category-{code}"), "too-many-rows").with("max", MOST));
    }
    codes
}
