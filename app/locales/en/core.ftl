# The frame, home, search, and words that every room uses.
product = Wellposed
skip = Skip to the main content
breadcrumb = Breadcrumb
nav-main = Main
nav-challenges = Challenges
nav-search = Search
nav-about = How it works
nav-work = My work
sign-in = Sign in
sign-out = Sign out
register = Register
back = Back
warning = Warning
done = Done
pages = Pages
page-n = Page { $n }
previous = Previous
next = Next
demo-label = About this installation
demo-strip = This is a demonstration with made-up people. Its clock reads
demo-clock = Move the clock
footer-sealing = How responses are sealed
footer-accessibility = Accessibility
footer-text = Public authorities publish their problems here, not products to be bought.
theme = Colours
theme-system = System
theme-light = Light
theme-dark = Dark
error-title = Error: { $title }
errors-title = There is a problem
error-prefix = Error:
error-home = Go to the start page
error-search = Search for what you need

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
instant = { $day } { $month } { $year }, { $time } { $zone }
day = { $day } { $month } { $year }
in-days = { $n ->
    [one] in 1 day
   *[other] in { $n } days
}
in-hours = { $n ->
    [one] in 1 hour
   *[other] in { $n } hours
}
in-minutes = { $n ->
    [0] in less than a minute
    [one] in 1 minute
   *[other] in { $n } minutes
}
ago-days = { $n ->
    [one] 1 day ago
   *[other] { $n } days ago
}
ago-hours = { $n ->
    [one] 1 hour ago
   *[other] { $n } hours ago
}
ago-minutes = { $n ->
    [0] just now
    [one] 1 minute ago
   *[other] { $n } minutes ago
}
days-left = { $days ->
    [one] 1 day left
   *[other] { $days } days left
}
hours-left = { $hours ->
    [0] Less than 1 hour left
    [one] 1 hour left
   *[other] { $hours } hours left
}
deadline-over = Closed

column-name = Name
column-organisation = Organisation
column-kind = Kind
column-role = Role
column-act = Action
column-supplier = Supplier
column-outcome = Outcome
column-given = Points
column-reason = Reason

not-found-title = Page not found
not-found-text = There is nothing at this address, or it is not yours to see. Check the address, or sign in as the person it was meant for.
refused-title = You cannot do that
invalid-title = Something in the form needs mending
invalid-text = Go back, mend what is named above and send the form again. What you typed is still there.
stale-title = Somebody changed this meanwhile
stale-text = What you were looking at was changed by somebody else since you opened it. Go back, reload the page, and compare before you save again.
altered-title = This is not as it was recorded
altered-text = What is in the database is not what the record says was received or opened, so nothing is signed of it. Nobody who reads this page did anything wrong. Keep the receipts that you have, and tell whoever runs this service.
busy-title = Please try again
busy-text = The service was busy and nothing was saved. Go back and send the form again.
too-large-title = That is too large
too-large-text = A form may hold up to one megabyte. Go back and shorten what you are sending.
bad-request-title = The request could not be read
bad-request-text = Go back and send the form again. If it happens again, try another browser.
throttled-title = Too many attempts
throttled-text = Wait a minute, then try again. This protects accounts against guessing.
cross-site-title = This form came from another site
cross-site-text = To protect you, forms are accepted from this site only. Open the page here and send the form again.
signed-out-title = You are signed out
signed-out-text = Nothing was saved, and nothing of what you typed is lost: it stands on this page. Sign in in another window, then come back here and send it again.
signed-out-sign-in = Sign in in another window
signed-out-again = Send it again
signed-out-typed = What you typed
incident-title = Something went wrong here
incident-text = It is not your fault, and nothing was saved by half. Try again; if it happens again, tell us the request number that your browser shows in the response headers.

home-title = Public authorities say what is wrong. You say how to put it right.
home-open = Open now
home-open-all = See all open challenges ({ $n })
home-open-none = No challenge is open right now
home-open-none-text = Search past challenges and solutions, or follow a buyer to hear of the next one.
home-decided = Decided lately
home-history = { $challenges } past challenges and { $solutions } published solutions can be searched here.
search-hint = Try “home visits”, “water loss” or “waiting times”.
search-label = Search problems and solutions
search-button = Search
suggested = { $n ->
    [0] No suggestion
    [one] 1 suggestion, after the button
   *[other] { $n } suggestions, after the button
}
search-title = Search
search-results = { $n ->
    [one] 1 result
   *[other] { $total } results
}
search-misread = “{ $name }” could not be read as you wrote it, so its words were looked for like any others. { $name ->
    [budget] Write it as in budget>100k.
    [status] Write status:open, status:soon, status:closed or status:decided.
    [kind] Write kind:challenge, kind:solution, kind:supplier or kind:buyer.
    [lang] Write lang:en, lang:fr, lang:de or lang:es.
    [category] Write the first digits of a category’s code, as in category:85.
   *[other] Write it as in { $name }:leeds.
}
search-fuzzy = Nothing has exactly these words, so spelling was forgiven.
search-none = Nothing was found
search-none-text = Try fewer or other words, or describe the problem instead of the product.
search-try-everywhere = Look for the same words everywhere
search-try-words = Look for { $words }
search-try-open = See all that is open now, the next deadline first
search-deepest = The first { $most } results are shown. Add a word, or choose something on this page, to see the others.
search-making = The search is being made anew. Until that is done, in a few minutes, it may not find everything.
search-narrow = Narrow the results
search-skip = Skip to what was found
search-chosen = What you chose
search-without = Without { $what }
search-kind = Kind
search-when = Status
search-category = Category
search-place = Place
search-buyer = Buyer
search-lang = Language
search-budget = Budget
search-sort = Sort by
search-any = All
search-syntax = How to search more exactly
syntax-phrase = "heat pump"
syntax-phrase-text = These words in this order
syntax-not = school -primary
syntax-not-text = Without a word
syntax-place = place:leeds
syntax-place-text = What happens in a place
syntax-buyer = buyer:"city of leeds"
syntax-buyer-text = What one authority has published
syntax-status = status:open
syntax-status-text = Also soon, closed and decided
syntax-budget = budget>100k
syntax-budget-text = By what a pilot may cost, in its own currency
alike-problems = Similar problems, and what came of them
alike-exist = Solutions that exist
alike-facing = Others facing this
alike-solutions = Similar solutions
alike-asked = Who asked for something like this before
alike-suppliers = Solutions that exist, and who made them
alike-solvers = Suppliers who solved something like this
alike-open = Open problems like those you solved
alike-decided = Decided on { $date }
alike-closed = Closed on { $date }
alike-closes = Open until { $date }
alike-awarded = Awarded to
alike-solution = Their solution:
alike-proved = { $what }: { $before } before, { $after } now
alike-reached = { $what }: { $after }
alike-none-suitable = No response was suitable: the decision
alike-decision = The decision
alike-cancelled-text = It was cancelled. Its page says why.
when-open = Open now
when-soon = Closing within 14 days
when-closed = Closed
when-decided = Decided
budget-small = Below 50,000
budget-medium = 50,000 to 250,000
budget-large = 250,000 to 1 million
budget-huge = 1 million and more
sort-relevance = Best match
sort-closing = Closing next
sort-newest = Newest
kind-challenge = Challenge
kind-past = Past challenge
kind-solution = Solution
kind-response = Opened response
search-responses-text = These are responses that were opened and that you may read. Nobody else's search shows them to you, and yours shows them to nobody.
search-responses-more = Only the forty rounds that were opened last are searched.
search-responses-left-out = To answer in time these rounds were not searched. Read them on their own pages:
closes = closes
published-on = published { $date }

about-title = How it works
about-1 = A public authority publishes the problem it has and the outcomes it wants, with numbers: what happens now, what should happen instead, and by when. It does not say which product to buy.
about-2 = Suppliers and startups find the problem and answer with their own solutions. Until the deadline they can save, submit and submit again; the last submission stands.
about-3 = A panel scores the answers against published criteria, each score with a reason. Totals stay closed to everyone until the panel has approved its record.
about-4 = The authority decides, with a reason for each response, and every supplier can read its own scores and reasons.
about-sealing = How responses are sealed
about-sealing-text = What a supplier writes is encrypted before it is stored, from the first word of a draft. Until a minute after the deadline nobody but the supplier can read it, and attempts are recorded. The key is kept apart from the data. This protects against a stolen database, backup or disk, a curious administrator, and a fault in one page. It cannot protect against whoever holds both the key and the running server; for them the record makes it visible.
about-accessibility = Accessibility
about-accessibility-text = Every page works with the keyboard alone, at four times the size, with a screen reader, and without scripts. Tell us where it does not.

clock-title = The clock of this demonstration
clock-text = Here you can move the clock forward or back to see what happens when a deadline comes. Only an installation made as a demonstration or test has this page.
clock-now = It is now
clock-hours = Move the clock by this many hours
clock-hours-hint = A whole number, such as 24; with a minus sign to move it back.
clock-move = Move the clock
done-clock = The clock was moved.
error-hours = Write a whole number of hours between −9000 and 9000.

past-meta = Past challenge, imported from { $source }
past-note = This challenge was published elsewhere and is over. It is shown as its source has it; no opening, panel or decision happened here.
past-source = Source and licence
past-dates = Open from { $opens } to { $closes }
past-link = See it at its source
solution-meta = Solution by { $supplier }
solution-note = In the supplier’s own words, from { $source }.
solution-for = For
solution-year = Year
heading-description = Description
heading-background = Background
heading-rationale = Why it was needed
heading-expected_outcome = What was expected
heading-criteria = Criteria
heading-criteria_text = Criteria
heading-prizes = Prizes
heading-prizes_text = Prizes
heading-budget = Budget
heading-budget_text = Budget
heading-rules = Rules
heading-how_to_enter = How to enter
heading-partners = Partners
heading-solicitation = Solicitation
heading-results = Results
heading-impact = Effect
heading-winners_announced = Winners announced
heading-submissions_received = Submissions received
