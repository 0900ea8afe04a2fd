"""What may be done with posts and plans, each inside the places of a role."""

from serentak.kernel.viewer import Permission

VIEW_POSTING = Permission("posting.VIEW_POSTING")
"""To see need, strength and shortage in numbers; no posts."""
VIEW_POSTS = Permission("posting.VIEW_POSTS")
"""To see posts, plans and reserve: police and army."""
VIEW_SHARED_POSTS = Permission("posting.VIEW_SHARED_POSTS")
"""To see them too in regencies whose police share them: the desks."""
KEEP_POSTS = Permission("posting.KEEP_POSTS")
"""To say which posts there are and how strong."""
PLAN_POSTING = Permission("posting.PLAN_POSTING")
"""To compute plans, propose them and move the reserve."""
ADOPT_POSTING = Permission("posting.ADOPT_POSTING")
"""To set patterns and adopt a plan: the police alone."""
CALL_ROLL = Permission("posting.CALL_ROLL")
"""To say who is present at a post."""
