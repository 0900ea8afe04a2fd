"""Whole stories in a browser, each against a real server with the data of the demonstration."""
