"""Reads of readiness: the board of a province, what is owed, what was said, what follows."""
