# De brieven aan mensen met wie een campagne te maken heeft, en de lijst van wie
# eerst op de hoogte moet. Wie dit leest, kan bang zijn: geen verwijt, geen
# vakjargon, geen belofte, en nooit meer dan wat de gegevens tonen.

## Het hoofd van de brief

letter-title = Over berichten die naar u zijn gestuurd
letter-title-other = Over sporen van een aanval waar u mee te maken kunt hebben
letter-for = Voor
letter-personal = Persoonlijk en vertrouwelijk. Deze brief gaat over u en over niemand anders.
letter-intro = Wij onderzoeken een aanvalscampagne. Minstens één van haar berichten was voor u bestemd. Deze brief zegt u wat wij weten, wat wij niet kunnen weten, en wat u nu kunt doen.
letter-intro-other = Wij onderzoeken een aanvalscampagne. Voor zover wij kunnen zien, hebben sommige sporen ervan te maken met u, met een account van u of met een toestel dat u gebruikt. Deze brief zegt u wat wij weten, wat wij niet kunnen weten, en wat u nu kunt doen.
letter-no-blame = Niets hiervan is uw schuld. Zulke aanvallen worden zo gemaakt dat iedereen ze voor echt kan houden.
letter-genuine = U hoeft deze brief niet op zijn woord te geloven. Voor u iets doet, kunt u uw ICT-dienst bellen, of de persoon die u de brief gaf, op een nummer dat u al had. Deze brief vraagt geen wachtwoord, geen betaling en geen klik.

## Wat men weet

letter-shown = Wat de gegevens tonen
letter-likely = Wat waarschijnlijk of mogelijk is, maar niet vaststaat
letter-rung-targeted = De campagne had het op u gemunt, of op een account van u.
letter-rung-delivered = Minstens één van haar berichten is in uw postbus afgeleverd.
letter-rung-opened = Iets in een van haar berichten is aan uw kant geladen. Dat gebeurt wanneer een bericht getoond wordt. Het is op zich geen inbraak: hieruit alleen kan niemand afleiden dat iemand uw account of toestel is binnengedrongen.
letter-rung-interacted = Aan uw kant is een link in een van haar berichten gevolgd, of een formulier of bestand daarin gebruikt. Hieruit alleen kan niemand afleiden dat iemand uw account of toestel is binnengedrongen.
letter-rung-compromised = De campagne heeft gehandeld vanuit een account of toestel van u. Dat kan onopgemerkt blijven: voor het systeem ziet het eruit alsof u het zelf deed.
letter-rung-accessed = De campagne heeft inhoud gelezen in uw postbus, of in bestanden die uw account kan openen.
letter-rung-exfiltrated = Er zijn gegevens van een account of toestel van u naar een adres gegaan dat de campagne gebruikt. Welke precies, kan deze brief niet zeggen.
letter-first-seen = Voor het eerst gezien: { $time }.
letter-time-unknown = Wanneer dat was, toont geen enkel gegeven op een betrouwbare manier.
letter-grade = { $level ->
    [almost-certain] Nagenoeg vaststaand:
    [very-likely] Heel waarschijnlijk:
    [likely] Waarschijnlijk:
    [even] Ongeveer even waarschijnlijk als niet:
   *[possible] Mogelijk:
}
letter-level = { $level ->
    [almost-certain] nagenoeg vaststaand
    [very-likely] heel waarschijnlijk
    [likely] waarschijnlijk
    [even] ongeveer even waarschijnlijk als niet
   *[possible] mogelijk
}
letter-scale = Wat deze woorden betekenen, naar onze schatting: nagenoeg vaststaand, minstens 95 op 100; heel waarschijnlijk, 80 tot 95; waarschijnlijk, 55 tot 80; ongeveer even waarschijnlijk als niet, 45 tot 55; mogelijk, minder dan 45.

## De berichten

letter-mails = De berichten die wij kennen
letter-mail = { $time }, van
letter-mail-unnamed = { $time }; het gegeven noemt de afzender niet
letter-mail-refused = { $time }; een mailserver heeft het geweigerd
letter-mail-withheld = { $time }; het droeg het adres van iemand anders, dat hier is weggelaten
letter-mail-no-time = tijdstip onbekend
letter-sender-note = Het adres op een bericht kan vervalst zijn. Wie erin genoemd wordt, hoeft er niets mee te maken te hebben.
letter-hosts = Ze laden iets van deze adressen of leiden ernaartoe. Ga er niet heen.
letter-brackets = De punten in deze adressen staan tussen haakjes, zodat niemand er per vergissing op kan klikken.
letter-reveals = Wat een geopend bericht de afzender vertelt
letter-reveals-opened = Wanneer een bericht iets laadt, kan de afzender te weten komen dat en wanneer het geopend is; het netwerkadres, en daarmee ruwweg de plaats; en het soort toestel en mailprogramma.
letter-reveals-link = Een link volgen vertelt de afzender hetzelfde. Wat op de pagina erachter getypt zou zijn, zoals een wachtwoord, zou de afzender ook bereikt hebben.

## Wat men niet kan weten

letter-unknown = Wat wij niet kunnen weten
letter-unknown-note = Dat wij iets niet gezien hebben, betekent niet dat het niet gebeurd is. Het betekent evenmin dat het wel gebeurd is.
letter-open-delivered = Of een van haar berichten uw postbus bereikt heeft.
letter-open-opened = Of u een van haar berichten geopend hebt.
letter-open-interacted = Of een link gevolgd is, of een formulier of bestand gebruikt.
letter-open-compromised = Of iemand uw account of toestel is binnengedrongen.
letter-open-accessed = Of iemand uw berichten of bestanden gelezen heeft.
letter-open-exfiltrated = Of gegevens van u naar de campagne zijn gegaan.
letter-doubt-elsewhere = De gegevens zien maar een deel van de netwerken. Wat thuis of op een telefoon geopend wordt, is er niet in te zien.
letter-doubt-missing = Gegevens die het zouden kunnen tonen ontbreken, helemaal of voor een deel van de tijd.
letter-doubt-unknown-addresses = De campagne kan adressen gebruikt hebben die nog niemand kent.
letter-doubt-nothing-loads = Het bericht bevat niets waarvan bekend is dat het een opening meldt; openen zou dus geen spoor nalaten.
letter-doubt-no-message = Wij hebben geen enkel van de berichten die u misschien gestuurd zijn.
letter-doubt-somebody = Er is iets geladen of gecontacteerd, maar door wie valt niet te zeggen. Het kan iemand anders geweest zijn, of een automatische controle.
letter-doubt-attempted = Er is een poging opgetekend die niet gelukt is. Of een andere wel lukte, tonen de gegevens niet.
letter-doubt-password = Iemand probeerde in te loggen en kende het wachtwoord, maar maakte het inloggen niet af. Of dat bij een andere poging wel gebeurde, tonen de gegevens niet.
letter-doubt-kept = Er is inhoud gelezen. Of er een kopie van bewaard is, tonen de gegevens niet.
letter-doubt-forwarding = Een regel stuurt mail uit uw postbus door naar een ander adres. Of er mail langs die weg vertrokken is, tonen de gegevens niet.
letter-doubt-filtered = Een filter hield het bericht tegen. Of het later is doorgelaten, tonen de gegevens niet.
letter-doubt-accepted = De mailserver heeft het bericht aangenomen. Wat er daarna mee gebeurde, tonen de gegevens niet.
letter-doubt-unmeasured = Er was een verbinding met een adres van de campagne. Of er langs die weg gegevens van u vertrokken zijn, is niet te zien.
letter-doubt-unsettled = De gegevens die wij hebben, geven geen uitsluitsel.

## Drie stappen

letter-steps = Drie dingen die u nu kunt doen
letter-step-keep = Vindt u een van deze berichten, of een dat erop lijkt, open er dan niets in, klik nergens op en antwoord niet. Bewaar het zoals het is, zonder het te verwijderen of door te sturen: het is bewijs.
letter-step-settings = Loop de instellingen van uw mailaccount na: wordt er mail doorgestuurd naar een adres dat u niet kent? Is er een toestel of app aan gekoppeld die u niet kent? Laat het laden van externe afbeeldingen uit staan, en zet inloggen in twee stappen aan.
letter-step-talk = Praat met ons, met uw ICT-dienst of met een van de hulplijnen hieronder. U hebt geen bewijs nodig om iets te vragen. Herinnert u zich iets ongewoons, noteer dan wat het was en wanneer.
letter-step-password = Wijzig op een ander toestel het wachtwoord van uw account, en dat van elk ander account met hetzelfde of een gelijkend wachtwoord. Zet inloggen in twee stappen aan.
letter-step-sessions = Meld u in de instellingen van uw account overal af. Maak een foto van elke doorsturing, elk toestel en elke app die u niet kent, en verwijder die pas daarna. Wis geen berichten en zet het toestel niet terug naar de fabrieksinstellingen: het is bewijs.
letter-step-other-device = Gebruik het account en het toestel in kwestie voorlopig voor niets vertrouwelijks, en praat er daar niet over. Bereik ons telefonisch, persoonlijk, of vanaf een toestel en account die er niet bij betrokken zijn.
letter-step-together = Wijzig niets alleen. Leg samen met ons of een hulplijn eerst vast wat er te zien is; wijzig daarna op een ander toestel de wachtwoorden, meld u overal af en verwijder regels en apps die niet van u zijn. Wis voordien niets en zet niets terug.
letter-step-others = Denk aan wie u in vertrouwen heeft geschreven. Bespreek met ons wie gewaarschuwd moet worden en hoe, zonder het account in kwestie te gebruiken.
letter-mailbox-warning = Mail naar uw account wordt misschien door de campagne gelezen. Antwoord over deze brief dus niet vanuit dat account.

## Het einde

letter-helplines = Aan wie u raad kunt vragen
letter-helpline-for = { $audience ->
    [civil-society] voor verenigingen en bedreigde personen
    [journalists] voor journalisten
    [institution] voor instellingen
   *[anyone] voor iedereen
}
letter-times = Alle tijden zijn in UTC. In Brussel is het ’s winters één uur later en ’s zomers twee.
letter-basis = Deze brief steunt alleen op de gegevens van het onderzoek en zegt niet meer dan die. Nieuwe gegevens kunnen hem veranderen.

## Wie eerst op de hoogte moet

notify-title = Wie eerst op de hoogte moet
notify-internal = Intern: voor wie de mensen inlicht. Deze lijst noemt verschillende personen en mag aan geen van hen gegeven worden.
notify-marking = De inlichtingen waarop ze steunt, dragen de markering { $tlp }.
notify-marking-strict = De brieven noemen adressen die daarop steunen: vraag het de bron voor u ze uitdeelt.
notify-order = In deze volgorde: de verste stap waar de gegevens voor spreken; dan de verste die niet uit te sluiten valt; dan de recentste handeling eerst; dan rollen die de campagne vaker koos dan toeval zou doen; dan op naam.
notify-nobody = De zaak toont niemand die de campagne bereikt heeft. Dat bewijst niet dat er niemand is.
notify-shown = Verste stap
notify-since = { $rung }, voor het eerst op { $time } ({ $level })
notify-since-unknown = { $rung }, tijdstip onbekend ({ $level })
notify-because = Waarom
notify-last = Laatste handeling gezien
notify-open = Niet uit te sluiten
notify-roles = Rollen
notify-language = Taal van de brief
notify-language-instead = { $lang }; de personenlijst vraagt een andere
notify-reach = Hoe te bereiken
notify-letter = Brief
notify-mailbox-accessed = Licht deze persoon NIET per mail in: volgens de gegevens heeft de campagne inhoud van dit account of deze postbus gelezen.
notify-mailbox-compromised = Licht deze persoon NIET per mail in: volgens de gegevens heeft de campagne gehandeld vanuit een account of toestel van deze persoon en leest misschien diens mail.
notify-mailbox-exfiltrated = Licht deze persoon NIET per mail in: volgens de sporen zijn er gegevens van een account of toestel van deze persoon naar de campagne gegaan, en die leest misschien diens mail.
notify-mailbox-forwarding = Licht deze persoon NIET per mail in: een regel stuurt mail uit deze postbus door naar een ander adres.
notify-mailbox-undetermined = Of de campagne deze postbus leest, valt niet uit te maken. Liever niet per mail.
notify-way-phone = Telefoon
notify-way-signal = Signal
notify-way-mail = Andere postbus
notify-way-address = Adres
notify-way-none = Telefonisch of persoonlijk; de personenlijst noemt geen andere weg.
notify-machine = Een machine waarvan de gebruiker niet bekend is. Zoek uit wie ze gebruikt en licht die persoon in; er is geen brief.
