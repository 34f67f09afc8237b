//! Categories: codes of the common procurement vocabulary.

use crate::challenge::categories::chosen;
use crate::form::{Errors, FieldError, Fields};

/// Most categories of a challenge; more would find everybody, that is nobody.
const MOST: usize = 20;

/// Only the form of a code is looked at: the table is the server's, and a draft is parsed in the browser too.
pub(super) fn categories(f: &Fields, e: &mut Errors) -> Vec<String> {
    let codes: Vec<String> = chosen(f).map(str::to_owned).collect();
    if let Some(code) = codes.iter().find(|code| code.len() != 8 || !code.bytes().all(|byte| byte.is_ascii_digit())) {
        e.say(format!("category-{code}"), "category");
    } else if let Some(code) = codes.get(MOST) {
        e.add(FieldError::new(format!("category-{code}"), "too-many-rows").with("max", MOST));
    }
    codes
}
