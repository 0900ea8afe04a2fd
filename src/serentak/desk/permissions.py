"""What the desk lets people do."""

from serentak.kernel.viewer import Permission

VIEW_DESK = Permission("desk.VIEW_DESK")
