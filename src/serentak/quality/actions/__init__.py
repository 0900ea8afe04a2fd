"""Stores scores, takes replies, publishes; the only writers of quality."""

from .publishing import open_reply, publish_scores
from .replying import reply_to_score
from .storing import store_scores

__all__ = ["open_reply", "publish_scores", "reply_to_score", "store_scores"]
