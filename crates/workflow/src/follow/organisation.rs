//! Suppliers and buyers as they are found: by the rule of their pages (`library::read_supplier`, `read_buyer`), once something of
//! them is public, and by no more than those pages show.

use std::collections::BTreeSet;

use domain::ids::{ChallengeId, OrganisationId, SolutionId};
use domain::moment::Moment;
use search::{Audience, Document, Kind};
use store::{ChallengeRow, Conn, OrganisationRow};

use crate::Result;

pub(super) fn kind(row: &OrganisationRow) -> Kind {
    if row.kind == "buyer" { Kind::Buyer } else { Kind::Supplier }
}

/// The organisations whose documents may have changed with these: of a challenge its buyer and whom it awarded, of a solution its
/// supplier.
pub(super) async fn of_documents(conn: &mut Conn, touched: &BTreeSet<(Kind, i64)>, into: &mut BTreeSet<i64>) -> Result<()> {
    for (kind, id) in touched {
        match kind {
            Kind::Challenge => {
                into.extend(conn.challenge_row(ChallengeId(*id)).await?.map(|row| row.buyer));
                into.extend(conn.awarded_in(ChallengeId(*id)).await?);
            }
            Kind::Solution => into.extend(conn.library_entry(SolutionId(*id)).await?.map(|row| row.supplier)),
            _ => {}
        }
    }
    Ok(())
}

/// `None` where there is no page either.
pub(super) async fn document(conn: &mut Conn, id: i64, now: Moment) -> Result<Option<Document>> {
    let Some(row) = conn.organisation(id).await? else { return Ok(None) };
    match kind(&row) {
        Kind::Buyer => buyer(conn, row, now).await,
        _ => supplier(conn, row, now).await,
    }
}

fn blank(row: OrganisationRow) -> Document {
    Document {
        kind: kind(&row),
        id: row.id,
        title: row.name,
        summary: String::new(),
        body: String::new(),
        who: String::new(),
        place: String::new(),
        // The one language that the product speaks so far; a supplier's own entries say better.
        lang: "en".into(),
        audiences: vec![Audience::Public],
        published_at: 0,
        opens_at: None,
        closes_at: None,
        decided_at: None,
        buyer: String::new(),
        categories: Vec::new(),
        budget: None,
    }
}

async fn buyer(conn: &mut Conn, row: OrganisationRow, now: Moment) -> Result<Option<Document>> {
    let challenges = conn.buyer_challenges(OrganisationId(row.id), now).await?;
    let newest = challenges.iter().filter(|challenge| challenge.standing().is_public(now)).filter_map(|it| it.publish_at).max();
    let Some(newest) = newest else { return Ok(None) };
    let (summary, place, buyer) = (row.about.clone(), row.place.clone(), row.name.clone());
    Ok(Some(Document { summary, place, buyer, published_at: newest, ..blank(row) }))
}

/// Found by what it solved, too: the words of its solutions, and of the challenges that awarded it.
async fn supplier(conn: &mut Conn, row: OrganisationRow, now: Moment) -> Result<Option<Document>> {
    let id = OrganisationId(row.id);
    let shows = conn.shows_profile(id).await?;
    let entries: Vec<_> = conn.library_of(id).await?.into_iter().filter(|entry| entry.withdrawn_at.is_none()).collect();
    let mut solved: Vec<(i64, ChallengeRow)> = Vec::new();
    for award in conn.awards_to(id).await? {
        let challenge = conn.challenge_row(ChallengeId(award.challenge)).await?;
        solved.extend(challenge.filter(|row| row.standing().is_public(now)).map(|row| (award.at, row)));
    }
    if !shows && entries.is_empty() && solved.is_empty() {
        return Ok(None);
    }
    let profile = row.profile()?;
    let (summary, place) = if shows { (row.about.clone(), row.place.clone()) } else { Default::default() };
    let mut document = Document { summary, place, ..blank(row) };
    if shows {
        document.body = format!("{}\n{}", profile.solved, profile.places);
    }
    for (nth, row) in entries.iter().enumerate() {
        let entry = row.entry()?;
        document.body.push_str(&format!("\n{}\n{}", entry.title, entry.summary));
        document.published_at = document.published_at.max(row.published_at);
        if nth == 0 {
            document.lang = entry.lang().to_owned();
        }
    }
    for (at, challenge) in &solved {
        document.published_at = document.published_at.max(*at);
        if let Some(terms) = challenge.terms()? {
            document.body.push_str(&format!("\n{}\n{}", terms.title, terms.summary));
            document.categories.extend(terms.categories);
        }
    }
    Ok(Some(document))
}
