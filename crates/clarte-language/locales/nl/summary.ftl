# De samenvatting op de terminal, in het Nederlands. Dezelfde sleutels en
# variabelen in alle talen, door een test bewaakt.
campaign = Campagne
duration = { $first } tot { $last } ({ $days ->
    [one] 1 dag
   *[other] { $days } dagen
})
no-campaign = Geen enkele mail in dit bewijsmateriaal vertoont een van de { $indicators } opgegeven indicatoren. Dat bewijst niet dat niemand getroffen is: kijk na wat er gedekt is.
no-indicators = Er is geen indicator opgegeven (--intel): niets zegt dus welke campagne gezocht moet worden.
nature = { $category } ({ $techniques })
victims = Slachtoffers
victims-total = { $count ->
    [one] 1 persoon of postbus
   *[other] { $count } personen of postbussen
}: { $rungs }
more = … en nog { $count } in extent.json
exfiltration = Wat er weg is
exfiltration-line = { $verdict }: { $bytes } verstuurd, { $items } berichten en bestanden gelezen
at-least = minstens { $floor }
undetermined = Wat uit dit bewijsmateriaal niet op te maken valt
undetermined-line = { $rung }, { $count ->
    [one] 1 persoon
   *[other] { $count } personen
}: { $reason }
coverage = Wat het bewijsmateriaal dekt
no-times = geen regel met een bruikbaar tijdstip
records = { $count ->
    [one] 1 record
   *[other] { $count } records
}
gap = niets van { $from } tot { $to }
parts-throttled = { $count } postbussen: er is meer gelezen dan het logboek noteert; zie extent.json
parts-truncated = { $count } exports: er ontbreken rijen; zie extent.json
parts-cleared = { $count } machines: er zijn logboeken gewist; zie extent.json
parts-numbers = { $count } machines: er ontbreken nummers van gebeurtenissen; zie extent.json
parts-silent = { $count } logboeken: een tijdlang stil; zie extent.json
clocks = de klok van { $source } en die van { $against } verschillen { $seconds } s ({ $pairs } gebeurtenissen die beide zagen)
clocks-zone = de klok van { $source } en die van { $against } verschillen { $seconds } s ({ $pairs } gebeurtenissen die beide zagen): waarschijnlijk een verkeerde tijdzone, zie --zone
absent-sources = afwezig: { $sources }
infrastructure = Infrastructuur van de campagne
evidence = Bewijsmateriaal
evidence-line = { $files } bestanden, { $size }, { $share } % gelezen, { $faults } gebreken; { $new } nieuw, { $known } al bekend
unknown-file = niet gelezen, onbekend formaat: { $path }
local-time = { $count ->
    [one] 1 bestand geeft
   *[other] { $count } bestanden geven
} lokale tijd zonder tijdzone: gelezen zoals opgegeven met --zone, anders als UTC
unreadable = kon niet geopend worden: { $path } ({ $reason })
set-aside = de catalogus was beschadigd of weg: alles wat het meer bevatte, ligt nu in { $folder }
read-otherwise = { $count ->
    [one] 1 bestand is
   *[other] { $count } bestanden zijn
} gelezen door een vroegere versie, of voordat er een mapping was opgegeven: geef ze opnieuw op, bijvoorbeeld { $path }
changed-place = veranderd sinds het voor het eerst gelezen werd; beide versies zijn bewijsmateriaal, en wat in beide staat, telt dubbel: { $path }
intelligence-line = { $indicators } indicatoren opgegeven, waarvan { $matched } in het bewijsmateriaal gezien, { $left } vermeldingen niet beoordeeld
answer = Antwoord: { $path }
given = opgegeven
discovered = ontdekt
reconnaissance = verkenning
undetermined-nature = onbepaald
covered = gedekt
partial = gedeeltelijk
targeted = geviseerd
delivered = ontvangen
opened = geopend
interacted = link gevolgd
compromised = gecompromitteerd
accessed = ingezien
exfiltrated = buitgemaakt
credential_theft = diefstal van inloggegevens
espionage = spionage
sabotage = sabotage
extortion = afpersing
proved = bewezen
attempted = geprobeerd, niets gezien dat doorging
not_seen = niet gezien, in logboeken die het zouden tonen
logs_insufficient = onbekend, de logboeken volstaan niet
throttled = afgeknepen
truncated = afgebroken
absent = afwezig
cleared = gewist
