//! Every statement goes through these macros: one text for both databases, collected so that a test prepares each on both.

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

/// Adds all rows in as few statements as the databases' limit on parameters allows: the text is that of one row, prepared by
/// the test like any other, and its `values (…)` is repeated. `$row` names a row in the values that are bound. Gives how many
/// rows were written.
macro_rules! insert_all {
    ($conn:expr, $text:expr, $rows:expr, |$row:pat_param| $($bind:expr),+ $(,)?) => {{
        let text = sql!($text);
        let parameters = [$(stringify!($bind)),+].len();
        let mut added = 0u64;
        for rows in $rows.chunks($crate::sql::MOST_PARAMETERS / parameters) {
            $conn.count_write();
            let repeated = $crate::sql::repeated(text, rows.len(), parameters);
            on!($conn, c => {
                // A batch's are kept prepared; longer ones are rare, and come in any length.
                let mut query = sqlx::query(sqlx::AssertSqlSafe(repeated)).persistent(rows.len() <= 64);
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
/// `insert_all!`. More items than the parameters allow are a fault of the caller.
macro_rules! rows_of {
    ($conn:expr, $type:ty, $text:expr, $items:expr, |$item:pat_param| $($bind:expr),+ $(,)?) => {{
        let text = sql!($text);
        let items = &$items;
        let repeated = $crate::sql::repeated(text, items.len(), [$(stringify!($bind)),+].len());
        on!($conn, c => {
            let mut query = sqlx::query_as::<_, $type>(sqlx::AssertSqlSafe(repeated)).persistent(items.len() <= 64);
            for $item in items.iter() {
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

/// The text of one row for several: `values ($1, 'mail', $2)` becomes `values ($1, 'mail', $2), ($3, 'mail', $4)`.
pub(crate) fn repeated(text: &str, rows: usize, parameters: usize) -> String {
    let marked = |part: &str, by: usize| {
        let mut pieces = part.split('$');
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
            let number: usize = piece[..end].parse().unwrap_or_default();
            out.push_str(&format!("${}{}", number + by, &piece[end..]));
        }
        out
    };
    if rows == 1 {
        return text.to_owned();
    }
    let (head, rest) = text.split_once("values (").unwrap_or((text, ""));
    let (row, tail) = rest.split_at(closing(rest));
    let tail = tail.get(1..).unwrap_or_default();
    let all: Vec<String> = (0..rows).map(|n| format!("({})", marked(row, n * parameters))).collect();
    format!("{head}values {}{tail}", all.join(", "))
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
    use super::repeated;

    #[test]
    fn one_row_becomes_many() {
        let text = "insert into t (a, b, c) values ($1, 'mail', $2) on conflict do nothing";
        assert_eq!(repeated(text, 1, 2), text);
        assert_eq!(
            repeated(text, 3, 2),
            "insert into t (a, b, c) values ($1, 'mail', $2), ($3, 'mail', $4), ($5, 'mail', $6) on conflict do nothing"
        );
        assert_eq!(
            repeated("select 1 where a in (values (cast($1 as bigint))) and b", 2, 1),
            "select 1 where a in (values (cast($1 as bigint)), (cast($2 as bigint))) and b"
        );
    }
}
