"""Sending mail: one message to one address, over a connection whose certificate is verified."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from portal.jobs import GiveUp, TryLater

TIMEOUT = 20  # seconds
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class Mailer(Protocol):
    """What the portal asks of whoever sends its mail."""

    def send(self, message: EmailMessage) -> None:
        """Hand over one message.

        Raises:
            TryLater: when the server is away or asks to wait.
            GiveUp: when it will never take this one.
        """
        ...

    def check(self) -> None:
        """Do nothing when the server would take mail; `TryLater` or `GiveUp` otherwise."""
        ...


@dataclass(frozen=True)
class SmtpMailer:
    """An SMTP server: `smtp://` with STARTTLS, `smtps://` with TLS from the start, `smtp+plain://` without."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    cafile: str | None = None

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; see `Mailer`."""
        with self._connection() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as problem:
                raise _judged(*next(iter(problem.recipients.values()))) from problem
            except smtplib.SMTPDataError as problem:
                raise _judged(problem.smtp_code, problem.smtp_error) from problem
            except smtplib.SMTPNotSupportedError as problem:
                raise GiveUp(f"this server takes no such address: {problem}") from problem
            except (smtplib.SMTPException, OSError) as problem:
                raise TryLater(f"{type(problem).__name__}: {problem}", patient=True) from problem

    def check(self) -> None:
        """Sign in and say goodbye; see `Mailer`."""
        with self._connection():
            pass

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A server that knows us. Whatever is wrong here is not the message's fault: patience."""
        context = ssl.create_default_context(cafile=self.cafile)
        try:
            if self.scheme == "smtps":
                server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
            else:
                server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            try:
                if self.scheme == "smtp":
                    server.starttls(context=context)
                if self.user:
                    server.login(self.user, self.password)
            except BaseException:
                server.close()
                raise
        except (smtplib.SMTPException, OSError) as problem:
            raise TryLater(f"{type(problem).__name__}: {problem}", patient=True) from problem
        with server:
            yield server


@dataclass(frozen=True)
class FolderMailer:
    """Puts each message in a folder as a file: the demo has no mail server."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write it down, under its Message-ID."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes())

    def check(self) -> None:
        """A folder is always there."""


def from_url(url: str) -> SmtpMailer:
    """The server of a setting such as `smtp://user:password@host:587?cafile=/etc/ca.pem`.

    Raises:
        ValueError: when it names no server.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"not one of {', '.join(f'{s}://host' for s in PORTS)}")
    cafile = parse_qs(parts.query).get("cafile", [None])[0]
    return SmtpMailer(
        parts.scheme,
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        cafile,
    )


def _judged(code: int, words: bytes | str) -> TryLater | GiveUp:
    told = _words(code, words)
    return GiveUp(told) if code >= 500 else TryLater(told)


def _words(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"
