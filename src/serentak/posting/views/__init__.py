"""Pages of posting."""
