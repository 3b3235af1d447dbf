"""What every room's pages share: the app's parts, pages, answers, messages and the cleaning of input."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from markdown_it import MarkdownIt
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, StopValidation, ValidationError

from portal import reading, text
from portal.clock import Clock, SystemClock
from portal.db import Database
from portal.definitions import Definitions
from portal.i18n import _, lazy, words
from portal.lifecycle import Done, Refusal, Refused
from portal.mail import Mailer
from portal.merging import marks, merge
from portal.settings import Settings

__all__ = ["at_most", "flash", "kbo", "no_odd_sign", "page", "parts", "required", "see_other", "words"]


@dataclass(frozen=True)
class Parts:
    """What `create_app` joined; `sentences`, `entries` and `attempts` are all rooms' words, by refusal code, by
    journal verb (with who may read it), and by verb of what can be refused.

    `clock` may be the demo's; `real` is for what must not jump with it: sign-ins, tokens.
    `government` is the government's sign-in, where the settings name one.
    """

    settings: Settings
    clock: Clock
    database: Database
    storage: Any
    mailer: Mailer
    scanner: Any
    definitions: Definitions
    sentences: Mapping[str, Any]
    entries: Mapping[str, Any]
    attempts: Mapping[str, Any]
    real: Clock = field(default_factory=SystemClock)
    government: Any = None


def parts() -> Parts:
    """The parts of the app that answers this request."""
    found: Parts = current_app.extensions["portal"]
    return found


def page(**context: Any) -> str:
    """The page of the view that runs: `templates/<room>/<view>.html`."""
    room, _dot, view = (request.endpoint or "").partition(".")
    return render(f"{room}/{view}.html", **context)


def render(template: str, **context: Any) -> str:
    """A page that several views share."""
    return render_template(template, **context)


def see_other(endpoint: str, **values: Any) -> Response:
    """303 to another page, after a POST that did something."""
    return redirect(url_for(endpoint, **values), 303)


def addresses() -> Callable[..., str]:
    """`url_for` for the templates of one app: an address that is the same on every page is made once."""
    known: dict[tuple[str, Any], str] = {}

    def address(endpoint: str, **values: Any) -> str:
        file = endpoint == "static" and values.keys() == {"filename"}
        if values and not file:
            return url_for(endpoint, **values)
        key = (endpoint, values.get("filename"))
        if key not in known:
            known[key] = url_for(endpoint, **values)
        return known[key]

    return address


def searched(name: str = "zoek") -> str:
    """What somebody looks for; nothing where it could stand in no text of ours."""
    found = text.line(request.args.get(name, ""))[:120]
    return "" if text.odd(found) else found


def page_number(name: str = "bladzijde") -> int:
    """Which page of a list is asked for, from 1 on; the first where that is no number."""
    text = request.args.get(name, "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 5 else 1


GENERAL = {
    "number_has_not_ten_digits": lazy(
        "Het ondernemingsnummer “%(number)s” klopt niet: het telt tien cijfers. Bijvoorbeeld 0000.100.166."
    ),
    "number_starts_wrong": lazy("Het ondernemingsnummer “%(number)s” klopt niet: het begint met 0 of 1."),
    "number_check_fails": lazy(
        "Het ondernemingsnummer “%(number)s” bestaat niet: het controlegetal klopt niet. "
        "Kijk de laatste twee cijfers na."
    ),
    "not_an_address": lazy("Dit is geen e-mailadres. Schrijf het zoals info@organisatie.example."),
    "gone": lazy("Dit bestaat niet meer. Ga terug en kijk wat er nu staat."),
    "stale": lazy(
        "Iemand anders wijzigde dit intussen. Wat u typte, staat er nog. Kijk na wat er veranderde en bewaar "
        "opnieuw."
    ),
    "wrong_status": lazy("Dat kan nu niet meer: dit is intussen veranderd. Laad de pagina opnieuw."),
    "access_changed": lazy(
        "Uw toegang tot het portaal is net gewijzigd. Laad de pagina opnieuw en kijk of u dit nog mag doen."
    ),
    "already_proposed": lazy("Dit is al voorgesteld en wacht op een tweede persoon."),
    "proposal_settled": lazy("Dit voorstel is al afgehandeld."),
    "beyond_your_regions": lazy(
        "Uw rol geldt niet voor alle regio's waarover dit gaat. Vraag het aan iemand die ze voor elke regio "
        "heeft."
    ),
    "same_person": lazy(
        "U stelde dit zelf voor. Een tweede persoon moet het bevestigen. Vraag het aan een medeondertekenaar."
    ),
    "proposal_changed": lazy(
        "Het voorstel klopt niet meer met wat er nu staat. Trek het in en stel het opnieuw voor."
    ),
}


def _worded(fact: Any) -> Any:
    return words(fact) if isinstance(fact, dict) and "nl" in fact else fact


def sentence(refusal: Refusal) -> str:
    """A refusal in words.

    Raises:
        KeyError: for a code without words; a house test sees to it that there is none.
    """
    facts = {k: _worded(v) for k, v in refusal.facts.items()}
    return str(parts().sentences[refusal.code]) % facts


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


ATTEMPT = lazy("Geweigerd: %(what)s. %(why)s")


def entry_words(line: Any) -> str:
    """A line of a timeline in words: what was done, or what was tried and why it was refused."""
    if what := _attempt(line):
        return str(ATTEMPT) % {"what": what, "why": " ".join(_why(one) for one in line.facts.get("why", ()))}
    said = parts().entries[line.entry.verb]
    return str(said.sentence) % _Blank({k: _worded(v) for k, v in line.facts.items()})


def _attempt(line: Any) -> str:
    """What a refused attempt was at, in words; empty for an act that was done."""
    verb, refused = line.entry.verb.removesuffix(".refused"), line.entry.verb.endswith(".refused")
    return str(parts().attempts[verb]) if refused else ""


def _why(one: Mapping[str, Any]) -> str:
    facts = {k: _worded(v) for k, v in one["facts"].items()}
    return str(parts().sentences[one["code"]]) % _Blank(facts)


def refused(form: Any, outcome: Refused) -> None:
    """Put every refusal where it belongs: beside its field, or at the head of the page."""
    for refusal in outcome.refusals:
        text = sentence(refusal)
        if form is not None and refusal.field in form:
            field = form[refusal.field]
            field.errors = [*field.errors, text]
        else:
            problem(text)


def said_later(outcome: Done | Refused, done: str = "") -> None:
    """Say on the page one is led to that it was done, or every reason why not."""
    if isinstance(outcome, Refused):
        for refusal in outcome.refusals:
            flash(sentence(refusal), "problem")
    elif done:
        flash(done)


def problem(text: str) -> None:
    """Say at the head of this page what is wrong."""
    if "problems" not in g:
        g.problems = []
    g.problems.append(text)


def summary(form: Any = None) -> list[tuple[str, str | None]]:
    """All that is wrong on this page: sentences, with the id of the field each is about."""
    found: list[tuple[str, str | None]] = [(text, None) for text in g.get("problems", [])]
    if form is not None:
        for field in form:
            if field.name == "csrf_token":
                found += [(str(EXPIRED), None)] if field.errors else []
            else:
                found += [(text, first_id(field)) for text in field.errors]
    return found


def merged(
    form: Any, stands: Mapping[str, str], typed: Mapping[str, str | None], revision: int
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Make of a form that is behind one of the newest `revision`: untouched boxes hold what `stands`, and what
    both changed is asked. What stands of those, by box; and the names of boxes that came from there.
    """
    found = merge(form.seen.data or "", stands, typed)
    for name in found.taken:
        form[name].data = found.values[name]
    form.revision.data, form.seen.data = revision, marks(stands)
    if found.both and not summary():
        problem(sentence(Refusal("stale")))
    return {name: stands[name] or _("(leeg)") for name in found.both}, found.taken


def typed_in(form: Any) -> list[tuple[str, str]]:
    """What was typed in a form that was sent and stands nowhere else, by label: for a page that shows the form
    no more.
    """
    kinds = ("StringField", "TextAreaField")
    typed = (f for f in form if f.type in kinds and f.data and f.data != f.object_data)
    sent = list(typed) if form.is_submitted() else []
    return [(str(f.label.text), str(f.data)) for f in sent]


def first_id(field: Any) -> str:
    """The id of the first input of a field: of its first choice where it has choices."""
    return f"{field.id}-0" if field.type == "RadioField" else str(field.id)


EXPIRED = lazy("Deze pagina stond te lang open. Wat u typte, staat er nog. Verstuur het opnieuw.")


# Cleaning and checking what people type ---------------------------------------------------------------


def one_line(typed: Any) -> Any:
    """Clean what was typed in one line (a filter of fields); nothing stays nothing."""
    return text.line(typed) if isinstance(typed, str) else typed


def in_lines(typed: Any) -> Any:
    """Clean what was typed in lines (a filter of fields); nothing stays nothing."""
    return text.lines(typed) if isinstance(typed, str) else typed


def no_odd_sign(_form: Any, field: Any) -> None:
    """Refuse signs that no text has, by name."""
    if isinstance(field.data, str) and (sign := text.odd(field.data)) is not None:
        raise ValidationError(
            _(
                "In dit veld staat een teken dat wij niet kunnen bewaren (%(sign)s). Haal het weg, of typ de "
                "tekst opnieuw in plaats van te plakken.",
                sign=sign,
            )
        )


def no_nul(_form: Any, field: Any) -> None:
    """Refuse a password that cannot be hashed: half a sign, or NUL."""
    if isinstance(field.data, str) and re.search("[\0\ud800-\udfff]", field.data):
        raise ValidationError(_("Dit wachtwoord bevat een teken dat wij niet kunnen lezen. Typ het opnieuw."))


def at_most(length: int) -> Callable[[Any, Any], None]:
    """Refuse longer texts, with the number of signs that is too many."""

    def check(_form: Any, field: Any) -> None:
        over = len(field.data or "") - length
        if over > 0:
            raise ValidationError(
                _(
                    "Deze tekst is %(over)s tekens te lang. Gebruik er hoogstens %(length)s.",
                    over=over,
                    length=length,
                )
            )

    return check


def is_day(_form: Any, field: Any) -> None:
    """Refuse what is no day; an empty field is for `required` to refuse."""
    if field.data and reading.day(field.data) is None:
        raise ValidationError(
            str(lazy("Schrijf een bestaande dag als dag/maand/jaar, bijvoorbeeld 15/05/2023."))
        )


def required(message: Any) -> Any:
    """Something must be filled in; says what, in the words given."""

    class Required(DataRequired):
        def __call__(self, form: Any, field: Any) -> None:
            if field.data in (None, "", []) or (isinstance(field.data, str) and not field.data.strip()):
                field.errors = []
                raise StopValidation(str(message))

    return Required()


def choice(value: Any, label: str) -> SelectChoice:
    """One choice of a field."""
    return SelectChoice(value=value, label=label)


def kbo(number: str) -> str:
    """An enterprise number as people write it: *0000.100.166*."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if len(number) == 10 else number


_COMMONMARK = MarkdownIt("commonmark", {"html": False})


def markdown(text: str) -> Markup:
    """Public texts of `config/`: CommonMark without HTML."""
    return Markup(_COMMONMARK.render(text))  # noqa: S704 - HTML is off
