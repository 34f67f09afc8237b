# Those who answer, and those who help: links to a draft, partners, declarations, people without a company.
links-open = Let somebody read it who has no account
links-title = Let somebody read this draft
links-text = A link opens this draft for reading, without an account: for whoever must agree before you submit. It shows nothing else and changes nothing. Whoever has the link can read the draft, so send it only to whom it is for. Each use of it is recorded.
links-whom = For whom
links-whom-hint = A name that you recognise later. Only your members see it.
links-days = How long it works
links-days-n =
    { $days ->
        [one] One day
       *[other] { $days } days
    }
links-make = Make the link
links-made = Links to this draft
links-holds = Works
links-until = until
links-revoked = Taken back
links-over = Over since
links-by = Made by { $name },
links-seen = Last used
links-unseen = Not used yet.
links-address = Address to send
links-revoke = Take it back
done-link-made = The link is made. Copy its address below.
done-link-revoked = The link is taken back. Nobody can use it any more.
error-links-many = { $max } links work already. Take one back first.
shared-text = { $supplier } lets you read what it is about to send. Please keep it to yourself: it is confidential until the responses are opened. You can change nothing here.
shared-until = This page can be read until

# A challenge that is closed, on the page for reviewing.
review-closed-title = This challenge is closed
review-closed-late = Nothing can be submitted any more. The deadline was
review-closed-stands = What you submitted stands; your receipt is beside your response.
review-closed-none = Nothing was submitted.
review-closed-back = See your response

receipt-files = Files, each with its own digest
receipt-file-name = File
receipt-file-size = Size
receipt-file-digest = SHA-256

# Declarations of the conditions that the notice names.
declared-title = Declarations
declarations-text = The authority asks you to declare these conditions. A “no” does not shut you out by itself: say why, and the authority decides after the opening, not before it has asked you.
declared-yes = Yes, we declare that it is so
declared-no = No
declare-why = If no: why, and what you do about it
declare-why-hint = Leave it empty where you say yes.
signed-by = Signed by
signed-by-hint = The name of the person who may say so for you. It is sealed with your answers.
signed-on = Date
declared-signed = Signed by { $name } on { $date }.
declared-signed-on = Signed on { $date }.
declared-beside-yes = The supplier declares that it meets this.
declared-beside-no = The supplier says that it does not meet this:
error-declare-missing = Declare whether this is so: { $condition }
error-declare-why = Say why it is not so, and what you do about it.
error-signed-by = Write who signs the declarations.
error-signed-on = Write the date of the signature.

# Who may answer.
answer-as-whom = You answer in your own name, or for a company or a team. You need no company.
answer-in-own-name = Answer in your own name
answer-in-own-name-text = You are registered as a supplier that is only yourself. You can invite others later. From here you go on to the challenge.
answer-for-company = Answer for a company or a team
answer-as-member = Act as a supplier that you belong to
no-company = You need no company to answer: a team or a single person may, too.

# Who answers together.
partners-title = Who answers with you
partners-text = Leave this empty if you answer alone. Name partners and subcontractors, what each of you does, and the people who matter for the work. It is sealed with your answers. After the opening each member of the panel declares whether they have an interest in any of those named.
partners-lead = { $supplier }, the lead
partners-lead-shown = The lead
partners-identifiers-hint = As your profile has them: numbers of registers. Leave it empty if you have none.
partners-save = Save
partners-more = Save and add another
partners-required = This challenge asks that every partner you name signs the content off before you submit.
partner-n = Partner { $n }
partner-name = Name of the organisation, team or person
partner-name-hint = Empty all fields of a partner to take it out.
partner-kind = What it is to you
party-kind-partner = Partner
party-kind-subcontractor = Subcontractor
partner-work = Its part of the work
partner-work-hint = In a sentence.
partner-share = Share of the work, in percent (optional)
partner-share-hint = A whole number.
partner-people = People who are named (optional)
partner-people-hint = One name a line.
partner-email = Address for the sign-off (optional)
partner-email-hint = Not a part of what is sealed.
partner-share-shown = { $share } % of the work
partner-people-shown = Named: { $people }
sign-offs = Sign-off by partners
sign-offs-text = A partner who is asked gets a mail with a link to what you are about to send, and signs it without an account. A sign-off holds for exactly this content. It lapses with any change, and is valid again if the change is undone.
sign-digest = SHA-256 of the content:
sign-not-whole = Something is missing in your draft. Partners can sign once it is complete.
sign-ask = Ask to sign off
sign-ask-again = Ask again
sign-state-none = Not asked
sign-state-asked = Asked
sign-state-holds = Signed off
sign-state-lapsed = Signed an earlier text
sign-opened-none = Not signed off
sign-state-lapsed-text = The content has changed since, so this sign-off does not count any more.
done-partners-saved = Saved.
done-sign-off-asked = The mail is on its way.
error-partner-name = Name this partner, or empty its other fields.
error-partner-work = Say what its part of the work is.
error-partner-twice = This partner stands here twice. Empty one of the two and save.
error-share = Write a whole number from 0 to 100.
error-shares-over = The shares add up to { $sum } percent. They can be 100 at most.
error-people-many = Name at most { $max } people, one a line, each with at most 200 letters.
error-partner-unsigned = { $name } has not signed off what stands here now.
partners-theirs-live = { $name } saved this page while you were writing. Both texts are kept: choose for each field, and go on.
partners-yours-live = You saved this page yourself at { $time }, in another tab or on another device, and it says something else. Both texts are kept: choose for each field, and go on.
partners-kept = This page was saved again after you wrote what was kept in this browser. Your text is in the form; choose for each field which one stays.
error-stale-own-partners = You saved this page yourself at { $time }, in another tab or on another device. What you typed here stands below; saving again replaces what stands there.
error-stale-partners = A colleague changed this page meanwhile. What you typed stands below; saving again replaces what they wrote.
sign-title = Sign off a response: { $title }
sign-off-text = { $supplier } names { $partner } in its response and asks you to sign off what it is about to send. Please keep it to yourself: it is confidential until the responses are opened.
sign-what = What you sign
sign-title-form = Sign off
sign-not-yet = The draft is not complete yet. You can read what there is and come back to sign it.
sign-name = Your name
sign-agree = I agree to this content for { $partner }, and may do so
sign-off-button = Sign off
done-signed-off = It is signed off. Should the content change, the supplier has to ask you again.
error-sign-agree = Tick the box if you agree.
error-stale-sign-off = The content changed while you read. Read it again before you sign: below is what stands there now.
error-sign-late = The deadline has passed. Nothing can be signed off any more.
mail-sign-off-subject = { $supplier } asks you to sign off a response
mail-sign-off-text =
    { $supplier } names you as its partner in a response to “{ $title }” and asks you to sign off what it is about to send.

    You need no account. The link works until { $until }. Whoever has it can read the response, so please keep it to yourself.
mail-sign-off-action = Read and sign off
mail-sign-off-why = You get this mail because { $supplier } named this address as its partner’s. If you do nothing, nothing is signed; if you want no such mail, tell { $supplier }.
