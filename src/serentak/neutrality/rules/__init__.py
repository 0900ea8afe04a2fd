"""Neutrality in plain functions: the catalogue, the course of a case, what a place's state is."""
