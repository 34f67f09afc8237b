# The check between opening and scoring, clarifications, the opening of prices.
room-check = Check
todo-check = Check the responses: { $title }
todo-open-prices = Open the prices: { $title }
todo-clarify = Clarify your response: { $title }

checks-title = Check of the responses
checks-text = Each response meets each requirement, is asked to clarify, or is excluded. Nobody is excluded without having been asked. The panel scores when everything is settled.
checks-open =
    { $n ->
        [0] Everything is settled.
        [one] One thing is to be settled.
       *[other] { $n } things are to be settled.
    }
checks-again = The panel scores already. What you ask or exclude now stops it until it is settled.
checks-none = This challenge has no requirements
checks-none-text = There is nothing to check, so the panel could begin with the opening.
checks-requirements = Requirements
checks-table = Responses and requirements
checks-column = Requirement { $n }
checks-price = Price
checks-of = { $name }: { $what }

cell-waits = To check
cell-not-asked = Not asked about
cell-passed = Passed
cell-asked = Asked
cell-answered = Answered
cell-unanswered = No answer in time
cell-excluded = Excluded
response-excluded = Excluded

checks-next = Next to settle
checks-this = Check this
checks-all = Pass all that wait
checks-all-title = Pass every requirement that waits
checks-all-text = What was asked and is not settled passes too.
checks-settled = Every requirement of this response is settled.
checks-evidence = Evidence asked for: { $evidence }
checks-history = What was recorded
checks-by = { $name },
check-kind = What do you record?
check-kind-passed = It passes
check-kind-clarify = The supplier has to clarify
check-kind-excluded = It excludes the response
check-price-passed = The price is accepted
check-price-clarify = The price looks too low: the supplier has to explain it
check-price-excluded = The price is rejected, which excludes the response
check-kind-clarify-hint = Say what is missing, what it may touch, and by when. What was submitted stays as it is.
check-kind-excluded-hint = Only after the supplier was asked and answered, or let the time pass.
check-reason = Reason, or what you ask
check-reason-hint = The supplier reads your question at once, and the reason of an exclusion in its letter.
check-touch = What the answer may touch
check-touch-hint = Only if the supplier has to clarify.
clarify-field-requirement = The requirement itself
clarify-field-price = The explanation of the price
clarify-field-files = Files that show it
check-deadline-date = Answer by, date
check-deadline-time = Answer by, time
check-deadline-hint = Only if the supplier has to clarify. It has at least { $days } whole working days: asked today, until { $date }, { $time } or later. Times are in { $zone }.
check-button = Record
check-all-button = Pass all
checks-back = All responses
done-checked = Recorded.
checks-answers = What was submitted
error-stale-check = A colleague recorded something here, or the supplier answered, since you opened this page, and nothing was recorded now. Read what stands here, then decide
error-clarify-fields = Choose what the answer may touch
error-clarify-deadline = The supplier has at least { $days } whole working days to answer: until { $date }, { $time } or later

clarify-link =
    { $n ->
        [one] Clarification
       *[other] Clarifications ({ $n })
    }
clarify-title = Clarifications
clarify-text = What you submitted stays as it is. Your answer stands beside it, for the authority and for the panel members who read your response.
clarify-none = You were asked nothing
clarify-none-text = When the authority has a question about your response, it stands here.
clarify-about = About: { $what }
clarify-by = Answer by
clarify-over = The authority has settled this. There is nothing to answer any more.
clarify-late = The time to answer is over.
clarify-answered = Your answer of
clarify-again = You can change your answer until the time is over. The last one counts.
clarify-answer = Your answer: { $what }
clarify-file-hint = In words, with files, or both. The files that you sent before stay as they were received; those of your answer stand beside them.
clarify-sent = What you submitted
clarify-files-text = A file is sealed while it comes in, its name too. Nobody but your team can read it until you send your answer: go back to it when all files are here.
clarify-files-any = Up to { $n } files of any kind that is taken here.
clarify-files-back = Back to your answer
clarify-files-unsent = Not sent yet
clarify-files-send = What stands here goes with your answer when you send it.
clarified-files = Files: { $what }
error-clarify-held = The files of your answer changed since this page was shown: look at them, and send it again
error-clarify-files-late = The time to answer is over: no file is added or removed any more
error-clarify-files-over = The authority settled this meanwhile: no file is added or removed any more
clarify-this = Answer this
clarify-unsent = Saved { $time }, not sent yet.
clarify-save = Save without sending
clarify-save-text = Your colleagues see what is saved. The authority sees nothing before you send it.
clarify-failed = Not saved. What you typed is kept in this browser: reload the page to see whether there is still time to answer.
clarify-kept = Your answer was saved again after you wrote what was kept in this browser. Your text is in the form; choose which one stays.
done-clarification-saved = Saved. It is not sent yet.
clarify-button = Send the answer
clarified-title = Clarified after the opening
clarified-asked = Asked
clarified-answered = Answered
clarified-unanswered = Not answered
done-clarified = Your answer was sent.
excluded-because = { $name }: { $subject } { $reason }
excluded-price = The price was not accepted.
letter-excluded = Your response was excluded before scoring. The requirement that it did not meet, and why:
letter-excluded-price = Your response was excluded because its price was not accepted. The reason:

error-not-asked-first = Nobody is excluded without having been asked. Ask the supplier to clarify first, with a time to answer
error-clarification-open = The supplier was asked, and its time to answer still runs. Wait for its answer, or until the time is over
error-clarify-late = The time to answer is over, so your answer was not sent. What you typed stands below
error-clarify-over = The authority settled this meanwhile, so your answer was not sent. What you typed stands below
clarify-not-sent = Not sent

refusal-not-asked-first = Nobody is excluded without having been asked. Ask the supplier to clarify first, with a time to answer.
refusal-clarification-open = The supplier was asked, and its time to answer still runs. Wait for its answer, or until the time is over.
refusal-clarification-over = The authority has settled what it asked. There is nothing to answer any more.
refusal-checking = Scoring rests while the authority checks the responses, or waits for what it asked a supplier. It goes on when that is settled; what you saved is kept.
room-rests = Scoring rests: { $name } has asked a supplier to clarify something. It may answer until { $until }; scoring goes on when { $name } or a colleague has settled it. Your scores are kept, and you can read them here.
room-rests-over = Scoring rests: { $name } has asked a supplier to clarify something, and its time to answer ended at { $until }. Scoring goes on when that is settled. Your scores are kept, and you can read them here.
room-rests-plain = Scoring rests while the authority checks the responses again. It goes on when that is settled. Your scores are kept, and you can read them here.
error-scoring-rests = Nothing was saved, because scoring rests: { $name } has asked a supplier, which may answer until { $until }. What you typed is kept here: save it when scoring goes on
error-scoring-rests-over = Nothing was saved, because scoring rests: { $name } has asked a supplier, whose time to answer ended at { $until }, and that is not settled. What you typed is kept here: save it when scoring goes on
error-scoring-rests-plain = Nothing was saved, because scoring rests while the authority checks the responses again. What you typed is kept here: save it when scoring goes on
refusal-check-open = Something that a supplier was asked is not settled. Settle it on the page of the check first.
refusal-scores-not-final = Prices stay sealed until the scores are final. The panel's record has to be approved first.

opening-prices = Opening of the prices
opening-prices-text = The prices are sealed apart from the answers. The scores are final before anybody opens them, all at once.
done-prices-opened = The prices are opened.
