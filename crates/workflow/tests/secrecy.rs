//! What a supplier writes is nowhere to be found before the opening: in no byte of the database, no search, no mail.

mod office;

use office::{Office, Told};
use search::{Query, Reader};
use store::testing;
use workflow::{find, follow, response, sealing};

const MARKER: &str = "Zwergschnepfe";
const PRICE: &str = "735190246813";

/// Rows that hold the text, whether as text or as bytes.
async fn holding(office: &Office, text: &str) -> Vec<String> {
    let bytes = sealing::hex(text.as_bytes());
    let all = office.throwaway.every_value().await;
    all.into_iter().filter(|row| row.contains(text) || row.to_lowercase().contains(&bytes)).collect()
}

/// The files as they lie on the disk, where there are any: pages that were freed, the log beside them.
fn on_disk(office: &Office, text: &str) -> bool {
    let file = &office.throwaway.options.file;
    let Some(folder) = file.parent() else { return false };
    let mut found = false;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        found |= bytes.windows(text.len()).any(|window| window == text.as_bytes());
    }
    found
}

async fn finds(office: &Office, person: &office::Person, text: &str) -> usize {
    let query = Query { text: text.into(), ..Query::default() };
    let page = find::search(&office.desk, &person.actor, query).await.done();
    page.hits.iter().filter(|hit| hit.title.contains(text) || hit.snippet_html.contains(text)).count()
}

#[tokio::test]
async fn no_byte_of_a_response_lies_about_before_the_opening() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let words = format!("Our {MARKER} does it");
        office.acme.answers_with(id, &words, PRICE).await.done();
        let submission = office.acme.submits(id).await.done();
        // A second thought, a second submission, an attempt that is refused.
        office.acme.answers_with(id, &format!("{words} better"), PRICE).await.done();
        office.acme.submits(id).await.done();
        office.officer.lists(id).await.err().expect("sealed");
        follow::follow_once(&office.desk).await.done();
        office.pass_deadline().await;
        follow::follow_once(&office.desk).await.done();

        for secret in [MARKER, PRICE] {
            assert_eq!(holding(&office, secret).await, Vec::<String>::new(), "in the database");
            assert!(!on_disk(&office, secret), "on the disk");
        }
        for person in [&office.officer, &office.chair, &office.administrator, &office.acme.person, &office.outsider] {
            assert_eq!(finds(&office, person, MARKER).await, 0);
        }
        assert_eq!(
            office.desk.index.search(&Query { text: MARKER.into(), ..Query::default() }, &Reader::public(), 0).unwrap().total,
            0
        );

        // The same eyes find what is public, so they are not blind; and the supplier reads what it sent.
        let title = "Fewer missed visits";
        assert!(!holding(&office, title).await.is_empty());
        assert!(!holding(&office, "Harbour City").await.is_empty());
        assert!(office.throwaway.kind == "postgres" || on_disk(&office, title));
        assert_eq!(finds(&office, &office.outsider, title).await, 1);
        let receipt = response::read_receipt(&office.desk, &office.acme.person.actor, submission).await.done();
        assert!(receipt.content.answers.values().any(|answer| answer.contains(MARKER)));

        // Opened it is for the team; it still lies sealed in the database.
        office.officer.opens(id).await.done();
        let opened = office.officer.lists(id).await.done();
        assert!(opened.responses[0].content.answers.values().any(|answer| answer.contains(MARKER)));
        assert_eq!(holding(&office, MARKER).await, Vec::<String>::new());
    }
}
