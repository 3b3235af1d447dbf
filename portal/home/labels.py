"""Words for what waits for a second person."""

from __future__ import annotations

from portal.i18n import lazy

PROPOSALS = {
    "grant": lazy("Een rol bij het departement geven"),
    "destroy_payloads": lazy("Vernietigen wat in het journaal staat"),
    "publish": lazy("Oproep bekendmaken"),
    "reopen": lazy("Oproep heropenen"),
    "release": lazy("Beslissingen van een regio vrijgeven"),
    "merge": lazy("Organisaties samenvoegen"),
    "disable_organisation": lazy("Organisatie uitschakelen"),
    "take_second_step": lazy("Verloren tweede stap wegnemen"),
    "enable_organisation": lazy("Organisatie weer inschakelen"),
}
FACTS = {
    "role": lazy("Rol"),
    "file": lazy("Dossier in het journaal"),
    "until": lazy("Tot en met"),
    "number": lazy("Aantal handelingen"),
    "organisation": lazy("Organisatie"),
    "account": lazy("Account"),
    "into": lazy("Gaat op in"),
    "on": lazy("Sinds"),
    "call": lazy("Oproep"),
    "regions": lazy("Regio's"),
    "opens_on": lazy("Open vanaf"),
    "last_day": lazy("Tot en met"),
    "mandates_start_on": lazy("Start van de mandaten"),
    "reason": lazy("Reden"),
    "region": lazy("Regio"),
    "round": lazy("Ronde"),
    "decisions": lazy("Beslissingen"),
}
REFUSALS: dict[str, object] = {}
ENTRIES: dict[str, object] = {}
ATTEMPTS: dict[str, object] = {}
