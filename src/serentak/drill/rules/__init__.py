"""Invented stories as plain data, and what follows from them: always the same for one seed."""
