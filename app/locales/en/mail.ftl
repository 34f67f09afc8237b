# Mails: subject, text, and the words of the link.
mail-foot = You get this mail because of your account on Wellposed.
mail-confirm-subject = Confirm your address
mail-confirm-text =
    Hello { $name },

    somebody, probably you, registered this address on Wellposed. Confirm that it is yours within two days. If it was not you, do nothing.
mail-confirm-action = Confirm my address
mail-already-registered-subject = You have an account already
mail-already-registered-text =
    Hello,

    somebody, probably you, tried to register this address on Wellposed again. You have an account already. If you have forgotten the password, set a new one.
mail-already-registered-action = Set a new password
mail-reset-subject = Set a new password
mail-reset-text =
    Hello { $name },

    somebody, probably you, asked for a new password. The link works once, for one hour. If it was not you, do nothing.
mail-reset-action = Set a new password
mail-invitation-subject = You are invited to join { $organisation }
mail-invitation-text =
    Hello,

    you are invited to act for { $organisation } on Wellposed. The link works once, for two weeks, with this address.
mail-invitation-action = Read the invitation
mail-invitation-why = You get this mail because somebody at { $organisation } invited this address. If you do nothing, the invitation lapses and no other mail comes of it.
mail-receipt-subject = Received: your response { $reference }
mail-receipt-text =
    Hello,

    your response to { $title } ({ $reference }) was received at { $received }. You can submit again until the deadline; the last submission stands.

    The signed receipt is attached. Keep it: anybody can check it at { $verify }
mail-receipt-action = Open the receipt
