//! What the server has not taken, as it is kept in the browser: an item a visit of a page, under the key of what it belongs
//! to, so that two tabs never write over each other and any page of the same thing finds it.

use std::cell::RefCell;

use crate::pairs::Pairs;
use crate::wire;

/// Beside the fields: the version that they were written over, the address that takes them, the page they were written on,
/// when that was, and that they were sent with a submission. No field of a form begins with a blank.
pub const OVER: &str = " over";
pub const TO: &str = " to";
pub const PAGE: &str = " page";
pub const AT: &str = " at";
pub const SENT: &str = " sent";

/// Between the key of what it belongs to and that of the visit.
const VISIT: char = '#';

/// What one visit kept.
#[derive(Clone)]
pub struct Item {
    pub key: String,
    /// As it lies in the browser: whoever wrote to it meanwhile has another.
    pub text: String,
    /// The fields alone.
    pub fields: Pairs,
    about: Pairs,
}

impl Item {
    fn parse(key: String, text: String) -> Self {
        let (about, fields) = wire::pairs(&text).into_iter().partition(|(name, _)| name.starts_with(' '));
        Self { key, text, fields, about }
    }

    pub fn about(&self, name: &str) -> &str {
        self.about.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// When it was kept, in milliseconds.
    pub fn at(&self) -> u64 {
        self.about(AT).parse().unwrap_or_default()
    }

    /// Away, unless something else was written there meanwhile.
    pub fn forget(&self) {
        if let Some(storage) = wire::storage()
            && storage.get_item(&self.key).ok().flatten().is_some_and(|text| text == self.text)
        {
            let _ = storage.remove_item(&self.key);
        }
    }
}

/// All that is kept under keys which begin so, the newest last.
pub fn beginning(stem: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let Some(storage) = wire::storage() else { return items };
    for key in (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok().flatten()) {
        if key.starts_with(stem)
            && key.contains(VISIT)
            && let Some(text) = storage.get_item(&key).ok().flatten()
        {
            // Few: put where it belongs, which is far less to load than a sort.
            let item = Item::parse(key, text);
            let at = items.iter().position(|other| other.at() > item.at()).unwrap_or(items.len());
            items.insert(at, item);
        }
    }
    items
}

/// In milliseconds.
pub fn now() -> u64 {
    js_sys::Date::now() as u64
}

/// What this visit of a page keeps.
pub struct Shelf {
    stem: String,
    key: String,
    /// What other visits kept and this one has taken into its form.
    taken: RefCell<Vec<Item>>,
}

impl Shelf {
    pub fn new(stem: String) -> Self {
        let key = format!("{stem}{VISIT}{}-{}", now(), (js_sys::Math::random() * 1e9) as u32);
        Self { stem, key, taken: RefCell::default() }
    }

    pub fn others(&self) -> Vec<Item> {
        beginning(&format!("{}{VISIT}", self.stem)).into_iter().filter(|item| item.key != self.key).collect()
    }

    /// The form has it from now on: it goes when the server has taken the form.
    pub fn take(&self, item: Item) {
        self.taken.borrow_mut().push(item);
    }

    /// What this visit keeps holds all that it has taken: no other needs to any more.
    pub fn moved(&self) {
        self.taken.take().iter().for_each(Item::forget);
    }

    /// Instead of what was kept before; nothing where there are no fields. False: this browser keeps nothing.
    pub fn put(&self, fields: Pairs, about: &[(&str, &str)]) -> bool {
        let Some(storage) = wire::storage() else { return false };
        if fields.is_empty() {
            let _ = storage.remove_item(&self.key);
            return true;
        }
        let at = now().to_string();
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let about = about.iter().copied().chain([(AT, at.as_str())]).map(own);
        let all: Pairs = fields.into_iter().chain(about).collect();
        wire::form(&all).is_some_and(|text| storage.set_item(&self.key, &text).is_ok())
    }

    /// The server has what stands here.
    pub fn clear(&self) {
        if let Some(storage) = wire::storage() {
            let _ = storage.remove_item(&self.key);
        }
        self.moved();
    }
}
