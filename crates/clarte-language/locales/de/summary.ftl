# Die Zusammenfassung im Terminal, auf Deutsch. Dieselben Schlüssel und
# Platzhalter in allen Sprachen, durch einen Test gesichert.
campaign = Kampagne
duration = { $first } bis { $last } ({ $days ->
    [one] 1 Tag
   *[other] { $days } Tage
})
no-campaign = Keine E-Mail in diesem Beweismaterial weist einen der { $indicators } angegebenen Indikatoren auf. Das beweist nicht, dass niemand betroffen ist: Entscheidend ist, was abgedeckt ist.
no-indicators = Es wurde kein Indikator angegeben (--intel): Nichts sagt also, welche Kampagne zu suchen ist.
nature = { $category } ({ $techniques })
victims = Betroffene
victims-total = { $count ->
    [one] 1 Person oder Postfach
   *[other] { $count } Personen oder Postfächer
}: { $rungs }
more = … und { $count } weitere in extent.json
exfiltration = Was abgeflossen ist
exfiltration-line = { $verdict }: { $bytes } gesendet, { $items } Nachrichten und Dateien gelesen
at-least = mindestens { $floor }
undetermined = Was sich aus diesem Beweismaterial nicht klären lässt
undetermined-line = { $rung }, { $count ->
    [one] 1 Person
   *[other] { $count } Personen
}: { $reason }
coverage = Was das Beweismaterial abdeckt
no-times = keine Zeile mit verwertbarer Zeitangabe
records = { $count ->
    [one] 1 Datensatz
   *[other] { $count } Datensätze
}
gap = nichts von { $from } bis { $to }
parts-throttled = { $count } Postfächer: Es wurde mehr gelesen, als das Protokoll verzeichnet; siehe extent.json
parts-truncated = { $count } Exporte: Es fehlen Zeilen; siehe extent.json
parts-cleared = { $count } Rechner: Protokolle wurden gelöscht; siehe extent.json
parts-numbers = { $count } Rechner: Es fehlen Ereignisnummern; siehe extent.json
parts-silent = { $count } Protokolle: zeitweise stumm; siehe extent.json
clocks = die Uhren von { $source } und { $against } weichen um { $seconds } s voneinander ab ({ $pairs } Ereignisse, die beide sahen)
clocks-zone = die Uhren von { $source } und { $against } weichen um { $seconds } s voneinander ab ({ $pairs } Ereignisse, die beide sahen): vermutlich eine falsche Zeitzone, siehe --zone
absent-sources = nicht vorhanden: { $sources }
infrastructure = Infrastruktur der Kampagne
evidence = Beweismaterial
evidence-line = { $files } Dateien, { $size }, zu { $share } % gelesen, { $faults } Fehlstellen; { $new } neu, { $known } bereits bekannt
unknown-file = nicht gelesen, unbekanntes Format: { $path }
local-time = { $count ->
    [one] 1 Datei enthält
   *[other] { $count } Dateien enthalten
} Ortszeit ohne Zeitzone: gelesen wie mit --zone angegeben, sonst als UTC
unreadable = konnte nicht geöffnet werden: { $path } ({ $reason })
set-aside = der Katalog war beschädigt oder fehlte: Alles, was der Datenbestand enthielt, liegt jetzt in { $folder }
read-otherwise = { $count ->
    [one] 1 Datei wurde
   *[other] { $count } Dateien wurden
} von einer früheren Version gelesen oder bevor eine Zuordnung angegeben war: bitte erneut angeben, zum Beispiel { $path }
changed-place = seit dem ersten Lesen verändert; beide Fassungen sind Beweismaterial, und was in beiden steht, zählt doppelt: { $path }
intelligence-line = { $indicators } Indikatoren angegeben, davon { $matched } im Beweismaterial gesehen, { $left } Einträge nicht ausgewertet
answer = Antwort: { $path }
given = angegeben
discovered = entdeckt
reconnaissance = Ausspähung
undetermined-nature = ungeklärt
covered = abgedeckt
partial = teilweise
targeted = im Visier
delivered = zugestellt
opened = geöffnet
interacted = Link befolgt
compromised = kompromittiert
accessed = eingesehen
exfiltrated = abgeflossen
credential_theft = Diebstahl von Zugangsdaten
espionage = Spionage
sabotage = Sabotage
extortion = Erpressung
proved = bewiesen
attempted = versucht, kein Erfolg zu sehen
not_seen = nicht gesehen, in Protokollen, die es zeigen würden
logs_insufficient = unbekannt, die Protokolle reichen nicht aus
throttled = gedrosselt
truncated = abgeschnitten
absent = nicht vorhanden
cleared = gelöscht
