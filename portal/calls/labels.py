"""Words for calls."""

from __future__ import annotations

from portal.calls.lifecycle import CallStatus
from portal.calls.rules import Phase
from portal.i18n import lazy
from portal.journal.telling import department, public

STATUS = {
    CallStatus.DRAFT: lazy("Concept"),
    CallStatus.PUBLISHED: lazy("Bekendgemaakt"),
    CallStatus.CANCELLED: lazy("Geannuleerd"),
}
PHASE = {
    Phase.ANNOUNCED: lazy("Aangekondigd"),
    Phase.OPEN: lazy("Open"),
    Phase.CLOSED: lazy("Gesloten"),
}
VERBS = {
    "publish": lazy("Bekendmaken"),
    "reopen": lazy("Heropenen"),
    "extend": lazy("Verlengen"),
    "cancel": lazy("Annuleren"),
}
REFUSALS = {
    "no_region": lazy("Kies minstens één regio."),
    "unknown_region": lazy("De regio “%(region)s” bestaat niet. Kies een regio uit de lijst."),
    "region_in_running_round": lazy(
        "Voor de regio “%(region)s” loopt al een ronde. Wacht tot die gesloten is of kies een andere regio."
    ),
    "opens_in_the_past": lazy("De ronde kan niet in het verleden opengaan. Kies vandaag of een latere dag."),
    "ends_before_it_opens": lazy("De laatste dag ligt voor de eerste dag. Kies een latere laatste dag."),
    "starts_before_it_closes": lazy(
        "De mandaten zouden starten voor de ronde gesloten is. Kies een latere startdatum."
    ),
    "reason_missing": lazy("Zeg waarom. Schrijf de reden in dit veld."),
    "unconfirmed": lazy(
        "Deze oproep kan niet bekendgemaakt worden: deze punten zijn nog niet bevestigd: %(points)s. "
        "Laat ze nakijken en pas de definitie aan."
    ),
    "extension_is_not_later": lazy("Een verlenging eindigt later dan nu en later dan het huidige einde."),
}
ATTEMPTS = {
    "call.publish": lazy("Een oproep bekendmaken"),
    "call.reopen": lazy("Een oproep heropenen"),
    "call.extend": lazy("Een ronde verlengen"),
    "call.propose_publication": lazy("Een bekendmaking voorstellen"),
}
ENTRIES = {
    "call.drafted": department(lazy("Oproep aangemaakt")),
    "call.publication_proposed": department(lazy("Bekendmaking voorgesteld")),
    "call.published": public(lazy("Oproep bekendgemaakt")),
    "call.reopening_proposed": department(lazy("Heropening voorgesteld")),
    "call.reopened": public(lazy("Oproep heropend")),
    "call.extended": public(lazy("Termijn verlengd")),
    "round.closed": public(lazy("Ronde gesloten")),
}
