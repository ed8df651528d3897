# The letters to persons whom a campaign concerns, and the list of whom to tell
# first. The reader may be frightened: no blame, no jargon, no promise, and never
# more than what the records show.

## The letter's head

letter-title = About messages that were sent to you
letter-title-other = About traces of an attack that may concern you
letter-for = For
letter-personal = Personal and confidential. This letter speaks of you and of nobody else.
letter-intro = We are investigating an attack campaign. At least one of its messages was meant for you. This letter tells you what we know, what we cannot know, and what you can do now.
letter-intro-other = We are investigating an attack campaign. As far as we can tell, some of its traces concern you, an account of yours or a device that you use. This letter tells you what we know, what we cannot know, and what you can do now.
letter-no-blame = None of this is your fault. Such attacks are made so that anyone can take them for something genuine.
letter-genuine = You need not take this letter’s word for it. Before you do anything, you can call your IT team or the person who handed it to you, on a number that you already had. This letter asks for no password, no payment and no click.

## What is known

letter-shown = What the records show
letter-likely = What is likely or possible, but not established
letter-rung-targeted = The campaign aimed at you, or at an account of yours.
letter-rung-delivered = At least one of its messages was delivered to your mailbox.
letter-rung-opened = Something in one of its messages was loaded from your side. That happens when a message is displayed. It is not in itself a break-in: from this alone nobody can conclude that someone got into your account or device.
letter-rung-interacted = From your side, a link in one of its messages was followed, or a form or file in it was used. From this alone nobody can conclude that someone got into your account or device.
letter-rung-compromised = The campaign acted from inside an account or device of yours. This can go unnoticed: to the system it looks as if you had done it yourself.
letter-rung-accessed = The campaign read content in your mailbox, or in files that your account can open.
letter-rung-exfiltrated = Data went from an account or device of yours to an address that the campaign uses. What exactly it was, this letter cannot say.
letter-first-seen = First seen: { $time }.
letter-time-unknown = When that was, no record shows reliably.
letter-grade = { $level ->
    [almost-certain] Almost certain:
    [very-likely] Very likely:
    [likely] Likely:
    [even] About as likely as not:
   *[possible] Possible:
}
letter-level = { $level ->
    [almost-certain] almost certain
    [very-likely] very likely
    [likely] likely
    [even] about as likely as not
   *[possible] possible
}
letter-scale = What these words mean, as our estimate: almost certain, at least 95 in 100; very likely, 80 to 95; likely, 55 to 80; about as likely as not, 45 to 55; possible, less than 45.

## The messages

letter-mails = The messages that we know of
letter-mail = { $time }, from
letter-mail-unnamed = { $time }; the record does not name the sender
letter-mail-refused = { $time }; a mail server turned it away
letter-mail-withheld = { $time }; it bore the address of somebody else, which is left out here
letter-mail-no-time = time unknown
letter-sender-note = An address in a message can be forged. Whoever it names need not have anything to do with it.
letter-hosts = They load something from these addresses, or lead to them. Do not visit them.
letter-brackets = The dots in these addresses stand in brackets, so that nothing can be clicked by mistake.
letter-reveals = What an opened message tells its sender
letter-reveals-opened = When a message loads something, its sender can learn that and when it was opened; the network address, and with it roughly the place; and the kind of device and mail program.
letter-reveals-link = Following a link tells the sender the same. What was typed on the page behind it, such as a password, would have reached the sender as well.

## What cannot be known

letter-unknown = What we cannot know
letter-unknown-note = That we have not seen something does not mean that it did not happen. Nor does it mean that it did.
letter-open-delivered = Whether one of its messages reached your mailbox.
letter-open-opened = Whether you opened one of its messages.
letter-open-interacted = Whether a link was followed, or a form or file used.
letter-open-compromised = Whether someone got into your account or device.
letter-open-accessed = Whether someone read your messages or files.
letter-open-exfiltrated = Whether data of yours went to the campaign.
letter-doubt-elsewhere = The records see only some networks. What is opened at home or on a phone does not show in them.
letter-doubt-missing = Records that could show it are missing, wholly or for part of the time.
letter-doubt-unknown-addresses = The campaign may have used addresses that nobody knows yet.
letter-doubt-nothing-loads = The message holds nothing that is known to report an opening, so that an opening would leave no trace.
letter-doubt-no-message = We have none of the messages that may have been sent to you.
letter-doubt-somebody = Something was loaded or contacted, but it cannot be told by whom. It may have been someone else, or an automatic check.
letter-doubt-attempted = An attempt is on record that did not succeed. Whether another one did, the records do not show.
letter-doubt-password = Someone tried to sign in and knew the password, but did not complete it. Whether another attempt was completed, the records do not show.
letter-doubt-kept = Content was read. Whether a copy was kept, the records do not show.
letter-doubt-forwarding = A rule sends mail from your mailbox on to another address. Whether any mail went that way, the records do not show.
letter-doubt-filtered = A filter held the message back. Whether it was let through later, the records do not show.
letter-doubt-accepted = The mail server took the message in. What became of it, the records do not show.
letter-doubt-unmeasured = There was a connection with an address of the campaign. Whether data of yours went out by it, the records do not show.
letter-doubt-unsettled = The records that we have do not settle it.

## Three steps

letter-steps = Three things that you can do now
letter-step-keep = If you find one of these messages, or one like them, open and click nothing in it and do not answer it. Keep it as it is, neither deleted nor forwarded: it is evidence.
letter-step-settings = Look through the settings of your mail account: is mail forwarded to an address that you do not know? Is a device or app connected that you do not know? Leave the loading of remote pictures off, and turn on sign-in in two steps.
letter-step-talk = Talk to us, to your IT team or to one of the helplines below. You need no proof to ask. If you remember anything unusual, note what it was and when.
letter-step-password = From another device, change the password of your account, and of every other account that has the same or a similar one. Turn on sign-in in two steps.
letter-step-sessions = In the settings of your account, sign out everywhere. Take a picture of every forwarding, device and app that you do not know, then remove it. Delete no messages and do not reset the device: they are evidence.
letter-step-other-device = For now, use the account and device concerned for nothing confidential, and do not speak of this letter there. Reach us by telephone, in person, or from a device and account that are not concerned.
letter-step-together = Change nothing alone. Together with us or a helpline, first record what is there; then, from another device, change passwords, sign out everywhere and remove rules and apps that are not yours. Delete and reset nothing before that.
letter-step-others = Think of those who wrote to you in confidence. Talk over with us who should be warned and how, without using the account concerned.
letter-mailbox-warning = Mail to your account may be read by the campaign. Please do not answer about this letter from that account.

## The end

letter-helplines = Whom you can ask
letter-helpline-for = { $audience ->
    [civil-society] for associations and people at risk
    [journalists] for journalists
    [institution] for institutions
   *[anyone] for everyone
}
letter-times = All times are in UTC. In Brussels it is one hour later in winter and two in summer.
letter-basis = This letter rests on the records of the investigation alone and says no more than they do. New records can change it.

## Whom to tell first

notify-title = Whom to tell first
notify-internal = Internal: for those who do the telling. It names several people and must not be handed to any of them.
notify-marking = The intelligence behind it is marked { $tlp }.
notify-marking-strict = The letters quote addresses that rest on it: ask its source before you hand them out.
notify-order = In this order: the furthest step that the records speak for; then the furthest that cannot be excluded; then the latest act first; then roles that the campaign chose more often than chance would; then by name.
notify-nobody = The case shows nobody whom the campaign reached. That is no proof that there is nobody.
notify-shown = Furthest step
notify-since = { $rung }, first on { $time } ({ $level })
notify-since-unknown = { $rung }, time unknown ({ $level })
notify-because = Why
notify-last = Last act seen
notify-open = Not excluded
notify-roles = Roles
notify-language = Language of the letter
notify-language-instead = { $lang }; the list of people asks for another
notify-reach = How to reach them
notify-letter = Letter
notify-mailbox-accessed = Do NOT tell this person by e-mail: as the records have it, the campaign read content of this account or mailbox.
notify-mailbox-compromised = Do NOT tell this person by e-mail: as the records have it, the campaign acted from an account or device of theirs and may read their mail.
notify-mailbox-exfiltrated = Do NOT tell this person by e-mail: as the records have it, data went to the campaign from an account or device of theirs, and it may read their mail.
notify-mailbox-forwarding = Do NOT tell this person by e-mail: a rule sends mail from this mailbox on to another address.
notify-mailbox-undetermined = Whether the campaign reads this mailbox cannot be determined. Rather not by e-mail.
notify-way-phone = Telephone
notify-way-signal = Signal
notify-way-mail = Another mailbox
notify-way-address = Address
notify-way-none = By telephone or in person; the list of people names no other way.
notify-machine = A machine whose owner is not known. Find out who uses it, and tell them; there is no letter.
