# Les lettres aux personnes qu’une campagne concerne, et la liste de qui prévenir
# d’abord. Qui lit peut avoir peur : aucun reproche, aucun jargon, aucune
# promesse, et jamais plus que ce que montrent les données.

## L’en-tête de la lettre

letter-title = À propos de messages qui vous ont été envoyés
letter-title-other = À propos de traces d’une attaque qui peuvent vous concerner
letter-for = Pour
letter-personal = Personnel et confidentiel. Cette lettre parle de vous et de personne d’autre.
letter-intro = Nous enquêtons sur une campagne d’attaques. Au moins un de ses messages vous était destiné. Cette lettre vous dit ce que nous savons, ce que nous ne pouvons pas savoir, et ce que vous pouvez faire maintenant.
letter-intro-other = Nous enquêtons sur une campagne d’attaques. Pour autant que nous puissions en juger, certaines de ses traces vous concernent, vous, un de vos comptes ou un appareil que vous utilisez. Cette lettre vous dit ce que nous savons, ce que nous ne pouvons pas savoir, et ce que vous pouvez faire maintenant.
letter-no-blame = Rien de tout cela n’est votre faute. De telles attaques sont faites pour que n’importe qui puisse les prendre pour quelque chose d’authentique.
letter-genuine = Vous n’avez pas à croire cette lettre sur parole. Avant de faire quoi que ce soit, vous pouvez appeler votre service informatique ou la personne qui vous l’a remise, à un numéro que vous aviez déjà. Cette lettre ne demande ni mot de passe, ni paiement, ni clic.

## Ce que l’on sait

letter-shown = Ce que montrent les données
letter-likely = Ce qui est probable ou possible, mais pas établi
letter-rung-targeted = La campagne vous visait, vous ou un de vos comptes.
letter-rung-delivered = Au moins un de ses messages est arrivé dans votre boîte.
letter-rung-opened = Un élément d’un de ses messages a été chargé de votre côté. Cela se produit quand un message s’affiche. Ce n’est pas en soi une intrusion : de cela seul, personne ne peut conclure que quelqu’un est entré dans votre compte ou votre appareil.
letter-rung-interacted = De votre côté, un lien d’un de ses messages a été suivi, ou un formulaire ou un fichier qu’il contenait a été utilisé. De cela seul, personne ne peut conclure que quelqu’un est entré dans votre compte ou votre appareil.
letter-rung-compromised = La campagne a agi depuis l’intérieur d’un de vos comptes ou appareils. Cela peut passer inaperçu : pour le système, c’est comme si vous l’aviez fait vous-même.
letter-rung-accessed = La campagne a lu des contenus de votre boîte, ou des fichiers que votre compte peut ouvrir.
letter-rung-exfiltrated = Des données sont parties d’un de vos comptes ou appareils vers une adresse que la campagne utilise. Lesquelles exactement, cette lettre ne peut pas le dire.
letter-first-seen = Vu pour la première fois : { $time }.
letter-time-unknown = Quand c’était, aucune donnée ne le montre de façon fiable.
letter-grade = { $level ->
    [almost-certain] Quasi certain :
    [very-likely] Très probable :
    [likely] Probable :
    [even] Environ une chance sur deux :
   *[possible] Possible :
}
letter-level = { $level ->
    [almost-certain] quasi certain
    [very-likely] très probable
    [likely] probable
    [even] environ une chance sur deux
   *[possible] possible
}
letter-scale = Ce que ces mots veulent dire, selon notre estimation : quasi certain, au moins 95 sur 100 ; très probable, de 80 à 95 ; probable, de 55 à 80 ; environ une chance sur deux, de 45 à 55 ; possible, moins de 45.

## Les messages

letter-mails = Les messages que nous connaissons
letter-mail = { $time }, de
letter-mail-unnamed = { $time } ; la donnée ne nomme pas l’expéditeur
letter-mail-refused = { $time } ; un serveur de courrier l’a refusé
letter-mail-withheld = { $time } ; il portait l’adresse de quelqu’un d’autre, qui n’est pas reprise ici
letter-mail-no-time = heure inconnue
letter-sender-note = L’adresse que porte un message peut être falsifiée. La personne ou l’organisation qu’elle nomme n’y est pas forcément pour quelque chose.
letter-hosts = Ils chargent quelque chose depuis ces adresses, ou y mènent. N’y allez pas.
letter-brackets = Les points de ces adresses sont mis entre crochets, pour que rien ne puisse être cliqué par erreur.
letter-reveals = Ce qu’un message ouvert apprend à son expéditeur
letter-reveals-opened = Quand un message charge quelque chose, son expéditeur peut apprendre qu’il a été ouvert et quand ; l’adresse du réseau, et avec elle à peu près le lieu ; le genre d’appareil et de programme de messagerie.
letter-reveals-link = Suivre un lien lui apprend la même chose. Ce qui aurait été tapé sur la page derrière ce lien, par exemple un mot de passe, lui serait parvenu aussi.

## Ce que l’on ne peut pas savoir

letter-unknown = Ce que nous ne pouvons pas savoir
letter-unknown-note = Que nous n’ayons pas vu une chose ne veut pas dire qu’elle n’a pas eu lieu. Cela ne veut pas dire non plus qu’elle a eu lieu.
letter-open-delivered = Si un de ses messages est arrivé dans votre boîte.
letter-open-opened = Si vous avez ouvert un de ses messages.
letter-open-interacted = Si un lien a été suivi, ou un formulaire ou un fichier utilisé.
letter-open-compromised = Si quelqu’un est entré dans votre compte ou votre appareil.
letter-open-accessed = Si quelqu’un a lu vos messages ou vos fichiers.
letter-open-exfiltrated = Si des données à vous sont parties vers la campagne.
letter-doubt-elsewhere = Les données ne voient que certains réseaux. Ce qui est ouvert à la maison ou sur un téléphone n’y apparaît pas.
letter-doubt-missing = Des données qui pourraient le montrer manquent, entièrement ou pour une partie du temps.
letter-doubt-unknown-addresses = La campagne a pu utiliser des adresses que personne ne connaît encore.
letter-doubt-nothing-loads = Le message ne contient rien qui, à notre connaissance, signale une ouverture : une ouverture ne laisserait donc pas de trace.
letter-doubt-no-message = Nous n’avons aucun des messages qui vous ont peut-être été envoyés.
letter-doubt-somebody = Quelque chose a été chargé ou contacté, mais on ne peut pas dire par qui. C’était peut-être quelqu’un d’autre, ou un contrôle automatique.
letter-doubt-attempted = Une tentative est enregistrée, qui n’a pas abouti. Les données ne montrent pas si une autre a abouti.
letter-doubt-password = Quelqu’un a tenté de se connecter et connaissait le mot de passe, mais n’est pas allé au bout. Les données ne montrent pas si une autre tentative a abouti.
letter-doubt-kept = Des contenus ont été lus. Les données ne montrent pas si une copie en a été gardée.
letter-doubt-forwarding = Une règle transfère du courrier de votre boîte vers une autre adresse. Les données ne montrent pas si des messages sont partis par là.
letter-doubt-filtered = Un filtre a retenu le message. Les données ne montrent pas s’il a été libéré ensuite.
letter-doubt-accepted = Le serveur de courrier a accepté le message. Les données ne montrent pas ce qu’il est devenu.
letter-doubt-unmeasured = Il y a eu une connexion avec une adresse de la campagne. Les données ne montrent pas si des données à vous sont parties par là.
letter-doubt-unsettled = Les données dont nous disposons ne permettent pas de trancher.

## Trois gestes

letter-steps = Trois choses que vous pouvez faire maintenant
letter-step-keep = Si vous trouvez un de ces messages, ou un message semblable, n’y ouvrez rien, n’y cliquez sur rien et n’y répondez pas. Gardez-le tel qu’il est, sans le supprimer ni le transférer : c’est une preuve.
letter-step-settings = Parcourez les réglages de votre compte de messagerie : du courrier est-il transféré à une adresse que vous ne connaissez pas ? Un appareil ou une application que vous ne connaissez pas y est-il relié ? Laissez désactivé le chargement des images distantes, et activez la connexion en deux étapes.
letter-step-talk = Parlez-en avec nous, avec votre service informatique ou avec une des lignes d’aide ci-dessous. Vous n’avez besoin d’aucune preuve pour demander. Si un fait inhabituel vous revient, notez ce que c’était et quand.
letter-step-password = Depuis un autre appareil, changez le mot de passe de votre compte, et celui de tout autre compte qui a le même ou un mot de passe semblable. Activez la connexion en deux étapes.
letter-step-sessions = Dans les réglages de votre compte, déconnectez toutes les sessions. Prenez une image de chaque transfert, appareil ou application que vous ne connaissez pas, puis retirez-le. Ne supprimez aucun message et ne réinitialisez pas l’appareil : ce sont des preuves.
letter-step-other-device = Pour l’instant, n’utilisez le compte et l’appareil concernés pour rien de confidentiel, et n’y parlez pas de cette lettre. Joignez-nous par téléphone, de vive voix, ou depuis un appareil et un compte qui ne sont pas concernés.
letter-step-together = Ne changez rien de votre propre chef. Avec nous ou avec une ligne d’aide, relevez d’abord ce qui s’y trouve ; ensuite, depuis un autre appareil, changez les mots de passe, déconnectez toutes les sessions et retirez les règles et applications qui ne sont pas de vous. Avant cela, ne supprimez et ne réinitialisez rien.
letter-step-others = Pensez à celles et ceux qui vous ont écrit en confiance. Voyez avec nous qui prévenir et comment, sans passer par le compte concerné.
letter-mailbox-warning = Le courrier adressé à votre compte est peut-être lu par la campagne. Merci de ne pas répondre au sujet de cette lettre depuis ce compte.

## La fin

letter-helplines = À qui vous pouvez demander
letter-helpline-for = { $audience ->
    [civil-society] pour les associations et les personnes menacées
    [journalists] pour les journalistes
    [institution] pour les institutions
   *[anyone] pour tout le monde
}
letter-times = Toutes les heures sont en UTC. À Bruxelles, il est une heure de plus en hiver et deux en été.
letter-basis = Cette lettre repose sur les seules données de l’enquête et n’en dit pas plus qu’elles. De nouvelles données peuvent la changer.

## Qui prévenir d’abord

notify-title = Qui prévenir d’abord
notify-internal = Interne : pour celles et ceux qui préviennent. Cette liste nomme plusieurs personnes et ne doit être remise à aucune d’elles.
notify-marking = Les renseignements sur lesquels elle repose sont marqués { $tlp }.
notify-marking-strict = Les lettres citent des adresses qui en découlent : demandez à leur source avant de les remettre.
notify-order = Dans cet ordre : le plus haut degré pour lequel parlent les données ; puis le plus haut que l’on ne peut pas exclure ; puis l’acte le plus récent d’abord ; puis les rôles que la campagne a choisis plus souvent que le hasard ; puis le nom.
notify-nobody = Le dossier ne montre personne que la campagne ait atteint. Cela ne prouve pas qu’il n’y a personne.
notify-shown = Degré le plus haut
notify-since = { $rung }, d’abord le { $time } ({ $level })
notify-since-unknown = { $rung }, heure inconnue ({ $level })
notify-because = Pourquoi
notify-last = Dernier acte vu
notify-open = Pas exclu
notify-roles = Rôles
notify-language = Langue de la lettre
notify-language-instead = { $lang } ; la liste des personnes en demande une autre
notify-reach = Comment la joindre
notify-letter = Lettre
notify-mailbox-accessed = Ne prévenez PAS cette personne par courriel : selon les données, la campagne a lu des contenus de ce compte ou de cette boîte.
notify-mailbox-compromised = Ne prévenez PAS cette personne par courriel : selon les données, la campagne a agi depuis un de ses comptes ou appareils et lit peut-être son courrier.
notify-mailbox-exfiltrated = Ne prévenez PAS cette personne par courriel : d’après les enregistrements, des données sont parties vers la campagne depuis un de ses comptes ou appareils, et elle lit peut-être son courrier.
notify-mailbox-forwarding = Ne prévenez PAS cette personne par courriel : une règle transfère du courrier de cette boîte vers une autre adresse.
notify-mailbox-undetermined = On ne peut pas déterminer si la campagne lit cette boîte. Évitez plutôt le courriel.
notify-way-phone = Téléphone
notify-way-signal = Signal
notify-way-mail = Autre boîte
notify-way-address = Adresse
notify-way-none = Par téléphone ou de vive voix ; la liste des personnes ne donne pas d’autre moyen.
notify-machine = Une machine dont on ne connaît pas l’utilisateur. Trouvez qui s’en sert et prévenez cette personne ; il n’y a pas de lettre.
