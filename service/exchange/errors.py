"""Errors as partners' systems read them: PACT's own below /3, OAuth's at the token endpoint."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from starlette.responses import JSONResponse, Response

from service.errors import N_, ForbiddenError, NotFoundError, NotSignedInError, ServiceError
from service.i18n import explain
from service.web.problems import retry_header

TOKEN_PATH: Final = "/auth/token"  # noqa: S105 - a path
DISCOVERY_PATH: Final = "/.well-known/openid-configuration"
KEYS_PATH: Final = "/.well-known/jwks.json"
PACT_PREFIX: Final = "/3/"
CHALLENGES: Final[Mapping[str, str]] = {TOKEN_PATH: 'Basic realm="pact", charset="UTF-8"'}


class PactCode(StrEnum):
    """What an error of the PACT API may be called (PACT v3, schema `Error`)."""

    BAD_REQUEST = "BadRequest"
    ACCESS_DENIED = "AccessDenied"
    TOKEN_EXPIRED = "TokenExpired"  # noqa: S105 - a code
    NOT_FOUND = "NotFound"
    INTERNAL_ERROR = "InternalError"
    NOT_IMPLEMENTED = "NotImplemented"


class InsecureTransportError(ForbiddenError):
    """Footprints or credentials were asked for without TLS."""

    code = "https-only"

    def __init__(self) -> None:
        super().__init__(N_("This address answers over HTTPS only; change your secret if you sent it without TLS."))


class NoTokenError(NotSignedInError):
    """A partner's request without an access token of ours."""

    code = "token-invalid"

    def __init__(self) -> None:
        super().__init__(N_("Send an access token of this service: Authorization: Bearer <token>, got from /auth/token."))


class TokenEndedError(NotSignedInError):
    """A token whose time is over, whose secret was changed or whose partner was switched off."""

    code = "token-ended"

    def __init__(self) -> None:
        super().__init__(N_("The access token has ended; ask /auth/token for another one."))


class BadExchangeError(ServiceError):
    """A query, cursor or event that the PACT specification does not allow."""

    code = "bad-exchange-request"
    status = 400


class ForeignSourceError(ForbiddenError):
    """An event in the name of another partner."""

    code = "foreign-source"

    def __init__(self) -> None:
        super().__init__(N_("The event's source is not an address of the partner whose token was sent."))


class WrongMediaTypeError(ServiceError):
    """An event in another media type than that of CloudEvents in structured mode."""

    code = "wrong-media-type"
    status = 415

    def __init__(self) -> None:
        super().__init__(N_("Send the event as application/cloudevents+json, in UTF-8."))


class OAuthError(ServiceError):
    """A token request that is refused (RFC 6749, 5.2).

    Attributes
    ----------
    error
        The code of the standard.

    """

    code = "token-refused"
    status = 400
    error = "invalid_request"


class InvalidClientError(OAuthError):
    """Unknown client, wrong secret or switched off: which one is nobody's business."""

    code = "invalid-client"
    status = 401
    error = "invalid_client"

    def __init__(self) -> None:
        super().__init__(N_("Client ID and secret are not known together here."))


class UnsupportedGrantError(OAuthError):
    """Another grant than that of client credentials."""

    code = "unsupported-grant"
    error = "unsupported_grant_type"

    def __init__(self) -> None:
        super().__init__(N_("The only grant here is grant_type=client_credentials."))


_CODES: Final[Mapping[int, PactCode]] = {
    401: PactCode.BAD_REQUEST,
    403: PactCode.ACCESS_DENIED,
    404: PactCode.NOT_FOUND,
    501: PactCode.NOT_IMPLEMENTED,
}


def belongs_here(path: str) -> bool:
    """Tell whether an address is one that partners' systems use."""
    return path in {TOKEN_PATH, DISCOVERY_PATH, KEYS_PATH} or f"{path}/".startswith(PACT_PREFIX)


def answer_partner(path: str, error: ServiceError) -> Response:
    """Return an error in the form that belongs to the address."""
    return _oauth_answer(error) if path == TOKEN_PATH else _pact_answer(error)


def _pact_answer(error: ServiceError) -> Response:
    status = 400 if error.status == 422 else error.status  # noqa: PLR2004 - PACT has one status for what can't be read
    content = {"code": pact_code(error).value, "message": _words(error)}
    response = JSONResponse(content, status_code=status, headers=retry_header(error))
    if status == NotSignedInError.status:
        response.headers["WWW-Authenticate"] = 'Bearer realm="pact", error="invalid_token"'
    return response


def pact_code(error: ServiceError) -> PactCode:
    """Return PACT's code for an error; what has none of its own is a bad request, or an error of ours."""
    if isinstance(error, TokenEndedError):
        return PactCode.TOKEN_EXPIRED
    return _CODES.get(error.status, PactCode.BAD_REQUEST if error.status < 500 else PactCode.INTERNAL_ERROR)  # noqa: PLR2004


def _words(error: ServiceError) -> str:
    """Return a message for the partner's engineer: in English, and never with a value of anybody else's."""
    if isinstance(error, NotFoundError):
        return "There is no such footprint or address, or it is not shared with you."
    return explain("en", error)


def _oauth_answer(error: ServiceError) -> Response:
    code = error.error if isinstance(error, OAuthError) else "invalid_request" if error.status < 500 else "server_error"  # noqa: PLR2004
    response = JSONResponse({"error": code, "error_description": explain("en", error)}, status_code=error.status)
    response.headers.update({"Cache-Control": "no-store", "Pragma": "no-cache", **(retry_header(error) or {})})
    if error.status == InvalidClientError.status:
        response.headers["WWW-Authenticate"] = CHALLENGES[TOKEN_PATH]
    return response
