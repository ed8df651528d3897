# Was `clarte check` einem Menschen mit einer seltsamen Nachricht sagt.
# Kurze Sätze, keine Fachsprache, kein Vorwurf, keine falsche Beruhigung.

## Was beim Öffnen abgerufen wird

beacon-hidden = Beim Öffnen dieser Nachricht wird etwas Unsichtbares von { $host } abgerufen. So erfährt der Absender, dass, wann und von wo aus Sie sie geöffnet haben.
beacon-individual = Beim Öffnen dieser Nachricht wird etwas von { $host } abgerufen, mit einem Code, der nur für Sie erstellt wurde. So erfährt der Absender, dass Sie es waren.
beacon-recipient = Beim Öffnen dieser Nachricht wird etwas von { $host } abgerufen, und Ihre E-Mail-Adresse geht mit, lesbar oder verschleiert. So erfährt der Absender, dass Sie es waren.
beacon-proxied = Ein Bild von { $host } wird über { $proxy } abgerufen. Das verbirgt, wo Sie sind; der Absender kann aber trotzdem erfahren, dass die Nachricht geöffnet wurde.

## Für wen sie sich ausgibt

identity-press = Die Nachricht gibt an, von „{ $claimed }“ zu kommen, einem Nachrichtenmedium. Die Adresse des Absenders endet aber auf { $domain }, und eine solche Adresse kennen wir von diesem Medium nicht.
identity-journalist = Der Absender tritt als Journalist oder Journalistin auf. Die Adresse endet aber auf { $domain }, und nichts zeigt, dass sie zu einer Redaktion gehört.
identity-institution = Die Nachricht gibt an, von „{ $claimed }“ zu kommen, einer staatlichen oder europäischen Stelle. Die Adresse des Absenders endet aber auf { $domain }, und eine solche Adresse kennen wir von dieser Stelle nicht.
identity-ngo = Die Nachricht gibt an, von „{ $claimed }“ zu kommen, einem Verein, einer Stiftung oder einer Universität. Die Adresse des Absenders endet aber auf { $domain }, und eine solche Adresse kennen wir von dieser Einrichtung nicht.
identity-service = Die Nachricht gibt an, von „{ $claimed }“ zu kommen, einem Unternehmen oder Online-Dienst. Die Adresse des Absenders endet aber auf { $domain }, und eine solche Adresse kennen wir von diesem Anbieter nicht.
identity-colleague = Die Nachricht trägt den Namen einer Person, die Sie kennen: „{ $name }“. Sonst schreibt diese Person von { $owner }; diese Nachricht kommt von { $domain }.
identity-name-address = Als Name des Absenders steht da „{ $name }“, die Nachricht kommt aber von einer anderen Adresse, die auf { $domain } endet. Viele Mailprogramme zeigen nur den Namen.
identity-lookalike =
    Die Adresse des Absenders endet auf { $domain }. Sie sieht aus wie { $owner }, ist aber eine andere: { $trick ->
        [homoglyph] Zeichen wurden durch andere ersetzt, die gleich aussehen.
        [punycode] Sie enthält Buchstaben eines anderen Alphabets, die wie die gewohnten aussehen.
        [added] Wörter oder Buchstaben wurden hinzugefügt.
        [ending] Nur die Endung ist anders.
        [subdomain] Der bekannte Name steht nur am Anfang, und es zählt das Ende.
        [hyphen] Ein Bindestrich oder Punkt wurde eingefügt, verschoben oder weggelassen.
       *[letters] Ein oder wenige Buchstaben sind anders.
    }
identity-mixed-script = Der Name oder die Adresse des Absenders ({ $domain }) mischt ähnlich aussehende Buchstaben mehrerer Alphabete. So liest man leicht einen Namen, der gar nicht dasteht.
identity-reply-elsewhere = Die Nachricht zeigt einen Absender bei { $domain }, Ihre Antwort ginge aber an { $domain2 }. Vielleicht liest sie dort jemand anderes.
identity-freemail = Der Absender spricht für eine Organisation, schreibt aber von { $domain }. Dort kann jeder unter jedem Namen ein Postfach eröffnen.
identity-unproved =
    { $result ->
        [softfail] Der Dienst, der diese Nachricht empfangen hat, bezweifelt, dass sie von { $domain } kommt. Vielleicht hat jemand anderes diese Adresse eingetragen.
        [fail] Der Dienst, der diese Nachricht empfangen hat, hat geprüft, ob sie von { $domain } kommt, und die Prüfung schlug fehl. Es kann gut sein, dass jemand anderes diese Adresse eingetragen hat.
       *[none] Der Dienst, der diese Nachricht empfangen hat, fand nichts, was bestätigt, dass sie von { $domain } kommt. Jeder kann eine solche Adresse in eine Nachricht eintragen.
    }
identity-altered = Der Text ist nicht der, der für { $domain } unterschrieben wurde. Er wurde unterwegs geändert; das kann an einer Mailingliste liegen, aber auch an jemandem mit schlechten Absichten.

## Wie sie an Sie herantritt

approach-first-contact = In dem Postfach, das wir durchgesehen haben, hat noch niemand von dieser Adresse geschrieben. Viele ehrliche Nachrichten beginnen so, und die meisten falschen auch.
approach-template =
    { $count ->
        [one] Dieser Brief ging an { $count } Person, mit einem eigenen Code. So kann der Absender sehen, ob sie reagiert.
       *[other] Derselbe Brief ging an { $count } Menschen, an jeden mit einem eigenen Code. So kann der Absender sehen, wer reagiert.
    }
approach-merge = Die Nachricht trägt Spuren eines Massenversands, etwa ein nicht ausgefülltes Feld oder eine Anrede ohne Namen. Sie kann persönlich wirken, ohne es zu sein.
approach-thread = Sie ist als Antwort gekennzeichnet („AW:“), aber wir sahen nichts, worauf sie antwortet. So wirkt ein Fremder vertraut.
approach-interview = Sie bittet um ein Interview, eine Erklärung oder einen Kommentar. Das tun echte Journalisten, und ebenso Leute, die sich als Journalisten ausgeben.
approach-conference = Sie lädt zu einer Konferenz, einer Diskussion oder einer Veranstaltung ein. Solche Einladungen sind oft echt, dienen aber auch als Vorwand.
approach-document = Sie bittet Sie, ein Dokument zu lesen, zu prüfen oder herunterzuladen. So bringt man Menschen häufig dazu, eine schädliche Datei zu öffnen.
approach-urgency = Sie drängt zur Eile. Wer sich beeilen muss, hat keine Zeit zum Prüfen.
approach-account = Sie behauptet, mit einem Konto, einem Postfach, einem Passwort, einer Lieferung oder einer Zahlung stimme etwas nicht. Ein solcher Schreck soll oft zum Klicken verleiten.
approach-rights = Sie spricht von Menschenrechten, von Gemeinschaften im Exil oder von den betroffenen Ländern. Für sich allein besagt das nichts; neben den anderen Anzeichen zeigt es, für wen die Nachricht bestimmt ist.

## Was sie enthält

payload-link-mismatch = Ein Link zeigt { $shown }, führt aber zu { $host }. Sie kämen nicht dort an, wo Sie es erwarten.
payload-shortener = Ein Link läuft über { $host }, und das verbirgt, wohin er wirklich führt.
payload-bare-address = Ein Link führt zu { $host }: Zahlen statt eines Namens oder ein verschleierter Name. Daran lässt sich nicht erkennen, bei wem man landet.
payload-credential-form = Sie fragt in der Nachricht selbst oder auf einer angehängten Seite nach einem Passwort. Was dort eingegeben wird, kann direkt beim Absender landen.
payload-device-code = Sie fordert Sie auf, auf einer echten Anmeldeseite einen Code einzugeben. Dieser Code kann jemand anderen in Ihr Konto lassen, auch ohne Ihr Passwort.
payload-consent = Ein Link zu { $host } bittet Sie, einer App Zugriff auf Ihr Konto zu geben. Die App könnte dann Ihre E-Mails lesen, auch nachdem Sie Ihr Passwort geändert haben.
payload-cloud-archive = Sie verweist auf eine Datei bei { $host }, wo jeder Dateien ablegen kann. Der bekannte Name sagt nichts darüber, wer sie dort abgelegt hat.
payload-macro = Das angehängte Dokument „{ $name }“ enthält Befehle oder holt welche aus dem Internet. Wird es geöffnet, kann jemand Zugriff auf Ihr Gerät bekommen.
payload-program = Der Anhang „{ $name }“ ist ein Programm. Einmal gestartet, kann es lesen und ändern, was auf Ihrem Gerät liegt.
payload-shortcut = Der Anhang „{ $name }“ ist eine Verknüpfung, kein Dokument. Wird sie geöffnet, kann etwas starten, das Sie nicht sehen.
payload-disk-image = Der Anhang „{ $name }“ wirkt wie ein Datenträger oder USB-Stick von Fremden. Dateien darin können den üblichen Warnungen entgehen.
payload-smuggling = Die Webseite „{ $name }“, die mit dieser Nachricht kommt, baut beim Öffnen eine Datei auf Ihrem Gerät zusammen. So entgeht die Datei den üblichen Kontrollen.
payload-svg = Das angehängte Bild „{ $name }“ enthält Befehle oder Links wie eine Webseite. Ein gewöhnliches Bild braucht das nicht.
payload-locked-archive = Der Anhang „{ $name }“ ist verschlossen, und die Nachricht nennt das Passwort. Durch das Schloss können Virenscanner nicht hineinsehen.
payload-double-extension = Der Dateiname „{ $name }“ hat zwei Endungen, und nur die letzte zählt. Die Datei ist nicht von der Art, die sie zu sein scheint.
payload-direction = Der Name „{ $name }“ enthält unsichtbare Zeichen, die die Reihenfolge seiner Buchstaben umkehren. Was Sie lesen, ist vielleicht nicht der wirkliche Name.
payload-qr = Ein Bild enthält einen Code zum Scannen mit dem Telefon (QR-Code), der zu { $host } führt. Mit bloßem Auge sieht man das vorher nicht.
payload-invitation = Sie enthält eine Kalendereinladung, die auf { $host } verweist und nicht auf den Absender. Sie kann in Ihrem Kalender erscheinen, bevor Sie antworten.

## Wie sie gebaut ist

form-parsers-disagree =
    { $what ->
        [sender] Verschiedene Mailprogramme zeigen bei dieser Nachricht einen anderen Absender. Das kann verbergen, wer sie geschrieben hat.
        [subject] Verschiedene Mailprogramme zeigen bei dieser Nachricht einen anderen Betreff. Das kann vor denen, die sie prüfen, verbergen, worum es geht.
        [attachments] Verschiedene Mailprogramme finden in dieser Nachricht andere Anhänge. Das kann eine Datei vor denen verbergen, die sie prüfen.
       *[text] Verschiedene Mailprogramme zeigen bei dieser Nachricht einen anderen Text. Das kann vor denen, die sie prüfen, verbergen, was darin steht.
    }

## Was das Öffnen verraten würde

reveals-opened = dass die Nachricht geöffnet wurde
reveals-time = wann sie geöffnet wurde
reveals-address = Ihre Internetadresse, und damit ungefähr, wo Sie sind und über welchen Anbieter Sie verbunden sind
reveals-device = welches Gerät und welches Mailprogramm Sie benutzen
reveals-person = dass Sie es waren: Die Adresse enthält einen Code, der nur für Sie erstellt wurde
reveals-email = Ihre E-Mail-Adresse
reveals-forward = an wen Sie sie weiterleiten, falls diese Person sie öffnet

## Urteile

verdict-act-now = Behandeln Sie diese Nachricht als gefährlich
verdict-act-now-text = Sie kann Schaden anrichten oder gezielt Ihnen gelten. Sie haben nichts falsch gemacht, als Sie sie bekommen oder geöffnet haben.
verdict-be-careful = Seien Sie vorsichtig mit dieser Nachricht
verdict-be-careful-text = Einiges daran passt nicht zusammen. Vielleicht gibt es einen harmlosen Grund; prüfen Sie es, bevor Sie klicken oder antworten.
verdict-nothing-found = Wir haben keines der Anzeichen gefunden, die wir kennen
verdict-nothing-found-text = Das heißt nicht, dass diese Nachricht harmlos ist. Fragen Sie im Zweifel jemanden um Rat.
verdict-unreadable = Wir konnten diese Nachricht nicht lesen
verdict-unreadable-text = Sie ist beschädigt, unvollständig oder von einer Art, die wir nicht kennen; wir können also nichts über sie sagen, weder Gutes noch Schlechtes. Jemand mit anderen Hilfsmitteln kann sie vielleicht lesen; wenn sie Sie beunruhigt, lohnt es sich zu fragen.

## Überschriften

heading-why = Warum
heading-reveals = Was das Öffnen verraten würde
heading-unchecked = Was nicht geprüft werden konnte
heading-steps = Was Sie jetzt tun können
heading-helplines = Wer Ihnen helfen kann
heading-details = Für Fachleute


## Was nicht geprüft werden konnte

unchecked-first-contact = Ob der Absender Ihnen schon früher geschrieben hat: Wir hatten kein Postfach zum Nachsehen.
unchecked-authentication = Ob die Adresse des Absenders echt ist: Kein Dienst, der die Nachricht empfangen hat, sagt etwas darüber.
unchecked-signature = Die elektronische Unterschrift von { $domain }: Der Schlüssel dazu liegt im Internet, und wir haben nichts abgerufen.
unchecked-links = Wohin die Links führen: Wir haben nichts geöffnet.
unchecked-attachments =
    { $count ->
        [one] Was in { $count } Anhang steckt: Wir wissen nur, um welche Art von Datei es sich handelt.
       *[other] Was in { $count } Anhängen steckt: Wir wissen nur, um welche Arten von Dateien es sich handelt.
    }
unchecked-pictures = Text in Bildern: Wir können ihn nicht lesen.
unchecked-damaged = Manche Teile der Nachricht: Sie ließen sich nicht lesen.
unchecked-language = Die Wortwahl: Wir kennen die verräterischen Wörter nur weniger Sprachen.

## Schritte

step-dont = Öffnen Sie nichts in dieser Nachricht, klicken Sie nichts an und antworten Sie nicht.
step-dont-opened = Haben Sie schon etwas geöffnet oder angeklickt? Das ist nicht Ihre Schuld. Sagen Sie es der Person, die Ihnen hilft, und notieren Sie, wann es war.
step-keep = Bewahren Sie die Nachricht auf, wie sie ist. Löschen Sie sie nicht und geben Sie sie nur an Menschen weiter, die Ihnen helfen.
step-ask = Fragen Sie jemanden, dessen Aufgabe das ist: die IT-Abteilung Ihrer Organisation oder eine Beratungsstelle. Sie brauchen keinen Beweis, um zu fragen.
step-verify = Fragen Sie die Person auf einem anderen Weg, den Sie schon kennen, zum Beispiel unter einer Nummer, die Sie vorher hatten. Benutzen Sie keine Nummer, keinen Link und keine Adresse aus der Nachricht.
step-no-pictures = Lassen Sie externe Bilder ausgeschaltet: Wenn Ihr Mailprogramm anbietet, sie anzuzeigen, lehnen Sie ab.
step-unsure = Haben Sie bei dieser Nachricht ein ungutes Gefühl? Öffnen Sie nichts darin und fragen Sie jemanden um Rat. Sie stören niemanden mit Ihrer Frage.


## Ein ganzes Postfach

box-none =
    { $count ->
        [0] Es gab keine Nachricht zu prüfen.
        [one] Wir haben in { $count } Nachricht keines der Anzeichen gefunden, die wir kennen. Das heißt nicht, dass sie harmlos ist.
       *[other] Keine der { $count } Nachrichten zeigt die Anzeichen, die wir kennen. Das heißt nicht, dass sie harmlos sind.
    }
box-some =
    { $count ->
        [one] { $found } von { $count } Nachricht verdient Aufmerksamkeit.
       *[other]
            { $found ->
                [one] { $found } von { $count } Nachrichten verdient Aufmerksamkeit.
               *[other] { $found } von { $count } Nachrichten verdienen Aufmerksamkeit.
            }
    }
box-campaign =
    { $count ->
        [one] { $count } Nachricht, am { $first }.
       *[other] { $count } Nachrichten, die zusammengehören, vom { $first } bis zum { $last }.
    }
box-campaign-people =
    { $count ->
        [one] Gefunden in { $count } Postfach.
       *[other] Gefunden in { $count } Postfächern.
    }
box-unreadable =
    { $count ->
        [one] { $count } Nachricht konnte nicht gelesen werden.
       *[other] { $count } Nachrichten konnten nicht gelesen werden.
    }
box-more = Und { $count } weitere.
## Die Seite

page-title = Was wir in dieser Nachricht gesehen haben
page-printed = Diese Seite wurde auf diesem Gerät erstellt, ohne Internet. Es wurde nichts an irgendjemanden gesendet.
## Zeilen

attached-prefix = In der angehängten Nachricht:
sender-line = Von: { $sender }
subject-line = Betreff: { $subject }
received-line = Empfangen: { $time }
score-line =
    { $score ->
        [one] Für Fachleute: { $score } Punkt.
       *[other] Für Fachleute: { $score } Punkte.
    }
beacon-self-hosted = Der Server { $host }, der zählt, wer diese Nachricht öffnet, gehört zu keinem bekannten Versanddienst, und die Nachricht ist kein Newsletter. Jemand möchte wissen, ob gerade Sie sie geöffnet haben.
identity-refuted = Der Inhaber von { $domain } gibt an, dass solche Nachrichten nicht von dort kommen. Sehr wahrscheinlich hat jemand anders diese Adresse eingesetzt.
identity-forged = Die Nachricht trägt eine Adresse bei { $domain }, doch nichts bestätigt, dass sie von dort kommt, und Ihre Antwort ginge an { $domain2 }.
approach-personal = Sie ist an Sie allein geschrieben, wie ein persönlicher Brief.
approach-reward = Sie verspricht Geld, einen Preis oder Gesellschaft. Solche Versprechen werden fast nie gehalten.
approach-secrecy = Sie bittet Sie, mit niemandem darüber zu sprechen oder anderswo weiterzumachen. Das entfernt Sie von Menschen, die Sie warnen könnten.
reveals-to = An { $host }: { $what }
reveals-nothing = Wir haben nichts darin gesehen, das jemandem meldet, dass sie geöffnet wurde.
more-reasons =
    { $count ->
        [one] … und 1 kleineres Anzeichen
       *[other] … und { $count } kleinere Anzeichen
    }
approach-answer = Sie antwortet auf eine Nachricht von Ihnen, wie sie angibt. Wenn Sie keine geschrieben haben, ist das eine List.
identity-counterfeit =
    Die Adresse des Absenders endet in Wirklichkeit auf { $domain }. Sie ist verkleidet, um für { $owner } gehalten zu werden: { $trick ->
        [punycode] Sie benutzt Buchstaben eines anderen Alphabets, die wie die gewohnten aussehen.
       *[subdomain] Der bekannte Name steht nur am Anfang, und das Ende zählt.
    } Niemand bekommt eine solche Adresse aus Versehen.
heading-small-signs = Kleine Anzeichen, die harmlose Nachrichten oft auch haben
verdict-small-signs = Wir fanden nur Anzeichen, die auch unverdächtige Nachrichten haben
reveals-remote = Auch von { $hosts } wird etwas geladen. Wer dort zuständig ist, kann erfahren, dass jemand diese Nachricht geöffnet hat, wann, und die Internetadresse.
step-may-be-genuine = Sie kann trotzdem echt sein. Wer ehrlich ist, versteht, dass Sie erst im Büro anrufen, unter einer Nummer, die Sie selbst gefunden haben.
