"""Composes the house: settings, URLs, command line; nothing imports it."""
