select identity, name, kind, rung from person order by identity
