//! Measures the statement check on real challenges. The data folder is not part of the project; without it nothing is done.
//!
//! ```text
//! calibrate scores  [--data-files DIR]                        what real challenges score
//! calibrate sample  [--data-files DIR] --lang en --seed 1 --most 30 [--without LABELS]... > sample.jsonl
//! calibrate measure [--data-files DIR] [--labels DIR]         precision and recall by rule, as a table
//! calibrate findings [--data-files DIR] [--lang fr]           every finding with its words, one a line
//! ```

#[allow(dead_code, reason = "the program and the test each use a part")]
#[path = "../calibration/corpus.rs"]
mod corpus;
#[allow(dead_code, reason = "the program and the test each use a part")]
#[path = "../calibration/measure.rs"]
mod measure;
#[path = "../calibration/sample.rs"]
mod sample;

use std::path::Path;
use std::process::ExitCode;

use domain::statement::{Finding, Lang, Rule};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let all = |name: &str| -> Vec<&str> { args.windows(2).filter(|pair| pair[0] == name).map(|pair| pair[1].as_str()).collect() };
    let one = |name: &str| all(name).first().copied();
    let Some(folder) = corpus::folder(one("--data-files")) else {
        eprintln!("skipped: challenges.jsonl is in no folder given by --data-files");
        return ExitCode::SUCCESS;
    };
    let lang = one("--lang").map(Lang::of);
    let checked = corpus::checked(&folder, |row| lang.is_none_or(|lang| row.lang() == lang));
    match args.first().map(String::as_str) {
        Some("scores") => scores(&checked),
        Some("measure") => table(&checked, Path::new(one("--labels").unwrap_or(LABELS))),
        Some("findings") => checked.iter().for_each(|c| c.findings.iter().for_each(|f| println!("{}", sample::row(c, f)))),
        Some("sample") => {
            let labelled = sample::Labelled::of(all("--without").into_iter().flat_map(keys));
            let number = |name: &str, default: u64| one(name).and_then(|n| n.parse().ok()).unwrap_or(default);
            let rows = sample::draw(&checked, number("--seed", 1), number("--most", 30) as usize, &labelled);
            rows.iter().for_each(|row| println!("{row}"));
            eprintln!("{:?}", sample::counts(&rows));
        }
        _ => {
            eprintln!("calibrate scores | findings | sample | measure");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Where the labels are, beside the program's source.
const LABELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/calibration");

/// Samples of labels, in the order in which they were drawn.
const SAMPLES: [&str; 5] = ["labels-1", "labels-2", "labels-3", "labels-4", "labels-5"];

/// One row a rule and language: each sample as drawn, what is left of all of them now, and recall on both halves.
fn table(all: &[corpus::Checked], labels: &Path) {
    let now = measure::Now::of(all);
    println!(
        "| rule | language | 1 | 2 | 3 | 4 | 5: right of drawn | now: right of n | precision now | n tuned on | recall | n held out | recall |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for lang in ["en", "fr"] {
        let file = |name: &str| labels.join(format!("{name}-{lang}.jsonl"));
        let samples = SAMPLES.map(|name| measure::precision(&file(name), &now));
        let mut pooled = measure::Precisions::new();
        samples.iter().for_each(|sample| measure::add(&mut pooled, sample.clone()));
        let [odd, even] = measure::recall(&file("whole"), &now);
        for rule in Rule::ALL {
            let of = |from: &std::collections::HashMap<Rule, measure::Share>| from.get(&rule).copied().unwrap_or_default();
            let pooled = pooled.get(&rule).copied().unwrap_or_default();
            let (c, d) = (of(&odd), of(&even));
            if [pooled.drawn, c, d].iter().all(|share| share.all == 0) {
                continue;
            }
            let drawn = samples.each_ref().map(|sample| counts(sample.get(&rule).copied().unwrap_or_default().drawn)).join(" | ");
            let share = pooled.now.share().map_or("–".to_owned(), |s| format!("{s:.2}"));
            let cell =
                |share: measure::Share| share.share().map_or("| 0 | –".to_owned(), |s| format!("| {} | {s:.2}", share.all));
            println!("| {} | {lang} | {drawn} | {} | {share} {} {} |", rule.code(), counts(pooled.now), cell(c), cell(d));
        }
    }
}

fn counts(share: measure::Share) -> String {
    if share.all == 0 { "–".to_owned() } else { format!("{} of {}", share.right, share.all) }
}

fn keys(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a file of labels");
    text.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()?["key"].as_str().map(str::to_owned))
        .collect()
}

/// Findings a statement, and how many statements have each rule, by source.
fn scores(all: &[corpus::Checked]) {
    let mut sources: Vec<&str> = all.iter().map(|checked| checked.row.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in sources {
        let of: Vec<&[Finding]> = all.iter().filter(|c| c.row.source == source).map(|c| c.findings.as_slice()).collect();
        let mut counts: Vec<usize> = of.iter().map(|findings| findings.len()).collect();
        counts.sort_unstable();
        let at = |share: usize| counts[(counts.len() - 1) * share / 100];
        println!(
            "{source}: {} statements; findings a statement: p10 {}, median {}, p90 {}, most {}",
            of.len(),
            at(10),
            at(50),
            at(90),
            at(100)
        );
        for rule in Rule::ALL {
            let with = of.iter().filter(|findings| findings.iter().any(|f| f.rule == rule)).count();
            let findings: usize = of.iter().map(|findings| findings.iter().filter(|f| f.rule == rule).count()).sum();
            if findings > 0 {
                println!(
                    "  {:20} {:5.1} % of statements, {findings} findings",
                    rule.code(),
                    100.0 * with as f64 / of.len() as f64
                );
            }
        }
    }
}
