"""Reads of incidents, duty and briefings, each for one viewer and in a fixed number of queries."""
