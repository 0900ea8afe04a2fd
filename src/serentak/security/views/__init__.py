"""Pages of security."""
