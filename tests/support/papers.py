"""What the papers under test read like."""

from io import BytesIO

from pypdf import PdfReader

A5 = (420, 595)
LETTER = {
    "number": "2026-0007", "title": "关于请办理参保的函", "from": "赫章县卫生健康局", "to": "赫章县医疗保障局",
    "on": "2026-11-12", "made_on": "2026-11-12", "as_of": "2026-11-11", "reply_by": "2026-11-30", "region": "赫章县",
    "reason": "下列人员没有参保记录。", "contact": "王 0857-000 0000", "large": False,
    "rows": [
        {
            "number": 1, "due": "保", "name": "禄小英", "masked": "522428 ········ 204X", "place": "妈姑镇海子村",
            "what": "2026 年没有参保", "since": "2026-01-01", "due_by": "2026-03-31", "late": 226,
        }
    ],
}  # fmt: skip


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Return all text of a paper without the breaks that the lines of print make."""
    return "".join("".join(page.extract_text().split()) for page in read(pdf).pages)


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    return [(round(page.mediabox.width), round(page.mediabox.height)) for page in read(pdf).pages]


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return every face a paper names, and whether it is inside."""
    found = {}
    for page in read(pdf).pages:
        for face in page["/Resources"]["/Font"].values():
            inner = face["/DescendantFonts"][0]["/FontDescriptor"]
            name = str(inner["/FontName"]).split("+")[-1].split("-")[0]
            found[name] = any(key in inner for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found
