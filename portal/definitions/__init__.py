"""Definitions: what the customer decided, as data.

`config/` and `uploads_schema/` list, name, count, weigh and order; they hold no logic. Read once at the start
and checked as a whole: an unknown key, a weight that is no number or a region that does not exist stops the
start with file, key and reason.
"""

from portal.definitions.base import Text, TextModel
from portal.definitions.call_type import (
    Appraisal,
    CallType,
    Criterion,
    DocumentType,
    Field,
    Remedy,
    Seat,
    Section,
)
from portal.definitions.calls import CallDefinition, FirstRound
from portal.definitions.load import DefinitionError, Definitions, load
from portal.definitions.regions import Municipality, Region

__all__ = [
    "Appraisal",
    "CallDefinition",
    "CallType",
    "Criterion",
    "DefinitionError",
    "Definitions",
    "DocumentType",
    "Field",
    "FirstRound",
    "Municipality",
    "Region",
    "Remedy",
    "Seat",
    "Section",
    "Text",
    "TextModel",
    "load",
]
