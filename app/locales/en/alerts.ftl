# Being told: feeds, saved searches, following a buyer or a category.

alerts-told = Be told

feed-link = Atom feed of this search
feed-all = All problems and solutions – Wellposed
feed-title = { $search } – Wellposed

alerts-title = What I am told of
alerts-text = Searches that you saved, and buyers and categories that you follow. You get a mail when something new or changed fits, about each thing once.
alerts-empty = You are told of nothing yet
alerts-empty-text = Search for what you do or need, then choose “Save this search”.
alerts-unknown-text = Sign in, or open the link “What I am told of” in one of our mails. To begin, search for what you do or need, then choose “Save this search”.
alerts-address = In this browser you manage the alerts of { $email }.
alerts-forget = Forget this here

alert-new-title = Be told of what is new
alert-new-text = You get a mail when something that everybody can read fits and is new or was changed. One click in the mail stops it.
alert-rhythm = How often?
alert-at_once = At once
alert-daily = Once a day
alert-weekly = Once a week
alert-email-hint = No account is needed. We send a link to this address first, so that nobody else can sign you up.
alert-or = Or keep it in your account:
alert-to-account = The mails go to the address of your account.
alert-save = Save
alert-search-link = Save this search
alert-follow = Follow
alert-follow-buyer = Follow this buyer
alert-follow-category = Follow { $category }

alert-of-buyer = Everything new from { $buyer }
alert-of-category = Challenges in “{ $category }”
alert-of-words = “{ $words }”
alert-of-all = Everything new

alert-meta = Since { $since }. { $n ->
    [0] Nothing found yet.
    [one] One thing found so far.
   *[other] { $n } things found so far.
}
alert-stop = Stop
alert-to-at_once = Tell me at once
alert-to-daily = Tell me once a day
alert-to-weekly = Tell me once a week
alert-stopped = Stopped

done-alert-saved = Saved. You will be told.
done-alert-mailed = We sent a link to this address, unless its owner told us to send none. Open it to begin; until then no other mail comes.
done-alert-confirmed = Confirmed. You will be told.
done-alert-stopped = Stopped. No more mail comes about this.
done-alert-forgotten = This browser has forgotten the address. What was kept goes on.
alert-never-title = There would be nothing to tell
alert-never-back = Back to the search
error-alert-never-organisations = Nobody is told of new suppliers and buyers. Save a search for challenges or solutions, or follow a buyer on its page.
error-alert-never-responses = Nobody is told by mail of responses that were opened: only those who may read them find them, here.
error-alert-long = This search is too long to be saved. Take words out of it, and it can be.
error-alert-never-nothing = Nothing new can have all that you chose, so no mail would ever come. Take one choice away; solutions, for one, have no deadline, place, category or budget.
error-alerts-many = You are told of { $max } things already. Stop one first

alert-confirm-title = Be told by mail
alert-confirm-text = Somebody, most likely you, asked that this address be told of what is new on Wellposed.
alert-confirm-button = Yes, tell me
alert-confirmed-already = You are told of this already.
alert-stop-title = Stop these mails
alert-stop-text = No more mail will come about this.
alert-stopped-title = Stopped
alert-stopped-text = No more mail comes about this. Was it a slip? You can begin again.
alert-refuse-title = Ask this address no more
alert-refuse-text = You have said yes to nothing, so no mail comes about this anyway. With one click nobody can have us ask this address again.
alert-refuse = Do not ask me again
alert-refused-text = This address is asked no more. Was it a slip? You can say yes to what was asked.
alert-again = Tell me again
alert-again-title = You are told again
alert-link-bad-title = This link does nothing any more
alert-link-bad = This link is too old, or it was cut in two by the mail program. Copy the whole link from the mail, or ask again.

mail-alert-confirm-subject = Confirm that you want to be told
mail-alert-confirm-text = You asked to be told by mail when something new on Wellposed fits what you look for. Open the link and say yes within seven days. If it was not you, do nothing: no other mail will come.
mail-alert-confirm-action = Yes, tell me
mail-alert-confirm-why = You get this mail because this address was typed into a form on Wellposed to be told of what is new. You need no account. As long as you do not say yes, nothing more comes about this.
mail-alert-confirm-stop = Do not ask me again

alert-mail-subject = { $n ->
    [one] New for { $name }
   *[other] { $n } new for { $name }
}
alert-mail-text = { $n ->
    [one] Something new or changed fits what you look for: { $name }.
   *[other] { $n } things that are new or changed fit what you look for: { $name }.
}
alert-mail-more = { $n ->
    [one] And one more.
   *[other] And { $n } more.
}
alert-mail-action = See everything that fits
alert-mail-why = You get this mail because you asked Wellposed, at this address, to be told of this. One click stops it.
alert-mail-stop = Stop these mails
alert-closes = Answers by { $at }
