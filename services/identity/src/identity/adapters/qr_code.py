"""QR codes as drawings."""

from io import BytesIO


def qr_code(text: str) -> bytes:
    """The code of a text as SVG: black on white in light and dark pages, for no camera reads it the other way round."""
    import segno  # noqa: PLC0415 - only who links an app pays for it

    drawing = BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", scale=6, light="#fff", xmldecl=False)
    return drawing.getvalue()
