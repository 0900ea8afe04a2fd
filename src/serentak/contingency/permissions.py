"""What may be done with plans, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_CONTINGENCY = Permission("contingency.VIEW_CONTINGENCY")
VIEW_CONFIDED = Permission("contingency.VIEW_CONFIDED")
"""To know of runs about what is confided; for all others they do not exist."""
START_PLAN = Permission("contingency.START_PLAN")
"""To start a plan and follow its steps: desks any, police and commission those that they own."""
