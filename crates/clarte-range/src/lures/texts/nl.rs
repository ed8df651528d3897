//! The letters in Dutch.

use super::Requests;

pub(super) const LETTERS: Requests = [
    // Interview
    [
        (
            "Verzoek om een interview",
            "Graag zou ik volgende week een half uur van uw tijd vragen, telefonisch of op uw kantoor. Wij bereiden een portret voor van volksvertegenwoordigers die het lot van minderheden elders volgen.|Elke dag na dinsdag is voor mij goed.",
        ),
        (
            "Interview over de resolutie van 12 maart",
            "Nu de resolutie is aangenomen, wil onze buitenlandredactie spreken met wie haar schreef. Uw bijdrage werd door meerdere collega's genoemd.|Het gesprek duurt ongeveer veertig minuten en wordt enkel voor de nauwkeurigheid opgenomen. Uw citaten krijgt u uiteraard voor publicatie te zien. Laat mij weten welke taal u verkiest en of een medewerker u vergezelt.",
        ),
        (
            "Uitnodiging van onze krant",
            "Mag ik u vragen of u enkele vragen persoonlijk wilt beantwoorden?",
        ),
        (
            "Kunnen we deze week praten?",
            "Ik werk aan een stuk over druk op ballingen en jouw naam valt steeds weer. Heb je donderdag twintig minuten?",
        ),
        (
            "Koffie en een paar vragen",
            "Van maandag tot woensdag ben ik in de stad en ik zou je graag ontmoeten. Niets zwaars: hoe je in dit werk bent gerold en wat je zag veranderen. De koffie betaal ik!",
        ),
        ("Even bellen?", "Heb je vandaag tien minuten? Het gaat over de gelekte brief."),
        (
            "Gesprek met ons onderzoeksteam",
            "Ons team brengt in kaart hoe verkozenen omgaan met bedreigingen uit het buitenland. Wij horen graag uw ervaring in een vertrouwelijk gesprek.|Deelname is vrijwillig en u mag het verslag verbeteren.",
        ),
        (
            "Wil je met ons praten?",
            "We verzamelen eigen ervaringen voor ons jaaroverzicht, en die van jou hoort erbij. Zal ik je morgen rond vier uur bellen?",
        ),
    ],
    // Verklaring
    [
        (
            "Graag uw reactie voor 17 uur",
            "Vanavond berichten wij over het besluit om het samenwerkingsakkoord op te schorten. Kunt u ons voor vijf uur een verklaring van hoogstens tachtig woorden bezorgen?",
        ),
        (
            "Uw reactie op de nota van de ambassade",
            "De ambassade heeft een nota verspreid die uw laatste tussenkomst ongewoon scherp bekritiseert. Voor wij die afdrukken, willen wij u de kans geven te antwoorden.|Een schriftelijke reactie volstaat.",
        ),
        (
            "Verklaring over het bezoek van de delegatie",
            "Zondag wordt een delegatie verwacht, en twee bronnen bevestigden ons haar programma. Verscheidene leden van uw fractie wilden niets zeggen. Wij menen dat onze lezers mogen weten waar u staat.|Wenst u onbekend te blijven, vermeld dat dan duidelijk in uw antwoord, en wij schrijven uw woorden toe aan iemand die het dossier kent.",
        ),
        (
            "Eén zin van jou?",
            "Iedereen heeft een mening over de stemming, behalve wie in de zaal zit. Eén zin is genoeg, twee zou geweldig zijn.",
        ),
        (
            "Jouw kijk voor de avondeditie",
            "Het verhaal over het havencontract verschijnt vanavond. Wat vind jij ervan?",
        ),
        (
            "Snel een citaat nodig",
            "Sorry voor de haast, mijn chef heeft de deadline vervroegd. Kun je me iets sturen over het visumverbod dat ik mag aanhalen?",
        ),
        (
            "Gezamenlijke verklaring: uw handtekening",
            "Veertig leden van negen assemblees staan op het punt een gezamenlijke verklaring over willekeurige opsluiting uit te brengen. Het zou ons een eer zijn uw naam eronder te zien.|De tekst is kort en werd door twee hoogleraren in de rechten nagelezen. Handtekeningen zijn welkom tot vrijdagmiddag.",
        ),
        (
            "Steun je onze oproep?",
            "Onze oproep voor de vrijlating van de zeven leerkrachten vertrekt maandag. Een zin van steun van jou zou echt gewicht hebben.",
        ),
    ],
    // Controle
    [
        (
            "Nazicht voor het drukken",
            "Een artikel waarin u voorkomt staat gepland voor de krant van zaterdag. Het is onze gewoonte feitelijke passages aan de betrokkenen voor te leggen. Gelieve te bevestigen dat uw functie en de data kloppen.",
        ),
        (
            "Feiten over uw stemgedrag",
            "Onze dataredactie zette op een rij hoe leden stemden over elf moties sinds vorige herfst. In twee gevallen spreken de gepubliceerde notulen elkaar tegen.|Ik verzoek u ons te zeggen welke versie juist is, want wij willen u niet verkeerd weergeven.",
        ),
        (
            "Drie cijfers ter bevestiging",
            "Drie cijfers in ons verslag komen uit een toespraak van u. Gelden ze nog?",
        ),
        (
            "Hebben we dit juist?",
            "Ik schreef dat je de vereniging vorig jaar twee keer zag. Mijn collega houdt het op drie. Wie heeft gelijk?",
        ),
        (
            "Een detail nagaan",
            "Iets kleins voor we drukken: zit je de commissie of de werkgroep voor? Daar zou ik me niet graag in vergissen.",
        ),
        (
            "Je naam in het verhaal van morgen",
            "Je komt voor in de vierde alinea van het lange stuk van morgen. Ik heb me voorgenomen nooit meer een foto met het verkeerde onderschrift te drukken, dus kijk even en geef een gil als er iets niet klopt. De opmaak sluit om negen uur, de website wat later.",
        ),
        (
            "Juistheid van het jaarverslag",
            "Hoofdstuk vijf van ons jaarverslag beschrijft de hoorzitting waaraan u deelnam. Voor het wordt vertaald, vragen wij u de weergave van uw woorden te bekijken.|Verbeteringen die deze week binnenkomen kunnen nog mee.",
        ),
        (
            "Zie jij een fout?",
            "We maakten een tijdlijn van de voorbije twee jaar en jij kent die beter dan wij. Kun je kijken of er een datum ontbreekt?",
        ),
    ],
    // Conferentie
    [
        (
            "Uitnodiging: forum over open samenlevingen",
            "Namens het organiserend comité heb ik de eer u uit te nodigen op ons jaarlijks forum. U zou deelnemen aan het openingspanel, samen met een gewezen minister en twee geleerden.|Reis en verblijf worden vergoed.",
        ),
        (
            "Panel over buitenlandse inmenging",
            "Wij houden een publiek debat over buitenlandse inmenging in lokale verkiezingen, geleid door onze hoofdredacteur. Uw kennis zou voor het publiek bijzonder waardevol zijn.|Het programma ligt vast aan het einde van de maand. Zou u zo vriendelijk willen zijn uw komst te bevestigen en ons een korte levensloop te sturen?",
        ),
        ("Rondetafel op 9 mei", "Wij verwelkomen u graag op onze rondetafel van negen mei."),
        (
            "Doe mee met ons panel in juni",
            "We stellen een panel samen en ik dacht meteen aan jou. Drie sprekers, geen dia's, veel vragen van studenten. Doe je mee?",
        ),
        (
            "Spreker valt weg, kun jij helpen?",
            "Een van onze sprekers heeft net afgezegd en ik ben een beetje wanhopig. Het is woensdagavond, een kwartier over scheepvaart en sancties.",
        ),
        (
            "Noteer alvast: zomerschool voor verslaggevers",
            "Elke zomer brengen we dertig jonge verslaggevers samen voor een week workshops. De gast van vorig jaar over parlementair werk was een succes, en dit jaar zou jij het kunnen zijn. Het ontwerp van de dagindeling zegt je meer. Vertel me waarover je graag praat en ik bouw de middag eromheen, met een wandeling langs de rivier als slot.",
        ),
        (
            "Hoorzitting over toeleveringsketens",
            "Het secretariaat nodigt u uit voor een gedachtewisseling over dwangarbeid in toeleveringsketens. Leden van vier commissies zullen aanwezig zijn.|Wij vragen u uw deelname schriftelijk te melden.",
        ),
        (
            "Workshop voor verdedigers, kom je?",
            "Onze workshop over veilig blijven op het net is bijna vol, maar ik hield een stoel voor je vrij. Voor de groep zou het veel betekenen iemand met een mandaat te horen.",
        ),
    ],
    // Ontwerp
    [
        (
            "Ontwerpartikel ter inzage",
            "Hierbij vindt u het ontwerp van ons onderzoek naar de bewaking van studenten in het buitenland. Ik zou u dankbaar zijn als u het deel over de wetgeving las.",
        ),
        (
            "Manuscript: vraag om opmerkingen",
            "Ons weekblad brengt een essay over parlementaire diplomatie, waarin u een van de hoofdpersonen bent. De auteur vroeg mij u het manuscript te bezorgen.|Opmerkingen over stijl zijn even welkom als die over de inhoud. Wij hebben ze binnen twee dagen nodig, want de bijlage wordt vroeger gedrukt dan de krant zelf.",
        ),
        ("Proef van de pagina", "De proef van de pagina wacht op uw goedkeuring."),
        (
            "Kijk je naar mijn tekst?",
            "Mijn stuk over de taalscholen is bijna klaar. Ik zou geruster zijn als jij het eerst bekeek.",
        ),
        (
            "Eerste versie, wees eerlijk",
            "Hier is een eerste versie, met al haar gebreken. Zeg het me eerlijk: is de toon te hard? Vooral het deel over het consulaat baart me zorgen.",
        ),
        (
            "De tekst waarover we spraken",
            "Zoals beloofd, de tekst. Deel hem nog niet, alsjeblieft.",
        ),
        (
            "Ontwerpaanbevelingen, beperkte kring",
            "De rapporteur heeft de ontwerpaanbevelingen over de bescherming van ballingen voltooid. Ze gaan naar enkele deskundigen voor de officiële lezing.|Wij danken u om het stuk met discretie te behandelen.",
        ),
        (
            "Onze nota, alleen voor jou",
            "De nota over dreiging over de grenzen heen is er bijna. Kun je bladzijde twee tot zes lezen en ons zeggen wat ontbreekt?",
        ),
    ],
    // Enquête
    [
        (
            "Enquête over technologie-uitvoer",
            "U bent gekozen voor een enquête bij vijftig kenners van de controle op technologie-uitvoer. Invullen duurt ongeveer zes minuten.",
        ),
        (
            "Raadpleging van kenners",
            "Eens per jaar raadpleegt onze redactie mensen met grondige kennis van de streek over haar toekomst. De uitkomst verschijnt als bijzondere bijlage en wordt vaak in parlementaire debatten aangehaald.|Uw antwoorden blijven naamloos, tenzij u anders beslist. Mogen wij opnieuw op u rekenen?",
        ),
        (
            "Vijf vragen voor kenners",
            "Bent u bereid vijf schriftelijke vragen over het douanebeleid te beantwoorden?",
        ),
        (
            "Jouw voorspelling voor volgend jaar",
            "Elke december vragen we hetzelfde: wat zal ons volgend jaar verrassen? Durf maar, niemand houdt je eraan.",
        ),
        (
            "Zes minuten, beloofd",
            "Ik bevraag mensen die het onderwerp echt kennen, niet zomaar iedereen. Het kost zes minuten.",
        ),
        (
            "Wat denk je van de nieuwe strategie?",
            "De nieuwe strategie van de regering kwam vrijdag uit en de meningen lopen sterk uiteen. Ik stel een twaalftal mensen dezelfde vier vragen en daarna vergelijk ik. Foute antwoorden bestaan niet, en overslaan mag ook! De tabel met de antwoorden komt in de weekendkrant, naast het gesprek met de gewezen ambassadeur.",
        ),
        (
            "Vragenlijst over vriendschapsgroepen",
            "De studiedienst vergelijkt de werkwijze van vriendschapsgroepen in twaalf assemblees. Wij stellen uw antwoord op de bijgevoegde vragen voor de vijftiende zeer op prijs.",
        ),
        (
            "Help ons dreigingen in kaart te brengen",
            "We brengen in kaart hoe vaak activisten bij bijeenkomsten gevolgd of gefilmd worden. Is het jou ooit overkomen?",
        ),
    ],
    // Podcast
    [
        (
            "Uitnodiging voor onze wekelijkse podcast",
            "Onze wekelijkse podcast over wereldnieuws bereikt zo'n veertigduizend luisteraars. Wij zouden graag een aflevering met u opnemen in onze studio, of op afstand als dat beter past.",
        ),
        (
            "Opname over gemeenschappen in ballingschap",
            "Het tweede seizoen van onze luisterreeks gaat over gemeenschappen in ballingschap. Uw jarenlange inzet voor hen maakt u een vanzelfsprekende gast.|Een producente zou u vooraf bellen om de opzet te overlopen. De opname zelf duurt een uur, geluidsproef inbegrepen.",
        ),
        (
            "Luisterreeks: uw deelname",
            "Mogen wij uw naam voorleggen aan de makers van onze luisterreeks?",
        ),
        (
            "Wees onze gast",
            "Je zou een fantastische gast zijn in ons programma. We houden het luchtig, dertig minuten, en het hoesten knippen we eruit.",
        ),
        (
            "Micro op vrijdag?",
            "Vrij op vrijdag om elf uur? We nemen tegenwoordig thuis op, je hebt enkel een koptelefoon nodig.",
        ),
        (
            "Een aflevering over je werk",
            "Een luisteraar schreef ons en stelde een aflevering voor over wat jij doet. Ik las me het hele weekend in en ben verkocht! Zou je dat verhaal in je eigen woorden vertellen, van de eerste petitie tot de hoorzitting, met alle omwegen en de deuren die dicht bleven? De opzet is maar een voorstel, verander wat je wilt.",
        ),
        (
            "Geluidsarchief van getuigenissen",
            "Wij bouwen een geluidsarchief van wie gewetensgevangenen heeft gesteund. Het zou een voorrecht zijn uw stem op te nemen.",
        ),
        (
            "Een korte boodschap inspreken?",
            "Voor onze verjaardag verzamelen we boodschappen van telkens een minuut. Die van jou kan het programma openen.",
        ),
    ],
    // Herinnering
    [
        (
            "Herinnering: onze vraag van vorige week",
            "Ik ben zo vrij terug te komen op mijn bericht van vorige week, waarop ik nog geen antwoord kreeg. De redactievergadering vindt morgenochtend plaats.",
        ),
        (
            "Tweede verzoek over het artikel",
            "Mijn eerste brief is u misschien ontgaan tussen vele andere. Wij hopen nog steeds uw standpunt op te nemen, want anders wordt het artikel eenzijdig.|De laatste termijn is vanavond acht uur. Daarna kan de pagina niet meer gewijzigd worden.",
        ),
        ("Uw antwoord ontbreekt nog", "Van alle andere deelnemers hebben wij al bericht."),
        (
            "Heb je mijn mail gezien?",
            "Even nagaan of mijn mail niet in de verkeerde map terechtkwam. Ik hoor nog steeds graag van je!",
        ),
        ("Duwtje", "Ik weer. Lukt een ja of een nee vandaag?"),
        (
            "Laatste oproep voor we publiceren",
            "Ik wil geen lastpak zijn, en er ligt vast iets dringenders op je bureau. Maar morgen publiceren we, en er is een leeg vak waar jouw stem hoort te staan. Zelfs drie woorden per sms zijn goed, of zeg me wie ik in je team mag bellen, en dan laat ik je de rest van de maand met rust.",
        ),
        (
            "Bevestiging niet ontvangen",
            "Het secretariaat ontving uw bevestiging voor de vergadering van de contactgroep nog niet. Wij hadden die graag voor de lijst van deelnemers wordt afgesloten.",
        ),
        (
            "Hopelijk horen we nog van je",
            "Ons projectje loopt af en alleen jouw deel ontbreekt. Kan ik iets doen om het makkelijker te maken?",
        ),
    ],
];
