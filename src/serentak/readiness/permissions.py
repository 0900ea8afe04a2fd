"""What readiness lets people do; a role holds them inside its institution's jurisdiction."""

from serentak.kernel.viewer import Permission

VIEW_READINESS = Permission("readiness.VIEW_READINESS")
REPORT_PROGRESS = Permission("readiness.REPORT_PROGRESS")
PROPOSE_TARGET = Permission("readiness.PROPOSE_TARGET")
AGREE_TARGET = Permission("readiness.AGREE_TARGET")
MOVE_TARGET = Permission("readiness.MOVE_TARGET")
DROP_ACTIVITY = Permission("readiness.DROP_ACTIVITY")
MANAGE_ACTIVITIES = Permission("readiness.MANAGE_ACTIVITIES")
SET_SHOCKS = Permission("readiness.SET_SHOCKS")
NOTE_SHOCK = Permission("readiness.NOTE_SHOCK")
TRY_SCENARIO = Permission("readiness.TRY_SCENARIO")
