"""
What the API refuses, and by which HTTP status: the only place that knows (RFC 9457, application/problem+json).

* Problem          what every refusal looks like
* problem_of       a refusal of ours, in the language of the caller
* problem_of_input what pydantic found in a request: field, value masked, what to do
* answer           a problem as a response
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from pydantic import BaseModel, Field

from yingjin.api.input_words import field_of, masked_value, said
from yingjin.basics.errors import BadInput, Conflict, NotAllowed, NotFound, YingjinError
from yingjin.basics.language import chosen
from yingjin.gaps.errors import GapChanged
from yingjin.registry.actions.clients import WrongSecret

PROBLEM = "application/problem+json"
BUSY_SECONDS = 30


class NotSignedIn(NotAllowed):
    """No token, or one that is none any more."""

    code = "not_signed_in"

    def __init__(self) -> None:
        super().__init__(
            "没有带令牌，或令牌已经过期、停用。用客户端编号和密钥到 /api/v1/token 换一个，放在 Authorization: Bearer 里。",
            "There is no token, or it has ended. Get one at /api/v1/token with the client's id and secret, and send it "
            "as Authorization: Bearer.",
        )


class NotPermitted(NotAllowed):
    """A client without the permission that an operation needs."""

    code = "not_permitted"

    def __init__(self, needed: str) -> None:
        super().__init__(
            f"这个客户端没有“{needed}”这项许可。请管理员在“接口客户端”里另建一个有这项许可的。",
            f"This client has no permission “{needed}”. Ask the administrator for a client that has it.",
            needed=needed,
        )


class TooOften(NotAllowed):
    """More calls than a client or an address may make."""

    code = "too_often"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"请求太密。{seconds} 秒后再来；Retry-After 里写着要等多久。",
            f"Too many requests. Come back in {seconds} s, as Retry-After says.",
            retry_after=seconds,
        )


class KeyReused(BadInput):
    """An Idempotency-Key that stood for another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 在 24 小时内用在另一个请求上过。每个新请求换一个新的。",
            "This Idempotency-Key stood for another request within 24 hours. Use a new one for each new request.",
            field="Idempotency-Key",
        )


class BadCursor(BadInput):
    """A cursor that is none of ours, or of another list."""

    code = "bad_cursor"

    def __init__(self) -> None:
        super().__init__(
            "cursor 不是这份名单给出的。从第一页（不带 cursor）重新开始，条件保持不变。",
            "The cursor is none of this list. Begin again without a cursor, and keep the filters as they are.",
            field="cursor",
        )


class VersionNeeded(Conflict):
    """A change without If-Match: the caller must say what it had read."""

    code = "version_needed"

    def __init__(self) -> None:
        super().__init__(
            "要带 If-Match：先读这处缺口，把它的 ETag 原样带上，才不会盖掉别人刚改的。",
            "If-Match is needed: read the gap first and send its ETag back, so that nobody's change is written over.",
        )


class VersionPassed(Conflict):
    """What was read is not what is there now."""

    code = "version_passed"

    def __init__(self) -> None:
        super().__init__(
            "读过之后它已经变了。重新读一次，看过现在的样子再改。",
            "It has changed since it was read. Read it again, look at how it stands now, then change it.",
        )


class Unreachable(Conflict):
    """The database is busy writing."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(
            f"正在收登记册，数据库暂时写不进去，什么也没有改。{BUSY_SECONDS} 秒后用同一个 Idempotency-Key 再来。",
            f"Registers are being landed and the database takes no other change now; nothing was changed. Come back in "
            f"{BUSY_SECONDS} s with the same Idempotency-Key.",
            retry_after=BUSY_SECONDS,
        )


# The first that fits counts.
STATUSES: tuple[tuple[type[YingjinError], HTTPStatus], ...] = (
    (WrongSecret, HTTPStatus.UNAUTHORIZED),
    (NotSignedIn, HTTPStatus.UNAUTHORIZED),
    (TooOften, HTTPStatus.TOO_MANY_REQUESTS),
    (VersionNeeded, HTTPStatus.PRECONDITION_REQUIRED),
    (VersionPassed, HTTPStatus.PRECONDITION_FAILED),
    (GapChanged, HTTPStatus.PRECONDITION_FAILED),
    (Unreachable, HTTPStatus.SERVICE_UNAVAILABLE),
    (NotFound, HTTPStatus.NOT_FOUND),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (BadInput, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Conflict, HTTPStatus.CONFLICT),
)
# What was refused before or beside our own rules: status -> code, Chinese, English.
PLAIN: dict[int, tuple[str, str, str]] = {
    400: (
        "unreadable",
        "请求读不懂：正文要是完整的 JSON（或表单），编码用 UTF-8。",
        "The request cannot be read: its body must be whole JSON (or a form) in UTF-8.",
    ),
    404: (
        "no_such_address",
        "没有这个地址。各个地址写在 /api/v1/openapi.json。",
        "There is no such address. /api/v1/openapi.json lists them all.",
    ),
    405: (
        "no_such_method",
        "这个地址不接受这个方法；可用的写在 Allow 里。",
        "This address does not take this method; Allow says which it takes.",
    ),
    413: ("too_large", "请求太大。分成几次再传。", "The request is too large. Send it in parts."),
    500: (
        "our_mistake",
        "程序在这一步停住了，数据没有改动。过一会儿再试；还不行，请把时间和地址告诉管理员。",
        "The program stopped at this step; no data were changed. Try again later; if it stays so, tell the administrator "
        "the time and the address.",
    ),
}
TITLES = {
    400: ("请求读不懂", "Unreadable request"),
    401: ("没有登录", "Not signed in"),
    403: ("不归您办", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不对", "Method not allowed"),
    409: ("情况不允许", "Conflict"),
    412: ("已经变了", "Changed meanwhile"),
    413: ("太大", "Too large"),
    422: ("填得不对", "Wrong input"),
    428: ("缺版本", "Version needed"),
    429: ("请求太密", "Too many requests"),
    500: ("程序停住了", "Our mistake"),
    503: ("正忙", "Busy"),
}


class FieldProblem(BaseModel):
    """One field that is wrong: where it stands, the value with most of it masked, why, and what to do."""

    field: str
    value: str = ""
    code: str
    detail: str


class Problem(BaseModel):
    """A refusal (RFC 9457): `code` lasts, `detail` says what is wrong and what to do in the caller's language.

    `data` holds what a program may need beside the words, such as the key a person is kept under now.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)
    data: dict[str, Any] = Field(default_factory=dict)


def status_of(error: YingjinError) -> HTTPStatus:
    """Return the status of a refusal of ours."""
    return next(status for kind, status in STATUSES if isinstance(error, kind))


def problem_of(error: YingjinError) -> Problem:
    """Return a refusal of ours as a problem."""
    detail = chosen(error.reason_zh, error.reason_en)
    errors = []
    if field := error.data.get("field"):
        errors.append(FieldProblem(field=str(field), code=error.code, detail=detail))
    return _problem(status_of(error), error.code, detail, errors, error.data)


def problem_of_input(found: Sequence[dict[str, Any]]) -> Problem:
    """Return what pydantic found wrong with a request as one problem."""
    errors = [
        FieldProblem(
            field=field_of(each["loc"]),
            value=masked_value(each.get("input")),
            code=each["type"],
            detail=said(each),
        )
        for each in found
    ]
    detail = chosen(
        f"请求里有 {len(errors)} 处不对，逐处写在 errors 里。改好再发。",
        f"{len(errors)} of the request's fields are wrong; errors says which. Correct them and send it again.",
    )
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_request_fields", detail, errors, {})


def plain_problem(status: int) -> Problem:
    """Return a refusal that has no more to say than its status."""
    code, zh, en = PLAIN[status if status in PLAIN else 400 if status < 500 else 500]
    return _problem(status, code, chosen(zh, en), [], {})


def answer(problem: Problem) -> HttpResponse:
    """Answer with a problem."""
    response = HttpResponse(problem.model_dump_json(), status=problem.status, content_type=PROBLEM)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="yingjin"'
    if seconds := problem.data.get("retry_after"):
        response["Retry-After"] = str(seconds)
    return response


def _problem(
    status: int, code: str, detail: str, errors: list[FieldProblem], data: dict[str, Any]
) -> Problem:
    titled = TITLES.get(int(status), ("没有办成", "Refused"))
    return Problem(
        type=f"urn:yingjin:problem:{code}",
        title=chosen(*titled),
        status=int(status),
        code=code,
        detail=detail,
        errors=errors,
        data={name: value for name, value in data.items() if name != "field"},
    )
