"""Reads of logistics: what is needed, where the pieces are, what moved them."""
