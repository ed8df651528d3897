# Le résumé au terminal, en français. Mêmes clés et mêmes variables dans toutes
# les langues, vérifié par un test. Une espace insécable précède : ; ! ?
campaign = Campagne
duration = du { $first } au { $last } ({ $days ->
    [one] 1 jour
   *[other] { $days } jours
})
no-campaign = Aucun courriel de ces pièces ne montre l’un des { $indicators } indicateurs donnés. Cela ne prouve pas que personne n’a été touché : voir ce qui est couvert.
no-indicators = Aucun indicateur n’a été donné (--intel) : rien ne dit quelle campagne chercher.
nature = { $category } ({ $techniques })
victims = Victimes
victims-total = { $count ->
    [one] 1 personne ou boîte
   *[other] { $count } personnes ou boîtes
} : { $rungs }
more = … et { $count } de plus dans extent.json
exfiltration = Ce qui est parti
exfiltration-line = { $verdict } : { $bytes } envoyés, { $items } messages et fichiers lus
at-least = au moins { $floor }
undetermined = Ce que ces pièces ne permettent pas de savoir
undetermined-line = { $rung }, { $count ->
    [one] 1 personne
   *[other] { $count } personnes
} : { $reason }
coverage = Ce que les pièces couvrent
no-times = aucune ligne à l’heure utilisable
records = { $count ->
    [one] 1 enregistrement
   *[other] { $count } enregistrements
}
gap = rien du { $from } au { $to }
parts-throttled = { $count } boîtes : il a été lu plus que le journal n’en note ; voir extent.json
parts-truncated = { $count } exports : des lignes manquent ; voir extent.json
parts-cleared = { $count } machines : des journaux ont été vidés ; voir extent.json
parts-numbers = { $count } machines : des numéros d’événement manquent ; voir extent.json
parts-silent = { $count } journaux : muets un moment ; voir extent.json
clocks = les horloges de { $source } et de { $against } diffèrent de { $seconds } s ({ $pairs } événements vus par les deux)
clocks-zone = les horloges de { $source } et de { $against } diffèrent de { $seconds } s ({ $pairs } événements vus par les deux) : sans doute un mauvais fuseau, voir --zone
absent-sources = absents : { $sources }
infrastructure = Infrastructure de la campagne
evidence = Pièces
evidence-line = { $files } fichiers, { $size }, lus à { $share } %, { $faults } défauts ; { $new } nouveaux, { $known } déjà connus
unknown-file = non lu, format inconnu : { $path }
local-time = { $count ->
    [one] 1 fichier donne
   *[other] { $count } fichiers donnent
} l’heure locale sans fuseau : prise selon --zone, sinon en UTC
unreadable = n’a pas pu être ouvert : { $path } ({ $reason })
set-aside = le catalogue était abîmé ou absent : tout ce que contenait le lac se trouve à présent dans { $folder }
read-otherwise = { $count ->
    [one] 1 fichier a été lu
   *[other] { $count } fichiers ont été lus
} par une version antérieure, ou avant qu'un fichier de correspondance ne soit donné : à nommer de nouveau, par exemple { $path }
changed-place = a changé depuis sa première lecture ; les deux versions sont des pièces, et ce qui figure dans les deux compte double : { $path }
intelligence-line = { $indicators } indicateurs donnés, { $matched } vus dans les pièces, { $left } entrées non évaluées
answer = Réponse : { $path }
given = donné
discovered = découvert
reconnaissance = reconnaissance
undetermined-nature = indéterminée
covered = couvert
partial = partiel
targeted = visé
delivered = a reçu
opened = a ouvert
interacted = a suivi un lien
compromised = compromis
accessed = consulté
exfiltrated = exfiltré
credential_theft = vol d’identifiants
espionage = espionnage
sabotage = sabotage
extortion = extorsion
proved = prouvé
attempted = tenté, rien de vu qui soit passé
not_seen = non vu, dans des journaux qui le montreraient
logs_insufficient = inconnu, les journaux ne suffisent pas
throttled = bridé
truncated = coupé
absent = absent
cleared = vidé
