"""PDF files as people and attackers send them."""

from __future__ import annotations

import io

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
