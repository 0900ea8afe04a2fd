"""What may be done about ways, vehicles and routes, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_DISTRIBUTION = Permission("distribution.VIEW_DISTRIBUTION")
OFFER_VEHICLES = Permission("distribution.OFFER_VEHICLES")
"""To say which vehicles and boats the own institution has, and when they are there."""
TELL_OF_WAYS = Permission("distribution.TELL_OF_WAYS")
"""To say how long a way takes, and that it is blocked or open."""
PLAN_ROUTES = Permission("distribution.PLAN_ROUTES")
"""To plan who goes where and to adopt it: the commission's alone."""
