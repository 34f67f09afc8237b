//! What typed text means.

use proptest::prelude::*;
use search::{Document, Kind, Query, Reader};

use crate::{NOW, challenge, find, ids, index_of};

fn in_language(lang: &str, id: i64, title: &str) -> Document {
    Document { lang: lang.to_owned(), ..challenge(id, title) }
}

fn town() -> search::Index {
    index_of([
        Document {
            summary: "Old boilers waste gas.".to_owned(),
            body: "Children sit in cold rooms. The heat pump must be quiet.".to_owned(),
            ..challenge(1, "Heating for schools")
        },
        Document { body: "A pump that moves heat away from schools.".to_owned(), ..challenge(2, "Cooling of server rooms") },
        in_language("fr", 3, "Rénovation énergétique des écoles utilisées l’été"),
        challenge(4, "Safer crossings near every school"),
        in_language("cy", 5, "Ysgolion cynnes"),
    ])
}

#[test]
fn all_words_are_required_in_any_form() {
    let index = town();
    assert_eq!(ids(&index, "school"), [1, 4, 2]);
    assert_eq!(ids(&index, "schools heated"), [1, 2]);
    assert_eq!(ids(&index, "SCHOOLS crossing"), [4]);
    // The buyer and the place are found too.
    assert_eq!(ids(&index, "alder cooling"), [2]);
}

#[test]
fn the_title_outweighs_the_summary_and_the_summary_the_body() {
    let filler = "Something else that is said at length about other matters entirely.";
    let index = index_of([
        Document { body: format!("Bridges. {filler}"), ..challenge(1, "One thing or other") },
        Document { summary: format!("Bridges. {filler}"), ..challenge(2, "One thing or other") },
        challenge(3, "One bridge or other"),
    ]);
    assert_eq!(ids(&index, "bridges"), [3, 2, 1]);
}

#[test]
fn a_phrase_is_exact_and_an_exclusion_excludes_every_form() {
    let index = town();
    assert_eq!(ids(&index, "heat pump"), [1, 2]);
    assert_eq!(ids(&index, "\"heat pump\""), [1]);
    assert_eq!(ids(&index, "“HEAT PUMP” must"), [1]);
    assert_eq!(ids(&index, "\"pump heat\""), Vec::<i64>::new());
    assert_eq!(ids(&index, "\"school\""), [4]);
    assert_eq!(ids(&index, "rooms -children"), [2]);
    assert_eq!(ids(&index, "rooms -sitting"), [2]);
    assert_eq!(ids(&index, "rooms -\"server rooms\""), [1]);
    assert_eq!(ids(&index, "-school"), [5, 3]);
}

#[test]
fn french_is_found_in_its_forms_and_without_accents() {
    let index = town();
    for text in [
        "école",
        "ECOLES",
        "renovation energetique",
        "rénovations",
        "utiliser",
        "ete",
        "e\u{301}nergétiques",
        "l'été",
        "d'écoles",
    ] {
        assert_eq!(ids(&index, text), [3], "{text}");
    }
    // A language without a stemmer is found as it is written.
    assert_eq!(ids(&index, "ysgolion"), [5]);
}

#[test]
fn a_stem_is_not_shared_between_languages() {
    // "utilis" is the stem of the query in French only, and that of "utilise" in both.
    let index = index_of([in_language("fr", 1, "Salles utilisées"), in_language("en", 2, "Utilise rooms")]);
    assert_eq!(ids(&index, "utilisées"), [1]);
    assert_eq!(ids(&index, "utilise"), [2, 1]);
}

#[test]
fn spelling_is_forgiven_only_where_nothing_matches() {
    let index = town();
    for text in ["scholos", "shcool", "haeting", "crosings", "ecolles"] {
        let page = find(&index, text);
        assert!(page.fuzzy && page.total > 0, "{text}");
    }
    let page = find(&index, "renovasion energetyque");
    assert!(page.fuzzy && page.hits[0].id == 3);
    // Two errors only in a long word, none in a short one.
    assert_eq!(find(&index, "schloos").total, 0);
    assert_eq!(find(&index, "ges").total, 0);
    // "rooms" exists, so it is not taken for "rooks" or the like; the misspelt word beside it is repaired.
    let page = find(&index, "servr rooms");
    assert_eq!((page.fuzzy, page.total, page.hits[0].id), (true, 1, 2));
    assert_eq!(page.hits[0].title_html, "Cooling of <mark>server</mark> <mark>rooms</mark>");
}

#[test]
fn half_of_the_words_do_where_no_document_has_all() {
    let index = town();
    assert_eq!(ids(&index, "cooling crossings"), [2, 4]);
    assert_eq!(ids(&index, "boilers children crossings"), [1]);
    // A word that nobody has is not counted against the others.
    assert_eq!(ids(&index, "xyzzyxyzzy crossings"), [4]);
    // But a phrase always holds.
    assert_eq!(ids(&index, "\"no such thing\" crossings"), Vec::<i64>::new());
}

#[test]
fn function_words_are_wishes_beside_others_and_wanted_alone() {
    let index = town();
    assert_eq!(ids(&index, "the crossings of a school"), [4]);
    assert_eq!(ids(&index, "for"), [1]);
    assert_eq!(ids(&index, "des"), [3]);
    let index = index_of([challenge(1, "The Who"), challenge(2, "Another")]);
    assert_eq!(ids(&index, "the"), [1]);
}

#[test]
fn text_without_a_word_finds_everything_newest_first() {
    let index = town();
    for text in ["", "   ", "!!! ??", "\"\"", "- -", "🙂"] {
        assert_eq!(ids(&index, text), [5, 4, 3, 2, 1], "{text:?}");
    }
}

#[test]
fn marks_are_the_only_markup() {
    let index = index_of([Document {
        summary: "<script>alert('bridge')</script> & \"more\" bridges".to_owned(),
        ..challenge(1, "A <b>bridge</b> & <mark>more</mark>")
    }]);
    let page = find(&index, "bridges");
    let hit = &page.hits[0];
    assert_eq!(hit.title_html, "A &lt;b&gt;<mark>bridge</mark>&lt;/b&gt; &amp; &lt;mark&gt;more&lt;/mark&gt;");
    assert_eq!(
        hit.snippet_html,
        "&lt;script&gt;alert(&#39;<mark>bridge</mark>&#39;)&lt;/script&gt; &amp; &quot;more&quot; \
         <mark>bridges</mark>"
    );
    assert_eq!(hit.title, "A <b>bridge</b> & <mark>more</mark>");
    // Without a query nothing is marked, and everything still escaped.
    let page = find(&index, "");
    assert!(page.hits[0].snippet_html.starts_with("&lt;script&gt;"));
    assert!(!page.hits[0].title_html.contains('<'));
}

#[test]
fn suggestions_complete_the_last_word() {
    let index = town();
    let titles = |prefix: &str| -> Vec<i64> {
        let found = index.suggest(prefix, &Reader::public(), 10).unwrap();
        found.iter().map(|it| it.id).collect()
    };
    assert_eq!(titles("sch"), [4, 1]);
    assert_eq!(titles("heating for sch"), [1]);
    assert_eq!(titles("RENO"), [3]);
    assert_eq!(titles("boil"), Vec::<i64>::new());
    assert_eq!(titles(" !"), Vec::<i64>::new());
    assert_eq!(index.suggest("s", &Reader::public(), 1).unwrap().len(), 1);
    assert_eq!(index.suggest("s", &Reader::public(), 0).unwrap(), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_typed_text_fails(
        text in prop_oneof![any::<String>(), "[-\"“«a-z \u{1}\u{301}é:*()~^0-9]{0,60}"],
        page in any::<u32>(),
        per_page in any::<u32>(),
        now in any::<i64>(),
    ) {
        thread_local! { static TOWN: search::Index = town(); }
        TOWN.with(|index| {
            let query = Query { text: text.clone(), page, per_page, ..Query::default() };
            let found = index.search(&query, &Reader::public(), now).unwrap();
            assert!(found.hits.len() <= found.total);
            index.search(&Query { text: text.clone(), ..Query::default() }, &Reader::public(), NOW).unwrap();
            index.suggest(&text, &Reader::public(), 5).unwrap();
        });
    }
}

/// Words that stand for themselves in English: no stem but their own.
fn plain_word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["heat", "pump", "roof", "bus", "park"])
}

fn phrase() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(plain_word(), 1..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Words, phrases and exclusions against a naive scan of the titles.
    #[test]
    fn phrases_and_exclusions_are_what_they_say(
        titles in prop::collection::vec(prop::collection::vec(plain_word(), 0..6), 1..30),
        wanted in phrase(),
        excluded in prop::collection::vec(phrase(), 0..3),
        queries_quoted in any::<bool>(),
    ) {
        let has = |title: &[&str], phrase: &[&str]| title.windows(phrase.len()).any(|it| it == phrase);
        let index = index_of(titles.iter().enumerate().map(|(id, words)| challenge(id as i64, &words.join(" "))));
        let mut text = if queries_quoted {
            format!("\"{}\"", wanted.join(" "))
        } else {
            String::new()
        };
        for phrase in &excluded {
            text += &format!(" -\"{}\"", phrase.join(" "));
        }
        let expected: Vec<i64> = titles
            .iter()
            .enumerate()
            .filter(|(_, title)| !queries_quoted || has(title, &wanted))
            .filter(|(_, title)| !excluded.iter().any(|phrase| has(title, phrase)))
            .map(|(id, _)| id as i64)
            .collect();
        let mut found = ids(&index, &text);
        found.sort_unstable();
        prop_assert_eq!(found, expected, "{}", text);
    }
}

proptest! {
    // Each case makes an index.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any text can be a document, and comes back as it was, escaped.
    #[test]
    fn no_document_fails(title in any::<String>(), body in any::<String>(), lang in "[a-z]{2}") {
        let index = index_of([Document { body, ..in_language(&lang, 1, &title) }]);
        let page = find(&index, "alder");
        prop_assert_eq!(page.total, 1);
        prop_assert_eq!(&page.hits[0].title, &title);
        let bare = page.hits[0].title_html.replace("<mark>", "").replace("</mark>", "");
        prop_assert!(!bare.contains(['<', '>', '"', '\'']));
    }
}

#[test]
fn of_single_documents_a_search_tells_which_it_finds_and_forgives_what_the_page_forgives() {
    let index = index_of([challenge(1, "Heat pumps"), challenge(2, "Heat from waste water"), challenge(3, "Street lights")]);
    let among = |text: &str, only: &[i64]| {
        let only = Some(only.iter().map(|id| (Kind::Challenge, *id)).collect());
        let query = Query { text: text.to_owned(), ..Query::default() };
        let page = index.search(&query, &Reader { only, ..Reader::public() }, NOW).unwrap();
        let mut ids: Vec<i64> = page.hits.iter().map(|hit| hit.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(among("heat", &[1, 2, 3]), [1, 2]);
    assert_eq!(among("heat", &[3, 2, 9]), [2]);
    assert_eq!(among("", &[3, 9]), [3]);
    assert_eq!(among("heat", &[]), Vec::<i64>::new());
    // As much is forgiven as where all are searched, and no more.
    assert_eq!(among("strete lights", &[1, 3]), [3], "with an error forgiven");
    assert_eq!(among("street pumps", &[3]), [3], "with half of the words");
    assert_eq!(among("heat pumps", &[2, 3]), Vec::<i64>::new(), "the first has both: half is not enough");
    assert_eq!(among("heta pmups", &[2, 3]), Vec::<i64>::new(), "nor beside one that has both misspelt");
}

#[test]
fn a_slip_in_one_form_finds_the_other() {
    let index = index_of([challenge(1, "Holes in roads: potholes"), challenge(2, "Pigeons nesting on roofs")]);
    let ids = |text: &str| find(&index, text).hits.iter().map(|hit| hit.id).collect::<Vec<_>>();
    assert_eq!(ids("pothle"), [1]);
    assert_eq!(ids("pigoen"), [2]);
}
