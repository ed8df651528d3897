# The letter to a person whom the campaign concerns, in English.
letter-title = About messages that were sent to you
