"""Sheets and files in: reports of progress, and a whole plan; no writing."""
