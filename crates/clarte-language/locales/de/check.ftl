# Die Seite von `clarte check`, auf Deutsch.
page-title = Zu dieser Nachricht
