"""Mails: what is owed to people, put into words. Dutch plain text, from `templates/emails/<kind>.txt`.

A delivery carries every fact its template asks for, so that the mail says what was so when it became owed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from portal import i18n
from portal.jobs import GiveUp
from portal.journal.models import Delivery
from portal.settings import Settings

LinkOf = Callable[[Settings, Mapping[str, Any]], str]
Attach = Callable[[Session, Mapping[str, Any], Settings], tuple[str, bytes]]


class Composer:
    """Makes mails of deliveries.

    `attachments` say, by kind, which PDF goes with it; `sentences` are the refusals'; `link_of` writes the link
    that proves an address, from what a delivery carries of it: the link itself never stands in the queue.
    """

    def __init__(
        self,
        settings: Settings,
        attachments: Mapping[str, Attach],
        sentences: Mapping[str, Any],
        link_of: LinkOf,
    ) -> None:
        self.settings, self.attachments = settings, attachments
        self.environment = Environment(
            loader=FileSystemLoader(settings.project_dir / "templates"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - plain text
        )
        self.environment.filters.update(
            mailed=lambda link: link_of(settings, link),
            refusal=lambda told: str(sentences[told["code"]]) % told["facts"],
            instant=lambda text: i18n.moment(datetime.fromisoformat(text), precise=True),
            closing=lambda text: i18n.until(datetime.fromisoformat(text)),
            in_words=lambda text: i18n.weekday(date.fromisoformat(text)),
        )

    def worded(self, kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text."""
        template = self.environment.get_template(f"emails/{kind}.txt")
        module: Any = template.make_module({**data, "settings": self.settings})
        return " ".join(str(module.subject).split()), f"{str(module).strip()}\n"

    def message(self, session: Session, delivery: Delivery) -> EmailMessage:
        """The whole mail, with the same Message-ID and date however often it is made.

        Raises:
            GiveUp: when the address is none.
        """
        subject, text = self.worded(delivery.kind, delivery.data)
        message = EmailMessage()
        try:
            message["To"] = Address(addr_spec=delivery.address)
        except (HeaderParseError, ValueError, IndexError) as problem:
            raise GiveUp("this is no mail address") from problem
        message["From"] = self.settings.mail_from
        message["Subject"] = subject
        message["Date"] = delivery.owed_at
        message["Message-ID"] = f"<{delivery.key}@{self.settings.mail_from.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="quoted-printable")
        if attach := self.attachments.get(delivery.kind):
            name, body = attach(session, delivery.data, self.settings)
            message.add_attachment(body, maintype="application", subtype="pdf", filename=name)
        return message
