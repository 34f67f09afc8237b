//! What the statement check says, in sentences: what, why, and a better way.

use domain::statement::Finding;

use crate::cx::Cx;
use crate::words::{Arg, Words};

pub struct Sentences {
    pub what: String,
    pub why: String,
    pub better: String,
}

/// The sentences of a finding; `words` are those meant, where the rule gives no others.
pub fn sentences(cx: &Cx, finding: &Finding) -> Sentences {
    let mut args: Vec<(String, Arg)> = finding
        .args
        .iter()
        .map(|(name, value)| (name.clone(), value.parse::<i64>().map_or_else(|_| Arg::Text(value.clone()), Arg::Number)))
        .collect();
    if !finding.args.iter().any(|(name, _)| name == "words") {
        args.push(("words".into(), Arg::Text(finding.excerpt.clone())));
    }
    let code = finding.rule.code();
    let say = |part: &str| {
        let own = format!("check-{code}-{part}-{}", finding.variant);
        let key = if !finding.variant.is_empty() && Words::has(&own) { own } else { format!("check-{code}-{part}") };
        cx.words.say_with(&key, &args)
    };
    Sentences { what: say("what"), why: say("why"), better: say("better") }
}
