"""What the daily report lets people do; a role holds them inside its institution's jurisdiction."""

from serentak.kernel.viewer import Permission

VIEW_DAILY_REPORT = Permission("reporting.VIEW_DAILY_REPORT")
WRITE_DAILY_REPORT = Permission("reporting.WRITE_DAILY_REPORT")
ACCEPT_DAILY_REPORT = Permission("reporting.ACCEPT_DAILY_REPORT")
PUBLISH_REPORT = Permission("reporting.PUBLISH_REPORT")
VIEW_CONTRADICTIONS = Permission("reporting.VIEW_CONTRADICTIONS")
SETTLE_CONTRADICTION = Permission("reporting.SETTLE_CONTRADICTION")
