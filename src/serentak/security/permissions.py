"""What may be done in security, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_SECURITY = Permission("security.VIEW_SECURITY")
"""Incidents, clocks and duty; nothing restricted, and of what is confided in part no person."""
REPORT_INCIDENT = Permission("security.REPORT_INCIDENT")
HANDLE_INCIDENTS = Permission("security.HANDLE_INCIDENTS")
"""To take the steps of incidents that the own institution answers for; a desk, those of its own."""
SEE_RESTRICTED = Permission("security.SEE_RESTRICTED")
"""Restricted incidents, and persons, health and reporters, where the own institution handles."""
PLAN_DUTY = Permission("security.PLAN_DUTY")
"""To say who of the own institution is on duty, from when to when."""
