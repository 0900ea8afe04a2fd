"""Specimen for higher floors: briefings."""

from .permissions import VIEW_SPECIMEN
from .queries import briefings
