//! What the synthetic people write, in four languages. Only characters of
//! ISO 8859-1, so that every charset a mail is written in can hold them.

/// The languages, in the order of every table here.
pub(crate) const LANGUAGES: [&str; 4] = ["en", "fr", "nl", "de"];

/// A lure: the subject and the sentences of its body.
pub(crate) struct Template {
    pub(crate) subject: &'static str,
    pub(crate) sentences: [&'static str; 3],
}

/// The lures: template, then language. No sentence occurs in two templates.
pub(crate) const LURES: [[Template; 4]; 3] = [
    [
        Template {
            subject: "Your view on the new export rules",
            sentences: [
                "I am preparing a long read about parliaments that speak up for persecuted minorities.",
                "Your speech of last month struck our editors as unusually frank and well informed.",
                "Would you look at the draft paragraph below before we send it to the printers tonight?",
            ],
        },
        Template {
            subject: "Votre avis sur les nouvelles règles",
            sentences: [
                "Je prépare une longue enquête sur les parlements qui défendent les minorités persécutées.",
                "Votre intervention du mois dernier a frappé toute la rédaction par sa grande franchise.",
                "Pourriez-vous relire le paragraphe ci-dessous avant son envoi à l'imprimerie ce soir ?",
            ],
        },
        Template {
            subject: "Uw mening over de nieuwe regels",
            sentences: [
                "Ik werk aan een lang stuk over parlementen die opkomen voor vervolgde minderheden.",
                "Uw toespraak van vorige maand viel onze redactie op door haar grote openhartigheid.",
                "Wilt u de alinea hieronder nog nalezen voordat wij die vanavond laten drukken?",
            ],
        },
        Template {
            subject: "Ihre Meinung zu den neuen Regeln",
            sentences: [
                "Ich schreibe an einem langen Bericht über Parlamente, die für verfolgte Minderheiten eintreten.",
                "Ihre Rede vom letzten Monat fiel unserer Redaktion durch ihre große Offenheit auf.",
                "Könnten Sie den Absatz unten noch prüfen, bevor wir ihn heute Abend drucken lassen?",
            ],
        },
    ],
    [
        Template {
            subject: "Question before tomorrow's hearing",
            sentences: [
                "Our correspondents have obtained the programme of the delegation that visits next week.",
                "Several passages mention your committee by name, and we wish to quote you correctly.",
                "A short answer of two or three lines would already help the desk very much today.",
            ],
        },
        Template {
            subject: "Question avant l'audition de demain",
            sentences: [
                "Nos correspondants ont obtenu le programme de la délégation attendue la semaine prochaine.",
                "Plusieurs passages nomment votre commission, et nous souhaitons vous citer correctement.",
                "Une réponse brève de deux ou trois lignes aiderait déjà beaucoup notre rédaction aujourd'hui.",
            ],
        },
        Template {
            subject: "Vraag voor de hoorzitting van morgen",
            sentences: [
                "Onze correspondenten kregen het programma van de delegatie die volgende week komt.",
                "Enkele passages noemen uw commissie bij naam, en wij willen u juist kunnen citeren.",
                "Een kort antwoord van twee of drie regels zou de redactie vandaag al erg helpen.",
            ],
        },
        Template {
            subject: "Frage vor der Anhörung morgen",
            sentences: [
                "Unsere Korrespondenten erhielten das Programm der Delegation, die nächste Woche kommt.",
                "Mehrere Stellen nennen Ihren Ausschuss beim Namen, und wir wollen Sie richtig zitieren.",
                "Eine kurze Antwort von zwei oder drei Zeilen würde der Redaktion heute schon sehr helfen.",
            ],
        },
    ],
    [
        Template {
            subject: "Interview request, radio programme",
            sentences: [
                "The evening programme invites you to a recorded talk about freedom of the press abroad.",
                "Other guests from three neighbouring countries have already agreed to take part in it.",
                "Please find the questions we intend to ask, together with a portrait of the presenter.",
            ],
        },
        Template {
            subject: "Demande d'entretien, émission de radio",
            sentences: [
                "L'émission du soir vous invite à un entretien enregistré sur la liberté de la presse.",
                "D'autres invités de trois pays voisins ont déjà accepté de participer à ce débat.",
                "Vous trouverez les questions que nous comptons poser et un portrait de la présentatrice.",
            ],
        },
        Template {
            subject: "Verzoek om een radiogesprek",
            sentences: [
                "Het avondprogramma nodigt u uit voor een opgenomen gesprek over persvrijheid elders.",
                "Andere gasten uit drie buurlanden hebben al toegezegd om eraan deel te nemen.",
                "Hierbij vindt u de vragen die wij willen stellen en een portret van de presentatrice.",
            ],
        },
        Template {
            subject: "Anfrage für ein Gespräch im Radio",
            sentences: [
                "Die Abendsendung lädt Sie zu einem aufgezeichneten Gespräch über die Pressefreiheit ein.",
                "Weitere Gäste aus drei Nachbarländern haben ihre Teilnahme daran bereits zugesagt.",
                "Anbei finden Sie die Fragen, die wir stellen wollen, und ein Bild der Moderatorin.",
            ],
        },
    ],
];

/// The genuine outlets' articles: headline and one sentence, which both the
/// outlets' own newsletters and the lures quote.
pub(crate) const ARTICLES: [[&str; 4]; 3] = [
    [
        "Inspectors found that the invented harbour of Samplehaven had been closed without notice.",
        "Des inspecteurs ont constaté que le port imaginaire d'Exempleville avait fermé sans préavis.",
        "Inspecteurs stelden vast dat de verzonnen haven van Voorbeeldegem zonder bericht dicht ging.",
        "Inspektoren stellten fest, dass der erfundene Hafen von Musterstadt ohne Ankündigung schloss.",
    ],
    [
        "A committee of imaginary experts asked for an independent inquiry into the missing letters.",
        "Un comité d'experts imaginaires a demandé une enquête indépendante sur les lettres disparues.",
        "Een commissie van verzonnen deskundigen vroeg een onafhankelijk onderzoek naar de brieven.",
        "Ein Ausschuss erfundener Fachleute verlangte eine unabhängige Untersuchung der Briefe.",
    ],
    [
        "The fictional museum of paper clips reopens after a restoration that lasted eleven years.",
        "Le musée fictif du trombone rouvre ses portes après une restauration qui a duré onze ans.",
        "Het fictieve museum van de paperclip opent weer na een restauratie die elf jaar duurde.",
        "Das erdachte Museum der Büroklammer öffnet wieder nach elf Jahren der Restaurierung.",
    ],
];

/// Everyday sentences, by language.
pub(crate) const ORDINARY: [[&str; 8]; 4] = [
    [
        "Please find attached the minutes of yesterday's meeting for your comments.",
        "Could we move the call on the budget to Thursday afternoon instead?",
        "The room has been booked and the interpreters have confirmed.",
        "Thank you for your quick answer, this solves our question entirely.",
        "The delegation arrives at the main entrance at ten past nine.",
        "I have read your note and would only change the second paragraph.",
        "The printer on the third floor has been repaired this morning.",
        "Let us know before Friday whether you can take part in the visit.",
    ],
    [
        "Veuillez trouver ci-joint le procès-verbal de la réunion d'hier pour remarques.",
        "Pourrions-nous déplacer l'appel sur le budget à jeudi après-midi ?",
        "La salle est réservée et les interprètes ont confirmé leur présence.",
        "Merci pour votre réponse rapide, elle règle entièrement notre question.",
        "La délégation arrive à l'entrée principale à neuf heures dix.",
        "J'ai lu votre note et ne changerais que le deuxième paragraphe.",
        "L'imprimante du troisième étage a été réparée ce matin.",
        "Dites-nous avant vendredi si vous pouvez participer à la visite.",
    ],
    [
        "In bijlage vindt u het verslag van de vergadering van gisteren.",
        "Kunnen we het gesprek over de begroting naar donderdagmiddag verplaatsen?",
        "De zaal is geboekt en de tolken hebben hun komst bevestigd.",
        "Dank voor uw snelle antwoord, onze vraag is hiermee opgelost.",
        "De delegatie komt om tien over negen aan bij de hoofdingang.",
        "Ik las uw nota en zou alleen de tweede alinea veranderen.",
        "De printer op de derde verdieping is vanochtend hersteld.",
        "Laat ons voor vrijdag weten of u aan het bezoek deelneemt.",
    ],
    [
        "Anbei finden Sie das Protokoll der gestrigen Sitzung zur Durchsicht.",
        "Könnten wir das Gespräch über den Haushalt auf Donnerstag verlegen?",
        "Der Saal ist gebucht und die Dolmetscher haben zugesagt.",
        "Danke für Ihre schnelle Antwort, damit ist unsere Frage gelöst.",
        "Die Delegation kommt um zehn nach neun am Haupteingang an.",
        "Ich habe Ihre Notiz gelesen und würde nur den zweiten Absatz ändern.",
        "Der Drucker im dritten Stock wurde heute früh repariert.",
        "Sagen Sie uns bis Freitag, ob Sie am Besuch teilnehmen können.",
    ],
];

/// The greeting before a name.
pub(crate) const GREETINGS: [&str; 4] = ["Dear", "Bonjour", "Beste", "Guten Tag"];

/// The closing words.
pub(crate) const CLOSINGS: [&str; 4] =
    ["Kind regards", "Bien à vous", "Met vriendelijke groet", "Freundliche Grüße"];

/// What a lure's link says.
pub(crate) const READ_MORE: [&str; 4] =
    ["Read the draft", "Lire le projet", "Lees het ontwerp", "Entwurf lesen"];

/// The commodity phish: subject and sentence.
pub(crate) const PARCELS: [[&str; 2]; 4] = [
    [
        "Your parcel is waiting",
        "Your parcel could not be delivered because a small fee is still unpaid.",
    ],
    [
        "Votre colis vous attend",
        "Votre colis n'a pas pu être livré car des frais restent encore impayés.",
    ],
    [
        "Uw pakket wacht op u",
        "Uw pakket kon niet worden geleverd omdat een kleine kost nog open staat.",
    ],
    [
        "Ihr Paket wartet",
        "Ihr Paket konnte nicht zugestellt werden, weil eine Gebühr noch offen ist.",
    ],
];

/// A transactional mail: subject and sentence.
pub(crate) const RECEIPTS: [[&str; 2]; 4] = [
    ["Your booking", "Your train ticket has been booked and can be shown on your telephone."],
    [
        "Votre réservation",
        "Votre billet de train est réservé et peut être montré sur votre téléphone.",
    ],
    ["Uw boeking", "Uw treinticket is geboekt en kan op uw telefoon getoond worden."],
    ["Ihre Buchung", "Ihre Fahrkarte ist gebucht und kann auf dem Telefon gezeigt werden."],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_fits_iso_8859_1() {
        let lures = LURES.iter().flatten().flat_map(|t| t.sentences.iter().chain([&t.subject]));
        let rest = ARTICLES.iter().flatten().chain(ORDINARY.iter().flatten());
        let more = PARCELS.iter().chain(&RECEIPTS).flatten().chain(&CLOSINGS).chain(&READ_MORE);
        for text in lures.chain(rest).chain(more) {
            assert!(text.chars().all(|c| (c as u32) < 256), "{text}");
        }
    }
}
