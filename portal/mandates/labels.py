"""Words for mandates."""

from __future__ import annotations

from portal.i18n import lazy
from portal.journal.telling import public
from portal.mandates.rules import Phase, Why

PHASE = {
    Phase.UPCOMING: lazy("Gemandateerd, start later"),
    Phase.ACTIVE: lazy("Gemandateerd"),
    Phase.ENDED: lazy("Beëindigd"),
}
PHASE_TAG = {Phase.UPCOMING: "ok", Phase.ACTIVE: "ok", Phase.ENDED: ""}
UNCOVERED = lazy("Niet gedekt")
WHY = {
    Why.NEVER_CALLED: lazy("Voor deze regio was er nog geen oproep"),
    Why.RUNNING: lazy("De eerste ronde loopt nog"),
    Why.NOBODY_APPLIED: lazy("Niemand diende in"),
    Why.BEING_JUDGED: lazy("De aanvragen worden beoordeeld"),
    Why.NONE_ADMISSIBLE: lazy("Geen ontvankelijke aanvraag"),
    Why.NONE_APPROVED: lazy("Geen aanvraag kon goedgekeurd worden"),
    Why.MANDATE_ENDED: lazy("Het vorige mandaat is beëindigd"),
}
READ_PAGES = {
    "": lazy("de aanvraag"),
    "preparing": lazy("de voorbereiding van de beslissing"),
    "decision": lazy("de beslissing"),
    "confirming": lazy("de bevestiging van de beslissing"),
    "letter": lazy("het ontwerp van de brief"),
    "comparison": lazy("de vergelijking van de regio"),
    "late": lazy("wat te laat ingediend werd"),
    "region": lazy("de pagina van de regio"),
}
REFUSALS = {
    "region_has_a_mandate": lazy(
        "De regio %(region)s heeft voor die periode al een mandaat. Een tweede kan niet."
    ),
    "region_is_covered": lazy(
        "De regio %(region)s heeft al een mandaat: heropenen kan alleen voor wie er geen heeft."
    ),
    "region_is_being_judged": lazy(
        "In de regio %(region)s wacht nog een aanvraag op een beslissing: geef die eerst vrij."
    ),
    "not_released": lazy("Een mandaat volgt alleen uit een vrijgegeven goedkeuring."),
}
ATTEMPTS = {
    "call.release_region": lazy("De beslissingen van een regio vrijgeven"),
    "decision.grant": lazy("Een mandaat toekennen"),
    "call.propose_reopening": lazy("Een heropening voorstellen"),
}
ENTRIES = {
    "mandate.granted": public(lazy("Mandaat %(number)s toegekend")),
}
