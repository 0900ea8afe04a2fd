"""Scenes for demonstrations, written through actions."""
