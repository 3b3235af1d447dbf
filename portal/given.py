"""What was sent and could not be taken: where it came from, and how it is given back.

Nothing typed is lost: who must first sign in finds it again afterwards, who met an error finds it on that page.
What comes back as a form to be sent is sealed by us: no other site can put its words in somebody's mouth.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.exceptions import HTTPException

from portal import web

LIMIT = 4 * 1024 * 1024  # bytes: a longer body is forgotten, and said to be
KEPT_FOR = 24 * 3600  # seconds
NOT_TYPED = frozenset({"csrf_token", "revision", "seen", "onward", "kept", "type"})
SECRET = frozenset({"password", "current", "code", "credential"})  # never written into a page
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Fields = list[tuple[str, str]]  # names and values of a form that was sent


def came_from_here() -> bool | None:
    """Whether a page of ours sent this request, as the browser tells; None where it tells nothing.

    Sec-Fetch-Site, else Origin, else Referer: no page of another site can write any of them (OWASP's standard
    headers against forged requests). *none* is the browser's own doing, such as sending a page again.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    for name in ("Origin", "Referer"):
        if told := request.headers.get(name):
            return _origin(told) in (_origin(request.host_url), _origin(web.parts().settings.base_url))
    return None


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def fields() -> Fields:
    """All that was sent and may come along; no token, no secret."""
    sent = request.form.items(multi=True)
    return [(name, value) for name, value in sent if name != "csrf_token" and name not in SECRET]


@dataclass(frozen=True)
class Kept:
    """A form that was sent, to be sent again to `target` by who signed in meanwhile."""

    target: str
    fields: Fields
    files: bool

    def sealed(self) -> str:
        """As it stands in a page until then."""
        told = [self.target, self.fields, self.files]
        return str(_seal().dumps(told))


def opened(sealed: str) -> Kept | None:
    """What we sealed; None for anything else, and for what is older than a day."""
    try:
        target, sent, files = _seal().loads(sealed, max_age=KEPT_FOR)
    except BadData:
        return None
    return Kept(target, [(name, value) for name, value in sent], files)


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(web.parts().settings.secret_key, salt="a form that was sent")


def typed(sent: Fields) -> Fields:
    """What somebody wrote of it, to be read and copied."""
    return [(name, value) for name, value in sent if value.strip() and name not in NOT_TYPED | SECRET]


def back() -> Fields:
    """What somebody typed in a request that met an error, for its page; nothing where another site sent it."""
    if request.method in SAFE or came_from_here() is False or (request.content_length or 0) > LIMIT:
        return []
    try:
        if "form" not in vars(request):  # it was not read yet
            request.max_content_length = request.max_form_memory_size = LIMIT
        return typed(fields())
    except HTTPException:  # what cannot be read cannot be given back
        return []
