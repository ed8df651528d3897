# Ce que `clarte check` dit à une personne qui a reçu un message étrange.
# Phrases courtes, pas de jargon, pas de reproche, pas de fausse assurance.

## Ce qui est chargé à l'ouverture du message

beacon-hidden = À l’ouverture de ce message, quelque chose d’invisible est chargé depuis { $host }. L’expéditeur apprend ainsi que vous l’avez ouvert, quand et d’où.
beacon-individual = À l’ouverture de ce message, quelque chose est chargé depuis { $host }, avec un code créé pour vous seulement. L’expéditeur apprend ainsi que c’est vous qui l’avez ouvert.
beacon-recipient = À l’ouverture de ce message, quelque chose est chargé depuis { $host }, et votre adresse e-mail part avec la demande, en clair ou sous une forme cachée. L’expéditeur apprend ainsi que c’est vous qui l’avez ouvert.
beacon-proxied = Une image de { $host } est chargée en passant par { $proxy }. Cela cache l’endroit où vous êtes, mais l’expéditeur peut quand même apprendre que le message a été ouvert.

## Qui il prétend être

identity-press = Ce message se présente au nom de « { $claimed } », un média. Mais l’adresse de l’expéditeur se termine par { $domain }, et nous ne lui connaissons pas cette adresse.
identity-journalist = L’expéditeur se présente comme journaliste. Mais son adresse se termine par { $domain }, et rien ne montre qu’elle appartienne à une rédaction.
identity-institution = Ce message se présente au nom de « { $claimed } », une institution publique. Mais l’adresse de l’expéditeur se termine par { $domain }, et nous ne lui connaissons pas cette adresse.
identity-ngo = Ce message se présente au nom de « { $claimed } », une association, fondation ou université. Mais l’adresse de l’expéditeur se termine par { $domain }, et nous ne lui connaissons pas cette adresse.
identity-service = Ce message se présente au nom de « { $claimed } », une entreprise ou un service en ligne. Mais l’adresse de l’expéditeur se termine par { $domain }, et nous ne lui connaissons pas cette adresse.
identity-colleague = Ce message porte le nom d’une personne que vous connaissez, « { $name } ». D’habitude, elle vous écrit depuis { $owner } ; ce message vient de { $domain }.
identity-name-address = Le nom affiché est « { $name } », mais le message vient d’une autre adresse, qui se termine par { $domain }. Beaucoup de programmes de messagerie n’affichent que le nom.
identity-lookalike =
    L’adresse de l’expéditeur se termine par { $domain }. Elle ressemble à { $owner }, mais c’en est une autre : { $trick ->
        [homoglyph] des caractères ont été remplacés par d’autres qui leur ressemblent.
        [punycode] elle contient des lettres d’un autre alphabet qui ressemblent aux lettres habituelles.
        [added] des mots ou des lettres ont été ajoutés.
        [ending] seule la fin est différente.
        [subdomain] le nom connu se trouve seulement au début, et c’est la fin qui compte.
        [hyphen] un trait d’union ou un point a été ajouté, déplacé ou supprimé.
       *[letters] une ou quelques lettres diffèrent.
    }
identity-mixed-script = Le nom ou l’adresse de l’expéditeur ({ $domain }) mélange des lettres de plusieurs alphabets qui se ressemblent. On peut y lire un nom qui n’est pas le vrai.
identity-reply-elsewhere = Le message affiche un expéditeur chez { $domain }, mais votre réponse partirait vers { $domain2 }. C’est peut-être quelqu’un d’autre qui la lirait.
identity-freemail = L’expéditeur parle au nom d’une organisation, mais il écrit depuis { $domain }, où n’importe qui peut ouvrir une boîte mail sous n’importe quel nom.
identity-unproved =
    { $result ->
        [softfail] Le service qui a reçu ce message doute qu’il vienne de { $domain }. Quelqu’un d’autre a peut-être inscrit cette adresse.
        [fail] Le service qui a reçu ce message a vérifié s’il venait de { $domain }, et la vérification a échoué. Quelqu’un d’autre a très bien pu inscrire cette adresse.
       *[none] Le service qui a reçu ce message n’a rien trouvé qui confirme qu’il vient de { $domain }. N’importe qui peut inscrire une telle adresse sur un message.
    }
identity-altered = Le texte n’est pas celui qui a été signé pour { $domain }. Il a été modifié en chemin ; une liste de diffusion peut en être la cause, mais aussi une personne mal intentionnée.

## Comment il vous aborde

approach-first-contact = Personne n’avait encore écrit depuis cette adresse dans la boîte mail que nous avons examinée. Beaucoup de messages honnêtes commencent ainsi, et la plupart des faux aussi.
approach-template =
    { $count ->
        [one] Cette lettre a été envoyée à { $count } personne, avec un code particulier. L’expéditeur peut ainsi voir si cette personne réagit.
       *[other] La même lettre a été envoyée à { $count } personnes, chacune avec son propre code. L’expéditeur peut ainsi voir qui réagit.
    }
approach-merge = Ce message porte les traces d’un envoi en masse, comme un champ resté vide ou une salutation sans nom. Il peut paraître personnel sans l’être.
approach-thread = Il se présente comme une réponse (« RE »), mais nous n’avons rien vu à quoi il réponde. Cela peut faire passer un inconnu pour une connaissance.
approach-interview = Il vous demande une interview, une déclaration ou un commentaire. De vrais journalistes le font, et des personnes qui se font passer pour des journalistes aussi.
approach-conference = Il vous invite à une conférence, un débat ou un événement. Ces invitations sont souvent réelles, mais elles servent aussi de prétexte.
approach-document = Il vous demande de lire, de vérifier ou de télécharger un document. C’est un moyen courant de faire ouvrir un fichier nuisible.
approach-urgency = Il vous presse d’agir vite. La hâte ne laisse pas le temps de vérifier.
approach-account = Il annonce un problème avec un compte, une boîte mail, un mot de passe, une livraison ou un paiement. Une telle frayeur sert souvent à faire cliquer.
approach-rights = Il parle de droits humains, de communautés en exil ou des pays concernés. En soi, cela ne dit rien ; à côté des autres indices, cela montre à qui le message est destiné.

## Ce qu'il contient

payload-link-mismatch = Un lien affiche { $shown }, mais mène à { $host }. Vous n’arriveriez pas là où vous le pensez.
payload-shortener = Un lien passe par { $host }, ce qui cache où il mène vraiment.
payload-bare-address = Un lien mène à { $host } : des chiffres à la place d’un nom, ou un nom déguisé. On ne peut pas y voir chez qui l’on arrive.
payload-credential-form = Il demande un mot de passe dans le message même ou dans une page jointe. Ce qu’on y écrit peut arriver directement chez l’expéditeur.
payload-device-code = Il vous demande d’introduire un code sur une véritable page de connexion. Ce code peut ouvrir votre compte à quelqu’un d’autre, même sans votre mot de passe.
payload-consent = Un lien vers { $host } vous demande de donner à une application l’accès à votre compte. Elle pourrait alors lire vos messages, même si vous changez ensuite de mot de passe.
payload-cloud-archive = Il mène à un fichier placé chez { $host }, où n’importe qui peut déposer des fichiers. Ce nom connu ne dit rien de la personne qui l’y a mis.
payload-macro = Le document joint « { $name } » contient des commandes, ou en charge depuis internet. L’ouvrir pourrait donner à quelqu’un l’accès à votre appareil.
payload-program = La pièce jointe « { $name } » est un programme. Une fois lancé, il peut lire et modifier ce qui se trouve sur votre appareil.
payload-shortcut = La pièce jointe « { $name } » est un raccourci, pas un document. L’ouvrir peut lancer quelque chose que vous ne voyez pas.
payload-disk-image = La pièce jointe « { $name } » agit comme un disque ou une clé USB venus d’un inconnu. Les fichiers qu’elle contient peuvent échapper aux avertissements habituels.
payload-smuggling = La page web « { $name } » qui accompagne ce message fabrique un fichier sur votre appareil quand on l’ouvre. Ce fichier échappe ainsi aux contrôles habituels.
payload-svg = L’image jointe « { $name } » contient des commandes ou des liens, comme une page web. Une image ordinaire n’en a pas besoin.
payload-locked-archive = La pièce jointe « { $name } » est verrouillée, et le message donne le mot de passe. Ce verrou empêche les antivirus de regarder à l’intérieur.
payload-double-extension = Le nom de fichier « { $name } » a deux terminaisons, et seule la dernière compte. Le fichier n’est pas du type qu’il paraît être.
payload-direction = Le nom « { $name } » contient des caractères invisibles qui inversent l’ordre de ses lettres. Ce que vous lisez n’est peut-être pas son vrai nom.
payload-qr = Une image contient un code à scanner avec un téléphone (code QR), qui mène à { $host }. À l’œil nu, on ne peut pas le voir d’avance.
payload-invitation = Il contient une invitation d’agenda qui renvoie à { $host }, et non à l’expéditeur. Elle peut entrer dans votre agenda avant que vous n’ayez répondu.

## Comment il est construit

form-parsers-disagree =
    { $what ->
        [sender] Selon le programme de messagerie, ce message affiche un expéditeur différent. Cela peut cacher qui l’a écrit.
        [subject] Selon le programme de messagerie, ce message affiche un objet différent. Cela peut cacher son sujet à ceux qui le contrôlent.
        [attachments] Selon le programme de messagerie, ce message contient des pièces jointes différentes. Cela peut cacher un fichier à ceux qui le contrôlent.
       *[text] Selon le programme de messagerie, ce message affiche un texte différent. Cela peut cacher ce qu’il dit à ceux qui le contrôlent.
    }

## Ce que l'ouverture révélerait

reveals-opened = que le message a été ouvert
reveals-time = quand il a été ouvert
reveals-address = votre adresse internet, donc à peu près où vous êtes et par quel fournisseur vous vous connectez
reveals-device = quel appareil et quel programme de messagerie vous utilisez
reveals-person = que c’était vous : l’adresse contient un code créé pour vous seulement
reveals-email = votre adresse e-mail
reveals-forward = à qui vous le transmettez, si cette personne l’ouvre

## Verdicts

verdict-act-now = Considérez ce message comme dangereux
verdict-act-now-text = Il peut être nuisible, ou vous viser personnellement. Vous n’avez rien fait de mal en le recevant ou en l’ouvrant.
verdict-be-careful = Prudence avec ce message
verdict-be-careful-text = Certaines choses n’y concordent pas. Il y a peut-être une raison innocente ; vérifiez d’abord, avant de cliquer ou de répondre.
verdict-nothing-found = Nous n’avons trouvé aucun des signes que nous connaissons
verdict-nothing-found-text = Cela ne veut pas dire que ce message est inoffensif. En cas de doute, demandez conseil à quelqu’un.
verdict-unreadable = Nous n’avons pas pu lire ce message
verdict-unreadable-text = Il est abîmé, incomplet ou d’un type que nous ne connaissons pas : nous ne pouvons donc rien en dire, ni en bien ni en mal. Quelqu’un qui a d’autres outils pourra peut-être le lire ; s’il vous inquiète, cela vaut la peine de demander.

## Titres

heading-why = Pourquoi
heading-reveals = Ce que son ouverture révélerait
heading-unchecked = Ce qui n’a pas pu être vérifié
heading-steps = Que faire maintenant
heading-helplines = Qui peut vous aider
heading-details = Pour un spécialiste


## Ce qui n'a pas pu être vérifié

unchecked-first-contact = Si l’expéditeur vous a déjà écrit : nous n’avions pas de boîte mail à consulter.
unchecked-authentication = Si l’adresse de l’expéditeur est authentique : aucun service qui a reçu le message n’en dit quoi que ce soit.
unchecked-signature = La signature électronique de { $domain } : sa clé se trouve sur internet, et nous n’avons rien téléchargé.
unchecked-links = Où mènent les liens : nous n’avons rien ouvert.
unchecked-attachments =
    { $count ->
        [one] Ce que contient { $count } pièce jointe : nous savons seulement de quel type de fichier il s’agit.
       *[other] Ce que contiennent { $count } pièces jointes : nous savons seulement de quels types de fichiers il s’agit.
    }
unchecked-pictures = Le texte à l’intérieur des images : nous ne pouvons pas le lire.
unchecked-damaged = Certaines parties du message : elles n’ont pas pu être lues.
unchecked-language = Les mots employés : nous ne connaissons les mots révélateurs que de quelques langues.

## Que faire

step-dont = N’ouvrez rien dans ce message, ne cliquez sur rien et n’y répondez pas.
step-dont-opened = Si vous avez déjà ouvert quelque chose ou cliqué, ce n’est pas votre faute. Dites-le à la personne qui vous aide, et notez quand c’était.
step-keep = Gardez le message tel qu’il est. Ne le supprimez pas, et ne le transmettez qu’à ceux qui vous aident.
step-ask = Demandez à quelqu’un dont c’est le métier : le service informatique de votre organisation ou une ligne d’aide. Vous n’avez besoin d’aucune preuve pour demander.
step-verify = Posez la question à la personne par un autre moyen que vous connaissez déjà, par exemple en appelant un numéro que vous aviez avant. N’utilisez ni numéro, ni lien, ni adresse du message.
step-no-pictures = Laissez les images distantes désactivées : si votre programme de messagerie propose de les afficher, refusez.
step-unsure = Si quelque chose dans ce message vous met mal à l’aise, n’y ouvrez rien et parlez-en à quelqu’un. Vous ne dérangez personne en demandant.


## Toute une boîte mail

box-none =
    { $count ->
        [0] Il n’y avait aucun message à examiner.
        [one] Nous n’avons trouvé aucun des signes que nous connaissons dans { $count } message. Cela ne veut pas dire qu’il est inoffensif.
       *[other] Aucun des { $count } messages ne montre les signes que nous connaissons. Cela ne veut pas dire qu’ils sont inoffensifs.
    }
box-some =
    { $count ->
        [one] { $found } message sur { $count } mérite votre attention.
       *[other]
            { $found ->
                [one] { $found } message sur { $count } mérite votre attention.
               *[other] { $found } messages sur { $count } méritent votre attention.
            }
    }
box-campaign =
    { $count ->
        [one] { $count } message, le { $first }.
       *[other] { $count } messages qui vont ensemble, du { $first } au { $last }.
    }
box-campaign-people =
    { $count ->
        [one] Présent dans { $count } boîte mail.
       *[other] Présent dans { $count } boîtes mail.
    }
box-unreadable =
    { $count ->
        [one] { $count } message n’a pas pu être lu.
       *[other] { $count } messages n’ont pas pu être lus.
    }
box-more = Et { $count } de plus.
## La page

page-title = Ce que nous avons vu dans ce message
page-printed = Cette page a été faite sur cette machine, hors ligne. Rien n’a été envoyé à qui que ce soit.
## Lignes

attached-prefix = Dans le message joint :
sender-line = De : { $sender }
subject-line = Objet : { $subject }
received-line = Reçu : { $time }
score-line =
    { $score ->
        [one] Pour un spécialiste : { $score } point.
       *[other] Pour un spécialiste : { $score } points.
    }
beacon-self-hosted = Le serveur { $host }, qui compte les ouvertures de ce message, n’appartient à aucun service d’envoi connu, et ce n’est pas une lettre d’information. Quelqu’un veut savoir si vous, personnellement, l’avez ouvert.
identity-refuted = Le propriétaire de { $domain } indique que de tels messages ne viennent pas de chez lui. Quelqu’un d’autre y a très probablement mis cette adresse.
identity-forged = Le message porte une adresse en { $domain }, mais rien ne confirme qu’il en vient, et votre réponse irait à { $domain2 }.
approach-personal = Il est écrit à vous seul·e, comme une lettre personnelle.
approach-reward = Il promet de l’argent, un prix ou une rencontre. De telles promesses ne sont presque jamais tenues.
approach-secrecy = Il vous demande de n’en parler à personne ou de continuer ailleurs. Cela vous éloigne de ceux qui pourraient vous avertir.
reveals-to = À { $host } : { $what }
reveals-nothing = Nous n’y avons rien vu qui signale à quelqu’un que le message a été ouvert.
more-reasons =
    { $count ->
        [one] … et 1 indice moindre
       *[other] … et { $count } indices moindres
    }
approach-answer = Il répond à un message de vous, à ce qu’il dit. Si vous n’en avez pas écrit, c’est une ruse.
identity-counterfeit =
    L’adresse de l’expéditeur se termine en réalité par { $domain }. Elle est déguisée pour passer pour { $owner } : { $trick ->
        [punycode] elle utilise des lettres d’un autre alphabet qui ressemblent aux lettres habituelles.
       *[subdomain] le nom connu ne figure qu’au début, et c’est la fin qui compte.
    } Personne n’obtient une telle adresse par hasard.
heading-small-signs = De petits indices, que des messages innocents portent souvent aussi
verdict-small-signs = Nous n’avons trouvé que des indices que des messages innocents portent aussi
reveals-remote = Des éléments sont aussi chargés depuis { $hosts }. Qui les tient peut apprendre que quelqu’un a ouvert ce message, quand, et l’adresse internet.
step-may-be-genuine = Il peut tout de même être authentique. Une personne honnête comprendra que vous appeliez d’abord son bureau, à un numéro que vous avez trouvé vous-même.
