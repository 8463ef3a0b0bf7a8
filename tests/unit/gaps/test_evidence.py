"""What a file is, by its bytes and not by its name."""

import pytest

from yingjin.gaps.domain.evidence import kind_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4\n...\n%%EOF", "pdf"),
        (b"%PDF-1.4\n...\n%%EOF\n" + b" " * 500, "pdf"),
        (b"%PDF-1.4\n... cut short", ""),
        (b"%PDF-1.4\n%%EOF" + b" " * 5000, ""),
        (b"MZ%PDF-1.4\n%%EOF", ""),
        (b"\xff\xd8\xff\xe0 picture \xff\xd9", "jpg"),
        (b"\xff\xd8\xff\xe0 picture \xff\xd9\x00\x00", "jpg"),
        (b"\xff\xd8\xff\xe0 cut short", ""),
        (PNG, "png"),
        (PNG[:-1], ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_beginning_and_its_end_say(content, kind):
    assert kind_of(content) == kind
