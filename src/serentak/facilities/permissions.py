"""What may be done with facilities, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_FACILITIES = Permission("facilities.VIEW_FACILITIES")
RECORD_CHECKS = Permission("facilities.RECORD_CHECKS")
"""To answer checklists: the commission and its committees, each in its area; no desk holds it."""
MEND_DEFECTS = Permission("facilities.MEND_DEFECTS")
"""To say of a defect that the own institution has to mend what will be done, or was."""
