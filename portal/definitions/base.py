"""The strict model all definitions stand on, and a text people read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


class Strict(BaseModel):
    """Frozen, no coercion, no unknown keys: a typo is an error, not a default."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TextModel(Strict):
    """A text in Dutch, the source, and in English where it has been written."""

    nl: str = Field(min_length=1)
    en: str | None = None

    def in_(self, language: str) -> str:
        """The text in `language`, or else in Dutch."""
        return (self.en or self.nl) if language == "en" else self.nl


def _text(value: Any) -> Any:
    return {"nl": value} if isinstance(value, str) else value


Text = Annotated[TextModel, BeforeValidator(_text)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,38}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,78}$")]
