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

/// Locks the rows that the text reads: `share` or `update` on PostgreSQL; on SQLite the write transaction already holds
/// the database.
macro_rules! lock_row {
    ($conn:expr, $lock:expr, $text:expr $(, $bind:expr)* $(,)?) => {{
        let (plain, share, update) = (sql!($text), sql!($text, " for share"), sql!($text, " for update"));
        match ($conn.link(), $lock) {
            ($crate::conn::Link::Sqlite(c), _) => {
                sqlx::query_as::<_, (i64,)>(plain)$(.bind($bind))*.fetch_optional(&mut **c).await
            }
            ($crate::conn::Link::Postgres(c), lock) => {
                let text = match lock {
                    $crate::Lock::None => plain,
                    $crate::Lock::Share => share,
                    $crate::Lock::Update => update,
                };
                sqlx::query_as::<_, (i64,)>(text)$(.bind($bind))*.fetch_optional(&mut **c).await
            }
        }
        .map_err($crate::Error::from)
    }};
}
