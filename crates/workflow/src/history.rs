//! Importing history: past challenges and published solutions as JSON Lines, one row a line. No opening, panel or decision
//! is invented. Rows already stored with the same content are left alone, so a second run, or one that goes on after it was
//! stopped, writes only what is missing.

use std::io::BufRead;

use domain::moment::Moment;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use store::{NewPast, NewSolution, PastRow, SolutionRow};

use crate::{Desk, Error, Result};

/// Rows in one transaction.
const BATCH: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    Challenges,
    Responses,
}

/// What an import did. `rejected`: line number and reason.
#[derive(Debug, Default)]
pub struct Imported {
    pub written: u64,
    pub unchanged: u64,
    pub rejected: Vec<(u64, String)>,
}

enum Row {
    Past(Box<NewPast>),
    Solution(Box<NewSolution>),
}

/// Reads rows to the end; `progress` is told how many bytes were read.
pub async fn import(desk: &Desk, what: History, input: impl BufRead, mut progress: impl FnMut(u64)) -> Result<Imported> {
    let mut report = Imported::default();
    let mut batch = Vec::with_capacity(BATCH);
    let mut bytes = 0;
    for (line, text) in (1..).zip(input.split(b'\n')) {
        let text = text.map_err(|error| Error::Broken(format!("line {line}: {error}")))?;
        bytes += text.len() as u64 + 1;
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match parse(desk, what, &text) {
            Ok(row) => batch.push(row),
            Err(reason) => report.rejected.push((line, reason)),
        }
        if batch.len() == BATCH {
            store(desk, what, std::mem::take(&mut batch), &mut report).await?;
            progress(bytes);
        }
    }
    store(desk, what, batch, &mut report).await?;
    progress(bytes);
    Ok(report)
}

async fn store(desk: &Desk, what: History, batch: Vec<Row>, report: &mut Imported) -> Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let all = batch.len() as u64;
    let kind = match what {
        History::Challenges => "past",
        History::Responses => "solution",
    };
    let written: u64 = desk
        .store
        .write(move |tx| {
            Box::pin(async move {
                let (mut written, mut over) = (0, Sha256::new());
                for row in &batch {
                    let (new, digest) = match row {
                        Row::Past(row) => (tx.import_past(row).await?, &row.digest),
                        Row::Solution(row) => (tx.import_solution(row).await?, &row.digest),
                    };
                    if new {
                        over.update(digest);
                        written += 1;
                    }
                }
                if written > 0 {
                    tx.record_import(kind, i64::try_from(written).unwrap_or(i64::MAX), over.finalize().to_vec()).await?;
                } else {
                    tx.leave_no_entry();
                }
                Ok::<_, Error>(written)
            })
        })
        .await?;
    report.written += written;
    report.unchanged += all - written;
    Ok(())
}

fn parse(desk: &Desk, what: History, line: &[u8]) -> Result<Row, String> {
    let value: Value = serde_json::from_slice(line).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(row) = value else { return Err("not a JSON object".into()) };
    let digest = Sha256::digest(line).to_vec();
    let (source, source_id) = (needed(&row, "source")?, needed(&row, "id")?);
    Ok(match what {
        History::Challenges => Row::Past(Box::new(past(desk, &row, source, source_id, digest)?)),
        History::Responses => Row::Solution(Box::new(solution(desk, &row, source, source_id, digest)?)),
    })
}

fn past(desk: &Desk, row: &Map<String, Value>, source: String, source_id: String, digest: Vec<u8>) -> Result<NewPast, String> {
    let body: Vec<(&str, String)> =
        SECTIONS.iter().map(|name| (*name, prose(row.get(*name)))).filter(|(_, text)| !text.is_empty()).collect();
    let summary = text(row, "summary");
    let title = match text(row, "title") {
        // A few sources have none: the first sentence says what it is about.
        title if title.is_empty() => {
            first_sentence(if summary.is_empty() { body.first().map_or("", |(_, text)| text) } else { &summary })
        }
        title => title,
    };
    if title.is_empty() {
        return Err("no title, summary or description".into());
    }
    let (opens_text, closes_text) = (text(row, "opens"), text(row, "closes"));
    Ok(NewPast {
        id: desk.chance.id(),
        source,
        source_id,
        licence: text(row, "licence"),
        lang: or(text(row, "lang"), "en"),
        country: text(row, "country"),
        buyer_name: text(row, "agency"),
        title: clip(&title, 500),
        summary,
        body: serde_json::to_string(&body).unwrap_or_default(),
        opens_at: date(&opens_text, false),
        closes_at: date(&closes_text, true),
        opens_text,
        closes_text,
        url: link(&text(row, "url")),
        digest,
    })
}

/// Fields of a source that are shown, in this order, each under a heading of its own.
const SECTIONS: &[&str] = &[
    "description",
    "background",
    "rationale",
    "expected_outcome",
    "criteria",
    "criteria_text",
    "prizes",
    "prizes_text",
    "budget",
    "budget_text",
    "rules",
    "how_to_enter",
    "partners",
    "solicitation",
    "results",
    "impact",
    "winners_announced",
    "submissions_received",
];

fn solution(
    desk: &Desk,
    row: &Map<String, Value>,
    source: String,
    source_id: String,
    digest: Vec<u8>,
) -> Result<NewSolution, String> {
    let body = needed(row, "text")?;
    let year = row.get("year").and_then(|year| year.as_i64().or_else(|| year.as_str()?.trim().parse().ok()));
    let title = match text(row, "title") {
        title if title.is_empty() => first_sentence(&body),
        title => title,
    };
    Ok(NewSolution {
        id: desk.chance.id(),
        source,
        source_id,
        licence: text(row, "licence"),
        lang: or(text(row, "lang"), "en"),
        supplier_name: needed(row, "supplier")?,
        buyer_name: text(row, "agency"),
        title: clip(&title, 500),
        body,
        year,
        url: link(&text(row, "url")),
        published_at: year.and_then(|year| date(&year.to_string(), false)).unwrap_or_default(),
        digest,
    })
}

fn needed(row: &Map<String, Value>, name: &str) -> Result<String, String> {
    let text = text(row, name);
    if text.is_empty() { Err(format!("no {name}")) } else { Ok(text) }
}

fn text(row: &Map<String, Value>, name: &str) -> String {
    match row.get(name) {
        Some(Value::String(text)) => text.trim().replace("\r\n", "\n").replace('\0', ""),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn or(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.into() } else { text }
}

/// Only links that a browser may safely follow.
fn link(text: &str) -> String {
    if text.starts_with("https://") || text.starts_with("http://") { text.into() } else { String::new() }
}

/// Text of any value: lists as lines, objects as "name (weight): description".
fn prose(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().replace("\r\n", "\n").replace('\0', ""),
        Some(Value::Array(all)) => all
            .iter()
            .map(|one| prose(Some(one)))
            .filter(|text| !text.is_empty())
            .map(|text| format!("- {text}"))
            .collect::<Vec<_>>()
            .join("\n"),
        Some(Value::Object(row)) => {
            let head = [text(row, "name"), text(row, "weight"), text(row, "amount")];
            let head = head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            let description = text(row, "description");
            [head, description].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
        }
        Some(other) => other.to_string(),
    }
}

fn first_sentence(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    clip(line.split_inclusive(". ").next().unwrap_or_default().trim(), 160)
}

fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

/// A date as the authorities typed it, in any of the spellings that the sources use; `None` where it cannot be told, and
/// the text is shown instead. The zone is not known: UTC. A closing date without a time means the end of that day.
pub fn date(text: &str, end: bool) -> Option<Moment> {
    let mut plain = text.trim().to_uppercase().replace("A.M.", "AM").replace("P.M.", "PM");
    plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    for meridiem in ["AM", "PM"] {
        if let Some((before, _)) = plain.split_once(meridiem) {
            plain = format!("{} {meridiem}", before.trim_end());
            break;
        }
    }
    // Midnight at noon's end: "0:30 PM" and "00:00 AM" are not on a twelve-hour clock.
    let stamped = [
        "%m/%d/%Y %I:%M %p",
        "%Y/%m/%d %I:%M %p",
        "%m/%d/%Y %I:%M:%S %p",
        "%m/%d/%Y %I %p",
        "%Y/%m/%d %I %p",
        "%Y-%m-%d %H:%M",
        "%m/%d/%Y %H:%M",
    ];
    for form in stamped {
        if let Ok(at) = jiff::civil::DateTime::strptime(form, &plain) {
            return at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| Moment(at.timestamp().as_microsecond()));
        }
    }
    let day = ["%m/%d/%Y", "%Y/%m/%d", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y"]
        .iter()
        .find_map(|form| jiff::civil::Date::strptime(form, &plain).ok());
    let day = match day {
        Some(day) => day,
        None => {
            let year: i16 = plain.parse().ok().filter(|year| (1900..=2200).contains(year))?;
            if end { jiff::civil::date(year, 12, 31) } else { jiff::civil::date(year, 1, 1) }
        }
    };
    let time = if end { jiff::civil::time(23, 59, 59, 0) } else { jiff::civil::time(0, 0, 0, 0) };
    day.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| Moment(at.timestamp().as_microsecond()))
}

/// History is public: anybody reads it.
pub async fn read_past_challenge(desk: &Desk, id: i64) -> Result<Option<PastRow>> {
    Ok(desk.store.read().await?.past_challenge(id).await?)
}

pub async fn read_solution(desk: &Desk, id: i64) -> Result<Option<SolutionRow>> {
    Ok(desk.store.read().await?.solution(id).await?)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_as_authorities_type_them() {
        for (text, end, wanted) in [
            ("03/26/2012 01:00 PM", false, "2012-03-26T13:00:00"),
            ("05/24/2019 5:00 PM", false, "2019-05-24T17:00:00"),
            ("2020/08/28 09:00 PM", false, "2020-08-28T21:00:00"),
            ("10/19/2019", true, "2019-10-19T23:59:59"),
            ("01/27/2020 8 AM", false, "2020-01-27T08:00:00"),
            ("09/10/2020 09:00AM", false, "2020-09-10T09:00:00"),
            (" 08/17/2020  11:59 PM ", false, "2020-08-17T23:59:00"),
            ("2020/03/19 12 p.m.", false, "2020-03-19T12:00:00"),
            ("06/24/2021 12:00 AM ET", false, "2021-06-24T00:00:00"),
            ("10/08/2020 5:59:59 PM", false, "2020-10-08T17:59:59"),
            ("January 10, 2017", false, "2017-01-10T00:00:00"),
            ("2020", true, "2020-12-31T23:59:59"),
        ] {
            assert_eq!(date(text, end).map(|at| at.rfc3339()), Some(format!("{wanted}.000000Z")), "{text}");
        }
        for text in ["", "soon", "04/23/ 10:00 AM", "13/45/2020", "03/02/20202 05:00 PM"] {
            assert_eq!(date(text, false), None, "{text}");
        }
    }
}
