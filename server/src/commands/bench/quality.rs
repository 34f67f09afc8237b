//! How well is found, on real texts: a document by its misspelt title, by its own summary, and problems like a problem.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};

use ::search::{Index, Kind, Query, Reader};
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

/// A document of the data: its title and summary, and the categories that its authority gave it.
struct Item {
    title: String,
    summary: String,
    categories: HashSet<String>,
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
            items.extend(item(&serde_json::from_str(&line?)?));
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

    let (alike, chance) = alike(index, &items)?;
    add("similar_share_a_category_of_5", alike, "%");
    add("any_two_share_a_category", chance, "%");
    desk.store.close().await;
    Ok(figures)
}

fn item(row: &Value) -> Option<Item> {
    let text = |name: &str| row[name].as_str().unwrap_or_default().trim().to_owned();
    let categories = match &row["category"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_lowercase).collect(),
        _ => HashSet::new(),
    };
    Some(Item { title: text("title"), summary: text("summary"), categories }).filter(|item| !item.title.is_empty())
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

/// Per cent of the five most alike that share a category with the problem, and of any two problems.
fn alike(index: &Index, items: &[Item]) -> Result<(f64, f64)> {
    let known: HashMap<&str, &HashSet<String>> =
        items.iter().filter(|item| !item.categories.is_empty()).map(|item| (item.title.as_str(), &item.categories)).collect();
    let everything = Query { kinds: vec![Kind::PastChallenge], per_page: 10_000, ..Query::default() };
    let hits = index.search(&everything, &Reader::public(), 0)?.hits;
    let problems: Vec<_> = hits.iter().filter(|hit| known.contains_key(hit.title.as_str())).collect();
    let query = Query { kinds: vec![Kind::PastChallenge], per_page: 30, ..Query::default() };
    let (mut shared, mut all) = (0usize, 0usize);
    for problem in problems.iter().step_by((problems.len() / SOUGHT).max(1)) {
        let own = known[problem.title.as_str()];
        let found = index.similar(problem.kind, problem.id, &query, &Reader::public(), 0)?;
        let judged = found.iter().filter(|hit| hit.title != problem.title).filter_map(|hit| known.get(hit.title.as_str()));
        for categories in judged.take(5) {
            shared += usize::from(!own.is_disjoint(categories));
            all += 1;
        }
    }
    let mut dice = Dice(9);
    let all_known: Vec<_> = known.values().collect();
    let mut by_chance = 0usize;
    for _ in 0..10_000 {
        let (one, other) = (dice.below(all_known.len()), dice.below(all_known.len()));
        by_chance += usize::from(one != other && !all_known[one].is_disjoint(all_known[other]));
    }
    Ok((100.0 * shared as f64 / all.max(1) as f64, by_chance as f64 / 100.0))
}
