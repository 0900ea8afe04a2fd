"""Each place's numbers with their sources, and which one is in use."""
