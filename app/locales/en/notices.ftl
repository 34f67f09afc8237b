# Notices and their mails. Each kind of event: subject (also the line in the list), text, the words of its link, and its name
# among the choices. Times: { $by } to act by, { $at } told; { $n } a number.
notice-sent_for_review-subject = Sent for review: { $title }
notice-sent_for_review-text = A challenge of your team was put before its approvers: { $title }. Until they answer, its text stands still.
notice-sent_for_review-action = See what was sent
notice-sent_for_review-name = A draft was sent for review
notice-approval_wanted-subject = Please approve: { $title }
notice-approval_wanted-text = A challenge waits for your approval: { $title }. Read it, then approve it or send it back with reasons.
notice-approval_wanted-action = Read it, then approve it or send it back
notice-approval_wanted-name = Your approval is wanted
notice-sent_back-subject = Sent back: { $title }
notice-sent_back-text = An approver sent your challenge back: { $title }. The reasons stand beside the draft. Mend it, then send it for review again.
notice-sent_back-action = Read the reasons
notice-sent_back-name = A draft was sent back
notice-approved-subject = Approved: { $title }
notice-approved-text = Your challenge was approved: { $title }. { $n ->
    [1] It is published once its official notice is recorded.
   *[other] It is published at { $at }.
}
notice-approved-action = See the challenge
notice-approved-name = A challenge was approved
notice-rescheduled-subject = Publication moved: { $title }
notice-rescheduled-text = The day on which a challenge is published was changed: { $title }. { $n ->
    [1] It is published once its official notice is recorded.
   *[other] It is published at { $at }.
}
notice-rescheduled-action = See the challenge
notice-rescheduled-name = A publication was moved
notice-taken_back-subject = Taken back: { $title }
notice-taken_back-text = A challenge was taken back to draft before it was published: { $title }. It is not published on the day that was chosen, and is approved anew.
notice-taken_back-action = See the draft
notice-taken_back-name = A challenge was taken back to draft
notice-sounding_opened-subject = Shown for comments: { $title }
notice-sounding_opened-text = A draft is shown in public for comments: { $title }. It is not open for responses yet.
notice-sounding_opened-action = Read the draft
notice-sounding_opened-name = A draft is shown for comments
notice-sounding_closes-subject = Two days more to comment: { $title }
notice-sounding_closes-text = A draft that concerns you is shown for comments for two days more: { $title }. What is said until then can still change it.
notice-sounding_closes-action = Read the draft
notice-sounding_closes-name = The time to comment on a draft comes to its end
notice-comment_on_draft-subject = A comment on your draft: { $title }
notice-comment_on_draft-text = Somebody commented on your draft: { $title }.
notice-comment_on_draft-action = Read the comment
notice-comment_on_draft-name = A comment on a draft
notice-comment_answered-subject = Your comment was answered: { $title }
notice-comment_answered-text = The authority said what became of your comment on its draft: { $title }.
notice-comment_answered-action = Read the answer
notice-comment_answered-name = Your comment on a draft was answered
notice-published-subject = Published: { $title }
notice-published-text = A challenge is open for responses: { $title }.
notice-published-action = Read the challenge
notice-published-name = A challenge is published
notice-amended-subject = Changed: { $title }
notice-amended-text = The authority changed a challenge that concerns you: { $title }. The page shows what changed beside the full text. If you have submitted already, check whether your response still fits.
notice-amended-action = See what changed
notice-amended-name = A challenge was changed
notice-deadline_extended-subject = More time: { $title }
notice-deadline_extended-text = The deadline of a challenge that concerns you was moved, for everybody: { $title }. A response that you have submitted stands; you can revise it until then.
notice-deadline_extended-action = See the new timetable
notice-deadline_extended-name = A deadline was moved
notice-reopened-subject = Open again: { $title }
notice-reopened-text = The authority says that the service failed before the deadline, and two of its people opened it again for everybody: { $title }. A response that you have submitted stands; you can revise it until then.
notice-reopened-action = See the new deadline
notice-reopened-name = A deadline was reopened after a failure of the service
notice-cancelled-subject = Cancelled: { $title }
notice-cancelled-text = The authority cancelled a challenge that concerns you: { $title }. Nothing more is asked of you.
notice-cancelled-action = Read the notice
notice-cancelled-name = A challenge was cancelled
notice-enquiry_received-subject = A question from a supplier: { $title }
notice-enquiry_received-text = A supplier asked a question about your challenge: { $title }. The answer goes to everybody, without the name of who asked.
notice-enquiry_received-action = Read and answer it
notice-enquiry_received-name = A supplier asked a question
notice-enquiry_asked_back-subject = May your question be published? { $title }
notice-enquiry_asked_back-text = You marked a question as confidential, and the authority cannot keep it so: { $title }. Let it be published without your name, or withdraw it.
notice-enquiry_asked_back-action = Decide about your question
notice-enquiry_asked_back-name = The authority asks about your confidential question
notice-enquiry_answered-subject = A question was answered: { $title }
notice-enquiry_answered-text = The authority answered a question about a challenge that concerns you: { $title }.
notice-enquiry_answered-action = Read the answer
notice-enquiry_answered-name = A question was answered
notice-deadline_near-subject = { $n ->
    [1] { $left } to submit: { $title }
    [2] { $left } to confirm your response: { $title }
    [3] { $left } to submit your changes: { $title }
   *[other] { $left } to answer: { $title }
}
notice-deadline_near-text = { $n ->
    [1] Your response is a draft and nothing of it is submitted: { $title }. What is not submitted by the deadline does not count; you can revise it until then.
    [2] After you submitted your response, the authority changed what it answers: { $title }. What you submitted stands. Read what changed, then submit again to confirm it.
    [3] Your draft was changed after you submitted your response: { $title }. What you submitted counts. If the changes are to count, submit again.
   *[other] The deadline of a challenge that you follow comes near: { $title }. If you mean to answer it, submit in time; you can revise it until the deadline.
}
notice-deadline_near-action = { $n ->
    [1] Go to your draft
    [2] Go to your response
    [3] Go to your draft
   *[other] Go to the challenge
}
notice-deadline_near-name = A deadline comes near
notice-why_not-subject = What kept you from answering? { $title }
notice-why_not-text = The deadline of { $title } has passed, and you followed it or began a response. One click tells the authority what kept you, without your name.
notice-why_not-action = Tell in one click
notice-why_not-name = Asked why you did not answer
notice-lots_asked-subject = Draw the lots: { $title }
notice-lots_asked-text = Lots were asked for, because responses share a rank: { $title }. A second person of the team, or the chair, draws them before the page.
notice-lots_asked-action = Go to the result
notice-lots_asked-name = Lots wait for a second person
notice-opening_asked-subject = Confirm the opening: { $title }
notice-opening_asked-text = The opening of the responses was asked for: { $title }. Another officer of the team confirms it, and that opens them.
notice-opening_asked-action = Go to the opening
notice-opening_asked-name = An opening waits for a second officer
notice-opened-subject = Responses opened: { $title }
notice-opened-text = The responses were opened: { $title }. If you have a seat on the panel, declare your interests first; then you can score.
notice-opened-action = Go to the panel
notice-opened-name = Responses were opened
notice-prices_opened-subject = Prices opened: { $title }
notice-prices_opened-text = The scores are final and the prices were opened: { $title }. The result can be read.
notice-prices_opened-action = Go to the result
notice-prices_opened-name = Prices were opened
notice-clarification_asked-subject = Please clarify your response: { $title }
notice-clarification_asked-text = The authority asks you to clarify something in your response: { $title }. Your page says what, and what you may touch. What you sent stays as it is.
notice-clarification_asked-action = Go to the question
notice-clarification_asked-name = Your response is to be clarified
notice-clarification_answered-subject = A supplier answered: { $title }
notice-clarification_answered-text = A supplier answered what it was asked to clarify: { $title }. Settle it, so that the panel can go on.
notice-clarification_answered-action = Go to the answer
notice-clarification_answered-name = A supplier clarified its response
notice-checked-subject = Scoring can begin: { $title }
notice-checked-text = Every response has been checked: { $title }. If you have a seat on the panel and have declared your interests, you can score.
notice-checked-action = Go to the panel
notice-checked-name = All responses are checked
notice-panel_seat-subject = You have a seat on a panel: { $title }
notice-panel_seat-text = You were appointed to the panel of: { $title }. After the opening, declare your interests; then you can score.
notice-panel_seat-action = Go to the panel
notice-panel_seat-name = You were given a seat on a panel
notice-conflict_declared-subject = A conflict to settle: { $title }
notice-conflict_declared-text = A member of the panel declared an interest that has to be settled: { $title }. Until then that person cannot score.
notice-conflict_declared-action = Settle it
notice-conflict_declared-name = A conflict of interest has to be settled
notice-declaration_settled-subject = Your declaration was settled: { $title }
notice-declaration_settled-text = Your declaration of interests was settled: { $title }. The page says what you can do now.
notice-declaration_settled-action = Go to the panel
notice-declaration_settled-name = Your declaration was settled
notice-scores_due-subject = { $left } to score: { $title }
notice-scores_due-text = The authority means to decide soon, and your scores are not complete: { $title }.
notice-scores_due-action = Go on scoring
notice-scores_due-name = Your scores are due
notice-scores_unlocked-subject = Your scores can be changed again: { $title }
notice-scores_unlocked-text = The chair unlocked your scores, with a reason that you can read in the scoring room: { $title }. Lock them again when you are done.
notice-scores_unlocked-action = Go to the scoring room
notice-scores_unlocked-name = Your scores were unlocked
notice-moderation_begun-subject = All have scored: { $title }
notice-moderation_begun-text = Every member of the panel has finished scoring: { $title }. The panel can discuss now.
notice-moderation_begun-action = Go to the discussion
notice-moderation_begun-name = The panel can discuss
notice-panel_filled-subject = The discussion rests: { $title }
notice-panel_filled-text = Somebody joined the panel, because recusals had left it with too few: { $title }. They score first, without seeing the scores of others; until they have finished, the discussion rests. You are told when it goes on.
notice-panel_filled-action = Go to the panel
notice-panel_filled-name = The discussion of a panel rests
notice-panel_reminded-subject = Your part in scoring is missing: { $title }
notice-panel_reminded-text = The authority reminds those on the panel who have not declared their interests or not finished scoring: { $title }.
notice-panel_reminded-action = Go to the panel
notice-panel_reminded-name = You are reminded to declare or to score
notice-record_proposed-subject = The panel’s record waits for you: { $title }
notice-record_proposed-text = The chair has put the record of the panel before its members: { $title }. Read it and approve it, or say what you see otherwise.
notice-record_proposed-action = Read the record
notice-record_proposed-name = The panel’s record waits for your approval
notice-decision_recommended-subject = Please decide: { $title }
notice-decision_recommended-text = A decision was recommended and waits for your approval: { $title }.
notice-decision_recommended-action = Read the recommendation
notice-decision_recommended-name = A decision waits for you
notice-decision_sent_back-subject = Decision sent back: { $title }
notice-decision_sent_back-text = The approver sent your recommendation back: { $title }. The reasons stand on the page.
notice-decision_sent_back-action = Read the reasons
notice-decision_sent_back-name = A recommendation was sent back
notice-invited-subject = You go on to the next round: { $title }
notice-invited-text = Your response goes on to the next round: { $title }. Your page says what is asked and until when.
notice-invited-action = Go to your response
notice-invited-name = Your response goes on to the next round
notice-round_begun-subject = The next round is open: { $title }
notice-round_begun-text = A cut was approved and the next round is open to those who go on: { $title }. Appoint its panel meanwhile.
notice-round_begun-action = Go to the rounds
notice-round_begun-name = The next round of a challenge is open
notice-round_extended-subject = More time for the next round: { $title }
notice-round_extended-text = The deadline of the round to which you were invited has moved, for all who were: { $title }. What you have sent stands; you may send it again until then.
notice-round_extended-action = Go to your response
notice-round_extended-name = The deadline of a later round has moved
notice-round_due-subject = { $left } to answer the next round: { $title }
notice-round_due-text = You were invited to the next round, and nothing of yours stands in it: { $title }.
notice-round_due-action = Go to your response
notice-round_due-name = Answers to a later round are due
notice-slots_offered-subject = Choose a time for your interview: { $title }
notice-slots_offered-text = The authority offers times for the interview: { $title }. Take one of those that are free.
notice-slots_offered-action = Go to the times
notice-slots_offered-name = Times for your interview are offered
notice-slot_booked-subject = A time for an interview was taken: { $title }
notice-slot_booked-text = A supplier took a time for its interview: { $title }.
notice-slot_booked-action = Go to the interviews
notice-slot_booked-name = A supplier took a time for its interview
notice-slot_withdrawn-subject = Your time for the interview was withdrawn: { $title }
notice-slot_withdrawn-text = The authority withdrew the time that you had taken ({ $at }): { $title }. Please take another.
notice-slot_withdrawn-action = Go to the times
notice-slot_withdrawn-name = Your time for an interview was withdrawn
notice-interview_near-subject = { $left } to the interview: { $title }
notice-interview_near-text = An interview comes near: { $title }. Your page says when and where.
notice-interview_near-action = Go to your work
notice-interview_near-name = An interview comes near
notice-decided-subject = Decided: { $title }
notice-decided-text = The authority decided on a challenge that concerns you: { $title }.
notice-decided-action = Go to the challenge
notice-decided-name = A challenge was decided
notice-letter-subject = The decision on your response: { $title }
notice-letter-text = The authority has decided on: { $title }. You can read the decision on your response, with your own scores and the reasons.
notice-letter-action = Read the decision
notice-letter-name = The decision on your response
notice-buyer_verified-subject = { $organisation } is verified
notice-buyer_verified-text = { $organisation } is verified as a buyer. It can publish challenges now.
notice-buyer_verified-action = Go to your organisation
notice-buyer_verified-name = Your organisation was verified

notice-by = Act by { $by }
notice-both-zones = { $yours } ({ $theirs } for the authority)
notice-subject-by = { $subject } – by { $by }
notice-reason = The reason given: { $reason }

notice-mail-why-required = The law asks that you are told of this, so this mail cannot be switched off.
notice-mail-why = You get this mail because of your choices on Wellposed.
notice-mail-stop = Stop mails of this kind
notice-mail-choices = Choose what you are told
summary-daily-subject = Your day on Wellposed: { $n ->
    [one] one thing
   *[other] { $n } things
}
summary-weekly-subject = Your week on Wellposed: { $n ->
    [one] one thing
   *[other] { $n } things
}
summary-act-by = The first to act on, by { $by }: { $title }
summary-nothing-to-do = None of them asks for an act by a date.
summary-stop = Stop this summary

notices-title = Notices
notices-nav = Notices
notices-unread = { $n ->
    [one] 1 notice not read
   *[other] { $n } notices not read
}
notices-unread-many = More than { $n } notices not read
notices-all-read = You have read all of them.
notices-read-all = Mark all as read
notices-mark = Mark as read
notices-mark-label = Mark as read: { $subject }
notices-new = New
notices-by = Act by
notices-there = ({ $there } for the authority)
notices-empty-title = Nothing yet
notices-empty-text = When something happens that concerns you, it stands here: a challenge that you follow is changed, an answer to a question, a seat on a panel. Follow a challenge to be told what happens to it.
notices-find = Find a challenge to follow
notices-choices-link = Choose what comes by mail
done-notices-read = All notices are marked as read.
done-notice-read = Marked as read.

choices-title = What you are told, and how
choices-text = Everything that concerns you stands in your notices. Choose here what also comes by mail, and when.
choices-summaries = Summaries come at 8:00 in your time zone, { $zone }: each day, or each Monday. There is none where nothing happened.
choices-at_once = At once
choices-daily = Once a day
choices-weekly = Once a week
choices-in_app = No mail
choices-save = Save my choices
choices-required = Those who have answered the challenge are always mailed: it changes what they answered.
choices-always-title = Always by mail
choices-always-text = Some mails cannot be switched off. The law asks that you get them, or you asked for them yourself: the receipt of a submission, the decision on your response, changes of a challenge that you have answered, links that you asked for.
choices-group-work = Writing and approving
choices-group-follow = Challenges that you follow or answer
choices-group-panel = Panels and decisions
choices-group-own = Your organisation
done-choices = Your choices are saved.

stop-title = Stop these mails?
stop-text-kind = You will get no more mails of this kind: { $name }. It still stands in your notices when you sign in.
stop-text-summary-daily = You will get no more daily summaries. Everything in them still stands in your notices when you sign in.
stop-text-summary-weekly = You will get no more weekly summaries. Everything in them still stands in your notices when you sign in.
stop-button = Stop them
stop-done-title = Stopped
stop-done-text = You will get no more of these mails.
stop-required = If you have answered a challenge, you are still told by mail when it is changed: the law asks for that.
stop-again = Send them again
stop-again-title = Mails are on again
stop-again-text = You will get these mails as before.
stop-choices = Choose what comes by mail
stop-bad-title = This link stops nothing
stop-bad-text = The link is incomplete or was not made by this service. Copy it whole from the mail, or sign in and choose what comes by mail.
notice-left-days = { $n } days
notice-left-hours = { $n } hours
notice-left-minutes = { $n ->
    [0] Less than a minute
    [1] 1 minute
   *[other] { $n } minutes
}
