"""What the platform itself lets people do."""

from serentak.kernel.viewer import Permission

VIEW_EVIDENCE = Permission("platform.VIEW_EVIDENCE")
