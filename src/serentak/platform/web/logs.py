"""One JSON object a line, with the request's id and without personal data."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

_FIELDS = ("method", "route", "status", "ms", "user_id", "job", "seconds", "count")
"""What a line may carry beside its message; anything else given as `extra` is left out."""


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class JsonFormatter(logging.Formatter):
    """Formats a record for machines; tracebacks are kept, arguments are part of the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if found := request_id.get():
            line["request_id"] = found
        line.update({name: record.__dict__[name] for name in _FIELDS if name in record.__dict__})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _encode(line)


class WithoutRequestPaths(logging.Filter):
    """Drops Django's own lines on answered requests: they hold paths, and ours says it already."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep only what carries a traceback or is no answer to a request."""
        if record.exc_info and "request" in record.__dict__:
            record.msg, record.args = "unhandled error", ()
        return bool(record.exc_info) or "status_code" not in record.__dict__
