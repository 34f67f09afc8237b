# The form of a round: questions and their answers, criteria with sub-criteria, price, panel, later rounds, estimates.

# Cards
card-up = Move up
card-down = Move down
card-remove = Remove
card-kind = Kind
card-question = Question { $n }
card-promise = Outcome promise: { $outcome }
card-promise-hint = Suppliers promise a value for this outcome, by when, and say what makes it believable. Every outcome is asked; here you choose where it stands in the form.
card-round = Round { $n }
row-part = Sub-criterion { $n }

# Kinds of questions
question-add = Add a question
question-kind-long_text = Long text
question-kind-short_text = Short text
question-kind-number = Number with a unit
question-kind-money = Amount of money
question-kind-date = Date
question-kind-yes_no = Yes or no
question-kind-choice = Choice: one of several
question-kind-choices = Choice: any of several
question-kind-files = Files
question-kind-promise = Outcome promise
field-question-kind = Kind of answer
field-question-kind-hint = Save after you change it, to see what this kind needs.
field-question-confidential = A supplier may claim that parts of this answer are confidential
field-question-unit = Unit
field-question-unit-hint = Such as km, hours a week or per cent.
field-question-min = Least (optional)
field-question-max = Most (optional)
field-question-options = Options
field-question-options-hint = One a line, at least two.
field-question-files = Kinds of files
field-question-files-hint = Suppliers hand in files of the kinds that you choose. Do not ask for what can be written in words.
field-question-most = Most files
field-question-most-hint = Between 1 and 20; 1 if empty.
field-promise-label = Words of your own (optional)
field-promise-label-hint = If empty, it is called as the outcome is.
file-kind-document = text document
file-kind-spreadsheet = spreadsheet
file-kind-slides = slides
file-kind-image = picture

# What a question asks, on the notice
asked-how = ({ $how })
asked-words = up to { $max } words
asked-number = a number
asked-number-in = a number, in { $unit }
asked-money = an amount in { $currency }
asked-date = a date
asked-yes-no = yes or no
asked-choice = one of: { $options }
asked-choices = any of: { $options }
asked-promise = a value, by when, and evidence in up to { $max } words
asked-optional = may be left empty
asked-confidential = confidentiality may be claimed
promise-of = Your promise: { $outcome }
files-wanted =
    { $n ->
        [one] one file ({ $kinds })
       *[other] up to { $n } files ({ $kinds })
    }

# Answering
number-between = Between { $min } and { $max } { $unit }.
number-from = At least { $min } { $unit }.
number-to = At most { $max } { $unit }.
money-in = In { $currency }.
choose-one = Choose one.
choose-several = Choose all that apply.
confidential-allowed = You may claim confidentiality: name the words, why and until when, in the fields below the answer.
word-over = { $n } words of { $max }: { $over ->
        [one] one word too many
       *[other] { $over } words too many
    }. Nothing is cut; shorten it before you submit.
answer-yes = Yes
answer-no = No
answer-none = No answer
answers-others =
    { $n ->
        [one] One more answer that this criterion does not read
       *[other] { $n } more answers that this criterion does not read
    }
promise-outcome = Now { $now }, wanted { $wanted } { $unit }, by { $by }.
# Where nothing is counted in anything.
promise-outcome-bare = Now { $now }, wanted { $wanted }, by { $by }.
promise-by = By when: { $outcome }
promise-by-hint = Wanted by { $by }.
promise-by-shown = By { $by }

# Criteria
criterion-add = Add a criterion
field-criterion-max = Scale
field-criterion-max-hint = Sub-criteria are scored on the same scale. Save after you change it, to describe each point.
scale-to = 0 to { $max }
field-criterion-reads = Answers that this criterion reads
field-criterion-reads-hint = Evaluators see these beside the criterion. If you choose none, they see all.
field-part-name = Name of the sub-criterion
field-part-weight = Weight within the criterion
field-part-weight-hint = Out of 100 of this criterion.
parts-hint = Sub-criteria are optional. Where there are some, each is scored by itself, and their weights together make 100 of the criterion.
part-add = Add a sub-criterion
part-weight = ({ $weight }% of the criterion)
parts-text = Scored in parts; the points of the criterion are its weight times the weighted shares of its parts.
criterion-reads-text = Reads: { $questions }

# Price
price-basis = What the price covers
price-basis-hint = Prices can only be compared if all are for the same thing.
field-price-tax = Tax
field-price-covers = Quantities and services
field-price-covers-hint = What must be in the price, with quantities.
field-price-separate = The price is sealed in an envelope of its own
field-price-separate-hint = Nobody sees a price before the scores are final. The two who open the responses then open the prices. It cannot be changed after publication.
price-separate-said = The price is sealed apart and opened when the scores are final.
field-price-period = Period
field-price-period-hint = Such as: pilot of six months and two years of use.
price-tax-excluded = Without tax.
price-tax-included = With tax.
price-period-said = For: { $period }.
price-covers-said = It covers: { $covers }
price-example = How a price becomes points: an example
price-example-text = Three invented prices, computed by the same function that will compute the result.
column-working = Computed as

# Panel
field-reasons = Reasons
field-reasons-hint = What evaluators must write. A sift is quicker, and says less in letters.
reasons-each_score = A reason for each score
reasons-sift = A sift: a reason for each response, and for each score under its threshold
reasons-each_score-text = Every score has a written reason.
reasons-sift-text = This is a sift: every response has a written reason, and so has every score under its threshold.
field-evaluators = Evaluators you reckon with
field-evaluators-hint = For the estimate of hours. You appoint them after publication.
field-quorum = Quorum
field-quorum-hint = Fewest evaluators who score each response; 1 if empty. Published, and checked before the record is approved.
field-expected-responses = Responses you expect
field-expected-responses-hint = For the estimate of hours.
quorum-text = Each response is scored by at least { $n } evaluators.

# Later rounds
section-rounds = Later rounds
section-rounds-hint = Interview, paid exploration, final offer: only if there are some
section-rounds-good = Most challenges need one round. If there are more, suppliers must know before they answer the first: who goes on, what is asked, what is scored.
section-rounds-example = Interview with the best four: “What went wrong in your last pilot?” Criteria: effect in use 60, people 40.
rounds-none = No later round is planned: the first one decides.
round-add = Add a round
round-kind-sift = Sift
round-kind-interview = Interview
round-kind-paid_exploration = Paid exploration
round-kind-final_offer = Best and final offer
field-round-kind = Kind of round
field-round-places = How many go on to it (optional)
field-round-least = Fewest points to go on (optional)
field-round-least-hint = Of the total of the round before, out of 100. Whoever has exactly so many goes on.
field-round-carried = Points carried from the round before (optional)
field-round-carried-hint = A name and a weight: “Written answers 30”. With the criteria above the weights add up to 100. If empty, the round is scored afresh.
field-round-places-hint = The best so many of those who pass the thresholds. If empty, all who pass them.
field-round-date = When its answers are due (optional)
field-round-date-hint = As you plan it today, at 17:00.
field-round-questions = What is asked
field-round-questions-hint = One question a line. A number behind it is its word limit.
field-round-criteria = What is scored
field-round-criteria-hint = One criterion a line, with its weight behind it. All weights together make 100.
later-rounds = Later rounds
later-rounds-text = Planned with this challenge and published with it.
round-title = Round { $n }: { $kind }
round-due = Answers are due
round-asks = It asks:
round-criteria-text = Scored by: { $criteria }
shortlist-all = All who pass the thresholds of the round before go on.
shortlist-least = Fewest points to go on: { $least } of 100.
round-carried-text = { $name }: the total of the round before counts for { $weight }% of this one.
shortlist-best =
    { $n ->
        [one] The best of those who pass the thresholds of the round before goes on.
       *[other] The best { $n } of those who pass the thresholds of the round before go on.
    }

# Estimates
effort-supplier = What answering takes
effort-supplier-text =
    { $hours ->
        [one] About one hour for one supplier, for up to { $words } words.
       *[other] About { $hours } hours for one supplier, for up to { $words } words.
    }
effort-reading = Reading the notice
effort-writing = Writing { $words } words
effort-fields = Numbers, choices and promises
effort-files = Files
effort-price = Working out the price
minutes =
    { $n ->
        [one] one minute
       *[other] { $n } minutes
    }
effort-panel = What scoring takes
effort-panel-text = About { $hours } hours for each evaluator, { $all } for all { $evaluators }: { $responses } responses, { $words } words read and { $scores } scores with reasons for each.
effort-panel-unknown = Say under “Panel” how many responses you expect and how many evaluators you reckon with.
effort-panel-much = This is more than { $most } hours for one evaluator. Ask for fewer words, let each criterion read fewer answers, or plan a sift first.
effort-sources = Reckoned with 238 words read a minute (Brysbaert 2019) and 19 composed (Karat and others 1999), three times as long to prepare and revise, and some minutes for each field and score, which are our assumptions.
form-preview = The form as suppliers will see it
form-preview-hint = As last saved. Nothing can be filled in here.

# How sub-criteria are computed.
working-part = { $weight }% × { $sum } ÷ { $count }
working-parts = { $weight } × ({ $parts }) ÷ { $max }

# What to mend
error-number-not-a-number = Write a number in digits, such as 1200 or 12.5
error-number-ambiguous = Write this number without the point, or with another zero behind it: it can be read in two ways
error-number-too-long = Write a number of at most 18 digits
error-number-under = Write a number that is at least { $min }
error-number-over = Write a number that is at most { $max }
error-number-ends = Most must not be less than least
error-yes-or-no = Choose yes or no
error-choice-unknown = Choose only from the options
error-choice-one = Choose one option
error-by-missing = Say by when you promise it
error-by-past = This day is over before responses are due: promise { $first } or later
error-promise-number = Promise a value with a number: the outcome is measured in numbers
error-options-two = Write at least two options, one a line
error-options-many = Write at most { $max } options
error-option-twice = “{ $option }” stands twice
error-files-kinds = Choose at least one kind of file
error-files-most = Write a whole number between 1 and { $max }
error-part-weights-sum = The weights of the sub-criteria make { $sum }, not 100
error-quorum-over-panel = The quorum is larger than the number of evaluators you reckon with
error-whole-number = Write a whole number between 1 and { $max }
error-round-criterion = Write a weight behind this criterion: “{ $line }”
error-round-criteria-none = Say what is scored in this round
error-round-order = This round must come after the one before it
error-sift-reasons = { $missing ->
        [one] One response has no reason yet
       *[other] { $missing } responses have no reason yet
    }

# Differences between versions
term-questions-confidential = Confidentiality may be claimed
term-criteria-parts = Sub-criteria
term-criteria-parts-name = Sub-criterion
term-criteria-parts-weight = Weight within the criterion
term-criteria-parts-guidance = Guidance
term-criteria-parts-order = Order of the sub-criteria
term-criteria-reads = Answers that it reads
term-price = What the price covers
term-price-tax = Tax of the price
term-price-separate = Price sealed apart
term-price-covers = Quantities and services in the price
term-price-period = Period of the price
term-panel = The panel
term-panel-quorum = Quorum
term-panel-reasons = Reasons of scores
term-panel-expected = Responses and evaluators reckoned with
term-later = Later rounds
term-later-kind = Kind of round
term-later-shortlist = Who goes on
term-later-questions = Questions of the round
term-later-criteria = Criteria of the round
term-later-deadline = When answers to the round are due
value-price-tax-excluded = Without tax
value-price-tax-included = With tax
value-panel-reasons-each-score = A reason for each score
value-panel-reasons-sift = A sift
value-later-kind-sift = Sift
value-later-kind-interview = Interview
value-later-kind-paid-exploration = Paid exploration
value-later-kind-final-offer = Best and final offer
value-later-shortlist-all-above-thresholds = All who pass the thresholds
score-reason-hint-sift = In a sift each response needs one reason, and each score under its threshold.
value-questions-kind-money = An amount of money
value-questions-kind-date = A date
value-questions-kind-yes-no = Yes or no
