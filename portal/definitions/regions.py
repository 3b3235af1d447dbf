"""A werk- en zorgregio and its municipalities, as `config/regions.toml` lists them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from portal.definitions.base import Key, Strict


class Municipality(Strict):
    """A municipality by its NIS code (division of 2019)."""

    nis: str = Field(pattern=r"^\d{5}$")
    name: str = Field(min_length=1)


class Region(Strict):
    """A region; `column` and `row` place it on the schematic map."""

    key: Key
    name: str = Field(min_length=1)
    province: str = Field(min_length=1)
    valid_from: date
    valid_until: date | None = None
    column: float
    row: float
    municipalities: list[Municipality] = Field(min_length=1)


class RegionsFile(Strict):
    """The whole file, with where the list comes from and whether that was confirmed."""

    source: str
    confirmed: bool
    note: str
    regions: list[Region] = Field(min_length=1)
