//! The schema: one text a migration for both databases, so that they cannot drift apart. That is why sqlx's own migrator,
//! which wants a folder a database, is not used.

use crate::conn::{Conn, Link};
use crate::{Error, Result};

/// In the order in which they are made; a live installation may be at any of them.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../../../migrations/0001_foundation.sql")),
    (2, include_str!("../../../migrations/0002_workshop.sql")),
    (4, include_str!("../../../migrations/0004_approval.sql")),
    (5, include_str!("../../../migrations/0005_after_publication.sql")),
    (6, include_str!("../../../migrations/0006_files.sql")),
    (7, include_str!("../../../migrations/0007_notices.sql")),
    (8, include_str!("../../../migrations/0008_sounding.sql")),
    (9, include_str!("../../../migrations/0009_receipts.sql")),
    (10, include_str!("../../../migrations/0010_answering.sql")),
    (11, include_str!("../../../migrations/0011_people.sql")),
    (12, include_str!("../../../migrations/0012_room.sql")),
    (13, include_str!("../../../migrations/0013_lots.sql")),
    (14, include_str!("../../../migrations/0014_checks.sql")),
    (15, include_str!("../../../migrations/0015_table.sql")),
    (16, include_str!("../../../migrations/0016_alerts.sql")),
    (17, include_str!("../../../migrations/0017_assignment.sql")),
    (18, include_str!("../../../migrations/0018_pages.sql")),
    (20, include_str!("../../../migrations/0020_experts.sql")),
    (24, include_str!("../../../migrations/0024_library.sql")),
    (25, include_str!("../../../migrations/0025_redaction.sql")),
    (26, include_str!("../../../migrations/0026_declared.sql")),
    (27, include_str!("../../../migrations/0027_rounds.sql")),
    (28, include_str!("../../../migrations/0028_interviews.sql")),
    (29, include_str!("../../../migrations/0029_draft_keys.sql")),
    (34, include_str!("../../../migrations/0034_score_cleared.sql")),
    (35, include_str!("../../../migrations/0035_withdrawn.sql")),
    (38, include_str!("../../../migrations/0038_panel_filled.sql")),
    (39, include_str!("../../../migrations/0039_record_confirmed.sql")),
    (40, include_str!("../../../migrations/0040_round_extended.sql")),
    (41, include_str!("../../../migrations/0041_refused.sql")),
    (44, include_str!("../../../migrations/0044_written.sql")),
    (46, include_str!("../../../migrations/0046_answer_keys.sql")),
    (47, include_str!("../../../migrations/0047_slot_reason.sql")),
    (49, include_str!("../../../migrations/0049_bound.sql")),
    (52, include_str!("../../../migrations/0052_clarification_files.sql")),
    (53, include_str!("../../../migrations/0053_typed.sql")),
];

/// The newest schema that this program knows.
pub(crate) fn known() -> i64 {
    // Not the last of the list: those that were written side by side stand in the order in which they came.
    MIGRATIONS.iter().map(|(version, _)| *version).max().unwrap_or(0)
}

/// Brings the schema up to what this program knows, in one transaction; one node does it, the others wait. A newer schema
/// is refused.
pub(crate) async fn migrate(conn: &mut Conn) -> Result<()> {
    migrate_to(conn, i64::MAX).await
}

/// The same up to a version: for a copy of an older installation, whose rows come before its next steps.
pub(crate) async fn migrate_to(conn: &mut Conn, last: i64) -> Result<()> {
    let postgres = conn.is_postgres();
    plain(conn, if postgres { "begin" } else { "begin immediate" }).await?;
    match steps(conn, postgres, last).await {
        Ok(()) => plain(conn, "commit").await,
        Err(error) => {
            let _ = plain(conn, "rollback").await;
            Err(error)
        }
    }
}

pub(crate) async fn steps(conn: &mut Conn, postgres: bool, last: i64) -> Result<()> {
    if postgres {
        plain(conn, "select pg_advisory_xact_lock(7305181)").await?;
    }
    plain(conn, "create table if not exists schema_version (version bigint primary key)").await?;
    // Not through the macros: this table exists before the statements that are prepared.
    let made: Vec<(i64,)> =
        on!(conn, c => sqlx::query_as("select version from schema_version order by version").fetch_all(&mut **c).await)?;
    let known = known();
    if let Some((found,)) = made.last().copied().filter(|(found,)| *found > known) {
        return Err(Error::NewerSchema { found, known });
    }
    // Those that are missing, not those above the highest: two that were written side by side come in either order.
    let missing = |version: &i64| !made.contains(&(*version,)) && *version <= last;
    for (version, text) in MIGRATIONS.iter().filter(|(version, _)| missing(version)) {
        let (bytes, zero32) = if postgres { ("bytea", "decode(repeat('00', 32), 'hex')") } else { ("blob", "zeroblob(32)") };
        let text = text.replace("{bytes}", bytes).replace("{zero32}", zero32);
        for statement in split(&text) {
            plain(conn, statement).await?;
        }
        plain(conn, &format!("insert into schema_version (version) values ({version})")).await?;
    }
    Ok(())
}

/// Statements end with a semicolon at the end of a line; comments are dropped.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(";\n")
        .filter(|statement| statement.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--")))
}

/// Statements without parameters, as they stand, in one go.
pub(crate) async fn plain(conn: &mut Conn, text: &str) -> Result<()> {
    match conn.link() {
        Link::Sqlite(c) => sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut **c).await.map(drop)?,
        Link::Postgres(c) => sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut **c).await.map(drop)?,
    }
    Ok(())
}
