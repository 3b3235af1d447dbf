"""Logs: one JSON object a line, with the id of the request it belongs to. No form values, no addresses of
people, no mailed links.
"""

from __future__ import annotations

import json
import logging
import secrets
import sys
from datetime import UTC, datetime

from flask import Flask, g, has_request_context, request
from werkzeug.wrappers import Response

from portal.clock import monotonic

ID_HEADER = "X-Request-ID"
LONGEST = 1000  # signs of one word of a line: what a sender says may be endless
log = logging.getLogger("portal.request")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, message; within a request its id; what else was given as `extra={"facts":
        …}`.
        """
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["request"] = g.request_id
        line.update(getattr(record, "facts", {}))
        line = {k: v[:LONGEST] if isinstance(v, str) else v for k, v in line.items()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)  # ASCII: no sign of any alphabet breaks a line


def configure() -> None:
    """Send every log of this process to standard error, as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def install(app: Flask) -> None:
    """Give every request an id, tell it in the answer, and log each answer once."""

    @app.before_request
    def begin() -> None:
        g.request_id, g.began = secrets.token_hex(8), monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers[ID_HEADER] = g.request_id
        person = g.get("person")
        facts = {
            "method": request.method,
            "path": str(request.url_rule) if "token" in (request.view_args or {}) else request.path,
            "status": response.status_code,
            "ms": round(1000 * (monotonic() - g.began), 1),
            "account": person.account_id if person else None,
        }
        if request.endpoint != "static":
            log.info("answered", extra={"facts": facts})
        return response
