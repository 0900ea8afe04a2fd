"""Pages of distribution: a place, its vehicles and ways, its plans."""
