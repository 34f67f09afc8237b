//! An old brief, pasted: sorted into sections by its headings and cues. Nothing is lost: what fits nowhere is context.
//!
//! The cues are data (`data/brief.txt`): for each field, words of headings in English and French.

use std::sync::LazyLock;

use crate::challenge::{Draft, Section};
use crate::form::Fields;

/// A heading's words, and the field that such a part belongs to.
struct Cue {
    section: Section,
    field: &'static str,
    words: Vec<String>,
}

/// In the order of the file: the first that fits wins.
static CUES: LazyLock<Vec<Cue>> = LazyLock::new(|| {
    let mut cues = Vec::new();
    for line in include_str!("../../data/brief.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((at, words)) = line.split_once(':') else { continue };
        let Some((section, field)) = at.trim().split_once('.') else { continue };
        let Some(section) = Section::parse(section) else { continue };
        let words = words.split(',').map(|cue| cue.trim().to_lowercase()).filter(|cue| !cue.is_empty()).collect();
        cues.push(Cue { section, field, words });
    }
    cues
});

/// A part of the brief, under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Empty before the first heading.
    pub heading: String,
    pub lines: Vec<String>,
    pub section: Section,
    pub field: &'static str,
}

/// The parts of a brief in their order, each with where it belongs.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut open = Part { heading: String::new(), lines: Vec::new(), section: Section::Problem, field: "statement" };
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).copied().unwrap_or_default();
        let alone = at == 0 || lines[at - 1].trim().is_empty();
        match heading(line, alone, next) {
            Some(title) => {
                parts.push(std::mem::replace(&mut open, begin(title)));
            }
            None => open.lines.push((*line).to_owned()),
        }
    }
    parts.push(open);
    for part in &mut parts {
        trim(&mut part.lines);
    }
    parts.retain(|part| !part.heading.is_empty() || !part.lines.is_empty());
    parts
}

fn begin(title: String) -> Part {
    let (section, field) = place(&title).unwrap_or((Section::Context, "context"));
    Part { heading: title, lines: Vec::new(), section, field }
}

/// The field that a heading names.
fn place(title: &str) -> Option<(Section, &'static str)> {
    let title = format!(" {} ", plain(title));
    let fits = |cue: &&Cue| cue.words.iter().any(|word| title.contains(&format!(" {word}")));
    CUES.iter().find(fits).map(|cue| (cue.section, cue.field))
}

/// Lower case, letters and digits alone, one space between words.
fn plain(text: &str) -> String {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join(" ")
}

/// The title in a line that is a heading: marked as one (`#`, underlined, bold, ending with a colon, numbered, in capitals),
/// a short line that names a section, or one right above a longer. `alone`: nothing stands right above it.
fn heading(line: &str, alone: bool, next: &str) -> Option<String> {
    let text = line.trim();
    if text.is_empty() || text.chars().count() > 90 {
        return None;
    }
    let marked = text.starts_with('#') || (text.starts_with("**") && text.ends_with("**") && text.len() > 4);
    let underlined = next.len() > 2 && next.trim().chars().all(|c| c == '=' || c == '-');
    let title = text.trim_matches(|c: char| matches!(c, '#' | '*' | ':' | '_') || c.is_whitespace());
    let (title, numbered) = unnumbered(title);
    if title.is_empty() || !title.chars().any(char::is_alphabetic) {
        return None;
    }
    let ends = text.ends_with(['.', '?', '!', ';', ',']);
    let short = title.split_whitespace().count() <= 8 && !ends;
    let capitals = short && title.chars().any(char::is_uppercase) && !title.chars().any(char::is_lowercase) && title.len() > 3;
    let begins = alone && title.starts_with(char::is_uppercase) && title.split_whitespace().count() <= 4;
    let above = begins && next.trim().chars().count() > title.chars().count();
    let named = short && (text.ends_with(':') || numbered || next.trim().is_empty() || begins) && place(title).is_some();
    let bullet = text.starts_with(['-', '•', '·', '–']) || (text.starts_with('*') && !text.starts_with("**"));
    (!bullet && (marked || underlined || capitals || named || (short && above))).then(|| title.to_owned())
}

/// `3.2 Budget` is `Budget`.
fn unnumbered(title: &str) -> (&str, bool) {
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    let numbered = rest.len() < title.len() && rest.starts_with(char::is_whitespace);
    if numbered { (rest.trim_start(), true) } else { (title, false) }
}

fn trim(lines: &mut Vec<String>) {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let begin = lines.iter().take_while(|line| line.trim().is_empty()).count();
    lines.drain(..begin);
}

/// The brief as a draft. What stands before the first heading gives the title, if it is one line, and the problem.
pub fn sort(text: &str) -> Draft {
    let mut draft = Draft::default();
    for (n, mut part) in parts(text).into_iter().enumerate() {
        if n == 0 && part.heading.is_empty() {
            take_title(&mut draft, &mut part);
        } else if n == 0 && place(&part.heading).is_none() && part.heading.chars().count() <= 120 {
            // The first heading of a document is its title, unless it names a section.
            fields(&mut draft, Section::Problem).set("title", part.heading.clone());
            part.heading.clear();
            (part.section, part.field) = (Section::Problem, "statement");
        }
        place_part(&mut draft, &part);
    }
    draft
}

fn take_title(draft: &mut Draft, part: &mut Part) {
    let Some(first) = part.lines.first() else { return };
    let alone = part.lines.get(1).is_none_or(|line| line.trim().is_empty());
    if alone && first.chars().count() <= 120 && !first.trim_end().ends_with('.') {
        fields(draft, Section::Problem).set("title", first.trim().to_owned());
        part.lines.remove(0);
        trim(&mut part.lines);
    }
}

fn fields(draft: &mut Draft, section: Section) -> &mut Fields {
    draft.0.entry(section).or_default()
}

fn append(draft: &mut Draft, section: Section, field: &str, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let fields = fields(draft, section);
    let old = fields.raw(field).to_owned();
    fields.set(field, if old.trim().is_empty() { text.to_owned() } else { format!("{old}\n\n{text}") });
}

fn place_part(draft: &mut Draft, part: &Part) {
    let text = part.lines.join("\n");
    match part.section {
        Section::Outcomes => list(draft, part, "outcome", "title"),
        Section::Requirements => list(draft, part, "requirement", "title"),
        Section::Questions => list(draft, part, "question", "label"),
        Section::Criteria => criteria(draft, part),
        // A sum, a date or a name in running text is for a person to read: it goes to the context under its heading, and what
        // is certain is filled in.
        Section::Budget if part.field == "budget" => {
            sum(draft, &text);
            keep(draft, part, Section::Budget, "route");
        }
        Section::Timetable => {
            deadline(draft, &part.lines);
            keep(draft, part, Section::Context, "context");
        }
        section if one_line(part.field) => {
            if text.chars().count() <= 120 && part.lines.len() == 1 && fields(draft, section).get(part.field).is_empty() {
                fields(draft, section).set(part.field, text);
            } else {
                keep(draft, part, Section::Context, "context");
            }
        }
        Section::Context => keep(draft, part, Section::Context, part.field),
        // Where the heading only names the field it says nothing; with more words it is kept.
        section if plain(&part.heading).split(' ').count() <= 3 => append(draft, section, part.field, &text),
        section => keep(draft, part, section, part.field),
    }
}

fn one_line(field: &str) -> bool {
    matches!(field, "title" | "place" | "contact" | "duration")
}

/// The text under its own heading.
fn keep(draft: &mut Draft, part: &Part, section: Section, field: &str) {
    let text = part.lines.join("\n");
    let whole = if part.heading.is_empty() { text } else { format!("## {}\n\n{text}", part.heading) };
    append(draft, section, field, whole.trim_end());
}

/// Each bullet or numbered line becomes a row; other lines stay together in the context.
fn list(draft: &mut Draft, part: &Part, name: &str, field: &str) {
    let mut rest = Vec::new();
    let mut row = fields(draft, part.section).rows(name).last().copied().unwrap_or(0);
    for line in &part.lines {
        match bullet(line) {
            Some(item) if row < 30 && item.chars().count() <= 160 => {
                row += 1;
                fields(draft, part.section).set(format!("{name}-{row}-{field}"), item);
            }
            _ => rest.push(line.clone()),
        }
    }
    trim(&mut rest);
    if !rest.is_empty() {
        keep(draft, &Part { lines: rest, ..part.clone() }, Section::Context, "context");
    }
}

/// `Effect: 40 %` is a name and a weight.
fn criteria(draft: &mut Draft, part: &Part) {
    let mut rest = Vec::new();
    let mut row = fields(draft, part.section).rows("criterion").last().copied().unwrap_or(0);
    for line in &part.lines {
        match bullet(line).or_else(|| line.contains('%').then(|| line.trim())).map(|item| (item, weight(item))) {
            Some((item, weight)) if row < 30 && item.chars().count() <= 160 => {
                row += 1;
                let fields = fields(draft, part.section);
                let (name, weight) = weight.unwrap_or((item.to_owned(), String::new()));
                fields.set(format!("criterion-{row}-name"), name);
                fields.set(format!("criterion-{row}-weight"), weight);
            }
            _ => rest.push(line.clone()),
        }
    }
    trim(&mut rest);
    if !rest.is_empty() {
        keep(draft, &Part { lines: rest, ..part.clone() }, Section::Context, "context");
    }
}

fn bullet(line: &str) -> Option<&str> {
    let text = line.trim();
    let item = text.strip_prefix(['-', '*', '•', '·', '–']).or_else(|| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < text.len()).then(|| rest.strip_prefix(['.', ')'])).flatten().filter(|rest| rest.starts_with(' '))
    })?;
    let item = item.trim();
    (!item.is_empty()).then_some(item)
}

/// The name without its weight, and the weight, where a line ends with `40 %` or `(40%)`.
fn weight(item: &str) -> Option<(String, String)> {
    let head = item.trim_end_matches([')', ' ', '.', ']']).strip_suffix('%')?.trim_end();
    let digits = head.chars().rev().take_while(|c| c.is_ascii_digit()).count();
    let (name, weight) = head.split_at(head.len() - digits);
    if name.ends_with(char::is_alphabetic) {
        return None;
    }
    let name = name.trim_end_matches(|c: char| matches!(c, '(' | ':' | '-' | '–' | '—' | '[' | '=') || c.is_whitespace());
    (digits > 0 && digits <= 3 && !name.is_empty()).then(|| (name.to_owned(), weight.to_owned()))
}

/// The first sum of money with its currency.
fn sum(draft: &mut Draft, text: &str) {
    const MARKS: [(&str, &str); 6] = [("€", "EUR"), ("EUR", "EUR"), ("£", "GBP"), ("GBP", "GBP"), ("$", "USD"), ("USD", "USD")];
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let Some((_, currency)) = MARKS.iter().find(|(mark, _)| word.contains(mark)) else { continue };
        let around = [Some(*word), words.get(at + 1).copied(), at.checked_sub(1).and_then(|at| words.get(at).copied())];
        let amount = around.into_iter().flatten().find_map(|word| {
            let digits: String = word.chars().filter(char::is_ascii_digit).collect();
            let clean = word.chars().all(|c| c.is_ascii_digit() || ",.'€£$EURGBPSD".contains(c));
            // `120,000.50`: what is behind the last mark is cents, and a person should look.
            let cents = word.trim_end_matches(['.', ',']).rsplit([',', '.']).next().is_some_and(|rest| rest.len() == 2);
            (digits.len() >= 4 && clean && !cents).then_some(digits)
        });
        if let Some(amount) = amount {
            let fields = fields(draft, Section::Budget);
            if fields.get("budget").is_empty() {
                fields.set("budget", amount);
                fields.set("currency", *currency);
            }
            return;
        }
    }
}

/// The date in a line that speaks of the deadline, written `2027-01-29`.
fn deadline(draft: &mut Draft, lines: &[String]) {
    const SPEAKS: [&str; 7] = ["deadline", "closing", "submi", "due", "date limite", "remise", "dépôt"];
    for line in lines {
        let low = line.to_lowercase();
        let date = line.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()));
        let date = date.into_iter().find(|word| word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok());
        if let (true, Some(date)) = (SPEAKS.iter().any(|word| low.contains(word)), date) {
            let fields = fields(draft, Section::Timetable);
            if fields.get("deadline_date").is_empty() {
                fields.set("deadline_date", date);
            }
        }
    }
}

#[cfg(test)]
mod tests;
