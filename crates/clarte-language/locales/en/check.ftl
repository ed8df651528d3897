# The page of `clarte check`, in English.
page-title = About this message
