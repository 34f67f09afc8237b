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
verify-fault-unsigned = This proves nothing: it is not signed.
verify-fault-unknown-key = This proves nothing: it is not signed with a key of this service.
verify-fault-forged = This proves nothing: the signature does not fit. Something in it was changed, or it was never issued here.
error-verify-missing = Paste a receipt, or choose its file.
error-verify-large = This is too large to be a receipt.
verify-yes = Holds
verify-no = Does not hold
verify-opened = Opening
opening-digest = Digest over all submissions, SHA-256
