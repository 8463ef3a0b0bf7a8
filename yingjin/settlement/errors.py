"""What is refused about held bills."""

from yingjin.basics.errors import BadInput, Conflict, NotAllowed


class NotHeld(Conflict):
    """A bill that is not held any more, or has a decision already."""

    code = "not_held"


class NoReason(BadInput):
    """A decision without a reason, or with one too long to be read."""

    code = "no_reason"


class DecisionGone(Conflict):
    """A decision that is no longer waiting for its second person."""

    code = "decision_gone"


class SamePerson(NotAllowed):
    """Somebody who would confirm what they proposed themselves."""

    code = "same_person"

    def __init__(self) -> None:
        super().__init__(
            "这是您自己提出的，要另一个人来确认。请叫同事登录他自己的工号。",
            "You proposed this yourself; another person must confirm it. Ask a colleague to sign in.",
        )
