"""What this part refuses."""

from collections.abc import Collection

from yingjin.basics.errors import BadInput, NotFound
from yingjin.policy.domain.refusals import (
    AfterRulebook,
    BeforeRulebook,
    RulebookRefused,
    UnknownLevel,
    UnknownReading,
)

__all__ = [
    "AfterRulebook",
    "BeforeRulebook",
    "NoRulebook",
    "RulebookRefused",
    "UnknownLevel",
    "UnknownReading",
    "UnreadableRulebook",
]


class NoRulebook(NotFound):
    """A name that no rulebook bears."""

    code = "no_rulebook"

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(
            f"没有叫“{name}”的规则书。可以写：{'、'.join(known)}，或者写出文件的路径。",
            f"No rulebook is called “{name}”. Choose from: {', '.join(known)}, or give a file's path.",
            name=name,
        )


class UnreadableRulebook(BadInput):
    """A rulebook file that cannot be opened or is no plain YAML."""

    code = "unreadable_rulebook"

    def __init__(self, file: str, reason_zh: str, reason_en: str) -> None:
        super().__init__(f"{file}：{reason_zh}", f"{file}: {reason_en}", file=file)
