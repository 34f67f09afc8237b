# Later rounds: the cut, the invitation, the round's page.
cut-title = Who goes on to round { $n }: { $kind }
cut-inside = These go on, the best first:
cut-none = Nobody goes on.
cut-all = Everybody who is ranked goes on.
cut-by-total = The total decides at the edge.
cut-by-criterion = Equal totals at the edge are decided by { $criterion }.
cut-by-price = Equal totals at the edge are decided by the lower price.
cut-by-lots = Lots decided at the edge.
cut-lots-needed =
    { $n ->
        [one] One place is left, and these are equal in everything published: { $names }. Lots decide, drawn before two people.
       *[other] { $n } places are left, and these are equal in everything published: { $names }. Lots decide, drawn before two people.
    }
outcome-invited = Goes on
error-cut-lots = Lots must be drawn first: places are left between responses that are equal in everything published
error-cut-nobody = Nobody goes on by the published rule: recommend that none is suitable
error-round-past = The answers of the next round must be due after now
error-round-early = The answers may not be due before the day that was published with the challenge
round-next = The next round
round-planned = Published with the challenge: answers are due
round-date = Answers are due on
round-date-hint = Not before the day that was published, where one was.
round-time = At
round-time-hint = In the zone of the challenge. If empty, 17:00.
round-invitation = What you say to those who go on (optional)
round-invitation-hint = Where and how the round takes place. What is asked and scored was published and is shown to them.
approve-cut-warning = Approving sends a letter to every supplier that answered, with its own scores and reasons, and opens the next round to those who go on. Nobody else is told who they are.
done-round-begun = The cut is approved, the letters are on their way, and the next round is open to those who go on.
letter-cut-invited = Your response goes on to the next round.
letter-cut-unsuccessful = Your response does not go on to the next round.
read-letter-before = Your letter on the round before, with your scores
invited-title = You are invited to round { $n } of { $of }: { $kind }
invited-asks = Answer what this round asks below, and submit it before the deadline. What you sent before stays as it was sent.
invited-confirm = Nothing more is asked in writing. Submit to say that you take part.
rounds-title = Rounds
rounds-text = Who goes on follows from the rule that was published, and from nothing else. Only your team and each supplier itself learn of it.
round-first = Round 1: the written answers
round-not-begun = Not begun.
round-invited = Invited, with what they answered before:
round-next-scheduled = The challenge is not published yet.
round-next-open = Those who may answer do so until the deadline. Meanwhile appoint the panel of this round: its members declare and score anew.
round-next-closed = One officer asks for the opening, another confirms it.
round-next-checking = Check each response against the requirements.
round-next-scoring = The panel declares, scores and locks.
round-next-moderation = The panel discusses and approves its record.
round-next-pricing = The prices wait to be opened.
round-next-result = The result stands. Recommend who goes on, or the award in the last round.
round-next-recommended = A decision waits for its approver.
round-next-decided = It is decided.
round-next-cancelled = The challenge was cancelled.
