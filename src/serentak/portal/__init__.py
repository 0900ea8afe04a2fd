"""What everybody may read: static pages of what the desks marked public."""
