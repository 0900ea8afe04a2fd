"""Plain functions of coordination: states, climbing, promises, minutes, letters."""
