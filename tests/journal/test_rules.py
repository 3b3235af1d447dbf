"""Canonical bytes and chained digests."""

import pytest

from portal.canonical import canonical
from portal.journal.rules import FIRST, entry_digest, payload_digest


def test_canonical_bytes_do_not_depend_on_the_order_of_keys():
    assert (
        canonical({"b": 1, "a": ["é", None]})
        == '{"a":["é",null],"b":1}'.encode()
        == canonical({"a": ["é", None], "b": 1})
    )


def test_a_float_has_no_one_way_of_writing():
    with pytest.raises(TypeError):
        canonical({"a": [0.1]})


def test_an_entry_depends_on_the_one_before_and_on_every_column():
    columns = {"number": 1, "verb": "x"}
    assert entry_digest(FIRST, columns) != entry_digest("1" * 64, columns)
    assert entry_digest(FIRST, columns) != entry_digest(FIRST, {**columns, "verb": "y"})


def test_the_same_payload_with_another_salt_has_another_digest():
    assert payload_digest(b"a" * 32, b"{}") != payload_digest(b"b" * 32, b"{}")
