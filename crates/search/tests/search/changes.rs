//! Putting, removing, filling anew, opening again.

use std::fs;
use std::path::Path;

use search::{Audience, Bulk, Change, Document, Error, Index, Kind, Reader};

use crate::{at, challenge, find, ids, index_of};

fn put(index: &Index, document: Document, position: i64) {
    index.apply(vec![Change::Put(document)], at(position)).unwrap();
}

fn open(folder: &Path) -> Index {
    Index::open(folder).unwrap().index
}

#[test]
fn handles_can_be_shared_and_a_bulk_sent() {
    fn check<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>() {}
    check::<Index>();
    sent::<Bulk>();
}

#[test]
fn a_put_replaces_and_a_removal_removes() {
    let index = index_of([challenge(1, "Heat"), challenge(2, "Light")]);
    put(&index, challenge(1, "Water"), 2);
    assert_eq!(ids(&index, "water"), [1]);
    assert_eq!(find(&index, "heat").total, 0);
    let twice = vec![
        Change::Put(challenge(3, "First")),
        Change::Put(challenge(3, "Second")),
        Change::Remove { kind: Kind::Challenge, id: 2 },
        Change::Remove { kind: Kind::Challenge, id: 99 },
        Change::Remove { kind: Kind::Solution, id: 1 },
    ];
    index.apply(twice, at(3)).unwrap();
    assert_eq!(ids(&index, ""), [3, 1]);
    assert_eq!(ids(&index, "second"), [3]);
    let back = vec![Change::Remove { kind: Kind::Challenge, id: 3 }, Change::Put(challenge(3, "Third"))];
    index.apply(back, at(4)).unwrap();
    assert_eq!(ids(&index, "third"), [3]);
    // No longer public: gone for the public, in the same commit.
    put(&index, Document { audiences: vec![Audience::Team(3)], ..challenge(3, "Third") }, 5);
    assert_eq!(ids(&index, ""), [1]);
}

#[test]
fn an_empty_batch_moves_the_position() {
    let index = Index::in_memory().unwrap();
    assert_eq!(index.position(), None);
    index.apply(vec![], at(1)).unwrap();
    assert_eq!(index.position(), Some(at(1)));
    index.apply(vec![], at(2)).unwrap();
    assert_eq!(index.position(), Some(at(2)));
}

#[test]
fn reopening_keeps_documents_and_position() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("deep/index");
    let opened = Index::open(&folder).unwrap();
    assert!(opened.fresh);
    put(&opened.index, challenge(1, "Heat"), 5);
    opened.index.apply(vec![], at(6)).unwrap();
    assert!(matches!(Index::open(&folder), Err(Error::Locked(_))));
    drop(opened);
    let opened = Index::open(&folder).unwrap();
    assert!(!opened.fresh);
    assert_eq!(opened.index.position(), Some(at(6)));
    assert_eq!(ids(&opened.index, "heats"), [1]);
}

#[test]
fn the_position_survives_merges() {
    let home = tempfile::tempdir().unwrap();
    let index = open(home.path());
    for id in 1..=60 {
        put(&index, challenge(id, "Heat"), id);
    }
    drop(index);
    let index = open(home.path());
    assert_eq!(index.position(), Some(at(60)));
    assert_eq!(find(&index, "heat").total, 60);
}

#[test]
fn an_index_without_a_commit_is_still_fresh() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    assert!(Index::open(home.path()).unwrap().fresh);
}

#[test]
fn a_broken_folder_is_made_anew_and_strangers_files_are_kept() {
    type Breakage = fn(&Path);
    let broken: [(&str, Breakage); 6] = [
        ("garbage", |folder| fs::write(folder.join("meta.json"), "garbage").unwrap()),
        ("empty", |folder| fs::write(folder.join("meta.json"), "").unwrap()),
        ("missing", |folder| fs::remove_file(folder.join("meta.json")).unwrap()),
        ("managed", |folder| fs::write(folder.join(".managed.json"), "{").unwrap()),
        ("cut short", |folder| {
            for file in segment_files(folder) {
                let bytes = fs::read(&file).unwrap();
                fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
            }
        }),
        ("lost", |folder| {
            segment_files(folder).iter().for_each(|file| fs::remove_file(file).unwrap());
        }),
    ];
    for (name, break_it) in broken {
        let home = tempfile::tempdir().unwrap();
        put(&open(home.path()), challenge(1, "Heat"), 5);
        fs::write(home.path().join("notes.txt"), "mine").unwrap();
        break_it(home.path());
        let opened = Index::open(home.path()).unwrap();
        assert!(opened.fresh, "{name}");
        assert_eq!(opened.index.position(), None, "{name}");
        assert_eq!(ids(&opened.index, ""), Vec::<i64>::new(), "{name}");
        put(&opened.index, challenge(2, "Light"), 6);
        assert_eq!(ids(&opened.index, "light"), [2], "{name}");
        assert_eq!(fs::read(home.path().join("notes.txt")).unwrap(), b"mine");
    }
}

#[test]
fn a_folder_deleted_under_a_running_index_is_made_anew_while_the_old_is_read() {
    type Loss = fn(&Path);
    let lost: [(&str, Loss); 3] = [
        ("the folder", |folder| fs::remove_dir_all(folder).unwrap()),
        ("all in it", |folder| fs::read_dir(folder).unwrap().for_each(|file| fs::remove_file(file.unwrap().path()).unwrap())),
        ("the segments", |folder| segment_files(folder).iter().for_each(|file| fs::remove_file(file).unwrap())),
    ];
    for (name, lose) in lost {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("index");
        let index = open(&folder);
        put(&index, challenge(1, "Heat"), 5);
        lose(&folder);
        assert_eq!(ids(&index, "heat"), [1], "{name}");
        let mut tries = 0;
        while index.position().is_some() && tries < 3 {
            let _ = index.apply(vec![Change::Put(challenge(2, "Light"))], at(6 + tries));
            tries += 1;
        }
        if index.position().is_some() {
            // The engine has the files open still, and goes on with them; whoever opens the folder next makes it anew.
            assert_ne!(name, "the folder");
            assert_eq!((ids(&index, "heat"), ids(&index, "light")), (vec![1], vec![2]), "{name}: nothing is lost meanwhile");
            drop(index);
            assert!(Index::open(&folder).unwrap().fresh, "{name}");
            continue;
        }
        assert!(index.left_at().is_some(), "{name}: what was taken back since is for whoever searches to hide");
        assert_eq!(ids(&index, "heat"), [1], "{name}: the old is found until the new is whole");
        let mut bulk = index.bulk();
        bulk.put(challenge(1, "Heat")).unwrap();
        bulk.put(challenge(3, "Water")).unwrap();
        bulk.finish(at(9)).unwrap();
        assert_eq!((ids(&index, "").len(), index.left_at()), (2, None), "{name}");
        put(&index, challenge(4, "Light"), 10);
        assert_eq!(ids(&index, "light"), [4], "{name}");
        drop(index);
        let again = Index::open(&folder).unwrap();
        assert!(!again.fresh, "{name}");
        assert_eq!(ids(&again.index, "").len(), 3, "{name}");
    }
}

#[test]
fn an_index_of_another_version_is_made_anew() {
    let home = tempfile::tempdir().unwrap();
    put(&open(home.path()), challenge(1, "Heat"), 5);
    let meta = home.path().join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let other = text.replace("\\\"schema\\\":", "\\\"schema\\\":99");
    assert_ne!(text, other);
    fs::write(&meta, other).unwrap();
    let opened = Index::open(home.path()).unwrap();
    assert!(opened.fresh);
    assert_eq!((opened.index.position(), ids(&opened.index, "")), (None, vec![1]), "the old is found until the new is whole");
    assert_eq!(opened.index.left_at(), Some(at(5)), "as of then: what was taken back since is for whoever searches to hide");
    let mut bulk = opened.index.bulk();
    bulk.put(challenge(2, "Light")).unwrap();
    assert_eq!(ids(&opened.index, ""), [1]);
    bulk.finish(at(6)).unwrap();
    assert_eq!(ids(&opened.index, ""), [2]);
    drop(opened);
    assert!(!Index::open(home.path()).unwrap().fresh);
}

/// What another version calls a field.
fn rename_field(folder: &Path, name: &str) {
    let meta = folder.join("meta.json");
    let text = fs::read_to_string(&meta).unwrap();
    let other = text.replace(&format!("\"{name}\""), "\"of_another_version\"");
    assert_ne!(text, other);
    fs::write(&meta, other).unwrap();
}

#[test]
fn an_index_of_other_fields_is_found_in_until_the_new_one_is_whole() {
    let home = tempfile::tempdir().unwrap();
    put(&open(home.path()), challenge(1, "Heat"), 5);
    rename_field(home.path(), "buyer_words");
    // Stopped before the new one is whole, it is found in again.
    for _ in 0..2 {
        let opened = Index::open(home.path()).unwrap();
        assert!(opened.fresh);
        assert_eq!((opened.index.position(), ids(&opened.index, "heat")), (None, vec![1]));
        assert_eq!(opened.index.left_at(), Some(at(5)));
        assert_eq!(opened.index.suggest("hea", &Reader::public(), 5).unwrap().len(), 1);
        let mut bulk = opened.index.bulk();
        bulk.put(challenge(2, "Light")).unwrap();
        assert_eq!(ids(&opened.index, ""), [1]);
    }
    let opened = Index::open(home.path()).unwrap();
    let mut bulk = opened.index.bulk();
    bulk.put(challenge(2, "Light")).unwrap();
    bulk.finish(at(6)).unwrap();
    assert_eq!((opened.index.position(), ids(&opened.index, "")), (Some(at(6)), vec![2]));
    assert_eq!(opened.index.left_at(), None);
    assert!(!home.path().join("put-aside").exists(), "nothing is left of it");
    drop(opened);
    let opened = Index::open(home.path()).unwrap();
    assert_eq!((opened.fresh, ids(&opened.index, "")), (false, vec![2]));
}

#[test]
fn one_that_does_not_say_who_may_find_is_not_found_in() {
    let home = tempfile::tempdir().unwrap();
    put(&open(home.path()), challenge(1, "Heat"), 5);
    rename_field(home.path(), "audience");
    let opened = Index::open(home.path()).unwrap();
    assert!(opened.fresh);
    assert_eq!(ids(&opened.index, ""), Vec::<i64>::new());
    assert!(!home.path().join("put-aside").exists());
}

#[test]
fn one_of_a_version_that_is_not_read_is_not_found_in() {
    for other_fields in [false, true] {
        let home = tempfile::tempdir().unwrap();
        put(&open(home.path()), challenge(1, "Heat"), 5);
        let meta = home.path().join("meta.json");
        let text = fs::read_to_string(&meta).unwrap();
        let other = text.replace("\\\"schema\\\":", "\\\"schema\\\":0,\\\"was\\\":");
        assert_ne!(text, other);
        fs::write(&meta, other).unwrap();
        if other_fields {
            rename_field(home.path(), "buyer_words");
        }
        let opened = Index::open(home.path()).unwrap();
        assert!(opened.fresh);
        assert_eq!(ids(&opened.index, ""), Vec::<i64>::new());
        assert!(!home.path().join("put-aside").exists());
    }
}

fn segment_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_stem().is_some_and(|stem| stem.len() == 32)).collect()
}

#[test]
fn a_bulk_replaces_everything_at_once() {
    let home = tempfile::tempdir().unwrap();
    let index = open(home.path());
    for id in 1..=20 {
        put(&index, challenge(id, "Old"), id);
    }
    let mut bulk = index.bulk();
    for id in 100..200 {
        bulk.put(challenge(id, "New")).unwrap();
    }
    // Nothing has changed yet, and nobody else may write.
    assert_eq!(find(&index, "old").total, 20);
    assert_eq!(find(&index, "new").total, 0);
    assert!(matches!(index.apply(vec![], at(30)), Err(Error::Busy)));
    assert!(matches!(index.bulk().put(challenge(1, "x")), Err(Error::Busy)));
    assert!(matches!(index.bulk().finish(at(1)), Err(Error::Busy)));
    bulk.finish(at(50)).unwrap();
    assert_eq!(index.position(), Some(at(50)));
    assert_eq!(find(&index, "").total, 100);
    assert_eq!(find(&index, "new").total, 100);
    put(&index, challenge(150, "Newer"), 51);
    assert_eq!(find(&index, "").total, 100);
    drop(index);
    let index = open(home.path());
    assert_eq!(index.position(), Some(at(51)));
    assert_eq!(find(&index, "").total, 100);
    assert_eq!(ids(&index, "newer"), [150]);
}

#[test]
fn a_bulk_that_is_dropped_changes_nothing() {
    let index = index_of([challenge(1, "Heat")]);
    let mut bulk = index.bulk();
    bulk.put(challenge(2, "Light")).unwrap();
    drop(bulk);
    assert_eq!(index.position(), Some(at(1)));
    put(&index, challenge(3, "Water"), 2);
    assert_eq!(ids(&index, ""), [3, 1]);
}

#[test]
fn an_empty_bulk_empties_the_index() {
    let index = index_of([challenge(1, "Heat")]);
    index.bulk().finish(at(9)).unwrap();
    assert_eq!(index.visible_ids(&Reader::public()).unwrap(), []);
    assert_eq!(index.position(), Some(at(9)));
}

#[test]
fn threads_write_in_turn_and_read_beside() {
    let index = Index::in_memory().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let index = index.clone();
            scope.spawn(move || {
                for id in 0..10 {
                    put(&index, challenge(writer * 10 + id, "Heat"), id);
                    assert!(find(&index, "heat").total > 0);
                }
            });
        }
    });
    assert_eq!(find(&index, "").total, 30);
}
