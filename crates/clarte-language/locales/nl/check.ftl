# Wat `clarte check` zegt aan iemand met één vreemd bericht.
# Korte zinnen, geen jargon, geen verwijten, geen valse geruststelling.

## Wat er bij het openen wordt opgehaald

beacon-hidden = Bij het openen van dit bericht wordt iets onzichtbaars opgehaald bij { $host }. Zo komt de afzender te weten dat u het opende, wanneer en vanwaar.
beacon-individual = Bij het openen van dit bericht wordt iets opgehaald bij { $host }, met een code die alleen voor u is gemaakt. Zo komt de afzender te weten dat u het was die het opende.
beacon-recipient = Bij het openen van dit bericht wordt iets opgehaald bij { $host }, en uw e-mailadres gaat mee, leesbaar of vermomd. Zo komt de afzender te weten dat u het was die het opende.
beacon-proxied = Een afbeelding van { $host } wordt opgehaald via { $proxy }. Dat verbergt waar u bent, maar de afzender kan nog altijd te weten komen dat het bericht is geopend.

## Wie het zegt te zijn

identity-press = Dit bericht zegt te komen van “{ $claimed }”, een nieuwsmedium. Maar het adres van de afzender eindigt op { $domain }, en wij kennen dat niet als een adres van hen.
identity-journalist = De afzender schrijft als journalist. Maar het adres eindigt op { $domain }, en niets toont aan dat het van een redactie is.
identity-institution = Dit bericht zegt te komen van “{ $claimed }”, een openbare instelling. Maar het adres van de afzender eindigt op { $domain }, en wij kennen dat niet als een adres van hen.
identity-ngo = Dit bericht zegt te komen van “{ $claimed }”, een vereniging, stichting of universiteit. Maar het adres van de afzender eindigt op { $domain }, en wij kennen dat niet als een adres van hen.
identity-service = Dit bericht zegt te komen van “{ $claimed }”, een bedrijf of onlinedienst. Maar het adres van de afzender eindigt op { $domain }, en wij kennen dat niet als een adres van hen.
identity-colleague = Dit bericht draagt de naam van iemand die u kent, “{ $name }”. Die persoon schrijft anders vanaf { $owner }; dit bericht komt van { $domain }.
identity-name-address = Als naam van de afzender staat er “{ $name }”, maar het bericht komt van een ander adres, dat eindigt op { $domain }. Veel mailprogramma’s tonen alleen de naam.
identity-lookalike =
    Het adres van de afzender eindigt op { $domain }. Het lijkt op { $owner }, maar het is een ander: { $trick ->
        [homoglyph] tekens zijn vervangen door andere die er hetzelfde uitzien.
        [punycode] er staan letters van een ander alfabet in die op de gewone lijken.
        [added] er zijn woorden of letters toegevoegd.
        [ending] alleen het einde is anders.
        [subdomain] de bekende naam staat enkel vooraan, en het is het einde dat telt.
        [hyphen] een streepje of punt is toegevoegd, verplaatst of weggelaten.
       *[letters] een of enkele letters verschillen.
    }
identity-mixed-script = De naam of het adres van de afzender ({ $domain }) mengt letters van verschillende alfabetten die op elkaar lijken. Zo kunt u er een naam in lezen die er niet staat.
identity-reply-elsewhere = Het bericht toont een afzender bij { $domain }, maar uw antwoord zou naar { $domain2 } gaan. Misschien leest iemand anders het dan.
identity-freemail = De afzender spreekt namens een organisatie, maar schrijft vanaf { $domain }, waar iedereen onder elke naam een mailbox kan openen.
identity-unproved =
    { $result ->
        [softfail] De dienst die dit bericht ontving, betwijfelt of het van { $domain } komt. Misschien heeft iemand anders dat adres erop gezet.
        [fail] De dienst die dit bericht ontving, ging na of het van { $domain } komt, en dat klopte niet. Het is goed mogelijk dat iemand anders dat adres erop heeft gezet.
       *[none] De dienst die dit bericht ontving, vond niets dat bevestigt dat het van { $domain } komt. Iedereen kan zo’n adres op een bericht zetten.
    }
identity-altered = De tekst is niet de tekst die voor { $domain } is ondertekend. Hij is onderweg veranderd; dat kan door een mailinglijst komen, maar ook door iemand met slechte bedoelingen.

## Hoe het u benadert

approach-first-contact = In de mailbox die wij bekeken, heeft niemand eerder vanaf dit adres geschreven. Veel eerlijke berichten beginnen zo, en de meeste valse ook.
approach-template =
    { $count ->
        [one] Deze brief ging naar { $count } persoon, met een eigen code. Zo kan de afzender zien of die persoon reageert.
       *[other] Dezelfde brief ging naar { $count } mensen, elk met een eigen code. Zo kan de afzender zien wie reageert.
    }
approach-merge = Het bericht draagt sporen van een massaverzending, zoals een niet ingevuld vak of een aanhef zonder naam. Het kan persoonlijk lijken zonder het te zijn.
approach-thread = Het staat er als antwoord (“RE:”), maar wij zagen niets waarop het antwoordt. Zo lijkt een vreemde vertrouwd.
approach-interview = Het vraagt u om een interview, een verklaring of commentaar. Echte journalisten doen dat, en mensen die zich als journalist voordoen ook.
approach-conference = Het nodigt u uit voor een conferentie, een debat of een evenement. Zulke uitnodigingen zijn vaak echt, maar ze dienen ook als voorwendsel.
approach-document = Het vraagt u een document te lezen, na te kijken of te downloaden. Dat is een gangbare manier om iemand een schadelijk bestand te laten openen.
approach-urgency = Het zet u onder tijdsdruk. Haast laat geen tijd om iets na te gaan.
approach-account = Het zegt dat er iets mis is met een account, een mailbox, een wachtwoord, een levering of een betaling. Zo’n schrik dient vaak om mensen te doen klikken.
approach-rights = Het gaat over mensenrechten, over gemeenschappen in ballingschap of over de betrokken landen. Op zich zegt dat niets; naast de andere aanwijzingen toont het voor wie het bericht bedoeld is.

## Wat het bevat

payload-link-mismatch = Een link toont { $shown }, maar leidt naar { $host }. U zou niet terechtkomen waar u denkt.
payload-shortener = Een link loopt via { $host }, en dat verbergt waar hij echt naartoe leidt.
payload-bare-address = Een link leidt naar { $host }: cijfers in plaats van een naam, of een vermomde naam. U kunt er niet aan zien bij wie u terechtkomt.
payload-credential-form = Het vraagt om een wachtwoord in het bericht zelf of in een bijgevoegde pagina. Wat daar wordt ingevuld, kan rechtstreeks naar de afzender gaan.
payload-device-code = Het vraagt u een code in te vullen op een echte aanmeldpagina. Die code kan iemand anders in uw account laten, zelfs zonder uw wachtwoord.
payload-consent = Een link naar { $host } vraagt u om een app toegang te geven tot uw account. Die app kan dan uw mails lezen, ook nadat u uw wachtwoord hebt veranderd.
payload-cloud-archive = Het verwijst naar een bestand bij { $host }, waar iedereen bestanden kan plaatsen. De bekende naam zegt niets over wie het daar heeft gezet.
payload-macro = Het bijgevoegde document “{ $name }” bevat opdrachten, of haalt die op van het internet. Als u het opent, kan dat iemand toegang geven tot uw toestel.
payload-program = De bijlage “{ $name }” is een programma. Eenmaal gestart kan het lezen en veranderen wat er op uw toestel staat.
payload-shortcut = De bijlage “{ $name }” is een snelkoppeling, geen document. Als u ze opent, kan er iets starten dat u niet ziet.
payload-disk-image = De bijlage “{ $name }” werkt als een schijf of een USB-stick van een onbekende. Bestanden daarin kunnen aan de gewone waarschuwingen ontsnappen.
payload-smuggling = De webpagina “{ $name }” bij dit bericht maakt een bestand aan op uw toestel zodra ze wordt geopend. Zo ontsnapt dat bestand aan de gewone controles.
payload-svg = De bijgevoegde afbeelding “{ $name }” bevat opdrachten of links, zoals een webpagina. Een gewone afbeelding heeft die niet nodig.
payload-locked-archive = De bijlage “{ $name }” is vergrendeld, en het bericht geeft het wachtwoord. Door dat slot kunnen virusscanners er niet in kijken.
payload-double-extension = De bestandsnaam “{ $name }” heeft twee uitgangen, en alleen de laatste telt. Het bestand is niet van de soort die het lijkt te zijn.
payload-direction = De naam “{ $name }” bevat onzichtbare tekens die de volgorde van de letters omkeren. Wat u leest, is misschien niet de echte naam.
payload-qr = Een afbeelding bevat een code om met een telefoon te scannen (QR-code), en die leidt naar { $host }. Met het blote oog kunt u dat vooraf niet zien.
payload-invitation = Het bevat een agenda-uitnodiging die verwijst naar { $host }, en niet naar de afzender. Ze kan in uw agenda komen voordat u antwoordt.

## Hoe het gemaakt is

form-parsers-disagree =
    { $what ->
        [sender] Verschillende mailprogramma’s tonen voor dit bericht een andere afzender. Dat kan verbergen wie het schreef.
        [subject] Verschillende mailprogramma’s tonen voor dit bericht een ander onderwerp. Dat kan voor wie het controleert verbergen waarover het gaat.
        [attachments] Verschillende mailprogramma’s vinden in dit bericht andere bijlagen. Dat kan een bestand verbergen voor wie het controleert.
       *[text] Verschillende mailprogramma’s tonen voor dit bericht een andere tekst. Dat kan voor wie het controleert verbergen wat erin staat.
    }

## Wat openen zou verraden

reveals-opened = dat het bericht is geopend
reveals-time = wanneer het is geopend
reveals-address = uw internetadres, en dus ongeveer waar u bent en via welke aanbieder u verbonden bent
reveals-device = welk toestel en welk mailprogramma u gebruikt
reveals-person = dat u het was: het adres bevat een code die alleen voor u is gemaakt
reveals-email = uw e-mailadres
reveals-forward = aan wie u het doorstuurt, als die persoon het opent

## Oordeel

verdict-act-now = Behandel dit bericht als gevaarlijk
verdict-act-now-text = Het kan schade aanrichten, of speciaal op u gericht zijn. U hebt niets verkeerds gedaan door het te ontvangen of te openen.
verdict-be-careful = Wees voorzichtig met dit bericht
verdict-be-careful-text = Er zijn dingen die niet kloppen. Misschien is daar een onschuldige reden voor; ga het eerst na, voordat u klikt of antwoordt.
verdict-nothing-found = Wij vonden geen van de tekenen die wij kennen
verdict-nothing-found-text = Dat betekent niet dat dit bericht onschuldig is. Vraag bij twijfel iemand om raad.
verdict-unreadable = Wij konden dit bericht niet lezen
verdict-unreadable-text = Het is beschadigd, onvolledig of van een soort die wij niet kennen; wij kunnen er dus niets over zeggen, goed of slecht. Iemand met andere hulpmiddelen kan het misschien wel lezen; als het u ongerust maakt, is het de moeite om hulp te vragen.

## Titels

heading-why = Waarom
heading-reveals = Wat openen zou verraden
heading-unchecked = Wat niet kon worden nagegaan
heading-steps = Wat u nu kunt doen
heading-helplines = Wie u kan helpen
heading-details = Voor een specialist


## Wat niet kon worden nagegaan

unchecked-first-contact = Of de afzender u eerder schreef: wij hadden geen mailbox om in te kijken.
unchecked-authentication = Of het adres van de afzender echt is: geen enkele dienst die het bericht ontving, zegt er iets over.
unchecked-signature = De elektronische handtekening van { $domain }: de sleutel staat op het internet, en wij hebben niets opgehaald.
unchecked-links = Waar de links naartoe leiden: wij hebben niets geopend.
unchecked-attachments =
    { $count ->
        [one] Wat er in { $count } bijlage zit: wij weten alleen wat voor bestand het is.
       *[other] Wat er in { $count } bijlagen zit: wij weten alleen wat voor bestanden het zijn.
    }
unchecked-pictures = Tekst in afbeeldingen: die kunnen wij niet lezen.
unchecked-damaged = Sommige delen van het bericht: die konden niet worden gelezen.
unchecked-language = De woordkeuze: wij kennen de veelzeggende woorden van slechts enkele talen.

## Stappen

step-dont = Open niets in dit bericht, klik nergens op en antwoord niet.
step-dont-opened = Hebt u al iets geopend of ergens op geklikt? Dat is niet uw schuld. Zeg het aan de persoon die u helpt, en noteer wanneer het was.
step-keep = Bewaar het bericht zoals het is. Verwijder het niet en geef het alleen door aan wie u helpt.
step-ask = Vraag het aan iemand van wie het de taak is: de ICT-dienst van uw organisatie of een hulplijn. U hebt geen bewijs nodig om iets te vragen.
step-verify = Vraag het de persoon langs een andere weg die u al kent, bijvoorbeeld via een nummer dat u al had. Gebruik geen nummer, link of adres uit het bericht.
step-no-pictures = Laat externe afbeeldingen uit staan: als uw mailprogramma voorstelt ze te tonen, weiger dan.
step-unsure = Hebt u een slecht gevoel bij dit bericht? Open er niets in en vraag iemand om raad. U stoort niemand met uw vraag.


## Een hele mailbox

box-none =
    { $count ->
        [0] Er was geen bericht om te bekijken.
        [one] Wij vonden in { $count } bericht geen van de tekenen die wij kennen. Dat betekent niet dat het onschuldig is.
       *[other] Geen van de { $count } berichten toont de tekenen die wij kennen. Dat betekent niet dat ze onschuldig zijn.
    }
box-some =
    { $count ->
        [one] { $found } van { $count } bericht verdient aandacht.
       *[other]
            { $found ->
                [one] { $found } van de { $count } berichten verdient aandacht.
               *[other] { $found } van de { $count } berichten verdienen aandacht.
            }
    }
box-campaign =
    { $count ->
        [one] { $count } bericht, op { $first }.
       *[other] { $count } berichten die bij elkaar horen, van { $first } tot { $last }.
    }
box-campaign-people =
    { $count ->
        [one] Gevonden in { $count } mailbox.
       *[other] Gevonden in { $count } mailboxen.
    }
box-unreadable =
    { $count ->
        [one] { $count } bericht kon niet worden gelezen.
       *[other] { $count } berichten konden niet worden gelezen.
    }
box-more = En nog { $count }.
## De pagina

page-title = Wat wij in dit bericht zagen
page-printed = Deze pagina is op dit toestel gemaakt, zonder internet. Er is niets naar iemand verstuurd.
## Regels

attached-prefix = In het bijgevoegde bericht:
sender-line = Van: { $sender }
subject-line = Onderwerp: { $subject }
received-line = Ontvangen: { $time }
score-line =
    { $score ->
        [one] Voor een specialist: { $score } punt.
       *[other] Voor een specialist: { $score } punten.
    }
beacon-self-hosted = De server { $host }, die bijhoudt wie dit bericht opent, hoort bij geen bekende verzenddienst, en het bericht is geen nieuwsbrief. Iemand wil weten of u persoonlijk het opende.
identity-refuted = De eigenaar van { $domain } laat weten dat zulke berichten niet van daar komen. Iemand anders heeft dat adres er heel waarschijnlijk op gezet.
identity-forged = Het bericht draagt een adres bij { $domain }, maar niets bevestigt dat het van daar komt, en uw antwoord zou naar { $domain2 } gaan.
approach-personal = Het is aan u alleen geschreven, als een persoonlijke brief.
approach-reward = Het belooft geld, een prijs of gezelschap. Zulke beloften worden bijna nooit gehouden.
approach-secrecy = Het vraagt u er met niemand over te praten of elders verder te gaan. Zo raakt u weg van mensen die u kunnen waarschuwen.
reveals-to = Aan { $host }: { $what }
reveals-nothing = Wij zagen er niets in dat iemand meldt dat het geopend is.
more-reasons =
    { $count ->
        [one] … en 1 kleinere aanwijzing
       *[other] … en { $count } kleinere aanwijzingen
    }
approach-answer = Het antwoordt op een bericht van u, zegt het. Schreef u er geen, dan is dat een list.
identity-counterfeit =
    Het adres van de afzender eindigt in werkelijkheid op { $domain }. Het is vermomd om voor { $owner } door te gaan: { $trick ->
        [punycode] het gebruikt letters van een ander alfabet die op de gewone lijken.
       *[subdomain] de bekende naam staat alleen vooraan, en het einde telt.
    } Niemand krijgt zo’n adres toevallig.
heading-small-signs = Kleine aanwijzingen, die onschuldige berichten vaak ook hebben
verdict-small-signs = Wij vonden alleen aanwijzingen die onschuldige berichten ook hebben
reveals-remote = Er wordt ook iets opgehaald bij { $hosts }. Wie die beheert, kan te weten komen dat iemand dit bericht opende, wanneer, en het internetadres.
step-may-be-genuine = Het kan toch echt zijn. Wie eerlijk is, begrijpt dat u eerst naar zijn kantoor belt, op een nummer dat u zelf vond.
