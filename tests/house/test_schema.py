"""The schema holds every table and every guard, whoever makes it first."""

import subprocess
import sys

from sqlalchemy import text

from portal import compose
from portal.db import Base

PRINT = "from portal import schema; from portal.db import Base; print(*sorted(Base.metadata.tables))"


def test_the_schema_alone_knows_every_table():
    assert compose
    alone = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True).stdout
    assert alone.split() == sorted(Base.metadata.tables)


def test_the_guards_of_the_house_are_there(world):
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    assert list(world.session.scalars(query)) == [
        "entry_is_append_only_delete",
        "entry_is_append_only_update",
        "extension_is_append_only_delete",
        "extension_is_append_only_update",
        "mandate_is_never_deleted_delete",
        "one_mandate_per_region_insert",
        "one_mandate_per_region_update",
        "payload_is_kept_or_destroyed_update",
        "payload_is_never_deleted_delete",
        "round_is_frozen_update",
        "submission_is_frozen_delete",
        "submission_is_frozen_update",
    ]


def test_the_constraints_of_the_house_are_there(world):
    found = "".join(world.session.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")))
    for name in (
        "submitted_has_a_moment",
        "one_submitted_per_lead_round_region",
        "opens_before_it_closes",
        "second_person_is_another",
        "released_was_confirmed_with_letter",
        "one_standing_decision_per_application",
        "term_has_a_day",
        "number_has_ten_digits",
        "size_is_not_negative",
        "there_is_one_clock",
    ):
        assert name in found, name
