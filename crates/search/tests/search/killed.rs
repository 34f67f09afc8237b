//! Killed anywhere, an index goes on exactly: what it finds is what the changes up to its position say, no more and no less.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use search::{Change, Index, Kind, Reader};

use crate::{at, challenge, find};

/// Where the child writes. Without it the child's test has nothing to do.
const FOLDER: &str = "WELLPOSED_TEST_INDEX";

/// Change n puts document n, writes n into document 0 and removes document n / 2.
fn changes(n: i64) -> Vec<Change> {
    let mut changes = vec![Change::Put(challenge(n, "Heat")), Change::Put(challenge(0, &format!("Count{n}")))];
    if n % 2 == 0 {
        changes.push(Change::Remove { kind: Kind::Challenge, id: n / 2 });
    }
    changes
}

#[test]
fn a_child_that_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let index = Index::open(Path::new(&folder)).unwrap().index;
    let first = index.position().map_or(1, |at| at.position + 1);
    for n in first.. {
        index.apply(changes(n), at(n)).unwrap();
    }
}

#[test]
fn a_killed_index_goes_on_exactly() {
    let home = tempfile::tempdir().unwrap();
    let (mut before, mut round) = (0, 0u64);
    // A busy machine gets on slowly: the rounds end when something was seen.
    while (round < 8 || before < 20) && round < 60 {
        round += 1;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["killed::a_child_that_writes_until_it_is_killed", "--exact"])
            .env(FOLDER, home.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Long enough for some commits and merges, and never at the same place; longer and longer where nothing comes of it.
        std::thread::sleep(Duration::from_millis(250 + round * 67 % 191 + round.saturating_sub(8) * 25));
        child.kill().unwrap();
        child.wait().unwrap();
        let opened = Index::open(home.path()).unwrap();
        let Some(at) = opened.index.position() else {
            assert_eq!(before, 0, "what was committed is not lost");
            continue;
        };
        let last = at.position;
        assert!(last >= before, "it never goes back: {last} after {before}");
        before = last;
        let found = opened.index.visible_ids(&Reader::public()).unwrap();
        let found: Vec<i64> = found.into_iter().map(|(_, id)| id).filter(|id| *id > 0).collect();
        assert_eq!(found, (last / 2 + 1..=last).collect::<Vec<_>>(), "at position {last}");
        assert_eq!(find(&opened.index, &format!("count{last}")).total, 1);
    }
    assert!(before >= 20, "it came as far as {before}: the test saw nothing");
}
