# La lettre à une personne que la campagne concerne, en français.
letter-title = À propos de messages qui vous ont été envoyés
