//! What documents of each kind have beside their words: by this table it is known what can never be found among them. The test
//! holds what `follow` makes to it.

use search::Kind;

/// Whether documents of a kind ever have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Made {
    pub place: bool,
    pub categories: bool,
    pub budget: bool,
    /// They open and close.
    pub closes: bool,
    pub decided: bool,
}

pub(crate) fn made_of(kind: Kind) -> Made {
    const NONE: Made = Made { place: false, categories: false, budget: false, closes: false, decided: false };
    match kind {
        Kind::Challenge => Made { place: true, categories: true, budget: true, closes: true, decided: true },
        Kind::PastChallenge => Made { place: true, budget: true, closes: true, ..NONE },
        Kind::Solution | Kind::Response => NONE,
        Kind::Supplier => Made { place: true, categories: true, ..NONE },
        Kind::Buyer => Made { place: true, ..NONE },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use search::Document;
    use store::PastRow;

    use super::*;
    use crate::follow::{PAGE, challenge_document, entry_document, organisation, past_document, solution_document};
    use crate::sealing::Keyring;
    use crate::{Chance, Desk, DeskOptions, Passwords};

    /// Every field by name: a document that gets another one is not compiled before it is decided whether a search can be
    /// confined by it.
    fn has(document: &Document) -> Made {
        let Document {
            kind: _,
            id: _,
            title: _,
            summary: _,
            body: _,
            who: _,
            place,
            lang: _,
            audiences: _,
            published_at: _,
            opens_at,
            closes_at,
            decided_at,
            buyer: _,
            categories,
            budget,
        } = document;
        Made {
            place: !place.is_empty(),
            categories: !categories.is_empty(),
            budget: budget.is_some(),
            closes: opens_at.is_some() || closes_at.is_some(),
            decided: decided_at.is_some(),
        }
    }

    #[tokio::test]
    async fn what_each_kind_is_said_to_have_is_what_its_documents_have() {
        let throwaway = store::testing::sqlite().await;
        let chance = Chance::seeded(7);
        let desk = Desk::open(DeskOptions {
            store: throwaway.store.clone(),
            index: search::Index::in_memory().unwrap(),
            files: files::Files::open(&files::Place::Memory, None, 20 * 1024 * 1024).unwrap(),
            passwords: Passwords::cheap(&chance),
            keys: Keyring::from_hex(&Keyring::generate(&chance)).unwrap(),
            chance,
            base_url: "http://localhost".into(),
            kind: "test",
        })
        .await
        .unwrap();
        crate::town::fill(&desk, |_, _| {}).await.unwrap();
        let mut conn = desk.store.read().await.unwrap();
        let now = conn.now().await.unwrap();
        let mut documents = Vec::new();
        for row in conn.scan_challenges(0, PAGE).await.unwrap() {
            documents.extend(challenge_document(&mut conn, &row, now).await.unwrap());
        }
        for id in conn.scan_organisations(0, PAGE).await.unwrap() {
            documents.extend(organisation::document(&mut conn, id, now).await.unwrap());
        }
        documents.extend(conn.scan_solutions(0, PAGE).await.unwrap().into_iter().map(solution_document));
        documents.extend(conn.scan_library(0, PAGE).await.unwrap().into_iter().map(|row| entry_document(row).unwrap()));
        // As an import leaves them.
        documents.push(past_document(PastRow {
            id: 1,
            title: "Quieter nights".into(),
            summary: String::new(),
            body: r#"[["budget", "$100,000"]]"#.into(),
            buyer_name: "A city".into(),
            country: "FR".into(),
            lang: "fr".into(),
            opens_at: Some(1),
            closes_at: Some(2),
            imported_at: 3,
            source: String::new(),
            source_id: String::new(),
            licence: String::new(),
            opens_text: String::new(),
            closes_text: String::new(),
            url: String::new(),
        }));
        let mut found: BTreeMap<Kind, Made> = BTreeMap::new();
        for document in documents {
            let (had, has) = (found.entry(document.kind).or_default(), has(&document));
            *had = Made {
                place: had.place || has.place,
                categories: had.categories || has.categories,
                budget: had.budget || has.budget,
                closes: had.closes || has.closes,
                decided: had.decided || has.decided,
            };
        }
        assert!(found.len() >= 5, "{found:?}");
        for (kind, had) in found {
            let said = made_of(kind);
            // No supplier of the town shows its places.
            let had = if kind == Kind::Supplier { Made { place: true, ..had } } else { had };
            assert_eq!(had, said, "{kind:?}");
        }
    }
}
