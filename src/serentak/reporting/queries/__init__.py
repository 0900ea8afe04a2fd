"""Reads of daily reports: their material, their pages, stored days, what is public."""
