"""Specimen for higher floors: briefings."""

from .permissions import VIEW_SPECIMEN
from .queries import briefings

__all__ = ["VIEW_SPECIMEN", "briefings"]
