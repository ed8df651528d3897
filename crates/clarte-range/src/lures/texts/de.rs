//! The letters in German.

use super::Requests;

pub(super) const LETTERS: Requests = [
    // Interview
    [
        (
            "Bitte um ein Interview",
            "Für eine halbe Stunde Ihrer Zeit in der nächsten Woche wäre ich sehr dankbar, am Telefon oder in Ihrem Büro. Wir bereiten ein Porträt von Abgeordneten vor, die das Schicksal von Minderheiten im Ausland verfolgen.|Jeder Tag nach Dienstag ist mir recht.",
        ),
        (
            "Interview zur Entschließung vom 12. März",
            "Nach der Annahme der Entschließung möchte unsere Auslandsredaktion mit ihren Verfassern sprechen. Ihr Beitrag wurde von mehreren Kolleginnen genannt.|Das Gespräch würde etwa vierzig Minuten dauern und nur der Genauigkeit wegen aufgezeichnet. Ihre Zitate erhielten Sie selbstverständlich vor der Veröffentlichung. Bitte teilen Sie mir mit, welche Sprache Sie bevorzugen und ob jemand Sie begleitet.",
        ),
        (
            "Eine Einladung unserer Zeitung",
            "Dürfte ich Sie fragen, ob Sie uns einige Fragen persönlich beantworten?",
        ),
        (
            "Reden wir diese Woche?",
            "Ich schreibe über den Druck auf Menschen im Exil, und dein Name fällt immer wieder. Hättest du am Donnerstag zwanzig Minuten?",
        ),
        (
            "Kaffee und ein paar Fragen",
            "Von Montag bis Mittwoch bin ich in der Stadt und würde dich gern treffen. Nichts Schweres: wie du zu dieser Arbeit kamst und was sich seither geändert hat. Der Kaffee geht auf mich!",
        ),
        (
            "Kurz telefonieren?",
            "Hast du heute zehn Minuten? Es geht um den durchgesickerten Brief.",
        ),
        (
            "Gespräch mit unserer Forschungsgruppe",
            "Unsere Gruppe hält fest, wie gewählte Vertreter mit Drohungen aus dem Ausland umgehen. Wir würden gern in einem vertraulichen Gespräch von Ihren Erfahrungen hören.|Die Teilnahme ist freiwillig, und die Niederschrift dürften Sie berichtigen.",
        ),
        (
            "Erzählst du uns davon?",
            "Wir sammeln Selbsterlebtes für unseren Jahresrückblick, und deine Geschichte gehört dazu. Soll ich dich morgen gegen vier anrufen?",
        ),
    ],
    // Stellungnahme
    [
        (
            "Bitte um Stellungnahme bis 17 Uhr",
            "Heute Abend berichten wir über den Beschluss, das Abkommen über die Zusammenarbeit auszusetzen. Könnten Sie uns bis siebzehn Uhr eine Erklärung von höchstens achtzig Wörtern schicken?",
        ),
        (
            "Ihre Antwort auf die Note der Botschaft",
            "Die Botschaft hat eine Note veröffentlicht, die Ihren letzten Beitrag ungewöhnlich scharf angreift. Bevor wir sie drucken, möchten wir Ihnen Gelegenheit zur Antwort geben.|Eine schriftliche Äußerung genügt.",
        ),
        (
            "Erklärung zum Besuch der Delegation",
            "Am Sonntag wird eine Delegation erwartet, und zwei Quellen haben uns ihr Programm bestätigt. Mehrere Mitglieder Ihrer Fraktion wollten sich nicht äußern. Wir meinen, dass unsere Leserinnen und Leser wissen dürfen, wo Sie stehen.|Sollten Sie ungenannt bleiben wollen, vermerken Sie das bitte deutlich in Ihrer Antwort, und wir schreiben Ihre Worte einer mit der Sache vertrauten Person zu.",
        ),
        (
            "Ein Satz von dir?",
            "Jeder scheint eine Meinung zur Abstimmung zu haben, nur nicht die Leute im Saal. Ein Satz reicht, zwei wären großartig.",
        ),
        (
            "Deine Sicht vor der Abendausgabe",
            "Die Geschichte über den Hafenvertrag läuft heute Abend. Wie siehst du das?",
        ),
        (
            "Brauche schnell ein Zitat",
            "Entschuldige die Eile, meine Chefin hat den Redaktionsschluss vorgezogen. Schickst du mir etwas Zitierbares zum Visumverbot?",
        ),
        (
            "Gemeinsame Erklärung: Ihre Unterschrift",
            "Vierzig Abgeordnete aus neun Parlamenten werden in Kürze eine gemeinsame Erklärung zu willkürlicher Haft veröffentlichen. Es wäre uns eine Ehre, Ihren Namen darunter zu sehen.|Der Text ist kurz, zwei Professoren der Rechte haben ihn durchgesehen. Unterschriften nehmen wir bis Freitagmittag entgegen.",
        ),
        (
            "Unterstützt du unseren Aufruf?",
            "Unser Aufruf zur Freilassung der sieben Lehrkräfte geht am Montag hinaus. Ein unterstützender Satz von dir hätte wirklich Gewicht.",
        ),
    ],
    // Prüfung
    [
        (
            "Prüfung vor dem Druck",
            "Ein Artikel, in dem Sie vorkommen, ist für die Samstagsausgabe vorgesehen. Wir legen sachliche Stellen grundsätzlich den Betroffenen vor. Bitte bestätigen Sie, dass Ihre Funktion und die Daten stimmen.",
        ),
        (
            "Angaben zu Ihren Abstimmungen",
            "Unsere Datenredaktion hat zusammengestellt, wie die Mitglieder seit letztem Herbst über elf Anträge abgestimmt haben. In zwei Fällen widersprechen sich die veröffentlichten Protokolle.|Ich bitte Sie, uns die richtige Fassung zu nennen, denn wir wollen Sie nicht falsch darstellen.",
        ),
        (
            "Drei Zahlen zur Bestätigung",
            "Drei Zahlen unseres Berichts stammen aus einer Rede von Ihnen. Gelten sie noch?",
        ),
        (
            "Haben wir das richtig?",
            "Ich schrieb, du habest den Verein im vergangenen Jahr zweimal getroffen. Mein Kollege besteht auf dreimal. Wer hat recht?",
        ),
        (
            "Eine Kleinigkeit prüfen",
            "Nur kurz, bevor wir drucken: leitest du den Ausschuss oder die Arbeitsgruppe? Da läge ich ungern daneben.",
        ),
        (
            "Dein Name in der Geschichte von morgen",
            "Du kommst im vierten Absatz der langen Reportage von morgen vor. Ich habe mir geschworen, nie wieder ein Foto mit falscher Unterzeile zu drucken, also schau bitte hinein und ruf laut, wenn etwas nicht passt. Das Layout schließt um neun, die Webseite etwas später.",
        ),
        (
            "Richtigkeit des Jahresberichts",
            "Das fünfte Kapitel unseres Jahresberichts beschreibt die Anhörung, an der Sie teilnahmen. Vor der Übersetzung bitten wir Sie, die Wiedergabe Ihrer Worte durchzusehen.|Berichtigungen aus dieser Woche können noch aufgenommen werden.",
        ),
        (
            "Siehst du einen Fehler?",
            "Wir haben eine Zeitleiste der letzten zwei Jahre gebaut, und du kennst sie besser als wir. Kannst du schauen, ob ein Datum fehlt?",
        ),
    ],
    // Konferenz
    [
        (
            "Einladung: Forum offener Gesellschaften",
            "Im Namen des Organisationskomitees habe ich die Ehre, Sie zu unserem jährlichen Forum einzuladen. Sie würden am Eröffnungspodium teilnehmen, neben einem früheren Minister und zwei Gelehrten.|Reise und Unterkunft werden übernommen.",
        ),
        (
            "Podium zur Einmischung von außen",
            "Wir veranstalten eine öffentliche Debatte über fremde Einmischung in Kommunalwahlen, geleitet von unserem Chefredakteur. Ihre Sachkenntnis wäre für das Publikum von besonderem Wert.|Das Programm steht am Ende des Monats fest. Wären Sie so freundlich, Ihr Kommen zu bestätigen und uns einen kurzen Lebenslauf zu senden?",
        ),
        ("Runder Tisch am 9. Mai", "Gern begrüßen wir Sie am neunten Mai an unserem runden Tisch."),
        (
            "Komm auf unser Podium im Juni",
            "Wir stellen ein Podium zusammen, und ich dachte sofort an dich. Drei Gäste, keine Folien, viele Fragen von Studierenden. Bist du dabei?",
        ),
        (
            "Redner ausgefallen, kannst du helfen?",
            "Einer unserer Redner hat gerade abgesagt, und ich bin ein wenig verzweifelt. Es ist am Mittwochabend, eine Viertelstunde über Schifffahrt und Sanktionen.",
        ),
        (
            "Vormerken: Sommerschule für Reporter",
            "Jeden Sommer bringen wir dreißig junge Reporter für eine Woche voller Werkstätten zusammen. Der Gast vom letzten Jahr zur Parlamentsarbeit war ein Renner, und diesmal könntest du es sein. Der Entwurf des Stundenplans verrät dir mehr. Sag mir, worüber du gern sprichst, und ich baue den Nachmittag darum, mit einem Spaziergang am Fluss zum Schluss.",
        ),
        (
            "Anhörung zu Lieferketten",
            "Das Sekretariat lädt Sie zu einem Meinungsaustausch über Zwangsarbeit in Lieferketten ein. Mitglieder aus vier Ausschüssen werden anwesend sein.|Wir bitten Sie, Ihre Teilnahme schriftlich anzumelden.",
        ),
        (
            "Werkstatt für Verteidiger, kommst du?",
            "Unsere Werkstatt zur Sicherheit im Netz ist fast voll, aber ich habe dir einen Platz freigehalten. Es würde der Gruppe viel bedeuten, jemanden mit einem Mandat zu hören.",
        ),
    ],
    // Entwurf
    [
        (
            "Artikelentwurf zur Durchsicht",
            "Anbei finden Sie den Entwurf unserer Recherche zur Überwachung von Studierenden im Ausland. Ich wäre Ihnen verbunden, wenn Sie den Abschnitt über die Gesetze läsen.",
        ),
        (
            "Manuskript: Bitte um Anmerkungen",
            "Unser Wochenmagazin bringt einen Essay über parlamentarische Diplomatie, in dem Sie eine der Hauptfiguren sind. Der Verfasser hat mich gebeten, Ihnen das Manuskript zu schicken.|Anmerkungen zum Stil sind ebenso willkommen wie solche zur Sache. Wir bräuchten sie binnen zwei Tagen, da die Beilage früher gedruckt wird als die Zeitung selbst.",
        ),
        ("Fahne der Seite", "Die Fahne der Seite liegt zur Freigabe bereit."),
        (
            "Schaust du auf meinen Entwurf?",
            "Mein Stück über die Sprachschulen ist fast fertig. Mir wäre wohler, wenn du es zuerst ansiehst.",
        ),
        (
            "Erste Fassung, sei ehrlich",
            "Hier ist eine erste Fassung mit allen Macken. Sag es mir offen: ist der Ton zu hart? Sorgen macht mir vor allem die Stelle über das Konsulat.",
        ),
        (
            "Der Text, von dem wir sprachen",
            "Wie versprochen, der Text. Gib ihn bitte noch nicht weiter.",
        ),
        (
            "Entwurf der Empfehlungen, beschränkt",
            "Der Berichterstatter hat den Entwurf der Empfehlungen zum Schutz von Exilierten abgeschlossen. Er geht vor der förmlichen Lesung an wenige Sachverständige.|Wir danken Ihnen, dass Sie das Papier vertraulich behandeln.",
        ),
        (
            "Unser Papier, nur für dich",
            "Das Papier über grenzüberschreitende Drohungen ist beinahe so weit. Liest du die Seiten zwei bis sechs und sagst uns, was fehlt?",
        ),
    ],
    // Umfrage
    [
        (
            "Fachumfrage zur Technikausfuhr",
            "Sie wurden für eine Umfrage unter fünfzig Fachleuten der Ausfuhrkontrolle ausgewählt. Das Ausfüllen dauert rund sechs Minuten.",
        ),
        (
            "Befragung von Fachleuten",
            "Einmal im Jahr befragt unsere Redaktion gründliche Kenner der Region nach deren Zukunft. Die Ergebnisse erscheinen als Sonderbeilage und werden in parlamentarischen Debatten oft angeführt.|Ihre Antworten bleiben ungenannt, sofern Sie nicht anders entscheiden. Dürfen wir wieder auf Sie zählen?",
        ),
        (
            "Fünf Fragen an Fachleute",
            "Wären Sie bereit, fünf schriftliche Fragen zur Zollpolitik zu beantworten?",
        ),
        (
            "Deine Vorhersage für nächstes Jahr",
            "Jeden Dezember fragen wir dasselbe: was wird uns nächstes Jahr überraschen? Trau dich, niemand nagelt dich darauf fest.",
        ),
        (
            "Sechs Minuten, versprochen",
            "Ich frage Leute, die das Thema wirklich kennen, nicht irgendwen. Sechs Minuten genügen.",
        ),
        (
            "Was hältst du von der neuen Strategie?",
            "Die neue Strategie der Regierung kam am Freitag heraus, und die Meinungen gehen weit auseinander. Ich stelle einem Dutzend Menschen dieselben vier Fragen und vergleiche dann. Falsche Antworten gibt es nicht, und auslassen darfst du auch! Die Übersicht der Antworten steht in der Wochenendausgabe, neben dem Gespräch mit dem früheren Botschafter.",
        ),
        (
            "Fragebogen zu Freundschaftsgruppen",
            "Der wissenschaftliche Dienst vergleicht die Arbeitsweise von Freundschaftsgruppen in zwölf Parlamenten. Für Ihre Antworten auf die beigefügten Fragen bis zum Fünfzehnten wären wir dankbar.",
        ),
        (
            "Hilf uns, Drohungen zu erfassen",
            "Wir erfassen, wie oft Aktive bei Treffen verfolgt oder gefilmt werden. Ist dir das schon einmal passiert?",
        ),
    ],
    // Podcast
    [
        (
            "Einladung in unseren Wochenpodcast",
            "Unser wöchentlicher Podcast zum Weltgeschehen erreicht etwa vierzigtausend Hörerinnen und Hörer. Wir würden uns freuen, mit Ihnen eine Folge in unserem Studio aufzunehmen, oder aus der Ferne, wenn Ihnen das lieber ist.",
        ),
        (
            "Aufnahme über Gemeinschaften im Exil",
            "Die zweite Staffel unserer Hörreihe widmet sich Gemeinschaften im Exil. Ihr langjähriger Einsatz für sie macht Sie zu einem naheliegenden Gast.|Eine Produzentin würde Sie vorher anrufen, um den Ablauf durchzugehen. Die Aufnahme selbst dauert eine Stunde, Tonprobe eingeschlossen.",
        ),
        ("Hörreihe: Ihre Teilnahme", "Dürfen wir den Machern unserer Hörreihe Ihren Namen nennen?"),
        (
            "Sei unser Gast",
            "Du wärst ein großartiger Gast für unsere Sendung. Wir bleiben locker, dreißig Minuten, und das Husten schneiden wir heraus.",
        ),
        (
            "Mikro am Freitag?",
            "Am Freitag um elf frei? Wir nehmen derzeit von zu Hause auf, du brauchst nur Kopfhörer.",
        ),
        (
            "Eine Folge über deine Arbeit",
            "Eine Hörerin schrieb uns und schlug eine Folge über das vor, was du tust. Ich habe mich das ganze Wochenende eingelesen und bin begeistert! Würdest du diese Geschichte mit eigenen Worten erzählen, von der ersten Petition bis zur Anhörung, mit allen Umwegen und den verschlossenen Türen? Der Ablauf ist nur ein Vorschlag, ändere, was du willst.",
        ),
        (
            "Tonarchiv von Zeugnissen",
            "Wir bauen ein Tonarchiv mit den Stimmen derer auf, die Gewissensgefangenen beistanden. Ihre Stimme aufzunehmen wäre uns ein Vorrecht.",
        ),
        (
            "Eine kurze Botschaft aufnehmen?",
            "Zu unserem Jubiläum sammeln wir Sprachnachrichten von je einer Minute. Deine könnte das Programm eröffnen.",
        ),
    ],
    // Erinnerung
    [
        (
            "Erinnerung: unsere Anfrage der letzten Woche",
            "Ich erlaube mir, auf meine Nachricht der letzten Woche zurückzukommen, auf die ich noch keine Antwort habe. Die Redaktionskonferenz findet morgen früh statt.",
        ),
        (
            "Zweite Anfrage zum Artikel",
            "Mein erstes Schreiben ist Ihnen unter vielen anderen womöglich entgangen. Wir hoffen weiterhin, Ihre Sicht aufzunehmen, da der Artikel sonst einseitig bliebe.|Redaktionsschluss ist heute um zwanzig Uhr. Danach lässt sich die Seite nicht mehr ändern.",
        ),
        (
            "Ihre Antwort steht noch aus",
            "Von allen anderen Teilnehmenden haben wir bereits gehört.",
        ),
        (
            "Hast du meine Mail gesehen?",
            "Ich will nur sichergehen, dass meine Mail nicht im falschen Ordner gelandet ist. Ich freue mich immer noch auf deine Antwort!",
        ),
        ("Kleiner Schubs", "Ich schon wieder. Schaffst du heute ein Ja oder ein Nein?"),
        (
            "Letzter Aufruf vor der Veröffentlichung",
            "Ich will nicht lästig sein, und auf deinem Tisch liegt sicher Dringenderes. Aber wir veröffentlichen morgen, und dort, wo deine Stimme stehen sollte, ist ein leeres Feld. Selbst drei Wörter per SMS würden genügen, oder sag mir, wen ich in deinem Büro anrufen darf, dann lasse ich dich für den Rest des Monats in Ruhe.",
        ),
        (
            "Ausstehende Bestätigung",
            "Dem Sekretariat liegt Ihre Bestätigung für die Sitzung der Kontaktgruppe noch nicht vor. Wir wären Ihnen verbunden, wenn sie vor Schluss der Teilnehmerliste einträfe.",
        ),
        (
            "Wir hoffen noch auf dich",
            "Unser kleines Vorhaben endet bald, und nur dein Teil fehlt noch. Kann ich dir irgendwie helfen?",
        ),
    ],
];
