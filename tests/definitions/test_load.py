"""The definitions as they stand, and what happens to a typo."""

import shutil
from pathlib import Path

import pytest

from portal.definitions import CallType, DefinitionError, load

PROJECT = Path(__file__).resolve().parents[2]
CALL_TYPE = "config/call_types/samenwerkingsverband-zorg.toml"
CALL = "config/calls/2022-samenwerkingsverband-zorg.toml"


@pytest.fixture
def project(tmp_path):
    for folder in ("config", "uploads_schema"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def spoil(project, file, old, new):
    path = project / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_fifteen_regions_hold_every_municipality_once(defined):
    codes = [m.nis for r in defined.regions for m in r.municipalities]
    assert (len(defined.regions), len(codes), len(set(codes))) == (15, 300, 300)


def test_a_frozen_definition_reads_back_the_same(defined):
    for call_type in defined.call_types.values():
        again = CallType.thaw(call_type.frozen)
        assert (again, again.digest) == (call_type, call_type.digest)


def test_what_the_law_could_not_tell_is_marked(defined):
    assert "criteria" in defined.call_types["samenwerkingsverband-zorg"].unconfirmed()


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (CALL_TYPE, "weight = 20", 'weight = "twintig"', "appraisal.criteria.0.weight: "),
        (CALL_TYPE, "weight = 20", "weight = 21", "appraisal: Value error, the weights do not add up to 100"),
        (CALL_TYPE, "threshold = 2", "treshold = 2", "appraisal.criteria.0.treshold: Extra inputs"),
        (CALL_TYPE, "threshold = 3", "threshold = 6", "a threshold lies above the highest level"),
        (
            CALL_TYPE,
            "finding_days = 2",
            "finding_days = 20",
            "the days of the planning do not follow each other",
        ),
        (
            CALL_TYPE,
            'schema_name = "aanmeldingsformulier"',
            'schema_name = "anders"',
            "there is no uploads_schema/",
        ),
        (CALL_TYPE, 'kind = "longtext"', 'kind = "essay"', "sections.0.fields.4.kind: "),
        (CALL, '"denderregio"', '"denderstreek"', "first_round.regions: there is no region denderstreek"),
        (CALL, "last_day = 2023-02-10", "last_day = 2022-12-01", "first_round: Value error"),
        (CALL, 'call_type = "samen', 'call_type = "sam', "call_type: there is no call type sam"),
        (CALL, "slug = ", "slug = = ", "Invalid value"),
        ("config/regions.toml", 'nis = "41002"', "nis = 41002", "regions.0.municipalities.0.nis: "),
        ("uploads_schema/aanmeldingsformulier.schema.json", '"bytes"', '"byte"', "x-limits.bytes: is missing"),
        ("uploads_schema/aanmeldingsformulier.schema.json", '"type": "object"', '"type": "ding"', ": type: "),
    ],
)
def test_a_mistake_is_told_with_file_key_and_reason(project, file, old, new, told):
    spoil(project, file, old, new)
    with pytest.raises(DefinitionError) as caught:
        load(project)
    (line, *_more) = [line for line in str(caught.value).splitlines() if told in line]
    assert line.startswith(f"{file}: ")


def test_all_mistakes_are_told_at_once(project):
    spoil(project, CALL_TYPE, "weight = 20", "weight = 0")
    spoil(project, CALL, '"denderregio"', '"denderstreek"')
    with pytest.raises(DefinitionError) as caught:
        load(project)
    assert len(str(caught.value).splitlines()) >= 2
