"""Reads of posting."""
