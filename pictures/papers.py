"""Pictures of the papers: the first page of each PDF as the product sends it, in both languages."""

import tempfile
from pathlib import Path
from typing import Any

import typst
from playwright.sync_api import Browser

from pictures.pages import FOLDER, LANGUAGES, OFFICER, Shot
from pictures.taking import packed, window

PAPERS = (
    Shot("paper-slip", "slip_pdf", OFFICER, "/bills/{bill}/slip.pdf", widths=(0,)),
    Shot("paper-household", "household_pdf", OFFICER, "/households/{household}/sheet.pdf", widths=(0,)),
    Shot("paper-summary", "summary_pdf", OFFICER, "/summary.pdf", widths=(0,)),
    Shot("paper-letter", "letter_pdf", OFFICER, "/letters/{letter}/letter.pdf", widths=(0,)),
)
PAPERS_FOLDER = FOLDER.parent / "papers"
DOTS_PER_INCH = 100
SHEET = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("paper.pdf")'


def names() -> list[str]:
    """Return the names of all their pictures."""
    return [f"{paper.name}-{language}.png" for paper in PAPERS for language in LANGUAGES]


def take_papers(browser: Browser, place: Any, folder: Path) -> None:
    """Ask for each paper as its reader does and draw its first page."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in PAPERS:
        for language in LANGUAGES:
            page = window(browser, paper, place, language, width=1440)
            answer = page.request.get(paper.path.format(**place.found))
            assert answer.ok, (paper.path, answer.status)
            (folder / f"{paper.name}-{language}.png").write_bytes(packed(drawn(answer.body())))
            page.context.close()


def drawn(pdf: bytes) -> bytes:
    """Return the first page of a PDF as a picture."""
    with tempfile.TemporaryDirectory(prefix="yingjin-paper-") as folder:
        (Path(folder) / "paper.pdf").write_bytes(pdf)
        sheet = Path(folder) / "sheet.typ"
        sheet.write_bytes(SHEET)
        return typst.compile(str(sheet), root=folder, format="png", ppi=DOTS_PER_INCH)
