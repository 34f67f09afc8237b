//! Holds the figures of `docs/statement-check.md`: every rule that speaks is right in at least eight of ten labelled findings.
//! The real challenges are no part of the project; where they are absent this test says so and does nothing.

#[allow(dead_code, reason = "the program and the test each use a part")]
#[path = "../calibration/corpus.rs"]
mod corpus;
#[allow(dead_code, reason = "the program and the test each use a part")]
#[path = "../calibration/measure.rs"]
mod measure;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// Labelled findings below which a share says nothing.
const ENOUGH: usize = 10;
const PRECISION: f64 = 0.8;

#[test]
fn every_rule_is_right_in_eight_of_ten() {
    let Some(folder) = corpus::folder(None) else {
        println!("skipped: no folder with challenges.jsonl beside this working copy or named by WELLPOSED_DATA_FILES");
        return;
    };
    let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("calibration");
    let mut files: Vec<_> = fs::read_dir(&labels).expect("the labels").flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "jsonl"));
    let named: HashSet<String> = files.iter().flat_map(|file| measure::statements(file)).collect();
    let now = measure::Now::of(&corpus::checked(&folder, |row| named.contains(&row.id)));
    for lang in ["en", "fr"] {
        let mut all = measure::Precisions::new();
        for file in files.iter().filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("labels-")))
        {
            if file.to_string_lossy().ends_with(&format!("-{lang}.jsonl")) {
                measure::add(&mut all, measure::precision(file, &now));
            }
        }
        assert!(!all.is_empty(), "labels of {lang}");
        for (rule, precision) in all {
            let share = precision.now.share().unwrap_or(1.0);
            assert!(
                precision.now.all < ENOUGH || share >= PRECISION,
                "{} in {lang}: {share:.2} of {}",
                rule.code(),
                precision.now.all
            );
        }
    }
}
