"""What may be done with checks, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_SPECIMEN = Permission("specimen.VIEW_SPECIMEN")
RECORD_CHECK = Permission("specimen.RECORD_CHECK")
