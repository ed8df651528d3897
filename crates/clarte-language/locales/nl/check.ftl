# De pagina van `clarte check`, in het Nederlands.
page-title = Over dit bericht
