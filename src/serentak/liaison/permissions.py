"""What may be done with liaison, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_LIAISON = Permission("liaison.VIEW_LIAISON")
KEEP_LIAISON = Permission("liaison.KEEP_LIAISON")
"""To keep the own institution's numbers, to ask for people and things, and to answer."""
ASSESS = Permission("liaison.ASSESS")
HANDLE_CRIMES = Permission("liaison.HANDLE_CRIMES")
"""To know of election crimes and take their steps; for all others they do not exist."""
