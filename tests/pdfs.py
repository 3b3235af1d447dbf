"""PDF files as people and attackers send them."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pypdf
from reportlab.pdfgen.canvas import Canvas


def plain(pages: int = 1) -> bytes:
    """A PDF without fields: a scan, as far as we can tell."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for number in range(pages):
        canvas.drawString(72, 720, f"bladzijde {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def changed(pdf: bytes, values: dict[str, str]) -> bytes:
    """The form with other values filled in, as somebody did outside the portal."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    return _bytes(writer)


def encrypted(password: str = "") -> bytes:
    """A PDF with restrictions (an empty user password opens it)."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain()))
    writer.encrypt(password, "eigenaar", algorithm="AES-256")
    return _bytes(writer)


def with_script() -> bytes:
    """A PDF that runs something when it is opened."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain()))
    action = pypdf.generic.DictionaryObject(
        {
            pypdf.generic.NameObject("/S"): pypdf.generic.NameObject("/JavaScript"),
            pypdf.generic.NameObject("/JS"): pypdf.generic.TextStringObject("app.alert('x')"),
        }
    )
    writer.root_object[pypdf.generic.NameObject("/OpenAction")] = action
    return _bytes(writer)


def with_attachment() -> bytes:
    """A PDF that carries a file."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(plain()))
    writer.add_attachment("kwaad.exe", b"MZ")
    return _bytes(writer)


def _bytes(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


Values = Mapping[str, str | bytes]
STAMP = {"_oproep": "2022-samenwerkingsverband-zorg", "_ronde": "1", "_regio": "midwest"}


def written(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects (bytes by number), the first its catalogue."""
    out, at = io.BytesIO(), {}
    out.write(b"%PDF-1.7\n")
    for number, body in sorted(objects.items()):
        at[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table, last = out.tell(), max(objects)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1))
    for number in range(1, last + 1):
        out.write(b"%010d %05d %s \n" % (at.get(number, 0), 0, b"n" if number in at else b"f"))
    out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, trailer, table))
    return out.getvalue()


def string(text: str) -> bytes:
    """A text string of PDF, as UTF-16."""
    return b"<FEFF" + text.encode("utf-16-be", "surrogatepass").hex().encode() + b">"


def form(
    values: Values,
    *,
    stamp: Values = STAMP,
    catalogue: bytes = b"",
    page: bytes = b"",
    field: bytes = b"",
    more: Mapping[int, bytes] | None = None,
) -> bytes:
    """A form with these fields (texts, or bytes of PDF syntax), and what else an object says (PDF syntax). A
    name may end in # to stand there more than once.
    """
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R" + catalogue + b">>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        **(more or {}),
    }
    boxes = []
    for number, (name, value) in enumerate({**stamp, **values}.items(), start=100):
        told = string(value) if isinstance(value, str) else value
        objects[number] = b"<</FT/Tx/T%s/V %s/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R%s>>" % (
            string(name.rstrip("#")), told, field,
        )  # fmt: skip
        boxes.append(b"%d 0 R" % number)
    listed = b" ".join(boxes)
    objects[3] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[%s]%s>>" % (listed, page)
    objects[4] = b"<</Fields[%s]>>" % listed
    return written(objects)


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(body), entries, body)
