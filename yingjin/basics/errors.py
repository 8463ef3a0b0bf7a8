"""
Everything we raise on purpose.

* YingjinError          shown to people without a traceback
  * NotFound            the thing asked for is not here
  * Conflict            the thing is not in a state that allows this
  * BadInput            what was sent cannot be read or cannot be true
  * NotAllowed          this person may not do this

A refusal under the rules is not an error: it is an outcome, and it carries its reasons.
"""


class YingjinError(Exception):
    """A refusal with a lasting code and its reason in Chinese and in English.

    `data` holds the values the reason speaks of (row, column, file …), never a name or an identity number.
    """

    code = "error"

    def __init__(self, reason_zh: str, reason_en: str, **data: object) -> None:
        super().__init__(f"{reason_zh} {reason_en}")
        self.reason_zh = reason_zh
        self.reason_en = reason_en
        self.data = data


class NotFound(YingjinError):
    code = "not_found"


class Conflict(YingjinError):
    code = "conflict"


class BadInput(YingjinError):
    code = "bad_input"


class NotAllowed(YingjinError):
    code = "not_allowed"
