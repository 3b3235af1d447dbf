"""Codes of shared pages."""

from __future__ import annotations

from portal.accounts.queries import digest_of
from portal.second_step.factors import plain


def digest_of_shared(code: str) -> str:
    """What is kept of the code of a shared page, however it was typed."""
    return digest_of(f"shared page {plain(code)}")
