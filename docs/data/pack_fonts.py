"""
Pack the faces papers are printed in, out of Debian's fonts-noto-cjk, into yingjin/basics/fonts.

Run by hand when the source changes; the product never runs it. The same source gives the same bytes.

    python docs/data/pack_fonts.py SOURCE      # the folder of NotoSansCJK-Regular.ttc and its kin

The plain face keeps every character of the source: a name may hold any of them. The bold and the Song face are for
headings and figures and keep GB 2312; what they lack is set in the plain one. Vertical writing, alternates and
hinting go: print needs none of them. The licence (OFL) asks that a changed font bears another name.
"""

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

TARGET = Path(__file__).parents[2] / "yingjin" / "basics" / "fonts"
FACES = (
    ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "Yingjin Hei", "YingjinHei.otf", None),
    ("NotoSansCJK-Bold.ttc", "Noto Sans CJK SC Bold", "Yingjin Cuhei", "YingjinCuhei.otf", "gb2312"),
    ("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC Bold", "Yingjin Song", "YingjinSong.otf", "gb2312"),
)
NEVER_PRINTED = ["vhea", "vmtx", "VORG", "BASE", "DSIG", "GSUB", "GPOS", "GDEF"]
FAMILY, STYLE, UNIQUE, FULL, POSTSCRIPT, TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_STYLE = 1, 2, 3, 4, 6, 16, 17
RARE = "㐂𠮷䶮"


def main(source: Path) -> None:
    """Write the faces, the list of characters of the plain one, and the digests."""
    digests = []
    for file, full_name, family, target, encoding in FACES:
        face = face_of(source / file, full_name)
        characters = set(face.getBestCmap())
        cut(
            face, characters if encoding is None else {each for each in characters if told_by(encoding, each)}
        )
        name(face, family, full_name)
        face.save(TARGET / target)
        digests.append(f"{hashlib.sha256((TARGET / target).read_bytes()).hexdigest()}  {target}\n")
        if encoding is None:
            assert {ord(each) for each in RARE} <= characters
            (TARGET / "characters.txt").write_text(ranges(characters), encoding="ascii")
        print(target, len(face.getBestCmap()), (TARGET / target).stat().st_size)
    (TARGET / "SHA256SUMS").write_text("".join(digests), encoding="ascii")


def face_of(file: Path, full_name: str) -> TTFont:
    """Return one face of a collection by its full name."""
    faces = TTCollection(file, lazy=True).fonts
    found = next(each for each in faces if each["name"].getDebugName(FULL) == full_name)
    found.recalcTimestamp = False
    return found


def told_by(encoding: str, character: int) -> bool:
    """Say whether an encoding has a character."""
    try:
        chr(character).encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def cut(face: TTFont, characters: set[int]) -> None:
    """Leave the outlines of these characters and nothing that only a screen or vertical text needs."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += NEVER_PRINTED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(face)


def name(face: TTFont, family: str, source: str) -> None:
    """Name the face as ours; copyright and licence stay as they were."""
    table = face["name"]
    table.names = [each for each in table.names if each.platformID == 3 and each.langID == 0x409]
    plain = family.replace(" ", "")
    given = {
        FAMILY: family,
        STYLE: "Regular",
        FULL: family,
        POSTSCRIPT: plain,
        UNIQUE: f"{plain} of {source}",
    }
    for number, text in given.items():
        table.setName(text, number, 3, 1, 0x409)
    table.names = [each for each in table.names if each.nameID not in (TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_STYLE)]
    face["OS/2"].usWeightClass = 400  # each is a family of its own, chosen by name
    face["OS/2"].fsSelection = face["OS/2"].fsSelection & ~0x20 | 0x40
    face["head"].macStyle = 0
    top = face["CFF "].cff
    top.fontNames = [plain]
    top[0].FullName, top[0].FamilyName, top[0].Weight = family, family, "Regular"


def ranges(characters: set[int]) -> str:
    """Return the characters as lines of first and last, hexadecimal."""
    lines, ordered = [], sorted(characters)
    first = last = ordered[0]
    for each in [*ordered[1:], -1]:
        if each != last + 1:
            lines.append(f"{first:X} {last:X}\n")
            first = each
        last = each
    return "".join(lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
