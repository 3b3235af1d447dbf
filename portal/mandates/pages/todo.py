"""What is to be done in a region of a round: one thing, chosen for who looks; else what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.access import Person
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls.models import Round, RoundRegion
from portal.decisions.basis import Basis
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.decisions.models import Decision
from portal.decisions.queries import OUT
from portal.decisions.rules import Outcome
from portal.i18n import _, ngettext
from portal.reviews.lifecycle import OVER
from portal.reviews.lifecycle import Status as ReviewStatus
from portal.reviews.models import Finding, Review
from portal.reviews.queries import ADMITTED


@dataclass(frozen=True)
class Here:
    """What is known of a region of a round. `stuck` are reviews to be taken back, `moved` decisions (ids) whose
    basis changed, `can` what the person who looks may do here; no `basis` where its scores may not show.
    """

    round: Round
    place: RoundRegion
    applications: tuple[Application, ...]
    findings: Mapping[int, Finding]
    reviews: tuple[Review, ...]
    states: Mapping[int, ReviewStatus]
    stuck: tuple[Review, ...]
    decisions: Mapping[int, Decision]
    moved: frozenset[int]
    own_reviews: int
    basis: Basis | None
    can: frozenset[str]

    @property
    def admitted(self) -> list[Application]:
        """Applications that are judged on their merits."""
        return [one for one in self.applications if one.status in ADMITTED]

    def counted(self, one: Application) -> list[Review]:
        """Reviews of an application that somebody works on or that count."""
        mine = (r for r in self.reviews if r.application_id == one.id)
        return [r for r in mine if self.states[r.id] not in OVER]

    def appraised(self, one: Application) -> bool:
        """Whether all its reviews are in, and there is one."""
        return {self.states[r.id] for r in self.counted(one)} == {ReviewStatus.HANDED_IN}

    def is_out(self, one: Application) -> bool:
        """Whether its decision left."""
        decision = self.decisions.get(one.id)
        return decision is not None and decision.status in OUT

    def ready(self, one: Application) -> bool:
        """Whether a decision on it can be prepared: inadmissible by itself, on the merits once all of the
        region is in.
        """
        finding = self.findings.get(one.id)
        if finding is None or one.id in self.decisions:
            return False
        if one.status is ApplicationStatus.SUBMITTED:
            return not finding.admissible
        judged = all(other.id in self.findings for other in self.applications)
        return judged and all(self.appraised(other) for other in self.admitted)

    @property
    def can_leave(self) -> bool:
        """Whether every decision on the merits is confirmed and rests on what is."""
        states = {d.status for one in self.admitted if (d := self.decisions.get(one.id))}
        whole = all(one.id in self.decisions for one in self.admitted)
        return whole and DecisionStatus.CONFIRMED in states and DecisionStatus.PREPARED not in states


@dataclass(frozen=True)
class Todo:
    """What to do now. `url` and `label` are the one button (none: somebody else is awaited); `release` is the
    one that lets the region's decisions leave.
    """

    text: str
    label: str = ""
    url: str = ""
    aside: str = ""
    aside_url: str = ""
    release: bool = False


def to_do(here: Here, person: Person) -> Todo:
    """The first thing that this person can do; else whom it waits for."""
    if not here.applications:
        return Todo(
            _("Niemand diende in voor deze regio. U kunt de oproep er heropenen."),
            _("Naar de dekking"),
            url_for("mandates.coverage"),
        )
    return _finding(here) or _reviewing(here) or _deciding(here, person) or _leaving(here)


def _finding(here: Here) -> Todo | None:
    waits = [one for one in here.applications if one.id not in here.findings and not here.is_out(one)]
    if not waits:
        return None
    text = ngettext(
        "Van %(num)s aanvraag moet de ontvankelijkheid nog nagekeken worden.",
        "Van %(num)s aanvragen moet de ontvankelijkheid nog nagekeken worden.",
        len(waits),
    )
    if "reviews.judge" not in here.can:
        return Todo(text)
    first = waits[0]
    label = _("Kijk de ontvankelijkheid van %(name)s na", name=first.lead.name)
    return Todo(text, label, url_for("reviews.judge", reference=first.reference))


def _reviewing(here: Here) -> Todo | None:
    if here.own_reviews:
        text = ngettext(
            "U hebt hier zelf nog %(num)s beoordeling af te ronden. Daarna ziet u die van de anderen.",
            "U hebt hier zelf nog %(num)s beoordelingen af te ronden. Daarna ziet u die van de anderen.",
            here.own_reviews,
        )
        return Todo(text, _("Naar uw beoordelingen"), url_for("reviews.reviews"))
    undecided = [one for one in here.admitted if one.id not in here.decisions or here.moved]
    if here.stuck:
        text = _(
            "Een beoordeling kan niet doorgaan of telt niet mee: de beoordelaar heeft een band, of is er niet "
            "meer."
        )
        if "reviews.judge" not in here.can:
            return Todo(text)
        name = here.stuck[0].application.lead.name
        label = _("Neem de toewijzing van %(name)s terug", name=name)
        return Todo(text, label, _at(here, "reviews.take_back", review_id=here.stuck[0].id))
    alone = [one for one in undecided if not here.counted(one)]
    if alone:
        text = ngettext(
            "%(num)s ontvankelijke aanvraag heeft nog geen beoordelaar.",
            "%(num)s ontvankelijke aanvragen hebben nog geen beoordelaar.",
            len(alone),
        )
        if "reviews.judge" not in here.can:
            return Todo(text)
        return Todo(text, _("Wijs toe aan beoordelaars"), _at(here, "reviews.assign"))
    return None


def _at(here: Here, endpoint: str, **values: Any) -> str:
    """A page about this region of this round."""
    return url_for(endpoint, region=here.place.region.key, ronde=here.round.number, **values)


def _deciding(here: Here, person: Person) -> Todo | None:
    """What to prepare, to prepare again, or to confirm."""
    moved = [d for d in here.decisions.values() if d.id in here.moved]
    if moved and "decisions.confirm" in here.can:
        text = _("De basis van een beslissing veranderde. Trek de beslissing in en bereid ze opnieuw voor.")
        return Todo(
            text, _("Bekijk wat veranderde"), url_for("decisions.confirm", reference=moved[0].reference)
        )
    ready = [one for one in here.applications if here.ready(one)]
    if ready and "decisions.prepare" in here.can:
        text = ngettext(
            "Voor %(num)s aanvraag is nog een beslissing voor te bereiden.",
            "Voor %(num)s aanvragen is nog een beslissing voor te bereiden.",
            len(ready),
        )
        first = ready[0]
        label = _("Bereid de beslissing over %(name)s voor", name=first.lead.name)
        url = url_for("decisions.prepare", reference=first.reference)
        return Todo(text, label, url, _("Lees de aanvraag"), url_for("reviews.file", reference=first.reference))
    asked = [
        d for d in here.decisions.values() if d.status is DecisionStatus.PREPARED and d.id not in here.moved
    ]
    mine = [d for d in asked if d.prepared_by != person.account_id]
    if mine and "decisions.confirm" in here.can:
        text = ngettext(
            "%(num)s beslissing wacht op u als tweede persoon.",
            "%(num)s beslissingen wachten op u als tweede persoon.",
            len(mine),
        )
        label = _("Lees en bevestig de beslissing over %(name)s", name=mine[0].application.lead.name)
        return Todo(text, label, url_for("decisions.confirm", reference=mine[0].reference))
    alone = [
        d
        for d in here.decisions.values()
        if d.outcome is Outcome.INADMISSIBLE and d.status is DecisionStatus.CONFIRMED
    ]
    if alone and "decisions.prepare" in here.can:
        name = alone[0].application.lead.name
        text = _("Een beslissing over de ontvankelijkheid is bevestigd en kan apart weg.")
        label = _("Geef de beslissing over %(name)s vrij", name=name)
        return Todo(text, label, url_for("decisions.decision", reference=alone[0].reference))
    if ready or moved:
        return Todo(_("Een beheerder bereidt de beslissingen voor."))
    if asked:
        return Todo(
            ngettext(
                "%(num)s beslissing wacht op een tweede persoon.",
                "%(num)s beslissingen wachten op een tweede persoon.",
                len(asked),
            )
        )
    return None


def _leaving(here: Here) -> Todo:
    if here.can_leave:
        text = _("Alle beslissingen van deze regio zijn bevestigd. Ze gaan samen weg, elk met zijn brief.")
        return Todo(text, release="decisions.prepare" in here.can)
    if all(here.is_out(one) for one in here.applications):
        return Todo(_("Alle beslissingen van deze regio zijn vrijgegeven."))
    left = sum(
        here.states[r.id] is not ReviewStatus.HANDED_IN for one in here.admitted for r in here.counted(one)
    )
    return Todo(
        ngettext("Er wordt gewacht op %(num)s beoordeling.", "Er wordt gewacht op %(num)s beoordelingen.", left)
    )
