"""What may be done with the scorecard, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_SCORES = Permission("quality.VIEW_SCORES")
"""To open the scorecard: what all share, and of the others' work what is published."""
VIEW_GOVERNMENT_SCORES = Permission("quality.VIEW_GOVERNMENT_SCORES")
"""To see the scores of local government's own work before they are published."""
VIEW_ORGANISER_SCORES = Permission("quality.VIEW_ORGANISER_SCORES")
"""To see the scores of the commission's work before they are published."""
VIEW_SUPERVISOR_SCORES = Permission("quality.VIEW_SUPERVISOR_SCORES")
"""To see the scores of the supervisor's work before they are published."""
VIEW_POLICE_SCORES = Permission("quality.VIEW_POLICE_SCORES")
"""To see the scores of the police's work before they are published."""
REPLY = Permission("quality.REPLY")
"""To answer for one's institution what a score says, so that both are published together."""
STORE_SCORES = Permission("quality.STORE_SCORES")
"""To have the day's scores computed anew without waiting for the night."""
PUBLISH_SCORES = Permission("quality.PUBLISH_SCORES")
"""To lay scores open for reply once disputes have ended, and to publish them after it."""
