"""Words: Dutch is the source, English a catalogue; official documents stay Dutch.

`_` marks and translates; dates and numbers are formatted here, in the language of the request.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import LazyProxy, Translations

from portal.clock import BRUSSELS

FOLDER = Path(__file__).parent / "translations"
_catalogues: dict[str, Translations] = {}


_language: ContextVar[str] = ContextVar("language", default="nl")


def language() -> str:
    """The language of this request; Dutch outside of one."""
    return _language.get()


LANGUAGES = {"nl": "Nederlands", "en": "English"}  # each in its own words


def speak(name: str) -> None:
    """Speak a language from now on in this request; Dutch where there is no such."""
    _language.set(name if name in LANGUAGES else "nl")


def translated(name: str) -> bool:
    """Whether there is a catalogue of this language; without one its words are the Dutch ones."""
    return name == "nl" or (FOLDER / name / "LC_MESSAGES" / "messages.mo").is_file()


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak a language for as long as this lasts."""
    before = _language.set(name)
    try:
        yield
    finally:
        _language.reset(before)


def _catalogue(name: str) -> Any:
    if name not in _catalogues:
        _catalogues[name] = Translations.load(FOLDER, [name], "messages")  # type: ignore[assignment]
    return _catalogues[name]


def translate(message: str, to: str, **facts: Any) -> str:
    """`message` in language `to`, with `%(name)s` filled from `facts`."""
    text: str = message if to == "nl" or not message else _catalogue(to).gettext(message)
    return text % facts if facts else text


def _(message: str, **facts: Any) -> str:
    """`message` in the language of this request."""
    return translate(message, language(), **facts)


def ngettext(singular: str, plural: str, num: int, **facts: Any) -> str:
    """Singular or plural, in the language of this request."""
    lang = language()
    facts = {"num": num, **facts}
    if lang == "nl":
        return (singular if num == 1 else plural) % facts
    return str(_catalogue(lang).ngettext(singular, plural, num)) % facts


def lazy(message: str) -> Any:
    """A word that is translated when it is shown (labels of form fields)."""
    return LazyProxy(_, message, enable_cache=False)


def words(text: Any) -> str:
    """A text that exists in both languages (a `Text` or a `{"nl", "en"}` dict), in this request's."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    if isinstance(text, dict):
        return str(text.get(language()) or text["nl"])
    return str(text.in_(language()))


def _locale() -> str:
    return "nl_BE" if language() == "nl" else "en_GB"


def day(value: date | datetime | None, style: str = "d MMMM y") -> str:
    """A day in words: *15 mei 2023*."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(BRUSSELS).date()
    return format_date(value, style, locale=_locale())


def weekday(value: date | datetime | None) -> str:
    """A day with its weekday: *maandag 15 mei 2023*."""
    return day(value, "EEEE d MMMM y")


def moment(value: datetime | None, *, precise: bool = False) -> str:
    """An instant in Brussels: *15 mei 2023, 23.59 uur*; precise: to the microsecond, with the offset."""
    if value is None:
        return "–"
    local = value.astimezone(BRUSSELS)
    if precise:
        offset = local.strftime("%z")
        return f"{day(value)}, {local:%H:%M:%S.%f} (UTC{offset[:3]}:{offset[3:]})"
    clock = format_datetime(local, "HH.mm" if language() == "nl" else "HH:mm", locale=_locale())
    return _("%(day)s, %(clock)s uur", day=day(value), clock=clock)


def until(closes_at: datetime) -> str:
    """*Tot en met* in words, from the half-open instant: the last day that still counts, its hour, and whose
    hour that is.

    The only way in which the portal says when something closes.
    """
    last = closes_at - timedelta(microseconds=1)
    local = closes_at.astimezone(BRUSSELS)
    if local.hour == local.minute == local.second == local.microsecond == 0:
        return _("tot en met %(day)s, 24.00 uur Belgische tijd", day=weekday(last))
    return _("tot %(day)s, %(clock)s uur Belgische tijd", day=weekday(closes_at), clock=local.strftime("%H.%M"))


def as_sentence(text: str) -> str:
    """The same words with a capital in front."""
    return text[:1].upper() + text[1:]


def left(closes_at: datetime, now: datetime) -> str:
    """How long there is: *2 dagen*, *1 uur en 12 minuten*, *12 minuten*, *58 seconden*; rounded down."""
    seconds = max(0, int((closes_at - now).total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds // 3600, seconds // 60
    if days:
        return ngettext("%(num)s dag", "%(num)s dagen", days)
    if hours:
        rest = ngettext("%(num)s minuut", "%(num)s minuten", minutes % 60)
        return _("%(hours)s uur en %(rest)s", hours=hours, rest=rest)
    if minutes:
        return ngettext("%(num)s minuut", "%(num)s minuten", minutes)
    return ngettext("%(num)s seconde", "%(num)s seconden", seconds)


def number(value: int | Decimal | float, digits: int = 0) -> str:
    """A number as people write it: *1.234,50*."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, pattern, locale=_locale())


def size(count: int) -> str:
    """Bytes in words: *84 kB*, *3,2 MB*."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000)) if count else 0} kB"
    return f"{number(Decimal(count) / 1_000_000, 1)} MB"
