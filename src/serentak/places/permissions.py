"""What may be done to the tree of places; reading it needs no permission beyond an account."""

from serentak.kernel.viewer import Permission

LOAD_REGIONS = Permission("places.LOAD_REGIONS")
ADD_PLACE = Permission("places.ADD_PLACE")
RECODE_PLACE = Permission("places.RECODE_PLACE")
