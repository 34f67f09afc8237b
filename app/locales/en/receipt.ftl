# Receipts, their verification, opening records.
receipt-title = Receipt
receipt-stands = This submission stands.
receipt-superseded = A later submission or a withdrawal took the place of this one.
receipt-of = Receipt of submission { $n }
receipt-received = Received
receipt-supplier = Supplier
receipt-challenge = Challenge
receipt-by = Submitted by
receipt-digest = Content, salted SHA-256
receipt-salt = Salt
receipt-position = Position in the record
receipt-head = Hash of the record there
receipt-key = Signed with key
receipt-signature = Signature, Ed25519
receipt-not-of = What the database says of submission { $n } now
receipt-not-note = This is no receipt, and nothing in it is signed: the time of receipt may be another one. What holds is the receipt that you were sent.
receipt-note = Keep the file or print this page. The signature shows that this service issued it; position and hash tie it to the service's record: a record that was changed afterwards no longer fits it.
receipt-download = Download the receipt
receipt-download-content = Download what was received
receipt-verify = Check a receipt
receipt-content = What was received

verify-title = Check a receipt
verify-text = A receipt shows that a response was received here, when, and what was in it. Anybody who holds one can check it on this page. The page says nothing that does not stand in the receipt.
verify-receipt = Receipt
verify-receipt-hint = Paste the text of the file, all of it. Opening records can be checked here too.
verify-receipt-file = Or the file
verify-content-file = The content, if you want to check that too
verify-content-file-hint = The file that the supplier downloaded beside the receipt. It is compared and not kept.
verify-button = Check
verify-offline = You can also check without us. Our public keys are at { $address }; the program does it with: wellposed receipt verify receipt.json --keys wellposed-keys.json
verify-keys = Public keys
verify-result = What holds
verify-signature = Signature
verify-signature-holds = This service issued it, and nothing in it was changed.
verify-signature-retired = This service issued it with a key that it has since replaced, and nothing in it was changed.
verify-record = Record
verify-record-holds = Position { $position } of our record has the hash that stands here.
verify-record-unknown = Our record does not reach position { $position }. Its end was lost. Keep your receipt and tell the authority.
verify-record-differs = Position { $position } of our record has another hash. The record was changed after this was issued. Keep your receipt and tell the authority.
verify-content = Content
verify-content-holds = This is what was received.
verify-content-differs = This is not what was received, or it was changed.
verify-opening-number =
    { $n ->
        [one] One submission was opened.
       *[other] { $n } submissions were opened.
    }
verify-says = What it says
verify-opened-by = Asked for by { $asked }, confirmed by { $confirmed }
verify-fault-unreadable = This is not a receipt that can be read. Paste the whole text of the file, from the first brace to the last.
verify-fault-twice = This proves nothing: a name stands in it twice, so that it says two things. We never issue such a paper.
verify-content-twice = This proves nothing: a name stands in the content twice, so that it says two things.
verify-fault-unsigned = This proves nothing: it is not signed.
verify-fault-unknown-key = This proves nothing: it is not signed with a key of this service.
verify-fault-forged = This proves nothing: the signature does not fit. Something in it was changed, or it was never issued here.
error-verify-missing = Paste a receipt, or choose its file.
error-verify-large = This is too large to be a receipt.
verify-yes = Holds
verify-no = Does not hold
verify-opened = Opening
opening-digest = Digest over all submissions, SHA-256
refusal-opening-not-asked = Two officers open the responses together. One asks for it first, on this page; another confirms it.
refusal-opening-asked = The opening is asked for already. Another officer of the team confirms it.
refusal-opening-own = You asked for this opening. Another officer of the team has to confirm it.
refusal-not-whole = What is in the database is not as it was received or recorded. Nothing is opened, or signed, until it is restored.
refusal-scores-here = You score this challenge without knowing names, and the opening would show them. Another officer has to do it.
refusal-handled-names = Whoever asked for the opening of an anonymous challenge, or confirmed it, has seen the names and does not score it.
receipt-destroyed = This submission did not stand, or the challenge was cancelled, and the time for which it had to be kept is over. The key to what you sent was destroyed:
late-seconds =
    { $n ->
        [one] one second before your request was here
       *[other] { $n } seconds before your request was here
    }

opening-text-one = The opening unseals every response that stands, all at once. Your organisation has set that one officer is enough; the record says so.
opening-ask = Ask for the opening
opening-confirm = Confirm and open the responses
opening-names = This challenge is anonymous for its panel. Whoever asks for the opening or confirms it sees the names, and may not score.
opening-asked-by = { $name } asked for the opening.
opening-done =
    { $n ->
        [0] It was opened. There was no response.
        [one] It was opened: one response.
       *[other] It was opened: { $n } responses.
    }
opening-record = Record of the opening
opening-asked = Asked for
opening-confirmed = Confirmed
opening-note = Keep the file in the procurement's papers. The signature shows that this service issued it; position and hash tie it to the service's record. Each supplier sees on its own page that the digest of what was opened is the one in its receipt.
opening-download = Download the record
opening-list = What was opened
opening-list-reference = Reference of the submission
done-opening-asked = It is asked. Another officer of the team confirms it, and that opens the responses.
opening-rule-title = Who opens responses
opening-rule-text = Responses stay sealed until their deadline is past. Two people who open them together are what directive 2014/24/EU, annex IV, asks for.
opening-rule-legend = How many people does an opening take?
opening-rule-two = Two
opening-rule-two-hint = One officer asks for it, another officer of the same team confirms it.
opening-rule-one = One
opening-rule-one-hint = For a buyer with one officer. The record of each opening shows that one person did it.
opening-rule-button = Save
done-opening-rule = Saved. It holds for challenges that are approved from now on.
organisation-opening-rule = Who opens responses
opened-same = What was opened is what you sent: the digest of the opened content is the one in your receipt.
opened-other = What was opened is not what you sent: the digests differ. Keep your receipt and tell the authority.

# A submission that is not there as it was received.
not-whole-title = Nothing was opened
not-whole-gone = The record tells of the submission with receipt { $receipt }, and the database does not have it.
not-whole-changed = The submission with receipt { $receipt } is not as it was recorded: it was changed afterwards.
not-whole-no-answers = The answers of the submission with receipt { $receipt } are not in the database.
not-whole-no-price = The price of the submission with receipt { $receipt } is not in the database.
not-whole-no-file = A file of the submission with receipt { $receipt } is not in the database.
not-whole-seal = The submission with receipt { $receipt } cannot be unsealed: it was changed after it was received.
not-whole-content = The submission with receipt { $receipt } is not what its receipt says.
not-whole-withdrawal = A withdrawal of the response { $receipt } is not as it was recorded: it was put in, changed or taken out.
not-whole-not-opened = The submission with receipt { $receipt } stands, and is not among what was opened.
not-whole-ask = Who asked for the opening { $receipt }, or when, is not as it was recorded: it was put in, changed or taken out.
not-whole-opening = The opening { $receipt } is not as it was recorded: it, or the list of what it opened, was changed afterwards.
not-whole-deadline = The deadline of the round { $receipt } is not the one that was approved: it was changed in the database.
not-whole-version = A version of the notice { $receipt } is not as it was approved: it was changed, put in or taken out in the database.
not-whole-rule = That one person alone opens the responses of the authority { $receipt } is not in the record: this rule was put in or changed in the database.
unlike-title = The opening is not as it was recorded
unlike-lead = It was opened. No record of it is shown or signed until what was opened is again what the record says.
unlike-text = Decide nothing on these responses. Tell whoever runs this service: they check the database with wellposed audit verify and put back what was changed, from the newest backup with which it agrees; a backup restored whole loses what came in after it. Suppliers prove with their receipts what was received; leave no response out.
not-whole-more =
    { $n ->
        [one] And one more.
       *[other] And { $n } more.
    }
not-whole-text = All responses stay sealed, and this attempt is on record. Tell whoever runs this service: they put back what is missing or was changed, from the newest backup that holds these receipts, and check with wellposed audit verify; a backup restored whole loses what came in after it. Then ask for the opening again. Leave no response out: whoever holds a receipt can prove that it was received.
receipt-unlike = What the database holds of this submission is not what was recorded when it was received: it was changed afterwards. No receipt is signed of it. Keep the receipt that was mailed to you or that you downloaded, and tell the authority now.
not-whole-approval = All responses stay sealed, and this attempt is on record. Tell whoever runs this service: wellposed audit verify names what was changed, and they put back what was approved, from the newest backup with which it agrees; a backup restored whole loses what came in after it. Then ask for the opening again.
receipt-lost = The service does not have what you sent as it was received. Your receipt holds. Keep it together with your own copy, and tell the authority now, before the responses are opened.

# What was opened, for its supplier.
opened-part = Part
opened-part-quality = Answers
opened-part-price = Price
opened-digest = Digest of what was opened, SHA-256
opened-download = Download the signed record of your opening
opened-download-price = Download the signed record of the opening of your price
opened-text = What was opened of your submission is signed too: a record that names no other, and that anybody can check without us. The digest in it is the one in your receipt.
