"""When an application may be judged, what a review must be, and how scores become a ranking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.definitions import Appraisal, CallType
from portal.lifecycle import Refusal


@dataclass(frozen=True)
class FindingFacts:
    """What the desk found: each check of the list with its outcome (None: not answered), and the conclusion."""

    definition: CallType
    checks: Mapping[str, bool | None]
    admissible: bool | None
    reason: str
    tied: bool
    unsealed: bool


def region_is_unsealed(facts: FindingFacts) -> Refusal | None:
    """Nothing is read or judged before the region's closing is on record (rule 5)."""
    return None if facts.unsealed else Refusal("still_sealed")


def judge_is_free(facts: FindingFacts) -> Refusal | None:
    """A tie binds everyone who judges (rule 9)."""
    return Refusal("tied") if facts.tied else None


def every_check_is_answered(facts: FindingFacts) -> Iterable[Refusal]:
    """Admissibility answers its whole checklist (rule 8)."""
    for check in facts.definition.admissibility:
        if facts.checks.get(check.key) is None:
            yield Refusal("check_unanswered", {"check": check.label.nl}, f"check_{check.key}")
    if facts.admissible is None:
        yield Refusal("conclusion_missing", {}, "admissible")


def finding_is_reasoned(facts: FindingFacts) -> Refusal | None:
    """A check that fails, or a conclusion against the applicant, is given its reason (rules 6 and 8)."""
    failed = any(outcome is False for outcome in facts.checks.values())
    if (failed or facts.admissible is False) and len(
        facts.reason.strip()
    ) < facts.definition.appraisal.minimum_reason:
        return Refusal(
            "finding_without_reason", {"minimum": facts.definition.appraisal.minimum_reason}, "reason"
        )
    return None


FINDING = (region_is_unsealed, judge_is_free, every_check_is_answered, finding_is_reasoned)


@dataclass(frozen=True)
class Given:
    """A level on one criterion with its reason; `score` is None where none was chosen."""

    criterion: str
    score: int | None
    reason: str


@dataclass(frozen=True)
class ReviewFacts:
    """A review as the rules see it."""

    appraisal: Appraisal
    admissible: bool
    withdrawn: bool
    tied: bool
    given: tuple[Given, ...]
    reason: str = ""


def application_stands(facts: ReviewFacts) -> Refusal | None:
    """What its lead took back is not appraised any more."""
    return Refusal("application_withdrawn") if facts.withdrawn else None


def reason_is_given(facts: ReviewFacts) -> Refusal | None:
    """Taking an assignment back says why (rule 9: nothing is undecidable, and every act can be proved)."""
    return None if facts.reason.strip() else Refusal("take_back_without_reason", {}, "reason")


def application_is_admissible(facts: ReviewFacts) -> Refusal | None:
    """No appraisal before 'admissible' (rule 8)."""
    return None if facts.admissible or facts.withdrawn else Refusal("not_admissible")


def reviewer_is_free(facts: ReviewFacts) -> Refusal | None:
    """Reviewers never judge with a tie to a partner organisation (rule 9)."""
    return Refusal("tied") if facts.tied else None


def levels_exist(facts: ReviewFacts) -> Iterable[Refusal]:
    """A score is one of the levels (rule 10)."""
    levels = {level.score for level in facts.appraisal.levels}
    for given in facts.given:
        if given.score is not None and given.score not in levels:
            yield Refusal("level_unknown", {}, f"score_{given.criterion}")


def every_criterion_is_scored(facts: ReviewFacts) -> Iterable[Refusal]:
    """Every criterion has a level (rule 10)."""
    scored = {g.criterion for g in facts.given if g.score is not None}
    for criterion in facts.appraisal.criteria:
        if criterion.key not in scored:
            yield Refusal("criterion_unscored", {"criterion": criterion.label.nl}, f"score_{criterion.key}")


def every_score_is_justified(facts: ReviewFacts) -> Iterable[Refusal]:
    """Each score is justified in writing (rule 9; wet van 29 juli 1991, artikelen 2 en 3)."""
    reasons = {g.criterion: g.reason for g in facts.given}
    for criterion in facts.appraisal.criteria:
        short = facts.appraisal.minimum_reason - len(reasons.get(criterion.key, "").strip())
        if short > 0:
            said = {"criterion": criterion.label.nl, "short": short}
            yield Refusal("score_unjustified", said, f"reason_{criterion.key}")


Scores = Sequence[Mapping[str, int]]


@dataclass(frozen=True)
class Appraised:
    """What the scores of all reviewers of one application come to; `total` is a percentage, exact."""

    reference: str
    averages: Mapping[str, Fraction]
    total: Fraction
    below: tuple[str, ...]
    total_suffices: bool
    wide: tuple[str, ...]

    @property
    def suffices(self) -> bool:
        """Whether every threshold is reached."""
        return self.total_suffices and not self.below


def appraise(appraisal: Appraisal, reference: str, scores: Scores) -> Appraised:
    """Average the reviewers per criterion, weigh, and compare with the thresholds (rule 10).

    `scores` holds one mapping of criterion to level per reviewer, at least one. The total is the weighted
    average as a percentage of the highest level. `wide` names criteria on which reviewers lie too far apart.
    """
    averages = {c.key: Fraction(sum(s[c.key] for s in scores), len(scores)) for c in appraisal.criteria}
    total = sum((averages[c.key] / appraisal.highest * c.weight for c in appraisal.criteria), Fraction(0))
    spread = {c.key: max(s[c.key] for s in scores) - min(s[c.key] for s in scores) for c in appraisal.criteria}
    return Appraised(
        reference=reference,
        averages=averages,
        total=total,
        below=tuple(c.key for c in appraisal.criteria if averages[c.key] < c.threshold),
        total_suffices=total >= appraisal.total_threshold,
        wide=tuple(key for key, width in spread.items() if width > appraisal.maximum_spread),
    )


@dataclass(frozen=True)
class Ranked:
    """An application with its rank; None where a threshold was not reached."""

    appraised: Appraised
    rank: int | None


def rank(appraisal: Appraisal, all_appraised: Iterable[Appraised]) -> list[Ranked]:
    """By total, then by the criteria of the tie-break; equal ones share a rank; the rest without, after (rule
    10).
    """

    def key(one: Appraised) -> tuple[Fraction, ...]:
        return (one.total, *(one.averages[c] for c in appraisal.tie_break))

    known = list(all_appraised)
    placed = sorted((a for a in known if a.suffices), key=lambda a: (*(-k for k in key(a)), a.reference))
    rest = sorted((a for a in known if not a.suffices), key=lambda a: (-a.total, a.reference))
    ranked: list[Ranked] = []
    for index, one in enumerate(placed, start=1):
        same = ranked and key(ranked[-1].appraised) == key(one)
        ranked.append(Ranked(one, ranked[-1].rank if same else index))
    return ranked + [Ranked(one, None) for one in rest]
