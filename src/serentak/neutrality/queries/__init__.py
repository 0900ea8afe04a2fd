"""Reads about cases, pledges, circulars and services, scoped to the viewer."""
