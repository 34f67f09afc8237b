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
declarations = Declarations
declarations-text = The authority asks you to declare these conditions. A “no” does not shut you out by itself: say why, and the authority decides after the opening, not before it has asked you.
declare-yes = Yes, we declare that it is so
declare-no = No
declare-why = If no: why, and what you do about it
declare-why-hint = Leave it empty where you say yes.
signed-by = Signed by
signed-by-hint = The name of the person who may say so for you. It is sealed with your answers.
signed-on = Date
declared-signed = Signed by { $name } on { $date }.
declared-signed-on = Signed on { $date }.
error-declare-missing = Declare whether this is so: { $condition }
error-declare-why = Say why it is not so, and what you do about it.
error-signed-by = Write who signs the declarations.
error-signed-on = Write the date of the signature.

# Who may answer.
no-company = You need no company to answer: a team or a single person may, too.
