//! Real challenges as statements for the check, and labels beside findings. Used by the program that samples and measures and
//! by the test that holds the figures. Needs the data folder, which the project does not ship.

use std::fs;
use std::path::{Path, PathBuf};

use domain::statement::{Facts, Finding, Lang, Passage, Role, Statement, check};
use serde::Deserialize;

/// Code points of a topic's description that are read; longer ones end in references.
const TOPIC: usize = 12_000;

#[derive(Deserialize)]
pub struct Row {
    pub id: String,
    pub source: String,
    lang: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    criteria_text: Option<String>,
    #[serde(default)]
    criteria: Vec<CriterionRow>,
    #[serde(default)]
    rules: Option<String>,
    #[serde(default)]
    how_to_enter: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CriterionRow {
    Text(String),
    Parts {
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        description: Option<String>,
    },
}

/// The data folder of a command line (`--data-files DIR`) or of a working copy beside the project; None where absent.
pub fn folder(given: Option<&str>) -> Option<PathBuf> {
    let beside = ["../shared/data", "../../shared/data", "../../../shared/data"].map(PathBuf::from);
    let named = given.map(PathBuf::from).or_else(|| std::env::var_os("WELLPOSED_DATA_FILES").map(PathBuf::from));
    named.into_iter().chain(beside).find(|folder| folder.join("challenges.jsonl").is_file())
}

pub fn rows(folder: &Path) -> Vec<Row> {
    let text = fs::read_to_string(folder.join("challenges.jsonl")).expect("the data file can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("a row of the data file")).collect()
}

impl Row {
    pub fn lang(&self) -> Lang {
        Lang::of(&self.lang)
    }

    /// Title, summary (unless the description begins with it), description, criteria, rules, how to enter: each with the role it
    /// would play in a draft.
    pub fn statement(&self) -> Statement {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let (summary, mut description) = (text(&self.summary), text(&self.description));
        let repeated = description.starts_with(&summary);
        if self.source.starts_with("SBIR") {
            description = description.chars().take(TOPIC).collect();
        }
        let summary = if repeated { String::new() } else { summary };
        let passages = [
            ("title", Role::Title, text(&self.title)),
            ("summary", Role::Summary, summary),
            ("description", Role::Statement, description),
            ("criteria_text", Role::Criterion, text(&self.criteria_text)),
            ("criteria", Role::Criterion, self.criteria()),
            ("rules", Role::Requirement, text(&self.rules)),
            ("how_to_enter", Role::Requirement, text(&self.how_to_enter)),
        ];
        let passages = passages.into_iter().filter(|(.., text)| !text.is_empty());
        Statement {
            lang: self.lang(),
            passages: passages.map(|(field, role, text)| Passage::new("real", field, role, text)).collect(),
            facts: Facts::default(),
        }
    }

    fn criteria(&self) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for criterion in &self.criteria {
            match criterion {
                CriterionRow::Text(text) => parts.push(text),
                CriterionRow::Parts { name, description } => {
                    parts.extend(name.iter().chain(description).map(String::as_str).filter(|part| !part.is_empty()))
                }
            }
        }
        parts.join("\n")
    }
}

/// A row, its statement and what the check says of it.
pub struct Checked {
    pub row: Row,
    pub statement: Statement,
    pub findings: Vec<Finding>,
}

pub fn checked(folder: &Path, wanted: impl Fn(&Row) -> bool) -> Vec<Checked> {
    let rows = rows(folder).into_iter().filter(wanted);
    rows.map(|row| {
        let statement = row.statement();
        let findings = check(&statement);
        Checked { row, statement, findings }
    })
    .collect()
}
