//! The letters in French.

use super::Requests;

pub(super) const LETTERS: Requests = [
    // Interview
    [
        (
            "Demande d'entretien",
            "Je vous serais reconnaissante de m'accorder une demi-heure la semaine prochaine, par téléphone ou à votre bureau. Nous préparons un portrait des élus qui suivent le sort des minorités à l'étranger.|Toute date après mardi me convient.",
        ),
        (
            "Entretien sur la résolution du 12 mars",
            "Après l'adoption de la résolution, notre service étranger souhaite rencontrer ceux qui l'ont rédigée. Votre apport a été cité par plusieurs de vos collègues.|L'échange durerait environ quarante minutes et ne serait enregistré que par souci d'exactitude. Vos citations vous seraient bien entendu soumises avant parution. Veuillez m'indiquer la langue que vous préférez et si un conseiller vous accompagnera.",
        ),
        (
            "Une invitation de notre journal",
            "Accepteriez-vous de répondre de vive voix à quelques questions ?",
        ),
        (
            "On se parle cette semaine ?",
            "Je travaille sur un papier consacré aux pressions exercées sur les exilés et ton nom revient sans cesse. Aurais-tu vingt minutes jeudi ?",
        ),
        (
            "Un café et quelques questions",
            "Je suis en ville de lundi à mercredi et j'aimerais beaucoup te rencontrer. Rien de solennel : comment tu en es venu à ce travail, et ce qui a changé depuis. C'est moi qui offre le café !",
        ),
        (
            "Dix minutes ?",
            "Tu as dix minutes aujourd'hui ? C'est à propos de la lettre qui a fuité.",
        ),
        (
            "Échange avec notre équipe de recherche",
            "Notre équipe étudie la manière dont les élus réagissent aux menaces venues de l'étranger. Nous souhaiterions recueillir votre expérience au cours d'un échange confidentiel.|La participation est libre et vous pourrez corriger la transcription.",
        ),
        (
            "Tu nous racontes ?",
            "Nous rassemblons des récits vécus pour notre bilan de l'année, et le tien devrait y figurer. Je t'appelle demain vers seize heures ?",
        ),
    ],
    // Prise de position
    [
        (
            "Demande de réaction avant 17 h",
            "Nous comptons évoquer ce soir la décision de suspendre l'accord de coopération. Pourriez-vous nous faire parvenir une déclaration de quatre-vingts mots au plus avant dix-sept heures ?",
        ),
        (
            "Votre réaction à la note de l'ambassade",
            "L'ambassade vient de publier une note qui critique votre dernière intervention en des termes peu habituels. Avant de l'imprimer, nous tenons à vous donner la parole.|Une réaction écrite suffit.",
        ),
        (
            "Déclaration sur la visite de la délégation",
            "Une délégation est attendue dimanche, et deux sources nous ont confirmé son programme. Plusieurs membres de votre groupe ont refusé de s'exprimer. Nous pensons que nos lecteurs ont le droit de connaître votre position.|Si vous désirez rester anonyme, veuillez le préciser clairement dans votre réponse, et nous attribuerons vos propos à une personne proche du dossier.",
        ),
        (
            "Une phrase de toi ?",
            "Tout le monde a un avis sur le vote, sauf ceux qui siègent dans la salle. Une phrase suffit, deux ce serait parfait.",
        ),
        (
            "Ton avis avant l'édition du soir",
            "Le sujet sur le contrat du port sort ce soir. Qu'en penses-tu ?",
        ),
        (
            "Il me faut une citation",
            "Désolée de te presser, ma rédactrice vient d'avancer le bouclage. Peux-tu m'envoyer deux mots sur l'interdiction de visa ?",
        ),
        (
            "Déclaration commune : votre signature",
            "Quarante élus de neuf assemblées s'apprêtent à publier une déclaration commune sur les détentions arbitraires. Nous serions honorés d'y voir votre nom.|Le texte est bref et deux professeurs de droit l'ont relu. Les signatures sont reçues jusqu'à vendredi midi.",
        ),
        (
            "Tu soutiens notre appel ?",
            "Notre appel pour la libération des sept enseignants part lundi. Une phrase de soutien de ta part compterait vraiment.",
        ),
    ],
    // Vérification
    [
        (
            "Vérification avant impression",
            "Un article qui vous mentionne est prévu pour l'édition de samedi. Nous avons pour règle de soumettre les passages factuels aux personnes concernées. Veuillez confirmer que votre fonction et les dates sont exactes.",
        ),
        (
            "Faits concernant vos votes",
            "Notre service des données a recensé les votes des élus sur onze motions depuis l'automne dernier. Dans deux cas, les comptes rendus publiés se contredisent.|Je vous prie de nous dire quelle version est la bonne, car nous ne voudrions pas trahir votre position.",
        ),
        (
            "Trois chiffres à confirmer",
            "Trois chiffres de notre enquête proviennent d'un de vos discours. Sont-ils toujours d'actualité ?",
        ),
        (
            "On ne s'est pas trompés ?",
            "J'ai écrit que tu avais rencontré l'association deux fois l'an dernier. Ma collègue soutient que c'était trois. Qui a raison ?",
        ),
        (
            "Un détail à vérifier",
            "Petite chose avant l'impression : est-ce la commission ou le groupe de travail que tu présides ? Je m'en voudrais d'écrire une bêtise.",
        ),
        (
            "Ton nom dans l'article de demain",
            "Tu apparais au quatrième paragraphe de la grande enquête de demain. Je me suis juré de ne plus jamais imprimer une photo avec la mauvaise légende, alors jette un oeil et crie si quelque chose cloche. La maquette ferme à vingt et une heures, le site un peu plus tard.",
        ),
        (
            "Exactitude du rapport annuel",
            "Le chapitre cinq de notre rapport annuel décrit l'audition à laquelle vous avez pris part. Avant la traduction, nous vous prions d'examiner le résumé de vos propos.|Les corrections reçues cette semaine pourront encore être intégrées.",
        ),
        (
            "Tu vois une erreur ?",
            "Nous avons dressé une chronologie des deux dernières années, et tu la connais mieux que nous. Peux-tu regarder s'il manque une date ?",
        ),
    ],
    // Conférence
    [
        (
            "Invitation : forum des sociétés ouvertes",
            "Au nom du comité d'organisation, j'ai l'honneur de vous convier à notre forum annuel. Vous prendriez part à la table d'ouverture avec un ancien ministre et deux universitaires.|Le voyage et l'hébergement sont pris en charge.",
        ),
        (
            "Débat sur l'ingérence étrangère",
            "Nous organisons un débat public sur l'ingérence étrangère dans les élections locales, animé par notre rédacteur en chef. Votre expertise serait précieuse pour le public.|Le programme sera arrêté à la fin du mois. Auriez-vous l'amabilité de confirmer votre présence et de nous adresser une courte biographie ?",
        ),
        (
            "Table ronde du 9 mai",
            "Nous serions heureux de vous accueillir à notre table ronde du neuf mai.",
        ),
        (
            "Rejoins notre plateau en juin",
            "Nous composons un plateau et j'ai tout de suite pensé à toi. Trois intervenants, pas de diapositives, beaucoup de questions d'étudiants. Tu en es ?",
        ),
        (
            "Un orateur nous lâche, tu peux aider ?",
            "L'un de nos orateurs vient d'annuler et je suis un peu aux abois. C'est mercredi soir, un quart d'heure sur le transport maritime et les sanctions.",
        ),
        (
            "À noter : école d'été des reporters",
            "Chaque été, nous réunissons trente jeunes reporters pour une semaine d'ateliers. L'invité de l'an dernier sur le travail parlementaire avait fait un tabac, et cette fois ce pourrait être toi. Le projet d'horaire t'en dira plus. Dis-moi de quoi tu aimerais parler et je bâtirai l'après-midi autour, avec une promenade au bord du fleuve pour finir.",
        ),
        (
            "Audition sur les chaînes d'approvisionnement",
            "Le secrétariat vous invite à un échange de vues sur le travail forcé dans les chaînes d'approvisionnement. Des membres de quatre commissions y assisteront.|Nous vous demandons d'annoncer votre participation par écrit.",
        ),
        (
            "Atelier pour défenseurs, tu viendrais ?",
            "Notre atelier sur la sécurité en ligne est presque complet, mais je t'ai gardé une place. Entendre quelqu'un qui exerce un mandat toucherait beaucoup le groupe.",
        ),
    ],
    // Projet
    [
        (
            "Projet d'article à votre attention",
            "Vous trouverez le projet de notre enquête sur la surveillance des étudiants à l'étranger. Je vous saurais gré de lire la partie consacrée à la législation.",
        ),
        (
            "Manuscrit : demande de remarques",
            "Notre hebdomadaire publiera un essai sur la diplomatie parlementaire, dont vous êtes l'un des personnages principaux. L'auteur m'a chargée de vous transmettre le manuscrit.|Les remarques de style sont aussi bienvenues que celles sur le fond. Il nous les faudrait sous deux jours, car le supplément est imprimé avant le journal lui-même.",
        ),
        ("Épreuve de la page", "L'épreuve de la page attend votre accord."),
        (
            "Tu jettes un oeil à mon texte ?",
            "Mon papier sur les écoles de langue est presque fini. Je serais plus tranquille si tu le lisais d'abord.",
        ),
        (
            "Première version, sois franc",
            "Voici une première version, avec tous ses défauts. Dis-moi sans détour : le ton est-il trop dur ? C'est le passage sur le consulat qui m'inquiète.",
        ),
        (
            "Le texte dont nous parlions",
            "Comme promis, le texte. Ne le fais pas encore circuler, s'il te plaît.",
        ),
        (
            "Projet de recommandations, diffusion restreinte",
            "Le rapporteur a achevé le projet de recommandations sur la protection des exilés. Il est transmis à quelques experts avant la lecture officielle.|Nous vous remercions de traiter ce document avec discrétion.",
        ),
        (
            "Notre note, pour toi seul",
            "La note sur les menaces transfrontalières est bientôt prête. Peux-tu lire les pages deux à six et nous dire ce qui manque ?",
        ),
    ],
    // Sondage
    [
        (
            "Enquête d'experts sur les exportations",
            "Vous avez été choisi pour une enquête auprès de cinquante spécialistes du contrôle des exportations. Y répondre demande environ six minutes.",
        ),
        (
            "Consultation de spécialistes",
            "Une fois par an, notre rédaction interroge ceux qui connaissent à fond la région sur son avenir probable. Les résultats paraissent dans un supplément spécial et sont souvent cités dans les débats parlementaires.|Vos réponses resteront anonymes, sauf décision contraire de votre part. Pouvons-nous à nouveau compter sur vous ?",
        ),
        (
            "Cinq questions aux spécialistes",
            "Consentiriez-vous à répondre par écrit à cinq questions sur la politique douanière ?",
        ),
        (
            "Ta prédiction pour l'an prochain",
            "Nous posons la même question chaque décembre : qu'est-ce qui nous surprendra l'an prochain ? Ose, personne ne t'en voudra.",
        ),
        (
            "Six minutes, promis",
            "J'interroge des gens qui connaissent vraiment le sujet, pas n'importe qui. Cela prend six minutes.",
        ),
        (
            "Que penses-tu de la nouvelle stratégie ?",
            "La nouvelle stratégie du gouvernement est sortie vendredi et les avis divergent du tout au tout. Je pose les quatre mêmes questions à une douzaine de personnes, puis je compare. Il n'y a pas de mauvaise réponse, et tu peux en sauter ! Le tableau des réponses paraîtra dans l'édition du week-end, à côté de l'entretien avec l'ancien ambassadeur.",
        ),
        (
            "Questionnaire sur les groupes d'amitié",
            "Le service d'études compare les méthodes de travail des groupes d'amitié de douze assemblées. Nous vous saurions gré de répondre aux questions jointes avant le quinze.",
        ),
        (
            "Aide-nous à recenser les menaces",
            "Nous recensons les cas où des militants sont suivis ou filmés lors de réunions. Est-ce que cela t'est déjà arrivé ?",
        ),
    ],
    // Balado
    [
        (
            "Invitation à notre balado hebdomadaire",
            "Notre balado hebdomadaire sur l'actualité du monde touche quelque quarante mille auditeurs. Nous serions ravis d'enregistrer un épisode avec vous dans notre studio, ou à distance si cela vous arrange.",
        ),
        (
            "Enregistrement sur les communautés en exil",
            "La deuxième saison de notre série sonore est consacrée aux communautés en exil. Votre engagement de longue date à leurs côtés fait de vous une invitée évidente.|Une productrice vous appellerait au préalable pour parcourir le canevas. L'enregistrement lui-même prend une heure, essai de voix compris.",
        ),
        (
            "Série sonore : votre participation",
            "Pouvons-nous proposer votre nom aux producteurs de notre série sonore ?",
        ),
        (
            "Viens dans notre émission",
            "Tu serais formidable dans notre émission. On reste léger, trente minutes, et on coupe les quintes de toux.",
        ),
        (
            "Micro vendredi ?",
            "Libre vendredi à onze heures ? Nous enregistrons de chez nous, il te faut juste un casque.",
        ),
        (
            "Un épisode sur ton travail",
            "Une auditrice nous a écrit pour suggérer un épisode sur ce que tu fais. Je me suis renseignée tout le week-end et me voilà conquise ! Raconterais-tu cette histoire avec tes mots, de la première pétition jusqu'à l'audition, avec tous les détours et les portes restées closes ? Le canevas n'est qu'une proposition, change ce que tu veux.",
        ),
        (
            "Archives sonores de témoignages",
            "Nous constituons des archives sonores de ceux qui ont soutenu des prisonniers d'opinion. Y faire entendre votre voix serait un privilège.",
        ),
        (
            "Un court message à enregistrer ?",
            "Pour notre anniversaire, nous réunissons des messages vocaux d'une minute. Le tien pourrait ouvrir le programme.",
        ),
    ],
    // Rappel
    [
        (
            "Rappel : notre demande de la semaine dernière",
            "Je me permets de revenir sur mon message de la semaine dernière, resté à ce jour sans réponse. La conférence de rédaction se tient demain matin.",
        ),
        (
            "Deuxième demande au sujet de l'article",
            "Ma première lettre a pu vous échapper parmi tant d'autres. Nous espérons toujours faire place à votre point de vue, faute de quoi l'article serait partial.|Le bouclage est fixé à ce soir, vingt heures. Passé cette heure, la page ne pourra plus être modifiée.",
        ),
        ("Votre réponse nous manque encore", "Tous les autres participants nous ont déjà répondu."),
        (
            "As-tu vu mon message ?",
            "Je veux juste m'assurer que mon message n'est pas parti dans le mauvais dossier. J'ai toujours hâte de te lire !",
        ),
        ("Petit rappel", "C'est encore moi. Un oui ou un non aujourd'hui, c'est possible ?"),
        (
            "Dernier appel avant parution",
            "Je ne veux pas t'importuner, et tu as sûrement plus urgent sur ton bureau. Mais nous publions demain, et il reste un blanc à l'endroit où devrait se trouver ta voix. Même trois mots par texto feraient l'affaire, ou dis-moi qui je peux appeler dans ton équipe, et je te laisserai en paix jusqu'à la fin du mois.",
        ),
        (
            "Confirmation en attente",
            "Le secrétariat n'a pas reçu votre confirmation pour la réunion du groupe de contact. Nous vous serions obligés de nous la faire parvenir avant la clôture de la liste.",
        ),
        (
            "Toujours dans l'espoir de te lire",
            "Notre petit projet se termine bientôt et ta partie est la seule qui manque. Puis-je faire quelque chose pour te faciliter la tâche ?",
        ),
    ],
];
