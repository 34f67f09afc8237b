//! What a form says, by names.

/// Names and values of a form.
pub type Pairs = Vec<(String, String)>;

/// The same but for the ends of lines, which browsers write in their own way, and blanks around.
pub fn same(a: &str, b: &str) -> bool {
    a == b || a.replace("\r\n", "\n").trim() == b.replace("\r\n", "\n").trim()
}

pub fn of<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// The fields that have versions of their own; a question's boxes (`<name>--1`, …) are the lines of its answer.
pub fn plain(read: &Pairs, each: bool) -> Pairs {
    if !each {
        return read.clone();
    }
    let field = |(seen, _): &(String, String)| seen.strip_prefix("seen-").map(str::to_owned);
    let value = |name: &str| {
        let boxes = read.iter().filter(|(own, _)| own.strip_prefix(name).is_some_and(|rest| rest.starts_with("--")));
        let ticked: Vec<&str> = boxes.map(|(_, value)| value.as_str()).collect();
        if ticked.is_empty() { of(read, name).unwrap_or_default().to_owned() } else { ticked.join("\n") }
    };
    read.iter().filter_map(field).map(|name| (value(&name), name)).map(|(value, name)| (name, value)).collect()
}
