"""What may be done in logistics, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_LOGISTICS = Permission("logistics.VIEW_LOGISTICS")
TAKE_OVER_NEEDS = Permission("logistics.TAKE_OVER_NEEDS")
KEEP_STOCK = Permission("logistics.KEEP_STOCK")
"""To write into the ledger what the own institution keeps: the commission its store, a district
committee what it received. No desk holds it."""
