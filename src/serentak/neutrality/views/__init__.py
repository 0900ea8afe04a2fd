"""Pages of neutrality: a place's overview, its cases, one case, circulars, pledges, services."""
