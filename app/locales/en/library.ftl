# The open library, public pages of suppliers and buyers, partners, reach.

nav-library = Library
library-title = Library of solutions
library-text = What worked, told by those who did it: the problem, what was reached, what it costs, whom to ask.
library-empty = Nothing is published here yet
library-empty-text = Suppliers publish what they solved. You can search solutions that came from elsewhere meanwhile.
library-search = Search all solutions
library-publish = Publish a solution
library-mine = Your solutions
library-mine-empty = You have published nothing yet
library-mine-empty-text = Tell buyers with the same problem what you can do. What you publish can be withdrawn at any time.
entry-title = Title
entry-title-hint = What changes, not the name of a product.
entry-summary = In one sentence
entry-summary-hint = What it does, and for whom.
entry-problem = The problem it solves
entry-problem-hint = In the words of those who have it.
entry-how = How it works
entry-how-hint = What it needs, what changes for the people who work with it, how long it takes.
entry-proved = What was reached
entry-proved-hint = Only what can be shown. Leave rows empty that you do not need.
entry-proved-n = Result { $n }
entry-what = What was measured
entry-before = Before
entry-after = After
entry-proof = How one knows
entry-price = Price in the first year
entry-price-hint = Roughly, for a buyer like the one you worked for.
entry-lang = Language
entry-lang-hint = In which this is written: it decides the word forms by which it is found.
entry-references = Whom to ask
entry-references-hint = Name only people who agreed to it.
entry-consent = I agree that everybody may read this. I can withdraw it at any time.
entry-publish = Publish
entry-change = Change or withdraw
entry-form-text = Everybody can read what you publish, and find it by searching. The panel of a challenge is not shown whether you agreed.
entry-from = This begins with the outcomes of the challenge that you were awarded: { $title }. Write what was reached.
entry-withdraw = Withdraw
entry-withdraw-text = Nobody but your organisation will see it any more, and searches will not find it. You can publish it again.
entry-withdrawn = Withdrawn
entry-withdrawn-text = This is withdrawn: only your organisation sees it.
entry-awarded = Awarded here
entry-solved = Awarded in the challenge
entry-published = Published
entry-interest = Same problem
entry-interest-n = { $n ->
    [one] One buyer says: we have this problem too
   *[other] { $n } buyers say: we have this problem too
}
entry-too = We have this problem too
entry-too-copy = Tell its supplier that your organisation has this problem too, without a name, and begin a draft of your own from the challenge.
entry-too-text = Tell its supplier that your organisation has this problem too, without a name, and begin a draft of your own.
done-entry-published = Published. Everybody can read it.
done-entry-withdrawn = Withdrawn.
error-consent = Without your consent nothing is published
price-unsaid = I would rather not say
price-free = Free to use
price-under_10k = Under 10,000 EUR
price-under_50k = 10,000 to 50,000 EUR
price-under_250k = 50,000 to 250,000 EUR
price-under_1m = 250,000 to 1 million EUR
price-over_1m = Over 1 million EUR

letter-library = Others have this problem too. If you agree, tell in the open library what you do about it. Nobody on the panel is shown whether you do.
awards-title = Awards
supplier-solutions = Solutions
supplier-public = Everybody can read your profile.
supplier-hidden = Only your members see your profile. What you publish and what you were awarded is public anyway.
supplier-show = Show it to everybody
supplier-hide = Show it to members alone
supplier-page = Your public page
done-profile-shown = Everybody can read your profile now.
done-profile-hidden = Only your members see your profile now.

seekers-title = Looking for a partner
seekers-text = Suppliers that could solve part of this problem and look for another. It says nothing of whether they answer.
partners-link = { $n ->
    [0] Looking for a partner?
    [one] One supplier looks for a partner
   *[other] { $n } suppliers look for a partner
}
partners-empty = Nobody looks for a partner yet
partners-empty-text = If you could solve part of this, say so: somebody else may have the rest.
partner-post = We could solve part of this
partner-post-text = Everybody can read this, the authority too. A new note stands in place of your earlier one. Say nothing here that belongs into a response.
partner-brings = What we bring
partner-brings-hint = The part that you could solve.
partner-seeks = What we look for
partner-seeks-hint = The part that is missing.
partner-contact = How to reach us
partner-contact-hint = An address or a page that everybody may read.
partner-publish = Publish the note
partner-taken-off = The team took your note off this page. You may publish another: say in it what is different.
error-partner-meanwhile = Your note was changed, or taken off this page, since you read it. Look at it; then publish this one if you still want to
partner-end = Take it back
partner-hide = Take it off the page
partner-reason = Reason, shown in its place
partner-hidden = The authority took this note off the page: { $reason }
partner-sign-in = To publish a note, sign in and act for your organisation.
done-partner-posted = Your note is public.
done-partner-ended = The note is off the page.

reach-title = How far it reached
reach-text = Who reads, follows or answers is told to nobody; these are sums.
reach-link = How far it reached
reach-seen = Times read
reach-followed = People who follow it
reach-partners = Suppliers that look for a partner
reach-started = Responses begun
reach-submitted = Responses submitted
reach-answers = Responses
reach-sealed = How many begin and answer is told to nobody before the opening.
reach-reasons = Why some did not answer
reach-reasons-none = Nobody has said so yet.
reach-reason = Reason
reach-people = People

why-title = What kept you from answering?
why-text = One click is all. The authority sees how many chose what, and no names.
why-time = Not enough time
why-effort = Too much work to answer
why-requirements = We do not meet a requirement
why-budget = The budget is too small
why-terms = The terms are too risky
why-unclear = We were not sure what is wanted
why-not_ours = It is not what we do
why-other = Something else
done-why-not = Thank you. You can choose another reason.
