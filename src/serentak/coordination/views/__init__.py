"""Pages of coordination: a place, an action, a meeting, a letter."""
