"""What places declares of itself: everybody may know which places there are."""

from serentak.kernel.area import Part

AREA = Part(slice="places", permission=None)
