//! How well is found, on real texts: a document by its misspelt title, by its own summary, by every other word of it, by words
//! out of its middle; and the solution of a problem by the problem's own words.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};

use ::search::{Index, Kind, Likeness, Query, Reader};
use futures::FutureExt;
use serde_json::Value;
use workflow::history::History;

use super::recombine::Dice;
use super::{Args, Bench, Figure, fresh};
use crate::Result;
use crate::commands::import;
use crate::settings::Settings;

const NAME: &str = "quality";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

/// Documents that are looked for, spread evenly.
const SOUGHT: usize = 600;

/// A document of the data.
struct Item {
    what: Kind,
    title: String,
    summary: String,
    body: String,
}

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let files = [(History::Challenges, "challenges.jsonl"), (History::Responses, "responses.jsonl")];
    if files.iter().any(|(_, name)| !args.data_files.join(name).exists()) {
        eprintln!(
            "skipped: challenges.jsonl and responses.jsonl are not in {}. Name their folder with --data-files",
            args.data_files.display()
        );
        return Ok(figures);
    }
    let (_folder, desk) = fresh(&settings, None).await?;
    let mut items = Vec::new();
    for (what, name) in files {
        import::file(&desk, what, &args.data_files.join(name), false).await?;
        for line in BufReader::new(File::open(args.data_files.join(name))?).lines() {
            items.extend(item(what, &serde_json::from_str(&line?)?));
        }
    }
    let index = &desk.index;
    let mut add = |name: &str, value: f64, unit| figures.push(Figure::new(NAME, name, value, unit));
    add("docs", items.len() as f64, "documents");

    let mut dice = Dice(6);
    let sought = |of: &dyn Fn(&Item) -> bool| {
        let all: Vec<&Item> = items.iter().filter(|item| of(item)).collect();
        let step = (all.len() / SOUGHT).max(1);
        all.into_iter().step_by(step).take(SOUGHT).collect::<Vec<_>>()
    };
    let misspelt: Vec<(String, &Item)> = sought(&|item| item.title.split_whitespace().count() > 2)
        .into_iter()
        .filter_map(|item| Some((misspell(&item.title, &mut dice)?, item)))
        .collect();
    let (first, ten) = known_item(index, &misspelt)?;
    add("misspelt_title_at_1", first, "%");
    add("misspelt_title_at_10", ten, "%");
    let told: Vec<(String, &Item)> =
        sought(&|item| item.summary.split_whitespace().count() > 7 && !item.summary.contains(&item.title))
            .into_iter()
            .map(|item| (item.summary.split_whitespace().take(20).collect::<Vec<_>>().join(" "), item))
            .collect();
    let (first, ten) = known_item(index, &told)?;
    add("own_summary_at_1", first, "%");
    add("own_summary_at_10", ten, "%");
    let half: Vec<(String, &Item)> =
        sought(&|item| item.summary.split_whitespace().count() > 7 && !item.summary.contains(&item.title))
            .into_iter()
            .map(|item| (some(&item.summary, 0, 24, 2), item))
            .collect();
    let (first, ten) = known_item(index, &half)?;
    add("every_other_word_at_1", first, "%");
    add("every_other_word_at_10", ten, "%");
    let middle: Vec<(String, &Item)> = sought(&|item| item.body.split_whitespace().count() > 120)
        .into_iter()
        .map(|item| (some(&item.body, 60, 9, 1), item))
        .collect();
    let (first, ten) = known_item(index, &middle)?;
    add("words_of_the_middle_at_1", first, "%");
    add("words_of_the_middle_at_10", ten, "%");

    let (asked, first, four) = solutions(index, &items)?;
    add("problems_with_a_known_solution", asked as f64, "problems");
    add("its_solution_at_1", first, "%");
    add("its_solution_at_4", four, "%");
    desk.store.close().await;
    Ok(figures)
}

fn item(what: History, row: &Value) -> Option<Item> {
    let text = |name: &str| row[name].as_str().unwrap_or_default().trim().to_owned();
    let (what, body) = match what {
        History::Challenges => (Kind::PastChallenge, text("description")),
        History::Responses => (Kind::Solution, text("text")),
    };
    Some(Item { what, title: text("title"), summary: text("summary"), body }).filter(|item| !item.title.is_empty())
}

/// So many words of a text after the first ones, one in `step` of them.
fn some(text: &str, after: usize, words: usize, step: usize) -> String {
    text.split_whitespace().skip(after).take(words).step_by(step).collect::<Vec<_>>().join(" ")
}

/// One letter of the longest word lost, doubled or changed over with the next, never the first.
fn misspell(title: &str, dice: &mut Dice) -> Option<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let plain = |word: &&&str| word.chars().count() > 4 && word.chars().all(|letter| letter.is_ascii_alphabetic());
    let longest = *words.iter().filter(plain).max_by_key(|word| word.len())?;
    let mut letters: Vec<char> = longest.chars().collect();
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(3) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, at + 1),
    }
    let wrong: String = letters.into_iter().collect();
    (wrong != longest).then(|| title.replacen(longest, &wrong, 1))
}

/// Per cent that are first, and among the first ten. Documents of one title are one.
fn known_item(index: &Index, queries: &[(String, &Item)]) -> Result<(f64, f64)> {
    let (mut first, mut ten) = (0, 0);
    for (text, item) in queries {
        let query = Query { text: text.clone(), per_page: 10, ..Query::default() };
        let found = index.search(&query, &Reader::public(), 0)?;
        let place = found.hits.iter().position(|hit| hit.title == item.title);
        first += usize::from(place == Some(0));
        ten += usize::from(place.is_some());
    }
    let per_cent = |count: usize| 100.0 * count as f64 / queries.len().max(1) as f64;
    Ok((per_cent(first), per_cent(ten)))
}

/// Problems of whose topic there is a solution under the same title: how many, and per cent whose solution is the first, or among
/// the four that a page shows, of those like the problem's text. Its title is no part of the question: it would be the answer.
/// (Whether both have a category in common, as was measured before, says nothing: four of five topics share one.)
fn solutions(index: &Index, items: &[Item]) -> Result<(usize, f64, f64)> {
    let plain = |title: &str| {
        let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    };
    let solved: HashSet<String> =
        items.iter().filter(|item| item.what == Kind::Solution).map(|item| plain(&item.title)).collect();
    let mut asked = HashSet::new();
    let (mut first, mut four) = (0usize, 0usize);
    let query = Query { kinds: vec![Kind::Solution], per_page: 4, ..Query::default() };
    for problem in items.iter().filter(|item| item.what == Kind::PastChallenge && item.body.split_whitespace().count() > 50) {
        let title = plain(&problem.title);
        if !solved.contains(&title) || !asked.insert(title.clone()) {
            continue;
        }
        let text = format!("{}\n{}", problem.summary, problem.body);
        let likeness = Likeness { title: String::new(), text, lang: "en".to_owned() };
        let found = index.like(&likeness, &[], &query, &Reader::public(), 0)?;
        let place = found.iter().position(|hit| plain(&hit.title) == title);
        first += usize::from(place == Some(0));
        four += usize::from(place.is_some());
    }
    let per_cent = |count: usize| 100.0 * count as f64 / asked.len().max(1) as f64;
    Ok((asked.len(), per_cent(first), per_cent(four)))
}
