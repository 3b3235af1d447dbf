"""Reading `config/` and `uploads_schema/`, all errors at once: file, key, reason."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import BaseModel, ValidationError

from portal.definitions.call_type import CallType
from portal.definitions.calls import CallDefinition
from portal.definitions.regions import Region, RegionsFile


class DefinitionError(Exception):
    """One or more definitions are wrong; `str()` is a line for each: file, key, reason."""


@dataclass(frozen=True)
class Definitions:
    """Everything the customer decided."""

    regions: list[Region]
    regions_note: str
    regions_confirmed: bool
    call_types: dict[str, CallType]
    calls: dict[str, CallDefinition]
    schemas: dict[str, dict[str, Any]]

    def region(self, key: str) -> Region | None:
        """The region with this key."""
        return next((r for r in self.regions if r.key == key), None)


Model = TypeVar("Model", bound=BaseModel)
SCHEMA_KEYS = {"x-limits": ("bytes", "pages", "fields"), "x-stamp": ("call", "round", "region", "definition")}


def load(folder: Path) -> Definitions:
    """Read and check all definitions below the project's `folder`.

    Raises:
        DefinitionError: a line for each mistake, with file, key and reason.
    """
    wrong: list[str] = []
    regions = _toml(folder, "config/regions.toml", RegionsFile, wrong)
    call_types = _all(folder, "config/call_types", CallType, wrong, lambda t: t.key)
    calls = _all(folder, "config/calls", CallDefinition, wrong, lambda c: c.slug)
    schemas = _schemas(folder, wrong)
    known = {r.key for r in regions.regions} if regions else set()
    for name, call in calls.items():
        file = call.file
        if call.value.call_type not in call_types:
            wrong.append(f"{file}: call_type: there is no call type {call.value.call_type}")
        for key in call.value.first_round.regions:
            if regions and key not in known:
                wrong.append(f"{file}: first_round.regions: there is no region {key}")
        if Path(file).stem != name:
            wrong.append(f"{file}: slug: is not the file's name")
    for found in call_types.values():
        for document in found.value.documents:
            if document.schema_name not in schemas:
                reason = f"there is no uploads_schema/{document.schema_name}.schema.json"
                wrong.append(f"{found.file}: documents.{document.key}.schema_name: {reason}")
    if wrong or regions is None:
        raise DefinitionError("\n".join(wrong))
    return Definitions(
        regions=regions.regions,
        regions_note=regions.note,
        regions_confirmed=regions.confirmed,
        call_types={k: f.value for k, f in call_types.items()},
        calls={k: f.value for k, f in calls.items()},
        schemas=schemas,
    )


@dataclass(frozen=True)
class _Found:
    file: str
    value: Any


def _all(
    folder: Path, below: str, model: type[Model], wrong: list[str], key: Callable[[Any], str]
) -> dict[str, _Found]:
    found = {}
    for path in sorted((folder / below).glob("*.toml")):
        file = f"{below}/{path.name}"
        value = _toml(folder, file, model, wrong)
        if value is not None:
            found[key(value)] = _Found(file, value)
    return found


def _toml(folder: Path, file: str, model: type[Model], wrong: list[str]) -> Model | None:
    try:
        data = tomllib.loads((folder / file).read_text("utf-8"))
        return model.model_validate(data)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        wrong.append(f"{file}: {problem}")
    except ValidationError as problem:
        for error in problem.errors():
            where = ".".join(str(part) for part in error["loc"]) or "(file)"
            wrong.append(f"{file}: {where}: {error['msg']}")
    return None


def _schemas(folder: Path, wrong: list[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted((folder / "uploads_schema").glob("*.schema.json")):
        file = f"uploads_schema/{path.name}"
        try:
            schema = json.loads(path.read_text("utf-8"))
            Draft202012Validator.check_schema(schema)
        except (OSError, ValueError) as problem:
            wrong.append(f"{file}: {problem}")
            continue
        except SchemaError as problem:
            wrong.append(f"{file}: {'.'.join(map(str, problem.path))}: {problem.message}")
            continue
        for key, names in SCHEMA_KEYS.items():
            missing = set(names) - set(schema.get(key, {}))
            wrong.extend(f"{file}: {key}.{name}: is missing" for name in sorted(missing))
        found[path.name.removesuffix(".schema.json")] = schema
    return found
