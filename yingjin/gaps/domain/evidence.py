"""See what a file is by its bytes: only papers that every desk can open are evidence."""

PDF, JPG, PNG = "pdf", "jpg", "png"
MEDIA_TYPES = {PDF: "application/pdf", JPG: "image/jpeg", PNG: "image/png"}
SIZE_MOST = 10 * 1024 * 1024
PDF_TAIL = 2_048
PNG_HEAD, PNG_TAIL = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
JPG_HEAD, JPG_TAIL = b"\xff\xd8\xff", b"\xff\xd9"


def kind_of(content: bytes) -> str:
    """Return pdf, jpg or png by how a file begins and ends; empty for anything else, or one cut short.

    Errors: none. Source: ISO 32000-1 7.5.2 and 7.5.5; ISO 10918-1 annex B; ISO 15948 5.2 and 11.2.5.
    """
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-PDF_TAIL:]:
        return PDF
    if content.startswith(JPG_HEAD) and content.rstrip(b"\x00").endswith(JPG_TAIL):
        return JPG
    if content.startswith(PNG_HEAD) and content.endswith(PNG_TAIL):
        return PNG
    return ""
