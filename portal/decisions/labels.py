"""Words for decisions."""

from __future__ import annotations

from portal.decisions.lifecycle import Status
from portal.decisions.rules import Outcome
from portal.i18n import lazy
from portal.journal.telling import department, parties

STATUS = {
    Status.PREPARED: lazy("Voorbereid"),
    Status.CONFIRMED: lazy("Bevestigd"),
    Status.RELEASED: lazy("Vrijgegeven"),
    Status.NOTIFIED: lazy("Ter kennis gebracht"),
    Status.WITHDRAWN: lazy("Ingetrokken"),
}
STATUS_TAG = {
    Status.PREPARED: "warn",
    Status.CONFIRMED: "todo",
    Status.RELEASED: "ok",
    Status.NOTIFIED: "ok",
    Status.WITHDRAWN: "",
}
VERBS = {
    "confirm": lazy("Bevestigen"),
    "withdraw": lazy("Intrekken"),
    "release": lazy("Vrijgeven"),
    "notify": lazy("Ter kennis brengen"),
}
OUTCOME = {
    Outcome.APPROVED: lazy("Goedgekeurd"),
    Outcome.REJECTED: lazy("Niet goedgekeurd"),
    Outcome.INADMISSIBLE: lazy("Niet ontvankelijk"),
}
CHANGES = {
    "gone": lazy("Doet niet meer mee"),
    "came": lazy("Doet nu ook mee"),
    "lead": lazy("Naam van de trekker"),
    "submission": lazy("Versie die telt"),
    "admissible": lazy("Ontvankelijk"),
    "review_came": lazy("Een beoordeling kwam erbij"),
    "review_gone": lazy("Een beoordeling telt niet meer mee"),
    "level": lazy("Score voor %(about)s"),
    "average": lazy("Gemiddelde voor %(about)s"),
    "total": lazy("Totaal, in procent"),
    "rank": lazy("Plaats"),
    "authority": lazy("Wie beslist"),
    "definition": lazy("Definitie van de ronde"),
    "grounds": lazy("Rechtsgronden"),
    "ties": lazy("Mensen met een band die meewerkten"),
}
REFUSALS = {
    "application_taken_back": lazy("De penhouder trok deze aanvraag in. Er valt niets meer over te beslissen."),
    "already_decided": lazy("Voor deze aanvraag is al een beslissing voorbereid. Trek die eerst in."),
    "not_inadmissible": lazy(
        "Deze aanvraag is niet onontvankelijk bevonden. Beslis over de grond van de zaak."
    ),
    "not_appraised": lazy("Nog niet alle beoordelingen zijn afgerond. Wacht tot elke beoordelaar klaar is."),
    "basis_moved": lazy(
        "Wat aan deze beslissing ten grondslag ligt, veranderde sinds ze werd voorbereid. Trek ze in en "
        "bereid ze opnieuw voor."
    ),
    "basis_moved_while_writing": lazy(
        "De basis veranderde terwijl u schreef. Wat u schreef, is bewaard. Kijk uw tekst na en leg hem "
        "opnieuw voor."
    ),
    "return_without_reason": lazy("Schrijf waarom u de beslissing teruggeeft. Wie ze voorbereidde, leest dat."),
    "region_not_judged": lazy(
        "Over %(reference)s in deze regio is nog niet geoordeeld. Kijk eerst de ontvankelijkheid en de "
        "beoordelingen na."
    ),
    "prepared_with_a_tie": lazy(
        "Wie deze beslissing voorbereidde of bevestigde, heeft een band met een organisatie in deze regio. "
        "Trek ze in en laat iemand anders ze voorbereiden."
    ),
    "decision_without_reason": lazy("Motiveer de beslissing, in minstens %(minimum)s tekens."),
    "criterion_without_reason": lazy("Motiveer “%(criterion)s”, in minstens %(minimum)s tekens."),
    "deviation_without_reason": lazy(
        "U wijkt af van het advies van de beoordelaars. Zeg waarom, in minstens %(minimum)s tekens."
    ),
    "authority_missing": lazy("Kies wie beslist."),
    "authority_not_valid": lazy("%(name)s mag op deze dag niet beslissen. Kies een andere overheid."),
    "grounds_missing": lazy(
        "De rechtsgronden ontbreken in de definitie van de oproep: zonder kan geen beslissing weg."
    ),
    "remedies_missing": lazy(
        "Het beroep (instantie, termijn, telling) ontbreekt in de definitie van de oproep: zonder kan geen "
        "beslissing weg."
    ),
    "rival_approved": lazy(
        "In deze regio is al een andere aanvraag goedgekeurd. Een regio krijgt één mandaat."
    ),
    "letter_missing": lazy("De brief ontbreekt. Zonder brief kan de beslissing niet weg."),
    "decision_not_confirmed": lazy(
        "De beslissing over %(reference)s is nog niet bevestigd door een tweede persoon."
    ),
    "region_not_decided": lazy(
        "Over %(reference)s is nog niet beslist. De beslissingen van een regio gaan samen weg."
    ),
    "nothing_to_release": lazy("In deze regio is er geen beslissing om vrij te geven."),
}
ATTEMPTS = {
    "application.prepare": lazy("Een beslissing voorbereiden"),
    "decision.withdraw": lazy("Een beslissing intrekken"),
    "decision.confirm": lazy("Een beslissing bevestigen"),
    "decision.release": lazy("Een beslissing vrijgeven"),
    "decision.notify": lazy("Een beslissing ter kennis brengen"),
}
ENTRIES = {
    "decision.prepared": department(lazy("Beslissing %(decision)s voorbereid")),
    "decision.confirmed": department(lazy("Beslissing %(decision)s bevestigd door een tweede persoon")),
    "decision.withdrawn": department(lazy("Beslissing %(decision)s ingetrokken. %(reason)s")),
    "decision.notified": parties(lazy("Beslissing %(decision)s ter kennis gebracht")),
}
