//! What is waited for in vain: a search that cannot find anything of which alerts tell. It is not kept, or its owner would wait
//! for mails that never come.

use domain::form::Fields;
use search::{Confines, Kind, When};

use super::Wanted;
use crate::find::query_of;
use crate::follow::made_of;

/// Why nobody is ever told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {
    /// Suppliers and buyers come and change without a date of which one could be told.
    Organisations,
    /// What was opened is found by those alone who may read it, and no mail says more than a public page.
    Responses,
    /// Nothing that is told of has all that is chosen: a solution has no deadline, what is open is not decided.
    Nothing,
}

impl Never {
    /// Of its sentence: `error-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Never::Organisations => "alert-never-organisations",
            Never::Responses => "alert-never-responses",
            Never::Nothing => "alert-never-nothing",
        }
    }
}

/// `None` where there can be news.
pub fn never(wanted: &Wanted) -> Option<Never> {
    let Wanted::Search(search) = wanted else { return None };
    let fields: Fields = form_urlencoded::parse(search.as_bytes()).collect();
    let confines = query_of(&fields).confines();
    if confines.kinds.iter().any(|kind| has(*kind, &confines)) {
        return None;
    }
    let only = |kinds: &[Kind]| !confines.kinds.is_empty() && confines.kinds.iter().all(|kind| kinds.contains(kind));
    Some(if only(&[Kind::Response]) {
        Never::Responses
    } else if only(&[Kind::Supplier, Kind::Buyer]) {
        Never::Organisations
    } else {
        Never::Nothing
    })
}

/// Whether a document of this kind is told of and can be all that.
fn has(kind: Kind, confines: &Confines) -> bool {
    // All by name: what a search can be confined by next is decided here before it compiles.
    let Confines { kinds: _, whens, place, category, budget } = confines;
    let made = made_of(kind);
    let told = matches!(kind, Kind::Challenge | Kind::PastChallenge | Kind::Solution);
    let running = whens.iter().any(|when| matches!(when, When::Open | When::Soon));
    let over = whens.iter().any(|when| matches!(when, When::Closed | When::Decided));
    told && (made.place || !place)
        && (made.categories || !category)
        && (made.budget || !budget)
        && (made.closes || whens.is_empty())
        && (made.decided || !whens.contains(&When::Decided))
        && !(running && over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_never_be_told_is_known_before_it_is_kept() {
        let never = |search: &str| never(&Wanted::Search(search.into()));
        for told in [
            "",
            "q=home+visits",
            "kind=challenge&when=decided",
            "kind=solution",
            "kind=solution&lang=fr",
            "kind=past&place=FR",
            "when=soon&category=85000000",
            "q=-kind%3Asolution",
            "q=status%3Aclosed+visits",
            "q=status%3Adraft",
        ] {
            assert_eq!(never(told), None, "{told}");
        }
        for (search, why) in [
            ("kind=supplier", Never::Organisations),
            ("kind=buyer&q=city", Never::Organisations),
            ("q=kind%3Asuppliers+care", Never::Organisations),
            ("kind=response", Never::Responses),
            ("q=kind%3Aresponse", Never::Responses),
            ("kind=solution&when=open", Never::Nothing),
            ("kind=solution&q=budget%3E100k", Never::Nothing),
            ("kind=past&category=85000000", Never::Nothing),
            ("when=open&q=status%3Adecided", Never::Nothing),
            ("kind=solution&q=kind%3Achallenge", Never::Nothing),
        ] {
            assert_eq!(never(search), Some(why), "{search}");
        }
    }
}
