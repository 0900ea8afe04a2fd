"""What security declares of itself."""

from serentak.kernel.area import Part

from .permissions import VIEW_SECURITY

AREA = Part(slice="security", permission=VIEW_SECURITY)
