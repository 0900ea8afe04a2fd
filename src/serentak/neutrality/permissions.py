"""What may be done in neutrality, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_NEUTRALITY = Permission("neutrality.VIEW_NEUTRALITY")
VIEW_CASES = Permission("neutrality.VIEW_CASES")
"""Number, agency, step and clock of each case; never a name."""
REFER_CASE = Permission("neutrality.REFER_CASE")
HANDLE_CASES = Permission("neutrality.HANDLE_CASES")
"""Names too, of the cases that one's institution referred or handled; and to take their steps."""
VIEW_NAME_READINGS = Permission("neutrality.VIEW_NAME_READINGS")
"""Who opened the names of a case, and who was told that there is none; never a name of it."""
HAND_OVER_CASE = Permission("neutrality.HAND_OVER_CASE")
ISSUE_CIRCULAR = Permission("neutrality.ISSUE_CIRCULAR")
ACKNOWLEDGE_CIRCULAR = Permission("neutrality.ACKNOWLEDGE_CIRCULAR")
RECORD_PLEDGES = Permission("neutrality.RECORD_PLEDGES")
REPORT_SERVICES = Permission("neutrality.REPORT_SERVICES")
REPORT_SERVICES_OF_ALL = Permission("neutrality.REPORT_SERVICES_OF_ALL")
RECORD_REPLACEMENT = Permission("neutrality.RECORD_REPLACEMENT")
