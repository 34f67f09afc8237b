//! Puts the word lists of the statement check (`rules/<language>/<list>.txt`) into one text a language, without comments, so
//! that the browser carries the words and nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    for lang in ["en", "fr"] {
        let (mut all, mut classes) = (String::new(), Classes::new());
        for folder in ["rules/any".to_owned(), format!("rules/{lang}")] {
            let mut files: Vec<_> =
                fs::read_dir(&folder).expect("the folder of rules").flatten().map(|entry| entry.path()).collect();
            files.sort();
            for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "txt")) {
                all.push_str(&list(file, &mut classes));
            }
        }
        fs::write(Path::new(&out).join(format!("rules-{lang}.txt")), all).expect("OUT_DIR can be written");
    }
}

/// Classes by name with words of several parts (`machine+learning`): written out where they are used.
type Classes = BTreeMap<String, String>;

/// A line with alternatives of several words, as lines without: `use [ai|machine+learning]` is two.
fn spread(line: &str, classes: &mut Classes) -> Vec<String> {
    if let Some((name, words)) = line.split_once("> =").filter(|(name, words)| name.starts_with('<') && words.contains('+')) {
        classes.insert(format!("{name}>"), words.trim().to_owned());
        return Vec::new();
    }
    let line = classes.iter().fold(line.to_owned(), |line, (name, words)| line.replace(name, words));
    let Some(token) = line.split_whitespace().find(|token| token.contains('|') && token.contains('+')) else {
        return vec![line.replace('+', " ")];
    };
    let bare = token.trim_start_matches('[').trim_end_matches([']', '?']);
    let (several, single): (Vec<&str>, Vec<&str>) = bare.split('|').partition(|word| word.contains('+'));
    let single = (!single.is_empty()).then(|| single.join("|"));
    let mut out = Vec::new();
    for words in several.into_iter().map(str::to_owned).chain(single) {
        out.extend(spread(&line.replacen(token, &token.replacen(bare, &words.replace('+', " "), 1), 1), &mut Classes::new()));
    }
    out
}

/// `@name` and the lines of a file; classes (`classes.txt`) come first, for file names are sorted.
fn list(file: &Path, classes: &mut Classes) -> String {
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("").trim_start_matches("0-");
    let text = fs::read_to_string(file).expect("a list is UTF-8");
    let known = name == "known";
    let lines = text
        .lines()
        .map(|line| line.split(" // ").next().unwrap_or("").trim())
        .filter(|line| !line.is_empty() && !line.starts_with("//"));
    // An abbreviation is known in the plural too.
    let plural = |line: String| if known { format!("{line}|{line}s") } else { line };
    lines.flat_map(|line| spread(line, classes)).map(plural).fold(format!("@{name}\n"), |all, line| all + &line + "\n")
}
