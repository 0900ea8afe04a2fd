"""Template tags; the platform alone has any."""
