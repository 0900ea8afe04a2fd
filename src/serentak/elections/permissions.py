"""What one may see of the election and change in it."""

from serentak.kernel.viewer import Permission

VIEW_ELECTION = Permission("elections.VIEW_ELECTION")
SET_UP_ELECTION = Permission("elections.SET_UP_ELECTION")
EDIT_CONTESTS = Permission("elections.EDIT_CONTESTS")
IMPORT_STATIONS = Permission("elections.IMPORT_STATIONS")
