"""Words for the government's sign-in."""

from __future__ import annotations

from portal.i18n import lazy
from portal.journal.telling import department

REFUSALS = {
    "identity_taken": lazy("Deze aanmelding van de overheid hoort al bij een account. Meld u daarmee aan."),
}
ATTEMPTS = {
    "account.arrive": lazy("Aanmelden langs de overheid"),
    "identity.tie_identity": lazy("Een aanmelding bij de overheid koppelen"),
    "identity.untie_identity": lazy("Een aanmelding bij de overheid ontkoppelen"),
    "identity.ask_for_identity_address": lazy("Een adres opgeven na een aanmelding bij de overheid"),
    "mailed_link.enrol_by_identity": lazy("Een account maken na een aanmelding bij de overheid"),
}
ENTRIES = {
    "identity.met": department(lazy("Voor het eerst aangemeld bij de overheid")),
    "identity.address_asked": department(lazy("Een adres opgegeven na een aanmelding bij de overheid")),
    "account.identity_tied": department(lazy("Aanmelding bij de overheid gekoppeld")),
    "account.identity_untied": department(lazy("Aanmelding bij de overheid ontkoppeld")),
    "account.came_by_government": department(
        lazy("Aangemeld bij de overheid: %(device)s %(organisation)s %(roles)s")
    ),
}
