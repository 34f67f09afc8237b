//! What others say of a draft: in public, and by invitation.

use domain::ids::{CommentId, ReaderId, SoundingId};

use super::Clerk;
use crate::town::fields::of;
use crate::town::texts::{Act, Plan};
use crate::{Error, Result, reader, sounding};

impl Clerk<'_> {
    pub(super) async fn of_draft(&self, plan: &Plan, act: &Act) -> Result<()> {
        let (desk, town) = (self.desk, &self.town);
        let (officer, id) = (town.actor(&plan.officer), town.challenge(plan.key));
        match act {
            Act::Show { days } => {
                let mut fields = of(&[("comments_date", &self.calendar.day(*days)?), ("comments_time", "17:00")]);
                fields.set("section-outcomes", "on");
                sounding::open_sounding(desk, &officer, id, &fields).await?;
            }
            Act::Say { person, section, comment } => {
                let said = of(&[("section", section), ("comment", comment)]);
                sounding::comment_on_sounding(desk, &town.actor(person), self.shown(plan).await?, &said).await?;
            }
            Act::Become { holding, taken_up, what } => {
                let shown = self.shown(plan).await?;
                let found = sounding::read_sounding(desk, &officer, shown).await?;
                let mut fields = of(&[("taken_up", if *taken_up { "yes" } else { "no" }), ("what", what)]);
                for row in found.comments.iter().filter(|row| holding.iter().any(|words| row.comment.contains(words))) {
                    fields.set(format!("comment-{}", CommentId(row.id)), "on");
                }
                sounding::answer_sounding(desk, &officer, shown, &fields).await?;
            }
            Act::InviteReader { person, days } => {
                let invited = of(&[("email", &self.email(person)), ("until_date", &self.calendar.day(*days)?)]);
                reader::invite_reader(desk, &officer, id, &invited).await?;
            }
            Act::Remark { person, section, quote, comment } => {
                let found = reader::read_comments(desk, &officer, id).await?;
                let own = found.readers.iter().find(|row| row.email == self.email(person));
                let own = own.ok_or_else(|| Error::Broken("a remark by nobody".into()))?;
                let said = of(&[("section", section), ("quote", quote), ("comment", comment)]);
                reader::comment_on_draft(desk, &town.actor(person), ReaderId(own.id), &said).await?;
            }
            Act::AnswerRemark { holding, answer } => {
                let found = reader::read_comments(desk, &officer, id).await?;
                let row = found.comments.iter().find(|of| of.row.comment.contains(holding));
                let row = row.ok_or_else(|| Error::Broken("an answer to nothing".into()))?;
                let fields = of(&[("comment", &CommentId(row.row.id).to_string()), ("answer", answer), ("do", "answer")]);
                reader::settle_comment(desk, &officer, id, &fields).await?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The newest sounding of the plan's draft.
    async fn shown(&self, plan: &Plan) -> Result<SoundingId> {
        let (_, all) =
            sounding::read_soundings_of(self.desk, &self.town.actor(&plan.officer), self.town.challenge(plan.key)).await?;
        all.first().map(|of| SoundingId(of.row.id)).ok_or_else(|| Error::Broken("nothing is shown".into()))
    }
}
