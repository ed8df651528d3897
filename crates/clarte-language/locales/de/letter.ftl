# Die Briefe an Personen, die eine Kampagne betrifft, und die Liste, wem zuerst
# Bescheid zu geben ist. Wer liest, hat vielleicht Angst: kein Vorwurf, keine
# Fachwörter, kein Versprechen, und nie mehr, als die Aufzeichnungen zeigen.

## Der Kopf des Briefs

letter-title = Zu Nachrichten, die an Sie gerichtet waren
letter-title-other = Zu Spuren eines Angriffs, die Sie betreffen können
letter-for = Für
letter-personal = Persönlich und vertraulich. Dieser Brief spricht von Ihnen und von niemandem sonst.
letter-intro = Wir untersuchen eine Angriffskampagne. Mindestens eine ihrer Nachrichten war für Sie bestimmt. Dieser Brief sagt Ihnen, was wir wissen, was wir nicht wissen können und was Sie jetzt tun können.
letter-intro-other = Wir untersuchen eine Angriffskampagne. Soweit wir es erkennen können, betreffen einige ihrer Spuren Sie, ein Konto von Ihnen oder ein Gerät, das Sie benutzen. Dieser Brief sagt Ihnen, was wir wissen, was wir nicht wissen können und was Sie jetzt tun können.
letter-no-blame = Nichts davon ist Ihre Schuld. Solche Angriffe sind so gemacht, dass jeder Mensch sie für echt halten kann.
letter-genuine = Sie müssen diesem Brief nicht aufs Wort glauben. Bevor Sie irgendetwas tun, können Sie Ihre IT-Abteilung oder die Person, die ihn Ihnen gegeben hat, unter einer Nummer anrufen, die Sie schon hatten. Dieser Brief verlangt kein Passwort, keine Zahlung und keinen Klick.

## Was man weiß

letter-shown = Was die Aufzeichnungen zeigen
letter-likely = Was wahrscheinlich oder möglich ist, aber nicht feststeht
letter-rung-targeted = Die Kampagne hatte es auf Sie oder auf ein Konto von Ihnen abgesehen.
letter-rung-delivered = Mindestens eine ihrer Nachrichten wurde in Ihr Postfach zugestellt.
letter-rung-opened = Etwas in einer ihrer Nachrichten wurde von Ihrer Seite aus geladen. Das geschieht, wenn eine Nachricht angezeigt wird. Es ist an sich kein Einbruch: Allein daraus kann niemand schließen, dass jemand in Ihr Konto oder Gerät gelangt ist.
letter-rung-interacted = Von Ihrer Seite aus wurde ein Link in einer ihrer Nachrichten aufgerufen oder ein Formular oder eine Datei daraus benutzt. Allein daraus kann niemand schließen, dass jemand in Ihr Konto oder Gerät gelangt ist.
letter-rung-compromised = Die Kampagne hat aus einem Konto oder Gerät von Ihnen heraus gehandelt. Das kann unbemerkt bleiben: Für das System sieht es so aus, als hätten Sie es selbst getan.
letter-rung-accessed = Die Kampagne hat Inhalte in Ihrem Postfach gelesen oder in Dateien, die Ihr Konto öffnen kann.
letter-rung-exfiltrated = Von einem Konto oder Gerät von Ihnen gingen Daten an eine Adresse, die die Kampagne benutzt. Welche genau, kann dieser Brief nicht sagen.
letter-first-seen = Zuerst gesehen: { $time }.
letter-time-unknown = Wann das war, zeigt keine Aufzeichnung verlässlich.
letter-grade = { $level ->
    [almost-certain] Nahezu gewiss:
    [very-likely] Sehr wahrscheinlich:
    [likely] Wahrscheinlich:
    [even] Etwa ebenso wahrscheinlich wie nicht:
   *[possible] Möglich:
}
letter-level = { $level ->
    [almost-certain] nahezu gewiss
    [very-likely] sehr wahrscheinlich
    [likely] wahrscheinlich
    [even] etwa ebenso wahrscheinlich wie nicht
   *[possible] möglich
}
letter-scale = Was diese Wörter nach unserer Schätzung bedeuten: nahezu gewiss, mindestens 95 von 100; sehr wahrscheinlich, 80 bis 95; wahrscheinlich, 55 bis 80; etwa ebenso wahrscheinlich wie nicht, 45 bis 55; möglich, weniger als 45.

## Die Nachrichten

letter-mails = Die Nachrichten, die wir kennen
letter-mail = { $time }, von
letter-mail-unnamed = { $time }; die Aufzeichnung nennt den Absender nicht
letter-mail-refused = { $time }; ein Mailserver hat sie abgewiesen
letter-mail-withheld = { $time }; sie trug die Adresse von jemand anderem, die hier ausgelassen ist
letter-mail-no-time = Zeitpunkt unbekannt
letter-sender-note = Die Adresse auf einer Nachricht kann gefälscht sein. Wen sie nennt, muss nichts damit zu tun haben.
letter-hosts = Sie laden etwas von diesen Adressen oder führen dorthin. Rufen Sie sie nicht auf.
letter-brackets = Die Punkte in diesen Adressen stehen in Klammern, damit niemand sie versehentlich anklickt.
letter-reveals = Was eine geöffnete Nachricht ihrem Absender verrät
letter-reveals-opened = Wenn eine Nachricht etwas lädt, kann ihr Absender erfahren, dass und wann sie geöffnet wurde; die Netzwerkadresse und damit ungefähr den Ort; und die Art von Gerät und Mailprogramm.
letter-reveals-link = Wer einem Link folgt, verrät dem Absender dasselbe. Was auf der Seite dahinter eingegeben worden wäre, etwa ein Passwort, hätte ihn ebenfalls erreicht.

## Was man nicht wissen kann

letter-unknown = Was wir nicht wissen können
letter-unknown-note = Dass wir etwas nicht gesehen haben, heißt nicht, dass es nicht geschehen ist. Es heißt auch nicht, dass es geschehen ist.
letter-open-delivered = Ob eine ihrer Nachrichten Ihr Postfach erreicht hat.
letter-open-opened = Ob Sie eine ihrer Nachrichten geöffnet haben.
letter-open-interacted = Ob ein Link aufgerufen oder ein Formular oder eine Datei benutzt wurde.
letter-open-compromised = Ob jemand in Ihr Konto oder Gerät gelangt ist.
letter-open-accessed = Ob jemand Ihre Nachrichten oder Dateien gelesen hat.
letter-open-exfiltrated = Ob Daten von Ihnen an die Kampagne gingen.
letter-doubt-elsewhere = Die Aufzeichnungen sehen nur einen Teil der Netze. Was zu Hause oder auf einem Telefon geöffnet wird, ist darin nicht zu sehen.
letter-doubt-missing = Aufzeichnungen, die es zeigen könnten, fehlen ganz oder für einen Teil der Zeit.
letter-doubt-unknown-addresses = Die Kampagne kann Adressen benutzt haben, die noch niemand kennt.
letter-doubt-nothing-loads = Die Nachricht enthält nichts, von dem bekannt ist, dass es ein Öffnen meldet; ein Öffnen hinterließe also keine Spur.
letter-doubt-no-message = Uns liegt keine der Nachrichten vor, die Ihnen vielleicht geschickt wurden.
letter-doubt-somebody = Etwas wurde geladen oder aufgerufen, aber von wem, lässt sich nicht sagen. Es kann jemand anderes gewesen sein oder eine automatische Prüfung.
letter-doubt-attempted = Ein Versuch ist verzeichnet, der nicht gelang. Ob ein anderer gelang, zeigen die Aufzeichnungen nicht.
letter-doubt-password = Jemand hat versucht, sich anzumelden, und kannte das Passwort, schloss die Anmeldung aber nicht ab. Ob ein anderer Versuch abgeschlossen wurde, zeigen die Aufzeichnungen nicht.
letter-doubt-kept = Inhalte wurden gelesen. Ob eine Kopie behalten wurde, zeigen die Aufzeichnungen nicht.
letter-doubt-forwarding = Eine Regel leitet Mail aus Ihrem Postfach an eine andere Adresse weiter. Ob auf diesem Weg Nachrichten hinausgingen, zeigen die Aufzeichnungen nicht.
letter-doubt-filtered = Ein Filter hat die Nachricht zurückgehalten. Ob sie später freigegeben wurde, zeigen die Aufzeichnungen nicht.
letter-doubt-accepted = Der Mailserver hat die Nachricht angenommen. Was aus ihr wurde, zeigen die Aufzeichnungen nicht.
letter-doubt-unmeasured = Es gab eine Verbindung mit einer Adresse der Kampagne. Ob darüber Daten von Ihnen hinausgingen, zeigen die Aufzeichnungen nicht.
letter-doubt-unsettled = Die Aufzeichnungen, die wir haben, klären es nicht.

## Drei Schritte

letter-steps = Drei Dinge, die Sie jetzt tun können
letter-step-keep = Wenn Sie eine dieser Nachrichten finden oder eine ähnliche, öffnen Sie nichts darin, klicken Sie nichts an und antworten Sie nicht. Lassen Sie sie, wie sie ist, weder gelöscht noch weitergeleitet: Sie ist ein Beweis.
letter-step-settings = Sehen Sie die Einstellungen Ihres Mailkontos durch: Wird Mail an eine Adresse weitergeleitet, die Sie nicht kennen? Ist ein Gerät oder eine App verbunden, die Sie nicht kennen? Lassen Sie das Laden externer Bilder ausgeschaltet und schalten Sie die Anmeldung in zwei Schritten ein.
letter-step-talk = Sprechen Sie mit uns, mit Ihrer IT-Abteilung oder mit einer der Beratungsstellen unten. Sie brauchen keinen Beweis, um zu fragen. Wenn Ihnen etwas Ungewöhnliches einfällt, notieren Sie, was es war und wann.
letter-step-password = Ändern Sie auf einem anderen Gerät das Passwort Ihres Kontos und das jedes anderen Kontos mit demselben oder einem ähnlichen Passwort. Schalten Sie die Anmeldung in zwei Schritten ein.
letter-step-sessions = Melden Sie sich in den Einstellungen Ihres Kontos überall ab. Machen Sie ein Bild von jeder Weiterleitung, jedem Gerät und jeder App, die Sie nicht kennen, und entfernen Sie sie erst danach. Löschen Sie keine Nachrichten und setzen Sie das Gerät nicht zurück: Das sind Beweise.
letter-step-other-device = Benutzen Sie das betroffene Konto und Gerät vorerst für nichts Vertrauliches, und sprechen Sie dort nicht über diesen Brief. Erreichen Sie uns telefonisch, persönlich oder von einem Gerät und Konto aus, die nicht betroffen sind.
letter-step-together = Ändern Sie nichts allein. Halten Sie gemeinsam mit uns oder einer Beratungsstelle zuerst fest, was zu sehen ist; ändern Sie danach auf einem anderen Gerät die Passwörter, melden Sie sich überall ab und entfernen Sie Regeln und Apps, die nicht von Ihnen sind. Löschen Sie vorher nichts und setzen Sie nichts zurück.
letter-step-others = Denken Sie an die Menschen, die Ihnen im Vertrauen geschrieben haben. Besprechen Sie mit uns, wer gewarnt werden soll und wie, ohne das betroffene Konto zu benutzen.
letter-mailbox-warning = Mail an Ihr Konto wird möglicherweise von der Kampagne gelesen. Bitte antworten Sie zu diesem Brief nicht von diesem Konto aus.

## Der Schluss

letter-helplines = Wen Sie fragen können
letter-helpline-for = { $audience ->
    [civil-society] für Vereine und gefährdete Personen
    [journalists] für Medienschaffende
    [institution] für Institutionen
   *[anyone] für alle
}
letter-times = Alle Zeiten sind in UTC. In Brüssel ist es im Winter eine Stunde später, im Sommer zwei.
letter-basis = Dieser Brief beruht allein auf den Aufzeichnungen der Untersuchung und sagt nicht mehr als sie. Neue Aufzeichnungen können ihn ändern.

## Wem zuerst Bescheid zu geben ist

notify-title = Wem zuerst Bescheid zu geben ist
notify-internal = Intern: für alle, die Bescheid geben. Diese Liste nennt mehrere Personen und darf keiner von ihnen ausgehändigt werden.
notify-marking = Die Erkenntnisse dahinter sind mit { $tlp } gekennzeichnet.
notify-marking-strict = Die Briefe nennen Adressen, die darauf beruhen: Fragen Sie deren Quelle, bevor Sie sie aushändigen.
notify-order = In dieser Reihenfolge: die höchste Stufe, für die die Aufzeichnungen sprechen; dann die höchste, die nicht auszuschließen ist; dann die jüngste Handlung zuerst; dann Rollen, die die Kampagne häufiger wählte, als es der Zufall täte; dann nach Namen.
notify-nobody = Der Fall zeigt niemanden, den die Kampagne erreicht hat. Das beweist nicht, dass es niemanden gibt.
notify-shown = Höchste Stufe
notify-since = { $rung }, zuerst am { $time } ({ $level })
notify-since-unknown = { $rung }, Zeitpunkt unbekannt ({ $level })
notify-because = Warum
notify-last = Letzte gesehene Handlung
notify-open = Nicht auszuschließen
notify-roles = Rollen
notify-language = Sprache des Briefs
notify-language-instead = { $lang }; die Personenliste verlangt eine andere
notify-reach = Wie zu erreichen
notify-letter = Brief
notify-mailbox-accessed = Diese Person NICHT per E-Mail benachrichtigen: Nach den Aufzeichnungen hat die Kampagne Inhalte dieses Kontos oder Postfachs gelesen.
notify-mailbox-compromised = Diese Person NICHT per E-Mail benachrichtigen: Nach den Aufzeichnungen hat die Kampagne aus einem Konto oder Gerät dieser Person heraus gehandelt und liest möglicherweise ihre Mail.
notify-mailbox-exfiltrated = Diese Person NICHT per E-Mail benachrichtigen: Nach den Aufzeichnungen gingen von einem Konto oder Gerät dieser Person Daten an die Kampagne, und diese liest möglicherweise ihre Mail.
notify-mailbox-forwarding = Diese Person NICHT per E-Mail benachrichtigen: Eine Regel leitet Mail aus diesem Postfach an eine andere Adresse weiter.
notify-mailbox-undetermined = Ob die Kampagne dieses Postfach liest, lässt sich nicht klären. Besser nicht per E-Mail.
notify-way-phone = Telefon
notify-way-signal = Signal
notify-way-mail = Anderes Postfach
notify-way-address = Anschrift
notify-way-none = Telefonisch oder persönlich; die Personenliste nennt keinen anderen Weg.
notify-machine = Ein Rechner, dessen Benutzer nicht bekannt ist. Finden Sie heraus, wer ihn benutzt, und geben Sie dieser Person Bescheid; einen Brief gibt es nicht.
