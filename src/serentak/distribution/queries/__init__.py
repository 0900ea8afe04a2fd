"""Reads of vehicles, ways and plans."""
