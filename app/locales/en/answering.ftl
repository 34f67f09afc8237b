# The draft of a response, its files, its partners, and what a supplier says of itself.
draft-one-a-page = One question a page
draft-all-on-one = All questions on one page
draft-part-n = Question { $n } of { $of }
draft-part-open = not finished
draft-part-whole = finished
draft-next = Save and go on
draft-before = Save and go back
draft-unsaved = Not everything that stands below is saved.
draft-saved-at = Saved { $time }.
draft-whole = Nothing is missing.
draft-kept = The draft was saved again after you wrote what was kept in this browser. Your text is in the form; choose for each answer which one stays.
answer-yours-live = You saved another text of this answer yourself at { $time }, in another tab or on another device. Both are kept: choose, or put them together, and go on.
answer-yours = You saved this yourself at { $time }, in another tab or on another device. The text that you typed here is still in the field above; save again to replace the other with it, or copy what you want to keep.
answer-longer = You had written on in another tab, saved { $time }: that text holds all of this one, and stands here now.
answer-theirs-live = A colleague saved this answer while you were writing. Both texts are kept: choose, or put them together, and go on.
deadline-here = Where you are: { $at }
days-hours-left = { $days ->
    [one] 1 day
   *[other] { $days } days
} and { $hours ->
    [one] 1 hour
   *[other] { $hours } hours
} left
under-a-minute-left = less than a minute left
minutes-left = { $minutes ->
    [one] 1 minute left
   *[other] { $minutes } minutes left
}
answer-files-title = Files
answer-files-add = Add files
answer-files-change = Add or remove files
answer-files-none = No files yet.
answer-files-hint = Up to { $megabytes } MB a file. What it is is told from its content, not from its name.
answer-files-full = These are as many as are asked for. Remove one to add another.
answer-files-text = A file is sealed while it comes in, its name too: nobody but your team can read it before the opening. It is part of what you submit next; submitting itself sends no files.
error-files-none-sent = A file is missing
error-files-over = { $over } { $over ->
    [one] file
   *[other] files
} too many: at most { $max } are asked for
error-files-other = { $name } is not of a kind that is asked for
error-answer-files-many = At most { $max } { $max ->
    [one] file is
   *[other] files are
} asked for: remove one first
error-file-not-wanted = This is a file of the kind { $kind }, which is not asked for here
error-files-not-asked = No files are asked for here
price-valid = How long your offer stands (optional)
price-valid-hint = In days from the deadline, such as 120.
price-valid-shown = The offer stands for { $days } { $days ->
    [one] day
   *[other] days
} from the deadline.
price-covers = What the price covers, and what it does not (optional)
price-covers-hint = Such as licences, training, travel, support after the pilot.
error-price-valid = Write a whole number of days between 1 and { $max }, or nothing
secret-title = Parts of this answer are confidential
secret-words = The words that are confidential
secret-words-hint = Copy them from your answer as they stand there; several passages each on a line of its own. The authority reads them; who asks for the file later does not, where the law allows.
secret-why = Why they are
secret-why-none = Choose a reason
secret-why-price = They tell how the price is made
secret-why-know-how = They are know-how or a trade secret
secret-why-personal-data = They tell about a person
secret-why-security = Known to others they would make something unsafe
secret-why-other = Another reason, written below
secret-reason = Your own reason (optional)
secret-reason-hint = Only where none of the reasons above fits. At least 30 letters.
secret-until = Until when
secret-until-hint = A day after the deadline, at most 30 years after it: nothing stays confidential for ever.
secret-shown = Said to be confidential:
secret-shown-until = Until { $date }.
error-secret-words = Copy the words that are confidential
error-secret-why = Choose why these words are confidential
error-secret-reason = Say in at least { $min } letters why these words are confidential
error-secret-until = Say until when, as a date
error-secret-until-past = These words must stay confidential until a day after the deadline, which is on { $first }; leave them out if they need not
error-secret-until-far = Choose a day until { $last } at the latest: nothing stays confidential for ever
error-secret-not-there = These words do not stand in your answer: “{ $words }”. Copy them as they stand there
reuse-link = Use your profile or an earlier answer
reuse-title = Use in: { $question }
reuse-text = Choose what you wrote before. It is put behind what the answer says already, and you can change it there.
reuse-none = Nothing to use yet
reuse-none-text = What your profile says, and your answers to other challenges, will be offered here.
reuse-from-profile = From your profile
reuse-profile = Go to your profile
reuse-button = Put into the answer
done-answer-reused = It is in the answer now.
profile-title = Profile
profile-text = Only members see this. In a draft you can put parts of it into your answers.
profile-about = What we do
profile-standing = What you are
profile-solved = Problems solved, with the evidence
profile-solved-hint = A paragraph each: whose problem, what changed, by which number, who can confirm it.
profile-places = Places where you work
profile-places-hint = Such as regions or countries.
profile-size = How many you are
profile-identifiers = Numbers in registers
profile-identifiers-hint = Such as company, tax or LEI number. Leave it empty where you have none: a team or a person may answer too.
standing-registered = A registered organisation
standing-team = A team without registration
standing-person = A person
size-none = Not said
size-one = One person
size-micro = 2 to 9 people
size-small = 10 to 49 people
size-medium = 50 to 249 people
size-large = 250 people or more
answer-not-saved = Not saved: “{ $question }”. { $why }. Everything else is saved.
away-title = Work elsewhere
away-document = Questions with limits (.docx)
away-paste = Paste answers back
away-words = At most { $max } words.
away-how = Write below each heading. Keep the headings with their numbers in brackets: by them your answers find their questions when you paste the whole text back. Leave lines like this one, in italics, as they are: they are left out. Answers until { $deadline }.
away-partners = Who answers with you is not written here, but on this page: { $at }
away-files = Files cannot be put into this document. Add them to the draft, at this question: { $at } What you write here is a note to them.
away-one = Write one of these below, word for word:
away-some = Write those of these below that you choose, each on a line of its own, word for word:
away-date = Write a date, such as 2027-06-30.
away-whole = Write the number alone.
away-secret = { $question }: { $part }
error-pasted-choice = What you pasted is none of the options: “{ $text }”. Choose here, or write one of them word for word
error-pasted-one = What you pasted names more than one option: “{ $text }”. Choose one
error-pasted-date = What you pasted is no date: “{ $text }”. Write one such as 2027-06-30
error-pasted-whole = What you pasted is no whole number: “{ $text }”. Write the number alone, such as 120
error-pasted-amount = What you pasted is no amount: “{ $text }”. Write one such as 120,000.00
paste-title = Paste answers back
paste-text = Copy the whole text of the document and paste it here. Each answer goes to the question whose number stands before it, such as { $marker }.
paste-field = The whole text
paste-field-hint = Nothing is saved yet: you see the draft first.
paste-button = Put into the draft
paste-look = This is what you pasted. Nothing of it is saved yet: look it through, then save.
paste-differs = The draft says something else so far. What you pasted is in the field; save to replace what was saved, or copy what you want to keep.
error-pasted-other-form = Nothing was put into your draft, and nothing in it was changed: this document is of other questions or limits than are asked now, or has lost its numbers. Download the document again, move your text into it, and paste that
error-pasted-nothing = The text has no number that belongs to a question. It must keep the headings of the document, such as { $marker }
