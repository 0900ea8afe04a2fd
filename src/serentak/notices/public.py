"""What other slices may know of notifications: how many somebody has not read."""

from .queries import unread
