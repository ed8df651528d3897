# The terminal summary, in English. Keys and placeholders are the same in every
# language, by test.
campaign = Campaign
duration = { $first } to { $last } ({ $days ->
    [one] 1 day
   *[other] { $days } days
})
no-campaign = No mail in this evidence shows any of the { $indicators } given indicators. That is no proof that nobody was hit: see what is covered.
no-indicators = No indicator was given (--intel), so nothing says which campaign to look for.
nature = { $category } ({ $techniques })
victims = Victims
victims-total = { $count ->
    [one] 1 person or mailbox
   *[other] { $count } persons or mailboxes
}: { $rungs }
more = … and { $count } more in extent.json
exfiltration = What left
exfiltration-line = { $verdict }: { $bytes } sent, { $items } messages and files read
at-least = at least { $floor }
undetermined = What cannot be known from this evidence
undetermined-line = { $rung }, { $count ->
    [one] 1 person
   *[other] { $count } persons
}: { $reason }
coverage = What the evidence covers
no-times = no line with a usable time
records = { $count ->
    [one] 1 record
   *[other] { $count } records
}
gap = nothing from { $from } to { $to }
parts-throttled = { $count } mailboxes: more was read than the log writes down; see extent.json
parts-truncated = { $count } exports: rows are missing; see extent.json
parts-cleared = { $count } machines: logs were cleared; see extent.json
parts-numbers = { $count } machines: event numbers are missing; see extent.json
parts-silent = { $count } logs: silent for a time; see extent.json
clocks = the clock of { $source } and that of { $against } differ by { $seconds } s ({ $pairs } events that both saw)
clocks-zone = the clock of { $source } and that of { $against } differ by { $seconds } s ({ $pairs } events that both saw): probably a wrong zone, see --zone
absent-sources = absent: { $sources }
infrastructure = Infrastructure of the campaign
evidence = Evidence
evidence-line = { $files } files, { $size }, { $share } % read, { $faults } faults; { $new } new, { $known } known before
unknown-file = not read, its format is unknown: { $path }
local-time = { $count ->
    [one] 1 file writes
   *[other] { $count } files write
} local time without a zone: taken as given with --zone, else as UTC
unreadable = could not be opened: { $path } ({ $reason })
set-aside = the catalogue was broken or gone: all that the lake held now lies in { $folder }
read-otherwise = { $count ->
    [one] 1 file was
   *[other] { $count } files were
} read by an earlier version, or before a mapping was given: name them again, such as { $path }
changed-place = changed since it was first read; both versions are evidence, and what stands in both counts twice: { $path }
intelligence-line = { $indicators } indicators given, { $matched } of them seen in the evidence, { $left } entries not evaluated
answer = Answer: { $path }
given = given
discovered = discovered
reconnaissance = reconnaissance
undetermined-nature = undetermined
covered = covered
partial = partial
targeted = targeted
delivered = delivered
opened = opened
interacted = interacted
compromised = compromised
accessed = accessed
exfiltrated = exfiltrated
credential_theft = theft of credentials
espionage = espionage
sabotage = sabotage
extortion = extortion
proved = proved
attempted = attempted, nothing seen to go through
not_seen = not seen, in logs that would show it
logs_insufficient = unknown, the logs do not suffice
throttled = throttled
truncated = cut off
absent = absent
cleared = cleared
