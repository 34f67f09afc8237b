use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::support::{command, run};

fn every_file(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { every_file(&path) } else { vec![path] }).collect()
}

/// Beside a running server; then put back elsewhere, and served with the key.
#[test]
fn a_backup_holds_everything_but_the_key_and_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["demo", "--fill-only"]).code, 0);
    let key = fs::read_to_string(folder.path().join("data/demo.key")).unwrap();
    let mut server =
        command(folder.path(), &["demo", "--addr", "127.0.0.1:0"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let made = run(folder.path(), &["backup", "kept", "--data", "data/demo"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("The master key is not in it"), "{}", made.out);
    let digits: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&key[2 * at..2 * at + 2], 16).unwrap()).collect();
    for file in every_file(&folder.path().join("kept")) {
        let bytes = fs::read(&file).unwrap();
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
        assert!(!holds(key.trim().as_bytes()) && !holds(&digits), "{}", file.display());
    }
    for file in every_file(&folder.path().join("data/demo")).into_iter().chain(every_file(&folder.path().join("kept"))) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "{} is its owner's alone", file.display());
    }

    let again = run(folder.path(), &["restore", "kept", "--data", "data/demo"]);
    assert!(again.code == 1 && again.err.contains("there is a database already"), "{}", again.err);
    let restored = run(folder.path(), &["restore", "kept", "--data", "data/new"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(restored.out.contains("Put the master key of that installation there"), "{}", restored.out);
    let head =
        |out: &str| out.lines().find(|line| line.starts_with("head")).unwrap().split("  ").take(3).collect::<Vec<_>>().join(" ");
    assert_eq!(head(&restored.out), head(&made.out));
    let keyless = run(folder.path(), &["serve", "--addr", "127.0.0.1:0", "--data", "data/new"]);
    assert!(keyless.code == 1 && keyless.err.contains("the master key is missing"), "{}", keyless.err);
    fs::write(folder.path().join("data/new.key"), key).unwrap();
    assert_eq!(run(folder.path(), &["reindex", "--data", "data/new"]).code, 0, "the key fits");
    assert_eq!(head(&run(folder.path(), &["audit", "verify", "--data", "data/new"]).out), head(&made.out));
}
