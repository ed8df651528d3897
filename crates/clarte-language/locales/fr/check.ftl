# La page de `clarte check`, en français.
page-title = À propos de ce message
