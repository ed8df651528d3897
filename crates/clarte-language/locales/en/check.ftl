# What `clarte check` says to a person with one strange message.
# Short sentences, no jargon, no blame, no false comfort.

## Things that are fetched when the message is opened

beacon-hidden = When this message is opened, something invisible is fetched from { $host }. It tells the sender that, when and from where you opened it.
beacon-individual = When this message is opened, something is fetched from { $host }, with a code that was made for you alone. It tells the sender that it was you who opened it.
beacon-recipient = When this message is opened, something is fetched from { $host }, and your e-mail address goes along, in plain view or in disguise. It tells the sender that it was you who opened it.
beacon-proxied = A picture from { $host } is fetched by way of { $proxy }. That hides where you are, but the sender can still learn that the message was opened.

## Who it says it is

identity-press = The message presents itself as coming from “{ $claimed }”, a news organisation. But the sender’s address ends in { $domain }, which we do not know as theirs.
identity-journalist = The sender writes as a journalist. But the address ends in { $domain }, and nothing shows that it belongs to a newsroom.
identity-institution = The message presents itself as coming from “{ $claimed }”, a public institution. But the sender’s address ends in { $domain }, which we do not know as theirs.
identity-ngo = The message presents itself as coming from “{ $claimed }”, an association, foundation or university. But the sender’s address ends in { $domain }, which we do not know as theirs.
identity-service = The message presents itself as coming from “{ $claimed }”, a company or online service. But the sender’s address ends in { $domain }, which we do not know as theirs.
identity-colleague = The message bears the name of someone you know, “{ $name }”. That person otherwise writes from { $owner }; this message comes from { $domain }.
identity-name-address = The sender’s name reads “{ $name }”, but the message comes from a different address, which ends in { $domain }. Many mail programs show only the name.
identity-lookalike =
    The sender’s address ends in { $domain }. It looks like { $owner } but is a different one: { $trick ->
        [homoglyph] some characters were replaced by others that look the same.
        [punycode] it uses letters of another alphabet that look like the usual ones.
        [added] words or letters were added.
        [ending] only the ending is different.
        [subdomain] the familiar name only stands at the front, and it is the end that counts.
        [hyphen] a hyphen or a dot was put in, moved or left out.
       *[letters] one or a few letters differ.
    }
identity-mixed-script = The sender’s name or address ({ $domain }) mixes letters of several alphabets that look alike. It can be taken for a name that it is not.
identity-reply-elsewhere = The message shows a sender at { $domain }, but your answer would go to { $domain2 }. Someone else could be the one who reads it.
identity-freemail = The sender speaks for an organisation but writes from { $domain }, where anyone can open a mailbox under any name.
identity-unproved =
    { $result ->
        [softfail] The service that received this message doubts that it comes from { $domain }. Someone else may have put that address on it.
        [fail] The service that received this message checked whether it comes from { $domain }, and the check failed. Someone else may well have put that address on it.
       *[none] The service that received this message found nothing to confirm that it comes from { $domain }. Anyone can put such an address on a message.
    }
identity-altered = The text is not the one that was signed for { $domain }. It was changed on the way; a mailing list can do that, but so can someone with bad intentions.

## How it approaches you

approach-first-contact = Nobody has written from this address before in the mailbox that we looked at. Many honest messages begin like this, and so do most false ones.
approach-template =
    { $count ->
        [one] This letter went to { $count } person, with a code of its own. That lets the sender see whether that person reacts.
       *[other] The same letter went to { $count } people, each with a code of their own. That lets the sender see who reacts.
    }
approach-merge = The message bears traces of a mass mailing, such as a blank left unfilled or a greeting without a name. It may look personal without being so.
approach-thread = It is marked as an answer (“RE:”), but we saw nothing that it answers. This can make a stranger seem familiar.
approach-interview = It asks you for an interview, a statement or a comment. Real journalists do so, and so do people who pose as journalists.
approach-conference = It invites you to a conference, a debate or an event. Such invitations are often genuine, but they are also a common pretext.
approach-document = It asks you to read, check or download a document. That is a common way to make someone open a harmful file.
approach-urgency = It presses you to act quickly. Haste leaves no time to check.
approach-account = It says that something is wrong with an account, a mailbox, a password, a delivery or a payment. Such a fright is often meant to make people click.
approach-rights = It speaks of human rights, of communities in exile or of the countries concerned. By itself that says nothing; beside the other signs it shows whom the message is meant for.

## What it carries

payload-link-mismatch = A link shows { $shown } but leads to { $host }. You would not arrive where you expect.
payload-shortener = A link goes by way of { $host }, which hides where it really leads.
payload-bare-address = A link leads to { $host }: bare numbers instead of a name, or a name in disguise. You cannot see from it whose place it is.
payload-credential-form = It asks for a password inside the message or in an attached page. What is typed there can go straight to the sender.
payload-device-code = It asks you to enter a code on a genuine sign-in page. That code can let someone else into your account, even without your password.
payload-consent = A link to { $host } asks you to give an app access to your account. The app could then read your mail, even after you change your password.
payload-cloud-archive = It links to a file at { $host }, where anyone can put files. The well-known name says nothing about who put it there.
payload-macro = The attached document “{ $name }” contains commands, or fetches some from the internet. Opening it could let someone into your device.
payload-program = The attachment “{ $name }” is a program. Once started, it can read and change what is on your device.
payload-shortcut = The attachment “{ $name }” is a shortcut, not a document. Opening it can start something that you do not see.
payload-disk-image = The attachment “{ $name }” acts like a disk or a USB stick from a stranger. Files inside it can escape the usual warnings.
payload-smuggling = The web page “{ $name }” that comes with this message builds a file on your device when it is opened. That gets the file past the usual checks.
payload-svg = The attached picture “{ $name }” contains commands or links, as a web page does. An ordinary picture needs none.
payload-locked-archive = The attachment “{ $name }” is locked, and the message gives the password. The lock keeps virus scanners from looking inside.
payload-double-extension = The file name “{ $name }” has two endings, and only the last one counts. The file is not of the kind that it seems to be.
payload-direction = The name “{ $name }” contains invisible characters that reverse the order of its letters. What you read may not be its real name.
payload-qr = A picture contains a code to scan with a phone (QR code), which leads to { $host }. The eye cannot see that beforehand.
payload-invitation = It contains a calendar invitation that points to { $host }, not to the sender. It can enter your calendar before you answer.

## How it is built

form-parsers-disagree =
    { $what ->
        [sender] Different mail programs show a different sender for this message. That can hide who wrote it.
        [subject] Different mail programs show a different subject for this message. That can hide what it is about from those who check it.
        [attachments] Different mail programs find different attachments in this message. That can hide a file from those who check it.
       *[text] Different mail programs show a different text for this message. That can hide what it says from those who check it.
    }

## What opening it would reveal

reveals-opened = that the message was opened
reveals-time = when it was opened
reveals-address = your internet address, and so roughly where you are and through whom you connect
reveals-device = which device and which mail program you use
reveals-person = that it was you: the address contains a code made for you alone
reveals-email = your e-mail address
reveals-forward = to whom you pass it on, if they open it

## Verdicts

verdict-act-now = Treat this message as dangerous
verdict-act-now-text = It may do harm, or be aimed at you in particular. You did nothing wrong by receiving it or opening it.
verdict-be-careful = Be careful with this message
verdict-be-careful-text = Some things in it do not add up. There may be an innocent reason; check first, before you click or answer.
verdict-nothing-found = We found none of the signs that we know
verdict-nothing-found-text = That does not mean that this message is harmless. When in doubt, ask someone.
verdict-unreadable = We could not read this message
verdict-unreadable-text = It is damaged, incomplete or of a kind that we do not know, so we can say nothing about it, good or bad. Someone with other tools may be able to read it; if it worries you, it is worth asking.

## Headings

heading-why = Why
heading-reveals = What opening it would reveal
heading-unchecked = What could not be checked
heading-steps = What to do now
heading-helplines = People who help
heading-details = For a specialist


## What could not be checked

unchecked-first-contact = Whether the sender wrote to you before: we had no mailbox to look in.
unchecked-authentication = Whether the sender’s address is genuine: no service that received the message said anything about it.
unchecked-signature = The electronic signature of { $domain }: its key is on the internet, and we fetched nothing.
unchecked-links = Where the links lead: we opened nothing.
unchecked-attachments =
    { $count ->
        [one] What is in { $count } attachment: we know only what kind of file it is.
       *[other] What is in { $count } attachments: we know only what kind of files they are.
    }
unchecked-pictures = Text inside pictures: we cannot read it.
unchecked-damaged = Some parts of the message: they could not be read.
unchecked-language = The wording: we know the telling words of only some languages.

## Steps

step-dont = Do not open or click anything in this message, and do not answer it.
step-dont-opened = If you already opened or clicked something, it is not your fault. Tell the person who helps you, and note when it was.
step-keep = Keep the message as it is. Do not delete it, and pass it on to nobody but those who help you.
step-ask = Ask someone whose job it is: the IT team of your organisation, or a helpline. You need no proof to ask.
step-verify = Ask the person in another way that you already know, for example by calling a number that you had before. Do not use a number, link or address from the message.
step-no-pictures = Leave remote pictures off: if your mail program offers to show them, decline.
step-unsure = If something about this message feels wrong, open nothing in it and ask someone. You are not bothering anyone by asking.


## A whole mailbox

box-none =
    { $count ->
        [0] There was no message to look at.
        [one] We found none of the signs that we know in { $count } message. That does not mean that it is harmless.
       *[other] None of { $count } messages shows the signs that we know. That does not mean that they are harmless.
    }
box-some =
    { $count ->
        [one] { $found } of { $count } message deserves attention.
       *[other]
            { $found ->
                [one] { $found } of { $count } messages deserves attention.
               *[other] { $found } of { $count } messages deserve attention.
            }
    }
box-campaign =
    { $count ->
        [one] { $count } message, on { $first }.
       *[other] { $count } messages that belong together, from { $first } to { $last }.
    }
box-campaign-people =
    { $count ->
        [one] Found in { $count } mailbox.
       *[other] Found in { $count } mailboxes.
    }
box-unreadable =
    { $count ->
        [one] { $count } message could not be read.
       *[other] { $count } messages could not be read.
    }
box-more = And { $count } more.
## The page

page-title = What we saw in this message
page-printed = This page was made on this machine, offline. Nothing was sent to anyone.
## Lines

attached-prefix = In the attached message:
sender-line = From: { $sender }
subject-line = Subject: { $subject }
received-line = Received: { $time }
score-line =
    { $score ->
        [one] For a specialist: { $score } point.
       *[other] For a specialist: { $score } points.
    }
beacon-self-hosted = The server at { $host } that counts who opens this message belongs to no known mailing service, and the message is no newsletter. Someone wants to know whether you, in person, opened it.
identity-refuted = The owner of { $domain } says that messages like this one do not come from there. Someone else very probably put that address on it.
identity-forged = The message bears an address at { $domain }, but nothing confirms that it comes from there, and your answer would go to { $domain2 }.
approach-personal = It is written to you alone, like a personal letter.
approach-reward = It promises money, a prize or company. Such promises are hardly ever kept.
approach-secrecy = It asks you to keep it to yourself or to go on elsewhere. That takes you away from people who could warn you.
reveals-to = To { $host }: { $what }
reveals-nothing = We saw nothing in it that reports to anyone that it was opened.
more-reasons =
    { $count ->
        [one] … and 1 smaller sign
       *[other] … and { $count } smaller signs
    }
approach-answer = It answers a message of yours, as far as it says. If you did not write one, that is a trick.
identity-counterfeit =
    The sender’s address really ends in { $domain }. It is dressed up to be taken for { $owner }: { $trick ->
        [punycode] it uses letters of another alphabet that look like the usual ones.
       *[subdomain] the familiar name only stands at the front, and it is the end that counts.
    } Nobody gets such an address by accident.
heading-small-signs = Small signs, which innocent messages often have as well
verdict-small-signs = We found only signs that innocent messages have as well
reveals-remote = Things are also fetched from { $hosts }. Whoever runs them can learn that someone opened this message, when, and the internet address.
step-may-be-genuine = It may still be genuine. Someone honest will understand if you first call their office on a number that you found yourself.
