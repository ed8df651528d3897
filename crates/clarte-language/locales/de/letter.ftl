# Der Brief an eine Person, die die Kampagne betrifft, auf Deutsch.
letter-title = Zu Nachrichten, die Ihnen geschickt wurden
