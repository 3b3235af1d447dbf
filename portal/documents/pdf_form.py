"""The aanmeldingsformulier as a fillable PDF: the blank made from the definition, stamped with what it is for.

The blank is drawn by reportlab, values are filled in by pypdf: reportlab knows no signs outside its form fonts.
It writes no tags; the accessible alternative is the web form.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.generic import NameObject, TextStringObject
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from portal.definitions import CallType, Field
from portal.documents.inspection import field_name

# It writes values it cannot draw to the log: what is sealed never stands in a log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)
INK, LINE, SOFT = HexColor("#1f2933"), HexColor("#52606d"), HexColor("#f7f9fc")
WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 56.0, WIDTH - 56.0, HEIGHT - 60.0, 60.0


@dataclass(frozen=True)
class FormFor:
    """What a form is for: it refuses to be used for anything else."""

    call: str
    call_title: str
    round: int
    region: str
    region_name: str
    definition: CallType

    def stamp(self) -> dict[str, str]:
        """What its hidden fields say."""
        return {
            "call": self.call,
            "round": str(self.round),
            "region": self.region,
            "definition": self.definition.digest,
        }


class _Drawing:
    """A cursor going down pages of A4 (points)."""

    def __init__(self, out: io.BytesIO, title: str) -> None:
        self.canvas = Canvas(out, pagesize=A4, invariant=1, lang="nl-BE")
        self.canvas.setTitle(title)
        self.y, self.title = TOP, title

    def room(self, height: float) -> None:
        if self.y - height < BOTTOM:
            self.canvas.showPage()
            self.y = TOP

    def text(self, text: str, size: float, *, bold: bool = False, after: float = 4) -> None:
        font = "Helvetica-Bold" if bold else "Helvetica"
        for line in simpleSplit(_latin(text), font, size, RIGHT - LEFT):
            self.room(size + 4)
            self.canvas.setFont(font, size)
            self.canvas.setFillColor(INK)
            self.canvas.drawString(LEFT, self.y - size, line)
            self.y -= size + 4
        self.y -= after

    def box(self, name: str, label: str, *, height: float = 20, lines: bool = False, most: int = 200) -> None:
        self.room(height)
        self.canvas.acroForm.textfield(
            name=name,
            tooltip=_latin(label),
            x=LEFT,
            y=self.y - height,
            width=RIGHT - LEFT,
            height=height,
            fontSize=9,
            borderWidth=0.7,
            borderColor=LINE,
            fillColor=SOFT,
            textColor=INK,
            forceBorder=True,
            maxlen=most,
            fieldFlags="multiline" if lines else "",
        )
        self.y -= height + 12

    def choice(self, name: str, label: str, options: list[str]) -> None:
        self.room(20)
        self.canvas.acroForm.choice(
            name=name,
            tooltip=_latin(label),
            x=LEFT,
            y=self.y - 20,
            width=RIGHT - LEFT,
            height=20,
            fontSize=9,
            options=[" ", *options],
            value=" ",
            borderWidth=0.7,
            borderColor=LINE,
            fillColor=SOFT,
            textColor=INK,
            fieldFlags="combo",
        )
        self.y -= 32

    def hidden(self, name: str, value: str) -> None:
        self.canvas.acroForm.textfield(
            name=name,
            value=value,
            x=0,
            y=0,
            width=1,
            height=1,
            fontSize=4,
            maxlen=200,
            annotationFlags="hidden",
            fieldFlags="readOnly",
        )


def _latin(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")


def blank(subject: FormFor, schema: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> bytes:
    """The empty form: the same bytes for the same subject. Boxes grow with the `texts` (by field name) they
    will hold.
    """
    texts = texts or {}
    out = io.BytesIO()
    page = _Drawing(out, f"Aanmeldingsformulier {subject.definition.name.nl}")
    page.text(f"Aanmeldingsformulier {subject.definition.name.nl}", 17, bold=True, after=2)
    page.text(
        f"{subject.call_title}, ronde {subject.round}. Werk- en zorgregio: {subject.region_name}.", 10, after=14
    )
    for key, value in subject.stamp().items():
        page.hidden(schema["x-stamp"][key], value)
    page.text("Het samenwerkingsverband", 13, bold=True)
    for seat in subject.definition.seats:
        page.text(f"{seat.label.nl}: naam en ondernemingsnummer", 9, after=2)
        page.box(f"_partner.{seat.key}", f"{seat.label.nl}: naam en ondernemingsnummer", most=300)
    for section in subject.definition.sections:
        page.room(80)
        page.text(section.label.nl, 13, bold=True)
        for field in section.fields:
            name = field_name(f"{section.key}.{field.key}", schema)
            tall = field.kind == "longtext"
            height = _height(texts.get(name, "")) if tall else 20
            page.room(height + 40)
            page.text(field.label.nl + ("" if field.required else " (mag leeg blijven)"), 9, after=2)
            if field.by_label:
                page.choice(name, field.label.nl, [_latin(label) for label in field.by_label])
            else:
                page.box(name, field.label.nl, height=height, lines=tall, most=field.max_length or 60)
    page.canvas.save()
    return out.getvalue()


def filled(
    subject: FormFor, answers: Mapping[str, Any], partners: Mapping[str, str], schema: Mapping[str, Any]
) -> bytes:
    """The form with `answers` (by `section.field`) and `partners` (name and number by seat) filled in."""
    values = {f"_partner.{seat}": text for seat, text in partners.items()}
    for section in subject.definition.sections:
        for field in section.fields:
            value = answers.get(f"{section.key}.{field.key}")
            if value is not None:
                values[field_name(f"{section.key}.{field.key}", schema)] = _written(field, value)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank(subject, schema, values)))
    wrapped = {name: "\n".join(_lines(value)) for name, value in values.items()}
    for page in writer.pages:  # what is shown is broken into lines, the value itself stays whole
        writer.update_page_form_field_values(page, wrapped, auto_regenerate=False)
        for annotation in page.annotations or []:
            box = annotation.get_object()
            if (name := str(box.get("/T", ""))) in values:
                box[NameObject("/V")] = TextStringObject(values[name])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _lines(text: str) -> list[str]:
    """The lines a box shows: broken where they do not fit."""
    broken: list[str] = []
    for line in text.split("\n"):
        broken += simpleSplit(line, "Helvetica", 9, RIGHT - LEFT - 12) or [""]
    return broken


def _height(text: str) -> float:
    """How tall a box must be for its text (points): never taller than a page."""
    return min(max(110.0, len(_lines(text)) * 12.6 + 10), 640.0)


def _written(field: Field, value: Any) -> str:
    if field.by_label:
        return next((_latin(label) for label, key in field.by_label.items() if key == value), "")
    return str(value)
