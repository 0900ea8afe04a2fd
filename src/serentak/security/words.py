"""Security in words."""
