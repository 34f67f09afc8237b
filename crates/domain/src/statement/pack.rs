//! The rules of a language, compiled at first use.

use std::sync::OnceLock;

use super::passage::Lang;
use super::pattern::Phrases;

pub(super) fn phrases(lang: Lang) -> &'static Phrases {
    static EN: OnceLock<Phrases> = OnceLock::new();
    static OTHER: OnceLock<Phrases> = OnceLock::new();
    static FR: OnceLock<Phrases> = OnceLock::new();
    match lang {
        Lang::En => EN.get_or_init(|| Phrases::compile(include_str!(concat!(env!("OUT_DIR"), "/rules-en.txt")))),
        Lang::Other => OTHER.get_or_init(Phrases::default),
        Lang::Fr => FR.get_or_init(|| Phrases::compile(include_str!(concat!(env!("OUT_DIR"), "/rules-fr.txt")))),
    }
}
