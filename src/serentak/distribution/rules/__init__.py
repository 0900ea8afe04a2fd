"""How boxes get from store to villages and back: ways, hours, loads, plans; no clock, no I/O."""
