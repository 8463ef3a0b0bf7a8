"""An answer as text, whatever it is: a page, JSON, CSV, a workbook, a PDF."""

import json
import zipfile
from html import unescape
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def text_of(answer: Any) -> str:
    """Return all an answer says, its headers that lead on included."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    leads = "\n".join(
        answer.headers.get(name, "") for name in ("Location", "Content-Disposition", "HX-Redirect")
    )
    return f"{leads}\n{_said(content, answer.headers.get('Content-Type', ''))}"


def _said(content: bytes, kind: str) -> str:
    if content.startswith(b"%PDF-"):
        try:
            return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        except Exception:
            return content.decode("utf-8", "replace")  # a paper somebody handed in, which need not be whole
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return unescape(
                "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
            )
    text = content.decode("utf-8", "replace")
    if "json" in kind:
        return json.dumps(json.loads(text), ensure_ascii=False) if text else ""
    return unescape(text) if "html" in kind else text
