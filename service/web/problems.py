"""Errors as answers: RFC 9457 problem documents for programs, pages for people."""

from collections.abc import Callable
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from service.errors import N_, InvalidInputError, NotFoundError, RefusedError, ServiceError, TooLargeError, TooManyRequestsError
from service.i18n import Locale, explain, translate

log = structlog.get_logger()

PROBLEM_TYPE = "urn:anodeprint:problem:"
ErrorPage = Callable[[Request, ServiceError], Response]


class UnexpectedError(ServiceError):
    """Something we did not foresee; the log has the rest under the request id."""

    code = "unexpected"
    status = 500

    def __init__(self) -> None:
        super().__init__(
            N_("Something went wrong on our side; nothing was stored. Tell us the request id below if it happens again.")
        )


class MethodNotAllowedError(ServiceError):
    """The address exists, but not for this method."""

    code = "method-not-allowed"
    status = 405

    def __init__(self) -> None:
        super().__init__(N_("This address does not take that kind of request."))


class UnreadableRequestError(ServiceError):
    """The request can't be parsed."""

    code = "unreadable-request"
    status = 400

    def __init__(self) -> None:
        super().__init__(N_("The request can't be read: its body or headers are malformed."))


def problem_document(error: ServiceError, *, locale: Locale, request_id: str | None = None) -> JSONResponse:
    """Turn an error into a problem document of RFC 9457."""
    content: dict[str, Any] = {
        "type": PROBLEM_TYPE + error.code,
        "title": error.code.replace("-", " "),
        "status": error.status,
        "detail": explain(locale, error),
    }
    if request_id is not None:
        content["request_id"] = request_id
    if isinstance(error, InvalidInputError):
        content["errors"] = [
            {"field": field, "code": inner.code, "detail": explain(locale, inner)} for field, inner in error.fields.items()
        ]
    if isinstance(error, RefusedError):
        content["errors"] = [{"code": inner.code, "detail": explain(locale, inner)} for inner in error.points]
    response = JSONResponse(content, status_code=error.status, media_type="application/problem+json", headers=retry_header(error))
    response.headers["Content-Language"] = locale
    return response


def retry_header(error: ServiceError) -> dict[str, str] | None:
    """Return the `Retry-After` header that goes with an error, if any."""
    if isinstance(error, TooManyRequestsError):
        return {"Retry-After": str(error.retry_after_s)}
    return {"Retry-After": "5"} if error.status == 503 else None  # noqa: PLR2004 - the status itself


def from_framework(error: Exception) -> ServiceError:
    """Turn an error of FastAPI or Starlette into ours."""
    if isinstance(error, RequestValidationError):
        # An address that can't be one of ours names nothing.
        in_path = any(item["loc"][0] == "path" for item in error.errors())
        return NotFoundError() if in_path else invalid_request(error)
    if isinstance(error, HTTPException):
        if error.status_code == TooLargeError.status:
            return TooLargeError(limit_mib=float(error.detail))
        return {404: NotFoundError(), 405: MethodNotAllowedError()}.get(error.status_code, UnreadableRequestError())
    return UnexpectedError()


def invalid_request(error: RequestValidationError) -> InvalidInputError:
    """Name each field of a body or query that failed, with the validator's words."""
    fields: dict[str, ServiceError] = {}
    for item in error.errors():
        name = ".".join(str(part) for part in item["loc"] if part not in {"body", "query"})
        fields[name] = RequestFieldError(rule=str(item["msg"]), value=_shown(item.get("input")))
    return InvalidInputError(fields)


class RequestFieldError(ServiceError):
    """A field of an API request that breaks its schema."""

    code = "invalid-value"
    status = 422

    def __init__(self, *, rule: str, value: str) -> None:
        super().__init__(N_("%(rule)s (got: %(value)s)"), rule=rule, value=value)


def _shown(value: object, limit: int = 60) -> str:
    text = "-" if isinstance(value, dict | list) or value is None else printable(str(value))
    return text if len(text) <= limit else text[:limit] + "…"


def printable(text: str) -> str:
    """Return text that any encoding carries: lone surrogates are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def prefers_html(request: Request) -> bool:
    """Tell whether a person's browser asks, rather than a program."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def title_of(locale: Locale, error: ServiceError) -> str:
    """Return the heading of an error page."""
    titles = {
        403: N_("Not allowed"),
        404: N_("Not found"),
        409: N_("Not possible in the present state"),
        413: N_("Too large"),
        422: N_("Some values need attention"),
        429: N_("Too many tries"),
        503: N_("Not available just now"),
    }
    return translate(locale, titles.get(error.status, N_("Something went wrong")))
