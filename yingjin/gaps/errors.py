"""What the desk refuses about gaps."""

from collections.abc import Sequence

from yingjin.basics.errors import BadInput, Conflict, NotFound


class GapNotFound(NotFound):
    """A gap that is not there, or that this person may not see: the same words for both."""

    code = "gap_not_found"

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"有 {missing} 处缺口没有找到，或不在您的辖区。请回到名单重新选。",
            f"{missing} of the gaps are not there or not in your region. Choose again from the list.",
            missing=missing,
        )


class GapChanged(Conflict):
    """Somebody else changed a gap after this person had opened it."""

    code = "gap_changed"

    def __init__(self, changes: Sequence[dict[str, object]]) -> None:
        by = list(dict.fromkeys(str(each["by"]) for each in changes))
        gaps = len({each["gap"] for each in changes})
        super().__init__(
            f"您打开之后，{'、'.join(by)} 改过其中 {gaps} 处。您填的都还在：看过现在的样子，再保存一次。",
            f"Since you opened this, {', '.join(by)} changed {gaps} of them. What you typed is still here: look at how it "
            "stands now, then save again.",
            changes=list(changes),
        )


class BadWork(BadInput):
    """Something filled in at the desk that cannot be so. `field` names it."""

    code = "bad_work"

    def __init__(self, field: str, reason_zh: str, reason_en: str) -> None:
        super().__init__(reason_zh, reason_en, field=field)


class CannotUndo(Conflict):
    """An act that can no longer be taken back."""

    code = "cannot_undo"


class ExceptedAlready(Conflict):
    """A gap that has an exception in force."""

    code = "excepted_already"
