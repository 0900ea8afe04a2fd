"""Pages of facilities."""
