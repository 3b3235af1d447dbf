"""Canonical JSON is what RFC 8785 says, for whoever computes a digest with another program."""

import json

import pytest

from portal.canonical import canonical, digest


def test_keys_stand_in_the_order_of_utf_16_not_of_code_points():
    """RFC 8785, 3.2.3: a sign beyond the first plane is written with surrogates, which sort before U+FB33."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_only_what_every_reader_of_json_keeps_is_written():
    assert json.loads(canonical([2**53 - 1, -(2**53 - 1)])) == [2**53 - 1, 1 - 2**53]
    for wrong in (2**53, {"a": "\ud800"}, {1: "x"}, {"x"}):
        with pytest.raises(ValueError, match=r".+"):
            canonical(wrong)
    with pytest.raises(TypeError):
        canonical([1.0])


def test_a_digest_is_of_the_canonical_bytes():
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
