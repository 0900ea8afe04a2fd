"""Reads of facilities."""
