"""The aanmeldingsformulier as a fillable PDF: made from the definition, stamped with what it is for.

Pages, and what each box shows, are drawn by reportlab in fonts that travel along; the fields themselves are
written by pypdf (reportlab's know no signs outside Windows-1252). A box grows with its text up to a page; what
is longer stands whole in an annex. It has no tags; the accessible alternative is the web form.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pypdf
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from portal.definitions import CallType, Field
from portal.documents import glyphs
from portal.documents.glyphs import BOLD, PLAIN, broken, shown
from portal.documents.inspection import field_name

INK, LINE, SOFT = HexColor("#1f2933"), HexColor("#52606d"), HexColor("#f7f9fc")
WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 56.0, WIDTH - 56.0, HEIGHT - 60.0, 60.0
SIZE, LEADING, EDGE = 9.0, 12.6, 5.0  # of what stands in a box (points)
ONE_LINE, LOW, TALLEST = 20.0, 110.0, 620.0  # heights of boxes (points)
READ_ONLY, MULTILINE, COMBO = 1, 1 << 12, 1 << 17  # ISO 32000-1, tables 221, 228 and 230
HIDDEN, PRINTED = 2, 4  # table 165


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


@dataclass(frozen=True)
class _Box:
    """A field on paper: where it stands (points, from the lower left), its value, and the lines it shows."""

    name: str
    label: str
    page: int
    y: float
    height: float
    value: str
    lines: tuple[str, ...]
    multiline: bool
    most: int
    options: tuple[str, ...]


class _Drawing:
    """A cursor going down pages of A4 (points), and the boxes it left behind."""

    def __init__(self, title: str) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1, lang="nl-BE")
        self.canvas.setTitle(title)
        self.y, self.page = TOP, 0
        self.boxes: list[_Box] = []
        self.annex: list[tuple[str, str]] = []  # label and text of what is too long for its box

    def room(self, height: float) -> None:
        if self.y - height < BOTTOM:
            self.turn()

    def turn(self) -> None:
        self.canvas.showPage()
        self.y, self.page = TOP, self.page + 1

    def text(self, text: str, size: float, *, bold: bool = False, after: float = 4) -> None:
        font = BOLD if bold else PLAIN
        for line in broken(shown(text), size, RIGHT - LEFT, font):
            self.room(size + 4)
            _put(self.canvas, line, LEFT, self.y - size, size, font)
            self.y -= size + 4
        self.y -= after

    def box(
        self,
        name: str,
        label: str,
        value: str,
        *,
        least: float = ONE_LINE,
        most: int = 200,
        options: tuple[str, ...] = (),
        note: str = "",
        heading: str = "",
    ) -> None:
        """A box under its label (and what is noted to it), on one page; with the heading it is the first of."""
        lines = broken(shown(value), SIZE, RIGHT - LEFT - 2 * EDGE)
        height = min(max(least, len(lines) * LEADING + 2 * EDGE), TALLEST)
        fit = max(1, int((height - 2 * EDGE) / LEADING))
        if len(lines) > fit:
            self.annex.append((label, value))
            lines = [*lines[: fit - 1], f"Het hele antwoord staat in de bijlage, punt {len(self.annex)}."]
        self.room(height + (64 if heading else 40))
        if heading:
            self.text(heading, 13, bold=True)
        self.text(label + note, SIZE, after=2)
        self.room(height)
        self.boxes.append(
            _Box(
                name=name,
                label=label,
                page=self.page,
                y=self.y - height,
                height=height,
                value=value,
                lines=tuple(lines),
                multiline=least == LOW,
                most=most,
                options=options,
            )
        )
        self.y -= height + 12

    def annexes(self) -> None:
        """The texts that are too long for their boxes, whole."""
        if self.annex:
            self.turn()
            self.text("Bijlage: antwoorden die langer zijn dan hun vak", 13, bold=True, after=8)
        for number, (label, text) in enumerate(self.annex, 1):
            self.room(80)
            self.text(f"{number}. {label}", 10, bold=True)
            self.text(text, SIZE, after=12)

    def done(self) -> io.BytesIO:
        self.canvas.save()
        return self.out


def _put(canvas: Canvas, line: str, x: float, y: float, size: float, font: str) -> None:
    glyphs.font(font)
    canvas.setFont(font, size)
    canvas.setFillColor(INK)
    canvas.drawString(x, y, line)


def blank(subject: FormFor, schema: Mapping[str, Any]) -> bytes:
    """The empty form: the same bytes for the same subject."""
    return _made(subject, {}, schema)


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
    return _made(subject, values, schema)


def _made(subject: FormFor, values: Mapping[str, str], schema: Mapping[str, Any]) -> bytes:
    drawn = _drawn(subject, values, schema)
    writer = pypdf.PdfWriter(clone_from=drawn.done())
    looks = _looks(drawn.boxes)
    fields = ArrayObject()
    for box, look in zip(drawn.boxes, looks, strict=True):
        widget = _widget(box)
        widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): _form_object(writer, look)})
        fields.append(_on_page(writer, box.page, widget))
    for key, value in subject.stamp().items():
        fields.append(_on_page(writer, 0, _stamp(schema["x-stamp"][key], value)))
    writer.root_object[NameObject("/AcroForm")] = writer._add_object(_acro_form(fields))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(subject: FormFor, values: Mapping[str, str], schema: Mapping[str, Any]) -> _Drawing:
    title = f"Aanmeldingsformulier {subject.definition.name.nl}"
    page = _Drawing(title)
    page.text(title, 17, bold=True, after=2)
    page.text(
        f"{subject.call_title}, ronde {subject.round}. Werk- en zorgregio: {subject.region_name}.", 10, after=14
    )
    page.text("Het samenwerkingsverband", 13, bold=True)
    for seat in subject.definition.seats:
        label, name = f"{seat.label.nl}: naam en ondernemingsnummer", f"_partner.{seat.key}"
        page.box(name, label, values.get(name, ""), most=300)
    for section in subject.definition.sections:
        for field in section.fields:
            name = field_name(f"{section.key}.{field.key}", schema)
            tall = field.kind == "longtext"
            page.box(
                name,
                field.label.nl,
                values.get(name, ""),
                least=LOW if tall else ONE_LINE,
                most=field.max_length or 60,
                options=tuple(field.by_label or ()),
                note="" if field.required else " (mag leeg blijven)",
                heading=section.label.nl if field is section.fields[0] else "",
            )
    page.annexes()
    return page


def _looks(boxes: list[_Box]) -> Iterator[pypdf.PageObject]:
    """What each box shows, drawn on a page of its size."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for box in boxes:
        canvas.setPageSize((RIGHT - LEFT, box.height))
        canvas.setFillColor(SOFT)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.7)
        canvas.rect(0.35, 0.35, RIGHT - LEFT - 0.7, box.height - 0.7, fill=1)
        for number, line in enumerate(box.lines):
            _put(canvas, line, EDGE, box.height - EDGE - SIZE - number * LEADING, SIZE, PLAIN)
        canvas.showPage()
    canvas.save()
    return iter(pypdf.PdfReader(out).pages)


def _form_object(writer: pypdf.PdfWriter, look: pypdf.PageObject) -> Any:
    """A page as a form XObject of the document that is written."""
    content = look.get_contents()
    drawn = StreamObject()
    drawn.set_data(content.get_data() if content is not None else b"")
    drawn[NameObject("/Type")] = NameObject("/XObject")
    drawn[NameObject("/Subtype")] = NameObject("/Form")
    drawn[NameObject("/BBox")] = look["/MediaBox"].clone(writer)
    drawn[NameObject("/Resources")] = look["/Resources"].clone(writer)
    return writer._add_object(drawn.flate_encode())


def _widget(box: _Box) -> DictionaryObject:
    flags = MULTILINE if box.multiline else COMBO if box.options else 0
    widget = _field(box.name, "/Ch" if box.options else "/Tx", box.value, flags, PRINTED)
    rect = (LEFT, box.y, RIGHT, box.y + box.height)
    widget[NameObject("/Rect")] = ArrayObject([FloatObject(round(side, 2)) for side in rect])
    widget[NameObject("/TU")] = TextStringObject(box.label)
    if box.options:
        choices = [" ", *box.options]
        widget[NameObject("/Opt")] = ArrayObject([TextStringObject(choice) for choice in choices])
    else:
        widget[NameObject("/MaxLen")] = NumberObject(box.most)
    return widget


def _stamp(name: str, value: str) -> DictionaryObject:
    widget = _field(name, "/Tx", value, READ_ONLY, HIDDEN)
    widget[NameObject("/Rect")] = ArrayObject([NumberObject(0)] * 4)
    return widget


def _field(name: str, kind: str, value: str, flags: int, shown_as: int) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject(kind),
            NameObject("/T"): TextStringObject(name),
            NameObject("/V"): TextStringObject(value),
            NameObject("/DA"): TextStringObject(f"/Helv {SIZE:g} Tf 0 g"),
            NameObject("/F"): NumberObject(shown_as),
            NameObject("/Ff"): NumberObject(flags),
        }
    )


def _on_page(writer: pypdf.PdfWriter, number: int, widget: DictionaryObject) -> Any:
    page = writer.pages[number]
    widget[NameObject("/P")] = page.indirect_reference
    kept = writer._add_object(widget)
    page.setdefault(NameObject("/Annots"), ArrayObject()).append(kept)
    return kept


def _acro_form(fields: ArrayObject) -> DictionaryObject:
    """The fields, with the font in which a viewer shows what somebody types. What stands in them is drawn."""
    helvetica = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({NameObject("/Helv"): helvetica})
    return DictionaryObject(
        {
            NameObject("/Fields"): fields,
            NameObject("/DA"): TextStringObject(f"/Helv {SIZE:g} Tf 0 g"),
            NameObject("/DR"): DictionaryObject({NameObject("/Font"): fonts}),
            NameObject("/NeedAppearances"): BooleanObject(False),
        }
    )


def _written(field: Field, value: Any) -> str:
    if field.by_label:
        return next((label for label, key in field.by_label.items() if key == value), "")
    return str(value)
