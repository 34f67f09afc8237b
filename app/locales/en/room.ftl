# The scoring room.
progress-need = { $n ->
    [one] , 1 needs a reason
   *[other] , { $n } need a reason
}
room-go-on = Go on where you were
room-begin = Begin to score
room-order = The responses stand in an order of your own, drawn at random: nobody else has the same.
room-locked = Your scores are locked. You can read them here until the panel discusses; before that, only the chair can unlock them.
room-unlocked = { $name } unlocked your scores, so that you can change them and lock them again.
cell-open = not scored
cell-needs-reason = needs a reason
score-across = This criterion in all responses
score-next-open = Next one that is not done
score-place = { $n } of { $all } in your order
score-next-point = Why not one point more? (optional)
score-next-point-hint = What is missing for the next point? The supplier reads it beside your reason.
score-quote = Quote the selected words
score-quote-hint = Select words in the answer, then press the button: they are put into your reason as a quotation. To select with the keyboard, switch on caret browsing (F7 in most browsers).
score-undo = Undo
score-undone = Undone, and saved.
score-clear = Take this score back
score-keys-on = Use these keys
score-saved-need = A reason is still needed.
score-conflict = This score was saved elsewhere meanwhile.
score-conflict-choose = Nothing more is saved until you choose.
score-conflict-again = What you sent stands in the form below and is not saved. To replace what is saved, send the form again.
score-conflict-saved = Saved
score-conflict-mine = Keep what I have here
score-conflict-theirs = Take what is saved
done-score-cleared = The score is taken back: nothing is scored here.
across-title = { $criterion }: all responses
across-text = Score each response against the descriptors, not against its neighbours here: notes that compare responses with each other have lost cases in court.
across-questions = Questions
across-all = All that this criterion reads
unlock-title = Unlock the scores
unlock-reason = Why are they unlocked?
unlock-hint = The scorer is told and reads your reason; it is kept in the file. At least 10 letters.
unlock-button = Unlock
done-unlocked = Unlocked, and the scorer is told.
error-reasons-missing = { $missing ->
    [one] 1 score needs a reason
   *[other] { $missing } scores need a reason
} before you can lock
letter-next-point = Why not the next point:
file-read-here = Read it here
redaction-title = Words that the panel does not read
redaction-text = This panel reads without names. Words by which its supplier can be recognised are left out for the panel, wherever they stand in this response. What was handed in stays as it is, and you go on reading all of it.
redaction-words = Words to leave out
redaction-words-hint = As they stand in the response: a name, an address, a product. At least three letters.
redaction-button = Leave them out
redaction-end = Let the panel read them again
redacted-reader = Where you read { $mark }, an officer left words out that would name the supplier.
done-redacted = The panel no longer reads these words.
done-redaction-ended = The panel reads these words again.
error-redact-short = Give at least three letters, or a number of six digits: shorter words stand all over a text
error-redact-not-found = These words do not stand in the response as whole words
error-redact-twice = These words are left out already
