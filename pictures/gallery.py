"""The page of docs that lists every picture: written by `make pictures`, so that none is forgotten."""

from pictures.pages import FOLDER, SHOTS
from pictures.papers import PAPERS

PAGE = FOLDER.parent / "README.md"
HEAD = """# 页面的样子 · What the pages look like

`make pictures` 造一个两千人的演示县（种子固定），在里面办几天事，再照下每一页：中文、英文，1440、768、360 像素宽；
`empty-` 是还没有数据时，`-dark` 是夜里的颜色。太长的页只照上面几屏。人、医院和钱都是造的。
日期框和选文件的按钮说的是浏览器自己的语言，这里是英文。

`make pictures` makes a county of 2,000 people by a fixed seed, works in it for some days, and takes every page in Chinese
and English, 1440, 768 and 360 pixels wide; `empty-` is before there is any data, `-dark` by night. A long page is cut after
its first screens. People, hospitals and money are made up. Fields of days and files speak the browser's own language, here
English. `make pictures ONLY="gap bill"` takes those whose names begin so.

| page | address | 中文 | English |
|---|---|---|---|
"""


def gallery() -> str:
    """Return the page."""
    rows: dict[str, dict[str, str]] = {}
    shows: dict[str, str] = {}
    for shot in SHOTS:
        shows[shot.name] = shot.shows
        for language in shot.languages:
            links = [f"[{width}](pages/{shot.name}-{language}-{width}.png)" for width in shot.widths]
            rows.setdefault(shot.name, {})[language] = " ".join(links)
    lines = [
        f"| {name} | `{shows[name]}` | {each.get('zh', '')} | {each.get('en', '')} |"
        for name, each in rows.items()
    ]
    for paper in PAPERS:
        links = [f"[PDF](papers/{paper.name}-{language}.png)" for language in ("zh", "en")]
        lines.append(f"| {paper.name} | `{paper.shows}` | {links[0]} | {links[1]} |")
    return HEAD + "\n".join(lines) + "\n"
