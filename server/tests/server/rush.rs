//! The benchmarks of the last minute, small: that nothing is refused, lost or half written holds at any size.

use std::collections::BTreeMap;

use crate::support::run;

fn figures(args: &[&str]) -> BTreeMap<String, f64> {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines = ran.out.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    lines.map(|line| (line["figure"].as_str().unwrap().to_owned(), line["value"].as_f64().unwrap())).collect()
}

#[test]
fn a_small_rush_refuses_nobody() {
    let figures = figures(&["bench", "rush", "--count", "60", "--clients", "20"]);
    for database in ["sqlite", "postgres"] {
        // Where there is no PostgreSQL there are no figures of it.
        let Some(refused) = figures.get(&format!("{database}_refused_in_error")) else { continue };
        assert_eq!(*refused, 0.0, "{database}");
        assert!(figures[&format!("{database}_accepted_per_s")] > 0.0);
    }
    assert!(figures.contains_key("sqlite_accepted_per_s"));
}

#[test]
fn whoever_has_a_receipt_finds_the_submission_after_a_crash() {
    let figures = figures(&["bench", "crash", "--count", "3", "--clients", "8"]);
    for database in ["sqlite", "postgres"] {
        let Some(receipts) = figures.get(&format!("{database}_receipts")) else { continue };
        assert!(*receipts > 0.0, "{database}: nothing was tried");
        assert_eq!(
            (figures[&format!("{database}_lost")], figures[&format!("{database}_half_written")]),
            (0.0, 0.0),
            "{database}"
        );
    }
    assert!(figures.contains_key("sqlite_receipts"));
}
