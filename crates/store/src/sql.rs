//! Every statement goes through these macros: one text for both databases, collected so that a test prepares each on both.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// A statement and where it stands. `lock` is what PostgreSQL appends to lock the rows it reads.
#[derive(Debug)]
pub struct Statement {
    pub text: &'static str,
    pub at: &'static str,
}

inventory::collect!(Statement);

/// All statements of this crate.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Statement>()
}

macro_rules! sql {
    ($($text:expr),+) => {{
        inventory::submit! { $crate::sql::Statement { text: concat!($($text),+), at: concat!(file!(), ":", line!()) } }
        concat!($($text),+)
    }};
}

/// What a challenge's stage needs besides the view `challenge_standing` (as `v`): how many cells of the check wait, from its newest
/// record, before the first from the opening; whether the opening left prices sealed that none has opened since.
macro_rules! check_columns {
    () => {
        "coalesce((select x.left_open from check_event x where x.round = v.round order by x.n desc limit 1),
                (select p.to_check from opening p where p.round = v.round and p.envelope = 'quality'), 0) as unchecked,
            (select count(*) from opening p where p.round = v.round and p.awaits = 'price'
                and not exists (select 1 from opening q where q.round = p.round and q.envelope = 'price')) as price_sealed"
    };
}

/// Compiles one body for each database. `$c` is the connection.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn.link() {
            $crate::conn::Link::Sqlite($c) => $body,
            $crate::conn::Link::Postgres($c) => $body,
        }
    };
}

/// At most one row, as `$type`.
macro_rules! row {
    ($conn:expr, $type:ty, $text:expr $(, $bind:expr)* $(,)?) => {{
        let text = sql!($text);
        on!($conn, c => sqlx::query_as::<_, $type>(text)$(.bind($bind))*.fetch_optional(&mut **c).await)
            .map_err($crate::Error::from)
    }};
}

/// All rows, as `$type`.
macro_rules! rows {
    ($conn:expr, $type:ty, $text:expr $(, $bind:expr)* $(,)?) => {{
        let text = sql!($text);
        on!($conn, c => sqlx::query_as::<_, $type>(text)$(.bind($bind))*.fetch_all(&mut **c).await)
            .map_err($crate::Error::from)
    }};
}

/// Runs a change and gives the number of rows it touched. Counted, so that a verb cannot write without recording it.
macro_rules! exec {
    ($conn:expr, $text:expr $(, $bind:expr)* $(,)?) => {{
        let text = sql!($text);
        $conn.count_write();
        on!($conn, c => sqlx::query(text)$(.bind($bind))*.execute(&mut **c).await.map(|done| done.rows_affected()))
            .map_err($crate::Error::from)
    }};
}

/// Adds all rows in few statements: the text is that of one row, prepared by
/// the test like any other, and its `values (…)` is repeated. `$row` names a row in the values that are bound. Gives how many
/// rows were written.
macro_rules! insert_all {
    ($conn:expr, $text:expr, $rows:expr, |$row:pat_param| $($bind:expr),+ $(,)?) => {{
        let text = sql!($text);
        let parameters = [$(stringify!($bind)),+].len();
        let postgres = $conn.is_postgres();
        let mut added = 0u64;
        let mut rest = &$rows[..];
        while !rest.is_empty() {
            let (rows, after) = rest.split_at($crate::sql::portion(rest.len()));
            rest = after;
            $conn.count_write();
            let repeated = $crate::sql::repeated(text, rows.len(), parameters, postgres);
            on!($conn, c => {
                let mut query = sqlx::query(sqlx::AssertSqlSafe(repeated));
                for $row in rows {
                    query = query$(.bind($bind))+;
                }
                query.execute(&mut **c).await.map(|done| added += done.rows_affected())
            })?;
        }
        added
    }};
}

/// All rows, as `$type`, that belong to the items: the text is that of one item, and its `values (…)` is repeated as in
/// `insert_all!`; the last item may be asked for several times, so that few lengths are prepared. More items than the parameters
/// allow are a fault of the caller.
macro_rules! rows_of {
    ($conn:expr, $type:ty, $text:expr, $items:expr, |$item:pat_param| $($bind:expr),+ $(,)?) => {{
        let text = sql!($text);
        let items = &$items;
        let times = $crate::sql::padded(items.len());
        let repeated = $crate::sql::repeated(text, times, [$(stringify!($bind)),+].len(), $conn.is_postgres());
        on!($conn, c => {
            let mut query =
                sqlx::query_as::<_, $type>(sqlx::AssertSqlSafe(repeated)).persistent(times <= $crate::sql::PREPARED);
            for $item in (0..times).map(|at| &items[at.min(items.len() - 1)]) {
                query = query$(.bind($bind))+;
            }
            // Without items there is nothing to ask, and no text to ask it with.
            if items.is_empty() { Ok(Vec::new()) } else { query.fetch_all(&mut **c).await }
        })
        .map_err($crate::Error::from)
    }};
}

/// The lower one of the two databases: SQLite's.
pub(crate) const MOST_PARAMETERS: usize = 32_766;

/// Texts for up to so many rows are kept, and their statements prepared: as many as the writer takes in one batch.
pub(crate) const PREPARED: usize = 64;

/// How many of so many rows go into one statement. A batch has any number of rows, and to read a long text anew costs far more than
/// a further statement: so there are few lengths, and each stays prepared.
pub(crate) fn portion(rows: usize) -> usize {
    match rows {
        8.. => (rows / 8 * 8).min(PREPARED),
        4.. => 4,
        2.. => 2,
        _ => rows,
    }
}

/// How many times so many items are asked for in one statement, for the same reason.
pub(crate) fn padded(items: usize) -> usize {
    match items {
        0..=2 => items,
        3..=4 => 4,
        5..=PREPARED => items.next_multiple_of(8),
        _ => items,
    }
}

/// By the place of the text of one row, the number of rows and the database.
type Texts = HashMap<(usize, usize, bool), Arc<str>>;
static TEXTS: LazyLock<Mutex<Texts>> = LazyLock::new(Mutex::default);

/// The text of one row for several: `values ($1, 'mail', $2)` becomes `values ($1, 'mail', $2), ($3, 'mail', $4)`. On SQLite
/// parameters in their order get no numbers: it keeps a numbered one by its name and looks each up among all, to prepare and to
/// bind, which grows with the square of the rows.
pub(crate) fn repeated(text: &'static str, rows: usize, parameters: usize, postgres: bool) -> Arc<str> {
    let make = || spelled_out(text, rows, parameters, postgres).into();
    if rows > PREPARED {
        return make();
    }
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    texts.entry((text.as_ptr() as usize, rows, postgres)).or_insert_with(make).clone()
}

fn spelled_out(text: &str, rows: usize, parameters: usize, postgres: bool) -> String {
    if rows == 1 {
        return text.to_owned();
    }
    let (head, rest) = text.split_once("values (").unwrap_or((text, ""));
    let (row, tail) = rest.split_at(closing(rest));
    let tail = tail.get(1..).unwrap_or_default();
    let in_order = numbers(row).eq(1..=parameters) && !head.contains('$') && !tail.contains('$');
    let row = |n: usize| match in_order && !postgres {
        true => marked(row, |_| "?".to_owned()),
        false => marked(row, |number| format!("${}", number + n * parameters)),
    };
    let all: Vec<String> = (0..rows).map(|n| format!("({})", row(n))).collect();
    format!("{head}values {}{tail}", all.join(", "))
}

/// The text with each `$n` as `mark` spells it.
fn marked(text: &str, mark: impl Fn(usize) -> String) -> String {
    let mut pieces = text.split('$');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (number, rest) = numbered(piece);
        out.push_str(&mark(number));
        out.push_str(rest);
    }
    out
}

fn numbers(text: &str) -> impl Iterator<Item = usize> {
    text.split('$').skip(1).map(|piece| numbered(piece).0)
}

fn numbered(piece: &str) -> (usize, &str) {
    let (number, rest) = piece.split_at(piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len()));
    (number.parse().unwrap_or_default(), rest)
}

/// Where the parenthesis ends that was opened before the text.
fn closing(text: &str) -> usize {
    let mut open = 1;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return at;
        }
    }
    text.len()
}

/// Locks the rows that the text reads: `share` or `update` on PostgreSQL; on SQLite the write transaction already holds
/// the database.
macro_rules! lock_row {
    ($conn:expr, $lock:expr, $text:expr $(, $bind:expr)* $(,)?) => {
        lock_row!($conn, $lock, as (i64,), $text $(, $bind)*)
    };
    ($conn:expr, $lock:expr, as $type:ty, $text:expr $(, $bind:expr)* $(,)?) => {{
        let (plain, share, update) = (sql!($text), sql!($text, " for share"), sql!($text, " for update"));
        match ($conn.link(), $lock) {
            ($crate::conn::Link::Sqlite(c), _) => {
                sqlx::query_as::<_, $type>(plain)$(.bind($bind))*.fetch_optional(&mut **c).await
            }
            ($crate::conn::Link::Postgres(c), lock) => {
                let text = match lock {
                    $crate::Lock::None => plain,
                    $crate::Lock::Share => share,
                    $crate::Lock::Update => update,
                };
                sqlx::query_as::<_, $type>(text)$(.bind($bind))*.fetch_optional(&mut **c).await
            }
        }
        .map_err($crate::Error::from)
    }};
}

#[cfg(test)]
mod tests {
    use super::{PREPARED, padded, portion, spelled_out};

    #[test]
    fn any_number_of_rows_comes_in_few_lengths() {
        let mut lengths = std::collections::BTreeSet::new();
        for rows in 1..1000 {
            let (mut rest, mut statements) = (rows, 0);
            while rest > 0 {
                lengths.insert(portion(rest));
                rest -= portion(rest);
                statements += 1;
            }
            assert!(statements <= rows / PREPARED + 4, "{rows} rows in {statements}");
            assert!(padded(rows) >= rows && padded(rows) < rows + 8);
        }
        assert!(lengths.len() <= 11, "{lengths:?}");
        assert_eq!(padded(0), 0);
    }

    #[test]
    fn one_row_becomes_many() {
        let text = "insert into t (a, b, c) values ($1, 'mail', $2) on conflict do nothing";
        assert_eq!(spelled_out(text, 1, 2, true), text);
        assert_eq!(
            spelled_out(text, 3, 2, true),
            "insert into t (a, b, c) values ($1, 'mail', $2), ($3, 'mail', $4), ($5, 'mail', $6) on conflict do nothing"
        );
        assert_eq!(
            spelled_out(text, 2, 2, false),
            "insert into t (a, b, c) values (?, 'mail', ?), (?, 'mail', ?) on conflict do nothing"
        );
        assert_eq!(
            spelled_out("select 1 where a in (values (cast($1 as bigint))) and b", 2, 1, true),
            "select 1 where a in (values (cast($1 as bigint)), (cast($2 as bigint))) and b"
        );
    }

    /// Without numbers a parameter is bound where it stands, so one that stands twice or in another order keeps its number.
    #[test]
    fn parameters_out_of_order_keep_their_numbers() {
        for (text, many) in [
            ("insert into t values ($2, $1)", "insert into t values ($2, $1), ($4, $3)"),
            ("insert into t values ($1, $1, $2)", "insert into t values ($1, $1, $2), ($3, $3, $4)"),
            ("select a from t where a in (values ($1)) and b = $2", "select a from t where a in (values ($1), ($3)) and b = $2"),
        ] {
            assert_eq!(spelled_out(text, 2, 2, false), many);
        }
    }
}
