//! What people do with a draft before it is published.

use domain::form::Fields;
use domain::ids::{ChallengeId, CommentId, ReaderId, SoundingId};
use domain::moment::{Moment, local_fields};
use workflow::sounding::SoundingView;
use workflow::{Error, reader, sounding};

use super::fields;
use super::people::Person;

type Result<T, E = Error> = std::result::Result<T, E>;

/// The form that shows a draft until an instant (to the minute), with these sections beside the problem.
pub fn until(at: Moment, sections: &[&str]) -> Fields {
    let (date, time) = local_fields(at, "UTC");
    let mut form = fields(&[("comments_date", &date), ("comments_time", &time)]);
    for section in sections {
        form.set(format!("section-{section}"), "on");
    }
    form
}

impl Person {
    pub async fn shows(&self, id: ChallengeId, form: &Fields) -> Result<SoundingId> {
        sounding::open_sounding(&self.desk, &self.actor, id, form).await
    }

    pub async fn says(&self, of: SoundingId, section: &str, comment: &str) -> Result<CommentId> {
        let form = fields(&[("section", section), ("comment", comment)]);
        sounding::comment_on_sounding(&self.desk, &self.actor, of, &form).await
    }

    pub async fn sounding(&self, of: SoundingId) -> Result<SoundingView> {
        sounding::read_sounding(&self.desk, &self.actor, of).await
    }

    pub async fn ends_sounding(&self, of: SoundingId) -> Result<()> {
        sounding::end_sounding(&self.desk, &self.actor, of).await
    }

    pub async fn takes_down(&self, of: SoundingId) -> Result<()> {
        sounding::take_down_sounding(&self.desk, &self.actor, of).await
    }

    pub async fn says_what_changed(&self, of: SoundingId, comments: &[CommentId], taken_up: &str, what: &str) -> Result<()> {
        let mut form = fields(&[("taken_up", taken_up), ("what", what)]);
        for comment in comments {
            form.set(format!("comment-{comment}"), "on");
        }
        sounding::answer_sounding(&self.desk, &self.actor, of, &form).await
    }

    pub async fn hides(&self, of: SoundingId, comment: CommentId) -> Result<()> {
        let form = fields(&[("comment", &comment.to_string()), ("reason", "It advertises.")]);
        sounding::hide_sounding_comment(&self.desk, &self.actor, of, &form).await
    }

    /// For so many days, or as long as is usual.
    pub async fn invites_reader(&self, id: ChallengeId, person: &Person, until: &str) -> Result<ReaderId> {
        let form = fields(&[("email", &person.email), ("until_date", until)]);
        reader::invite_reader(&self.desk, &self.actor, id, &form).await
    }

    pub async fn revokes(&self, id: ChallengeId, of: ReaderId) -> Result<()> {
        reader::revoke_reader(&self.desk, &self.actor, id, &fields(&[("reader", &of.to_string())])).await
    }

    pub async fn reads_draft(&self, of: ReaderId) -> Result<reader::InvitedView> {
        reader::read_invited_draft(&self.desk, &self.actor, of).await
    }

    pub async fn remarks(&self, of: ReaderId, section: &str, quote: &str, comment: &str) -> Result<CommentId> {
        let form = fields(&[("section", section), ("quote", quote), ("comment", comment)]);
        reader::comment_on_draft(&self.desk, &self.actor, of, &form).await
    }

    pub async fn comments(&self, id: ChallengeId) -> Result<reader::CommentsView> {
        reader::read_comments(&self.desk, &self.actor, id).await
    }

    /// `act`: answer, resolve, reopen.
    pub async fn settles_comment(&self, id: ChallengeId, of: CommentId, act: &str) -> Result<()> {
        let form = fields(&[("comment", &of.to_string()), ("do", act), ("answer", "We ask the schools.")]);
        reader::settle_comment(&self.desk, &self.actor, id, &form).await
    }
}
