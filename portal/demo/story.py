"""The story of 2022-2028, played by the real verbs on a standing clock.

Scenes stand in the order of time. Playing goes from where the story is to a moment; what a visitor's own acts
made impossible is skipped, and said.
"""

from __future__ import annotations

from datetime import datetime

from portal.clock import parse_local
from portal.demo import cast
from portal.demo.applying import begin, complete, send
from portal.demo.calling import close, confirm_proposals, people, publication, reopening
from portal.demo.judging import appraise, assign, confirm, find, prepare, release, tie
from portal.demo.stage import Scene, Stage


def scenes() -> list[tuple[datetime, Scene]]:
    """The whole story in the order of time."""
    found: list[tuple[str, Scene]] = [
        ("2022-12-01T09:00", people),
        ("2022-12-05T10:00", publication),
    ]
    for index, one in enumerate([*cast.FIRST_ROUND, *cast.RIVALS, cast.INADMISSIBLE]):
        day = 9 + index
        found += [
            (f"2023-01-{day:02d}T09:30", begin(one, 1)),
            (f"2023-01-{day:02d}T13:10", complete(one, 1)),
            (f"2023-02-{1 + index % 10:02d}T{10 + index % 7}:{(index * 7) % 60:02d}", send(one, 1)),
        ]
    found += [
        ("2023-02-06T11:00", begin(cast.NEVER_SENT, 1)),
        ("2023-02-11T00:05", close),
        ("2023-02-14T09:00", find(1)),
        ("2023-02-15T09:00", tie),
        ("2023-02-16T09:00", assign(1)),
        ("2023-02-22T09:00", appraise(1, ("beoordelaar1", "beoordelaar2", "beoordelaar3"))),
        ("2023-03-06T09:00", prepare(1)),
        ("2023-03-08T09:00", confirm(1)),
        ("2023-03-10T09:00", release(1)),
        ("2023-03-27T09:00", reopening),
        ("2023-03-28T09:00", confirm_proposals),
        ("2023-04-20T09:00", begin(cast.SECOND_RIVAL, 2)),
        ("2023-04-24T09:00", begin(cast.NEVER_SENT, 2)),
        ("2023-05-02T09:00", complete(cast.SECOND_RIVAL, 2)),
        ("2023-05-10T10:00", begin(cast.MAIN, 2)),
        ("2023-05-12T13:00", complete(cast.MAIN, 2)),
        ("2023-05-14T16:02", send(cast.SECOND_RIVAL, 2)),
        ("2023-05-15T23:58:30", send(cast.MAIN, 2)),
        ("2023-05-16T00:05", close),
        ("2023-05-17T09:00", find(2)),
        ("2023-05-19T09:00", assign(2)),
        ("2023-05-24T09:00", appraise(2, ("beoordelaar1",), hand_in=False, most=1)),
        ("2023-06-02T09:00", appraise(2, ("beoordelaar1", "beoordelaar2"))),
        ("2023-06-07T09:00", prepare(2)),
        ("2023-06-09T09:00", confirm(2)),
        ("2023-06-14T09:00", release(2)),
    ]
    return sorted(((parse_local(at), scene) for at, scene in found), key=lambda pair: pair[0])


def play(stage: Stage, after: datetime | None, up_to: datetime) -> list[str]:
    """Play the scenes later than `after` and not later than `up_to`; what was skipped comes back."""
    for at, scene in scenes():
        if (after is None or at > after) and at <= up_to:
            stage.now = at
            scene(stage)
            stage.session.rollback()
    return stage.skipped
