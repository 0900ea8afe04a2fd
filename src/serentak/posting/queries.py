"""x"""
from serentak.platform import catalogue
from .rules import Patterns
def patterns() -> Patterns:
    """Return it."""
    return catalogue.load("posting", "patterns", Patterns)
