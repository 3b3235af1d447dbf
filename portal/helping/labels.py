"""Words for sharing a page."""

from __future__ import annotations

from portal.i18n import lazy
from portal.journal.telling import department

REFUSALS = {
    "wrong_shared_code": lazy(
        "Deze code klopt niet, of haar uur is om. Vraag wie u helpt om de code nog eens te zeggen, of om een "
        "nieuwe te maken."
    ),
    "too_many_shared": lazy("U deelt al %(most)s pagina's. Trek er eerst een in."),
}
ATTEMPTS = {
    "account.share_page": lazy("Een pagina delen"),
    "account.open_shared": lazy("Een gedeelde pagina openen"),
    "account.end_shared": lazy("Een gedeelde pagina niet meer delen"),
}
ENTRIES = {
    "account.page_shared": department(lazy("Pagina gedeeld met de helpdesk: %(path)s")),
    "account.page_opened": department(lazy("Gedeelde pagina geopend door de helpdesk: %(path)s")),
    "account.page_shared_no_more": department(lazy("Pagina niet meer gedeeld: %(path)s")),
    "account.shared_page_read": department(lazy("Gedeelde pagina gelezen door de helpdesk: %(path)s")),
}
