use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use workflow::proof::{Anchor, ContentDigest, KeyList, Paper, PublishedKey, ReceiptPaper};
use workflow::sealing::{Keyring, digest, hex};

use crate::support::{command, run};

fn key_file(folder: &Path) -> PathBuf {
    let keys: Vec<PathBuf> = fs::read_dir(folder.join(".config/wellposed")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(keys.len(), 1);
    keys[0].clone()
}

const ADD: &[&str] = &["user", "add", "--email", "ana@city.example", "--name", "Ana Ruiz", "--administrator"];

#[test]
fn the_first_command_makes_a_key_outside_the_data_folder_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let made = run(folder.path(), ADD);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.err.contains("Keep a copy elsewhere"), "{}", made.err);
    let key = key_file(folder.path());
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(made.out.contains("Password: "), "one was made up and printed: {}", made.out);
    let again = run(folder.path(), ADD);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("somebody has this address"), "{}", again.err);
    assert!(!again.err.contains("master key"), "the same key is used: {}", again.err);
}

#[test]
fn a_key_among_what_it_guards_is_refused_and_none_is_made_there() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    fs::create_dir_all(at("live")).unwrap();
    fs::create_dir_all(at("kept")).unwrap();
    std::os::unix::fs::symlink(at("live"), at("link")).unwrap();
    fs::write(at("live/old.key"), "8d".repeat(32)).unwrap();
    std::os::unix::fs::symlink(at("live/old.key"), at("old.key")).unwrap();
    for key in ["live/k.key", "live/deeper/k.key", "link/k.key", "old.key", "kept/../live/k.key", "kept/k.key"] {
        let refused = run(folder.path(), &[ADD, &["--data", "live", "--files", "kept", "--master-key", key]].concat());
        assert_eq!(refused.code, 1, "{key}");
        assert!(refused.err.contains("Move the key") && !refused.err.contains("was made"), "{key}: {}", refused.err);
        assert!(!at("live/k.key").exists() && !at("kept/k.key").exists(), "{key}");
    }
    let made = run(folder.path(), &[ADD, &["--data", "live", "--files", "kept", "--master-key", "k.key"]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    fs::write(at("live/new.key"), "8d".repeat(32)).unwrap();
    let rotate = ["key", "rotate", "--data", "live", "--files", "kept", "--master-key", "k.key", "--new", "live/new.key"];
    assert!(run(folder.path(), &rotate).err.contains("Move the key"));
}

/// `wellposed audit verify | head -1`: whoever reads has gone before all is said.
#[test]
fn who_stops_reading_ends_no_command() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), ADD).code, 0);
    let mut child = command(folder.path(), &["audit", "verify"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success() && ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn with_a_wrong_or_missing_key_nothing_starts_and_the_way_out_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), ADD).code, 0);
    let key = key_file(folder.path());
    let right = fs::read_to_string(&key).unwrap();
    fs::write(&key, "00".repeat(32)).unwrap();
    let wrong = run(folder.path(), &["serve", "--addr", "127.0.0.1:0"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("not the one that this database was made with"), "{}", wrong.err);
    fs::write(&key, "not a key").unwrap();
    assert!(run(folder.path(), &["reindex"]).err.contains("64 hexadecimal digits"));
    fs::remove_file(&key).unwrap();
    let missing = run(folder.path(), &["serve", "--addr", "127.0.0.1:0"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("the master key is missing") && missing.err.contains("WELLPOSED_MASTER_KEY"), "{}", missing.err);
    assert!(!key.exists(), "no new one is made up");
    assert_eq!(run(folder.path(), &["audit", "verify"]).code, 0, "the record can be verified without");
    let digits = command(folder.path(), &["reindex"]).env("WELLPOSED_MASTER_KEY", right.trim()).output().unwrap();
    assert!(digits.status.success());
}

#[test]
fn the_record_verifies_and_damage_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = run(folder.path(), &["audit", "verify"]);
    assert_eq!(nothing.code, 1, "there is no installation");
    assert!(!folder.path().join("data/live").exists(), "and none is made");
    assert_eq!(run(folder.path(), ADD).code, 0);
    let whole = run(folder.path(), &["audit", "verify"]);
    assert_eq!(whole.code, 0, "{}", whole.err);
    let head = whole.out.lines().find(|line| line.starts_with("head")).unwrap();
    assert!(head.starts_with("head  1  ") && head.split("  ").nth(2).is_some_and(|hash| hash.len() == 64), "{head}");
    // Somebody with the file rewrites history: the verb of an entry becomes another of the same length.
    let file = folder.path().join("data/live/wellposed.db");
    let mut bytes = fs::read(&file).unwrap();
    let at: Vec<usize> = bytes.windows(8).enumerate().filter(|(_, part)| part == b"register").map(|(at, _)| at).collect();
    assert!(!at.is_empty());
    for at in at {
        bytes[at..at + 8].copy_from_slice(b"registeR");
    }
    fs::write(&file, bytes).unwrap();
    let broken = run(folder.path(), &["audit", "verify"]);
    assert_eq!(broken.code, 1);
    assert!(broken.err.contains("entry 1 was changed"), "{}", broken.err);
}

#[test]
fn a_rotated_key_takes_the_old_one_s_place_whatever_moment_it_was_cut_off_at() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), ADD).code, 0);
    let key = key_file(folder.path());
    let first = fs::read_to_string(&key).unwrap();
    let rotated = run(folder.path(), &["key", "rotate"]);
    assert_eq!(rotated.code, 0, "{}{}", rotated.out, rotated.err);
    let second = fs::read_to_string(&key).unwrap();
    let beside = |end: &str| PathBuf::from(format!("{}{end}", key.display()));
    assert_ne!(first, second);
    assert_eq!(fs::read_to_string(beside(".old")).unwrap(), first);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(run(folder.path(), &["reindex"]).code, 0, "it starts with the new one");
    assert_eq!(run(folder.path(), &["audit", "verify"]).code, 0);

    // Cut off after the database was with the new key: before either file was moved, and between the two.
    fs::rename(&key, beside(".new")).unwrap();
    fs::copy(beside(".old"), &key).unwrap();
    assert_eq!(run(folder.path(), &["reindex"]).code, 0);
    assert_eq!(fs::read_to_string(&key).unwrap(), second);
    fs::rename(&key, beside(".new")).unwrap();
    assert_eq!(run(folder.path(), &["reindex"]).code, 0);
    assert_eq!(fs::read_to_string(&key).unwrap(), second);
    // Cut off before: the new key lies there, and the next run takes it.
    let third = "7c".repeat(32);
    fs::write(beside(".new"), &third).unwrap();
    assert_eq!(run(folder.path(), &["reindex"]).code, 0, "the old one still fits");
    assert_eq!(run(folder.path(), &["key", "rotate"]).code, 0);
    assert_eq!(fs::read_to_string(&key).unwrap().trim(), third);

    // Both given: the old one by the environment, the new one by its file, which stays.
    let fourth = folder.path().join("fourth.key");
    fs::write(&fourth, "8d".repeat(32)).unwrap();
    let given = command(folder.path(), &["key", "rotate", "--new", "fourth.key"]).env("WELLPOSED_MASTER_KEY", &third).output();
    assert!(given.unwrap().status.success());
    let digits = command(folder.path(), &["reindex"]).env("WELLPOSED_MASTER_KEY", "8d".repeat(32)).output().unwrap();
    assert!(digits.status.success());
    assert_eq!(run(folder.path(), &["reindex"]).code, 1, "the third opens nothing any more");
}

/// A receipt as the installation with this key signs it, for a place in its record; and the keys that it publishes.
fn receipt(key: &str, position: i64, hash: &str) -> (String, String) {
    let signer = Keyring::from_hex(key).unwrap().signer();
    let text = |text: &str| text.to_owned();
    let paper = Paper::Receipt(ReceiptPaper {
        issuer: text("https://problems.example"),
        reference: text("0000000000001"),
        challenge: text("WP-2026-AAAAA"),
        title: text("Quieter trams"),
        version: 1,
        supplier: text("Acme"),
        supplier_id: text("0000000000002"),
        number: 1,
        received_at: text("2026-11-24T12:00:00.000001Z"),
        received_local: text("2026-11-24T13:00:00.000001+01:00"),
        zone: text("Europe/Paris"),
        content: ContentDigest { salt: text("00"), sha256: hex(&digest(&[0], b"{}")), envelopes: Default::default() },
        record: Anchor { position, hash: text(hash) },
    });
    let public = signer.public();
    let keys = KeyList {
        issuer: text("https://problems.example"),
        keys: vec![PublishedKey {
            id: public.id,
            algorithm: text("Ed25519"),
            public: hex(&public.bytes),
            from: None,
            until: None,
        }],
    };
    (signer.sign(&paper).unwrap(), serde_json::to_string(&keys).unwrap())
}

#[test]
fn a_receipt_is_checked_far_from_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let (signed, keys) = receipt(&"5e".repeat(32), 7, &"ab".repeat(32));
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    put("receipt.json", &signed);
    put("keys.json", &keys);
    put("content.json", "{ }");
    let verify =
        |args: &[&str]| run(folder.path(), &[&["receipt", "verify", "receipt.json", "--keys", "keys.json"], args].concat());
    let holds = verify(&["--content", "content.json"]);
    assert_eq!(holds.code, 0, "{}{}", holds.out, holds.err);
    for said in ["The signature holds", "Acme", "position 7", "The content is what was received"] {
        assert!(holds.out.contains(said), "{said}: {}", holds.out);
    }
    put("content.json", "{\"price\":1}");
    let other = verify(&["--content", "content.json"]);
    assert_eq!(other.code, 1);
    assert!(other.out.contains("NOT what was received"), "{}", other.out);
    put("receipt.json", &signed.replace("Acme", "Acne"));
    let forged = verify(&[]);
    assert_eq!(forged.code, 1);
    assert!(forged.out.contains("proves nothing"), "{}", forged.out);
    put("keys.json", &receipt(&"5f".repeat(32), 7, "").1);
    assert!(verify(&[]).out.contains("not among the published ones"));
    assert!(!folder.path().join("data").exists(), "no installation is needed, and none is made");
}

#[test]
fn what_others_keep_of_the_record_is_held_against_it() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), ADD).code, 0);
    let key = fs::read_to_string(key_file(folder.path())).unwrap();
    let head = run(folder.path(), &["audit", "verify"]).out;
    let hash = head.lines().find(|line| line.starts_with("head")).unwrap().split("  ").nth(2).unwrap().to_owned();
    let kept = folder.path().join("kept");
    fs::create_dir(&kept).unwrap();
    let verify = |position: i64, hash: &str| {
        let (signed, keys) = receipt(&key, position, hash);
        fs::write(kept.join("one.json"), signed).unwrap();
        fs::write(folder.path().join("keys.json"), keys).unwrap();
        run(folder.path(), &["audit", "verify", "--receipts", "kept", "--keys", "keys.json"])
    };
    let whole = verify(1, &hash);
    // The place in the record is right; the submission that the receipt tells of is not there.
    assert!(whole.code == 1 && whole.err.contains("is not what its receipt says"), "{}", whole.err);
    assert!(!whole.err.contains("The record is broken"), "{}", whole.err);
    let rewritten = verify(1, &"00".repeat(32));
    assert!(rewritten.code == 1 && rewritten.err.contains("written anew"), "{}", rewritten.err);
    let cut = verify(2, &hash);
    assert!(cut.code == 1 && cut.err.contains("cut off"), "{}", cut.err);
    fs::write(kept.join("two.json"), "{}").unwrap();
    let unread = verify(1, &hash);
    assert!(unread.code == 1 && unread.err.contains("two.json is no anchor"), "{}", unread.err);
}

const ROWS: &str = r#"{"id":"a-1","source":"test","title":"Quieter trams","description":"Wheels squeal in narrow bends.","agency":"City"}
not json at all

{"id":"a-2","source":"test"}
{"source":"test","title":"No id"}
{"id":"a-3","source":"test","title":"Warmer schools","closes":"13/45/2020"}
"#;

#[test]
fn an_import_tells_each_rejected_row_and_can_be_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.jsonl");
    // Stopped after the first row, as it were.
    fs::write(&file, ROWS.lines().next().unwrap()).unwrap();
    let import = &["import", "challenges", "rows.jsonl"];
    let first = run(folder.path(), import);
    assert!(first.out.contains("1 written, 0 unchanged, 0 rejected"), "{}", first.out);
    fs::write(&file, ROWS).unwrap();
    let second = run(folder.path(), import);
    assert_eq!(second.code, 0, "rejected rows do not make it a failure");
    assert!(second.out.contains("1 written, 1 unchanged, 3 rejected"), "{}", second.out);
    assert!(second.out.contains("searchable after"), "{}", second.out);
    for told in ["line 2: not JSON", "line 4: no title", "line 5: no id"] {
        assert!(second.err.contains(told), "{told}: {}", second.err);
    }
    let third = run(folder.path(), import);
    assert!(third.out.contains("0 written, 2 unchanged, 3 rejected"), "{}", third.out);
    let found = run(folder.path(), &["search", "tram"]);
    assert!(found.out.contains("Quieter trams") && found.out.contains("1 found"), "{}", found.out);
    assert!(run(folder.path(), &["reindex"]).out.starts_with("2 documents"));
    fs::write(&file, "nothing\n").unwrap();
    assert_eq!(run(folder.path(), import).code, 1, "nothing could be taken");
    let absent = run(folder.path(), &["import", "responses", "absent.jsonl"]);
    assert!(absent.code == 1 && absent.err.contains("absent.jsonl cannot be read"), "{}", absent.err);
}

#[test]
fn the_clock_moves_in_a_demo_alone_and_a_demo_touches_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), ADD).code, 0);
    let refused = run(folder.path(), &["clock", "--advance", "3h"]);
    assert!(refused.code == 1 && refused.err.contains("is a live one"), "{}", refused.err);
    let kept = run(folder.path(), &["demo", "--fill-only", "--data", "data/live"]);
    assert!(kept.code == 1 && kept.err.contains("holds a live installation"), "{}", kept.err);
    assert_eq!(run(folder.path(), &["audit", "verify"]).code, 0, "it is as it was");
}

#[test]
fn the_demo_is_filled_once_and_found_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut cut = command(folder.path(), &["demo", "--fill-only"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(cut.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("filling the town"));
    cut.kill().unwrap();
    cut.wait().unwrap();
    let first = run(folder.path(), &["demo", "--fill-only"]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.err.contains("was not filled to its end: it is made anew"), "{}", first.err);
    assert!(first.out.contains(workflow::town::PASSWORD), "{}", first.out);
    for person in workflow::town::sign_ins() {
        assert!(first.out.contains(&person.email), "{}", person.email);
    }
    assert!(!folder.path().join(".config").exists(), "a demo leaves nothing in the home folder");
    let head = run(folder.path(), &["audit", "verify", "--data", "data/demo"]).out;
    let second = run(folder.path(), &["demo", "--fill-only"]);
    assert_eq!(second.code, 0, "{}", second.err);
    assert_eq!(run(folder.path(), &["audit", "verify", "--data", "data/demo"]).out, head);
    assert_eq!(run(folder.path(), &["clock", "--advance", "1h", "--data", "data/demo"]).code, 0);
    let officer = workflow::town::sign_ins().into_iter().find(|person| person.role.starts_with("Officer")).unwrap().email;
    let found = |args: &[&str]| {
        let ran = run(folder.path(), &[&["search", "", "--data", "data/demo"], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let found = ran.out.lines().last().unwrap().split(' ').next().unwrap().to_owned();
        found.parse::<u32>().unwrap()
    };
    assert!(found(&["--as", &officer]) > found(&[]), "the team finds its own drafts, the public does not");
}
