# Soundings: a draft shown in public for comments, and what changed because of it.
soundings-title = Drafts shown for comments
soundings-text = Before an authority publishes a challenge it can show the draft to everybody. Say what is unclear, missing or wrong in it: what you say can still change it. Nothing can be answered yet.
soundings-list = { $n ->
    [one] 1 draft
   *[other] { $n } drafts
}
soundings-none = No draft is shown at the moment
soundings-none-text = When an authority shows a draft for comments, it stands here.
soundings-link = Drafts shown for comments
sounding-state-open = Open for comments
sounding-state-over = Comments closed
sounding-state-taken-down = Taken down
sounding-what = This is a draft, as it stood when it was shown. It is not open for responses, and the challenge that comes of it may say something else.
sounding-until = Comments are open until
sounding-was-until = Comments were open until
sounding-comments-until = open until
sounding-there = For the authority:
sounding-published = Read the challenge that came of it
sounding-comments-n = { $n ->
    [0] No comments
    [one] 1 comment
   *[other] { $n } comments
}
sounding-comments = Comments
sounding-comments-empty = Nobody has commented yet.
sounding-comment-n = Comment { $n }
sounding-comment-head = { $n }. { $who }, on: { $about }
sounding-whole = The draft as a whole
sounding-hidden = The authority took this comment off the page: { $reason }
sounding-changed = What changed because of it
sounding-changed-none = Nothing is said yet. The authority says here what it took up, what it did not, and why.
sounding-taken-up = Taken up
sounding-taken-up-hint = Say what changes in the draft.
sounding-not-taken-up = Not taken up
sounding-not-taken-up-hint = Say why it stays as it is.
sounding-say-title = Comment on this draft
sounding-say-public = Your comment appears on this page at once, with your name and the organisation that you act for. So nobody learns more from the authority, or tells it more, than everybody can read. Leave out what you want to keep to yourself.
sounding-about = What is it about?
sounding-comment = Your comment
sounding-comment-hint = What is unclear, missing or wrong, and what would be better?
sounding-say = Publish my comment
sounding-closed = Comments are closed.
sounding-sign-in-text = Anybody with an account can comment. Comments are public, with name and organisation.
sounding-sign-in = Sign in to comment
sounding-own = You are one of the authority’s people: you read what others say here.
done-sounding-commented = Your comment is on this page.

sounding-team = Sounding: show this draft to everybody
sounding-team-text = Show the draft in public and ask for comments before you publish it. Nobody can answer it yet. Afterwards you say what changed because of it.
sounding-all = Shown so far
sounding-open-title = Show the draft as it is now
sounding-open-warning = Everybody can read what you show from this moment on. It is a copy: what you write afterwards is not in it.
sounding-sections = What do you show?
sounding-sections-hint = Title, summary and problem are always shown. Untick what you want to keep back. Attached files are not shown.
amend-comments-date = Comments until: day
amend-comments-time = Comments until: time
sounding-until-hint = In your draft’s time zone. Two to four weeks give people time to ask their colleagues.
sounding-open = Show it to everybody
sounding-end = Close comments now
sounding-take-down = Take it down
sounding-take-down-warning = Nobody but your team can see it any more, nor the comments and what changed. This cannot be undone; you can show the draft anew.
done-sounding-opened = The draft is shown. This is what everybody sees.
done-sounding-ended = Comments are closed.
done-sounding-down = It is taken down.

sounding-answer-title = Say what changed
sounding-answer-text = One answer can serve several comments. It stands beside them in public, and who wrote them is told. A later answer to the same comment takes the place of the earlier one.
sounding-answer-which = Which comments does it answer?
sounding-label = { $n }. { $who }: { $text }
sounding-label-answered = { $n }. { $who }: { $text } (answered)
sounding-became = What became of them?
sounding-what-changed = What changed, or why nothing did
sounding-what-changed-hint = One or two sentences that everybody understands.
sounding-answer-button = Publish this
sounding-hide-title = Take a comment off the page
sounding-hide-text = Only for what insults, advertises or gives somebody away. That it was taken off, and why, stands in its place; your team cannot bring it back.
sounding-hide-which = Which comment?
sounding-hide-reason = Why?
sounding-hide-hint = Everybody reads this reason.
sounding-hide = Take it off the page
done-sounding-answered = What changed is published.
done-sounding-hidden = The comment is off the page.

sounded-title = Shown as a sounding before
sounded-text = The draft of this challenge was shown for comments on
sounded-read = { $n ->
    [0] Read the draft as it was shown
    [one] Read the draft as it was shown, and 1 comment
   *[other] Read the draft as it was shown, and { $n } comments
}

error-sounding-until-past = The date must lie ahead
error-sounding-untitled = Give the draft a title first
error-sounding-late = Comments closed before this one arrived. Nothing was published
error-sounding-comments-none = Tick at least one comment
error-comment-many = You have commented { $max } times on this draft already
refusal-sounding-state = The sounding is not where that can be done. Look at it again.

# Comments on passages of a draft, by people invited by mail.
comments-title = Comments on this draft
comments-text = What people say whom you invited to read the draft before it is published.
comments-none = No comments yet
comments-none-text = Invite somebody below. What they say stands here, and beside the section that it is about.
comments-beside = { $n ->
    [one] 1 comment on this section
   *[other] { $n } comments on this section
}
comment-open = Open
comment-resolved = Resolved
comment-go = Go to these words
comment-gone = These words are no longer in the text
comment-settle = Answer or resolve it
comment-to-answer = Answer it
comment-answer = Your answer
comment-answer-hint = Whoever wrote the comment reads it and is told.
comment-answer-button = Send the answer
comment-answer-is = The authority’s answer:
comment-resolve = Resolve
comment-reopen = Open again
readers-title = Who may read this draft
readers-text = Only people on your team, and those named here. They see this draft and their own comments, nothing else.
readers-none = Nobody is invited.
reader-column-who = Address
reader-column-until = Until
reader-holds = May read it
reader-revoked = Revoked
reader-expired = Expired
reader-over = Ended
reader-revoke = Revoke
reader-invite-title = Invite somebody to read it
reader-invite-warning = Whoever reads a draft early may have an advantage if they answer the challenge. Invite people who will not.
reader-email-hint = The draft opens only for an account with this address.
reader-until = Until the end of this day (optional)
reader-until-hint = If empty, for 14 days. It ends in any case when the challenge is published.
reader-invite = Invite
done-reader-invited = The invitation is on its way.
done-reader-revoked = The invitation is revoked.
done-comment-answered = Your answer is sent.
done-comment-settled = Saved.
work-invited = Drafts that you are invited to read
invited-text = This draft is not published. You were invited to read it; do not pass it on.
invited-until = You can read it until
invited-say-title = Comment on a passage
invited-quote = The words it is about (optional)
invited-quote-hint = Copy them from the draft. Leave this empty to comment on the section as a whole.
invited-comment-hint = Only the authority’s team reads it, with your name.
invited-say = Send my comment
invited-own = Your comments
done-draft-commented = Your comment is with the authority.
error-reader-on-team = This person is on the team and can read the draft already
error-reader-until-past = The day must lie ahead
error-reader-until-late = Choose a day within { $days } days
error-quote-not-found = These words are not in this section: copy them from the draft, choose another section, or leave this empty
mail-draft-reader-subject = { $organisation } asks for your comments on a draft
mail-draft-reader-text =
    { $organisation } invites you to read a draft that is not published, and to comment on it.

    Sign in with this address, or make an account with it; nobody else can open the draft. You can read it until { $until }.
mail-draft-reader-action = Read the draft
mail-draft-reader-why = You get this mail because { $organisation } invited this address to read its draft. If you do nothing, the invitation lapses and no other mail comes of it.

# What the statement check says, on the approver’s page.
review-findings = What the check of the text says
review-findings-none = It found nothing to mend.
review-findings-left = { $n ->
    [one] 1 finding was left as it is, with a reason
   *[other] { $n } findings were left as they are, with a reason
}
review-findings-open = { $n ->
    [one] 1 finding is open
   *[other] { $n } findings are open
}
review-findings-all = Read all findings, with why and a better way
