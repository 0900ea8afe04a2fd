"""What may be done with figures, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_FIGURES = Permission("figures.VIEW_FIGURES")
RECORD_FIGURE = Permission("figures.RECORD_FIGURE")
ASSIGN_DISCREPANCY = Permission("figures.ASSIGN_DISCREPANCY")
DECIDE_FIGURE = Permission("figures.DECIDE_FIGURE")
