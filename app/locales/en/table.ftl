# The panel's table: method, moderation by item, the record, deputies and replacements.
method-mean_after_discussion = Mean: each may revise the own score after the discussion, and the mean counts
method-consensus = Consensus: the panel agrees on one score with its own reason
method-consensus-text = Each member of the panel scores alone. Then all scores are shown to the panel together and discussed; the panel agrees on one score with its own reason for every response and criterion, also where all gave the same. The agreed scores count.
field-method = How own scores become final scores
field-method-hint = It is published and frozen with the challenge. The two are never mixed.

moderation-mean = All scores and reasons together, widest disagreement first. Discuss; then each may revise the own score with a reason. The old value is kept.
moderation-consensus = All scores and reasons together, widest disagreement first. Discuss, and agree on one score with its own reason for each item.
agenda-title = Agenda
column-item = Item
column-spread = Spread
agreed-score = Agreed score
agreed-label = Agreed
agreed-progress = { $done } of { $all } agreed
agreed-on = Agreed: { $points }
agreed-equal = All gave the same
agreed-open = Not agreed
agreed-anew = To agree anew
anew-title =
    { $n ->
        [one] One item to agree anew
       *[other] { $n } items to agree anew
    }
anew-because =
    { $count ->
        [one] { $names } took part when the panel agreed, and declared a conflict of interest since. What was agreed before stays in the file and counts no more: agree on it without { $names }, then the record can be closed.
       *[other] { $names } took part when the panel agreed, and declared conflicts of interest since. What was agreed before stays in the file and counts no more: agree on it without them, then the record can be closed.
    }
anew-panel = A member who took part when the panel agreed declared a conflict of interest since. What was agreed before stays in the file and counts no more: the panel agrees on it anew, then the record can be closed.
anew-here = A member who took part in this agreement declared a conflict of interest since: agree on it anew.
error-agreed-anew =
    { $n ->
        [one] One score was agreed with a member who declared a conflict since: agree on it anew
       *[other] { $n } scores were agreed with a member who declared a conflict since: agree on them anew
    }
agreed-is = Agreed: { $points } of { $max }
agreed-all = All gave { $points }.
written-by = Written by { $name },
live-changed = The page shows what others just wrote.
live-waits = Others changed this page. What you are writing has stayed as it is; reload when you have saved.

item-nav = Other items
item-previous = Previous item
item-next = Next item
item-response = Read the response
item-descriptors = What the points mean
item-scores = Scores and reasons
agree-title = Agree on a score
agree-again = Agree on another score
agree-points = Agreed points
agree-reason = The panel’s reason
agree-reason-hint = What in the answer gives it this score, and why not one higher? Compare with the descriptors, not with other responses.
agree-button = Save
agree-next = Save and go to the next
agree-equal-title = Where all gave the same
agree-equal-text = The score is clear. The panel’s reason is still its own: write what all saw.
agree-equal-reason = The panel’s reason for { $points }, { $name }
agree-equal-button = Agree on { $points }
agree-equal-more = { $n ->
    [one] One more comes up when these are done.
   *[other] { $n } more come up as these are done.
}
done-agreed = The agreed score is saved.
notes-title = Minutes and dissent
minutes-kind = Minutes:
minutes-label = Add to the minutes of this item
minutes-hint = What was said that mattered, and what changed because of it.
minutes-button = Add
done-minutes = It is in the minutes.
dissent = Dissent
dissent-title = I see it otherwise
dissent-label = Your dissent
dissent-hint = It stands in the record under your name. Saved empty, it is taken back.
dissent-button = Save my dissent
done-dissent = Your dissent is saved.

faults-title = Reasons to look at
faults-text = Courts have set aside awards for reasons like these. Mend what you can; only a missing reason keeps the record from being approved.
faults-own = Courts have set aside awards for reasons like these. You can mend them until you lock; only a missing reason keeps you from locking.
faults-here = Look at the reasons again
fault-empty = has no reason.
fault-copied = stands beside another response too: “{ $words }”
fault-names = names another response: “{ $words }”
fault-compares = compares with other responses instead of the descriptors: “{ $words }”

record-text = What the panel agreed on, item by item, with minutes and dissent. Every member approves it; then whoever chairs closes it, and the scores are final.
record-items = The record, item by item
record-discussion-hint = The main points and what changed because of them. Every member reads it: leave what concerns a response that somebody is recused from to the minutes of its item.
propose-button = Put it before the members
propose-again = Put it before the members again
done-proposed = The record is before the members, and they were told.
members-title = Approved by the members
member-signed = Approved
member-waits = Not approved yet
member-closes = You approve it by closing it
record-sign-text = Your approval holds for the record as you see it here. If anything in it changes, you are asked again.
record-sign-button = I approve the record
done-signed = You have approved the record.
without-text = { $n ->
    [one] One member has not approved it as it stands. You can wait, or go on without, with a reason that stands in the record.
   *[other] { $n } members have not approved it as it stands. You can wait, or go on without them, each with a reason that stands in the record.
}
without-label = Why you go on without { $name }
without-hint = For example an illness, with what was tried to reach them.
record-without = Closed without { $name }:
record-warning = Closing the record makes all scores final and shows the totals to the panel and the team.
record-button = Close the record
record-waits = The chair puts the record before you when the discussion is done.

seat-moderator = Chair (moderates, does not score)
seat-deputy = Deputy
seat-replaces = in place of { $name }
deputy-title = Name a deputy
deputy-text = The deputy may do what the chair does: where the chair is missing, or recused from a response. Whoever was named before is deputy no more.
deputy-who = Evaluator
deputy-reason = Why
deputy-button = Name the deputy
done-deputy = The deputy is named, and told.
field-assignment = Who scores what
field-assignment-hint = Published. With many responses, each can be scored by as many as the quorum says, drawn evenly.
assignment-all = Everybody scores every response
assignment-balanced = Each response is scored by as many as the quorum says
assignment-balanced-text = Each response is scored by as many members of the panel as the quorum says; the responses are drawn evenly. So not every response is scored by the same people.
term-panel-assignment = Who scores what
value-panel-assignment-all = Everybody scores every response
value-panel-assignment-balanced = As many as the quorum says score each
assign-title = Who scores what
assign-text = The challenge was published with an even assignment. Assign the responses when everybody has declared; again where a seat has ended, and what it had goes to the others.
assign-button = Assign the responses
assigned-n = { $n ->
    [one] 1 response
   *[other] { $n } responses
}
done-assigned = The responses are assigned.
error-assignment-all = Everybody scores every response here, as published
error-assignment-undeclared = { $waiting ->
    [one] One member has not declared yet, or has a conflict that is not settled
   *[other] { $waiting } members have not declared yet, or have a conflict that is not settled
}
error-assignment-quorum = A response has only { $possible } members who could score it, and { $quorum } are needed: appoint somebody
error-assignment-nothing = Every response has its evaluators already
error-not-assigned = No responses are assigned to you yet
expert-invite-title = Invite an expert by mail
expert-invite-text = For somebody without an account too. They take the seat with an undertaking to keep what they read to themselves; what they may see ends with the round. The invitation holds for two weeks.
expert-email = The expert’s e-mail address
expert-role = What they are to do
expert-invite-button = Send the invitation by mail
expert-withdraw = Withdraw
done-expert-withdrawn = The invitation is withdrawn: its link opens nothing any more.
done-expert-invited = The invitation to the panel is on its way.
expert-title = You are invited to a panel
expert-text = { $title }: you are asked to be { $role }.
expert-until = Can be taken up until
expert-undertaking-text = After you have taken the seat you declare your interests; then you can read the responses. What you may see here ends when the round is decided.
expert-undertaking = I keep what I read here to myself, use it for nothing else, and keep no copy after the round
expert-button = Take the seat
done-seat-accepted = The seat is yours. Declare your interests once the responses are open.
refusal-round-over = The round is decided, and with it your seat has ended. Thank you for your work.
mail-seat-subject = { $organisation } invites you to a panel
mail-seat-text =
    Hello,

    { $organisation } asks you to take a seat on the panel that scores the responses to one of its challenges. Sign in with this address, or register it first. The invitation holds until { $until }.
mail-seat-action = Read the invitation
mail-seat-why = You get this mail because { $organisation } invited this address to a panel. If you do nothing, the invitation lapses and no other mail comes of it.
remind-title = Remind those who are late
remind-text = Everybody who scores and has not declared or not finished gets a message, at most one a day. Besides, the service reminds them before the day on which you mean to decide.
remind-button = Remind them
done-reminded = Those who are late are reminded.
end-title = End a seat
end-text = What they scored stays in the file and out of the result.
end-who = Whose seat
end-reason = Why it ends
end-button = End the seat
ended-title = Seats that ended
appoint-replaces = In place of
appoint-replaces-none = Nobody

refusal-method = The challenge was published with the other method: agreed scores and revised own scores are never mixed.
error-stale-item = Somebody else wrote here meanwhile: read what stands there now, then save again
error-stale-record = The record has changed since you read it: read it again before you approve it
error-stale-closing = The record has changed since you read it, so it was not closed: read what stands here now, then close it
error-stale-proposal = Another text was put before the members meanwhile: it stands above the list of members, and yours stands below, not yet saved. Compare both, then put yours before them
error-expert-invited = This address has an invitation that can still be taken up: it stands above. Withdraw it first if you want to send another
error-record-missing = Put the record before the members first
error-record-unsigned = { $name } has not approved the record as it stands: wait, or say why you go on without
error-agreed-missing = { $missing ->
    [one] One item has no agreed score yet
   *[other] { $missing } items have no agreed score yet
}
error-record-reasons-missing = { $missing ->
    [one] One score has no reason yet
   *[other] { $missing } scores have no reason yet
}
error-deputy-evaluator = Choose an evaluator of this panel
error-end-quorum = The published quorum is { $quorum }: appoint somebody in place of this seat instead, in one act
appoint-end-reason = Why, if that seat still stands (optional)
appoint-end-reason-hint = The seat ends with the appointment. What it scored stays in the file and out of the result.
appoint-replaces-seat = { $name }, whose seat ends with it

# A panel below its quorum, and a record that few approve.
short-title = Too few scores for the published quorum
short-text = Each response is judged by at least { $quorum } members of the panel, as published. Here some are missing, because a conflict of interest keeps members from a response, or a seat ended. Until they are there the record cannot be closed.
short-response = { $name }: { $have } of { $quorum }
short-officer = Appoint somebody to the panel
short-chair = Ask an officer of the challenge’s team to appoint one more evaluator. The new member scores without having seen any score; the moderation rests until then, and goes on with what stands in it.
short-panel = { $n ->
    [one] One response has, or can get, scores of only { $have } members; { $quorum } were published.
   *[other] { $n } responses have, or can get, scores of too few members, one of them only { $have }; { $quorum } were published.
}
short-panel-scoring = Appoint one more evaluator who has no conflict with them, while the panel scores.
short-panel-seen = Appoint one more evaluator, or invite an expert, and say why. They score every response that they may see, without having seen a score of others. Until they have locked, the moderation rests; what the others locked stays as it is, and what was agreed and written down stays too. The result says that the responses were scored by different people.
short-nobody = If nobody without a conflict can be found, no decision can rest on these scores: what was published does not change. The challenge can then only be cancelled, with that reason, and begun again with another panel.
seat-filled = Joined after the scores had been seen:
filled-reason = Why the panel is filled up now
filled-reason-hint = For example whose recusal left too few. It stands in the file.
appoint-replaces-removed = { $name }, who was removed
error-replaces-seen = All scores have been seen: nobody is taken off the panel any more. Appoint somebody beside, in place of nobody
error-filled-scores = Choose a role that scores: scores are what is missing
error-quorum-missing = { $responses ->
    [one] One response has scores of only { $have } members, and the published quorum is { $quorum }: an officer appoints one more evaluator on the page of the panel
   *[other] { $responses } responses have too few scores, one of them of only { $have } members, and the published quorum is { $quorum }: an officer appoints one more evaluator on the page of the panel
}
refusal-panel-filled = The panel had seen all scores and is being filled up, because a response had too few. The moderation goes on when whoever joined has locked; what was locked before stays.
record-thin-text = Too few have approved the record to close it on your word: it takes at least one member besides you, and as many as the published quorum ({ $quorum }). Wait for them, or ask an officer who is not on the panel to confirm on this page that it is closed without the others.
error-record-thin = { $approved ->
    [one] Only one of { $members } members stands behind the record (quorum { $quorum }): wait for others, or ask an officer who is not on the panel to confirm it on this page
   *[other] Only { $approved } of { $members } members stand behind the record (quorum { $quorum }): wait for others, or ask an officer who is not on the panel to confirm it on this page
}
record-confirm-title = If members cannot approve it
record-confirm-text = A record that nobody besides the chair approves, or fewer members than the published quorum ({ $quorum }), is closed only with a second person’s confirmation. Read it, and say why it may be closed without the others. If anything in it changes, your confirmation lapses.
record-confirm-reason = Why it may be closed without them
record-confirm-hint = What was tried to reach them, and what you have seen of the panel’s work. It stands in the record and beside the result.
record-confirm-button = Confirm the record
record-confirmed = Confirmed by { $name }, who is not on the panel:
done-record-confirmed = You have confirmed the record as it stands.
error-stale-result = The result has changed since you read it: a price was checked, or lots were drawn. It stands above as it is now; what you wrote is kept. Read it, then recommend again
error-stale-decision = The recommendation that you read was sent back or replaced meanwhile: read the one that stands here now
unassigned-waits = Nothing is given to you yet
unassigned-waits-text = The responses are assigned when everybody who scores has declared. Then yours stand here.
unassigned-spare = You have nothing to score
unassigned-spare-text = Every response was given to as many other members as published. Lock your scores all the same: the panel goes on when everybody has. You discuss and approve the record like the others.
assigned-none = (nothing to score; locks all the same, and the panel waits for that)
different-evaluators-agreed = Not every response was discussed and scored by the same people: where a conflict of interest kept a member from one, the others agreed on its scores.
letter-agreed = Each score below is the one on which the panel agreed, with its reason.
letter-mean = Each line below is the score of one member of the panel, with its reason; their mean counts.
short-unled-title = Nobody may close the panel’s record
short-unled = Everybody who chairs, or could be named deputy, is recused from some response, and who is recused does not close the record. Appoint one more evaluator without a conflict, and name them deputy.
error-result-check-open = A supplier was asked about its price meanwhile: settle that on the page of the check first. What you wrote is kept here
declare-first = The panel discusses, and only members who have declared their interests read its scores and take part. Declare first; then the discussion is open to you.
declare-late = Your scores are locked. Declare here only a conflict that came to light since: an officer settles it, and until then the panel’s record is not closed. What you scored of the responses concerned stays in the file and out of the result.
error-record-unsettled = { $name } has declared a conflict that is not settled: an officer settles it on the page of the panel first
working-score = { $weight } × { $points } ÷ { $max }
