"""What a token request says: RFC 6749, client credentials."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from starlette.requests import Request

from service.errors import N_
from service.exchange.errors import InvalidClientError, OAuthError, UnsupportedGrantError

FORM: Final = "application/x-www-form-urlencoded"
GRANT: Final = "client_credentials"
MOST_FIELDS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A client id and secret, as sent."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """What is asked for.

    Attributes
    ----------
    spellings
        The credentials as they stand, and as they read if the client encoded them first, as the standard has it (2.3.1).
    has_scope
        Whether scopes were asked for; the answer then names what the token opens.

    """

    spellings: tuple[Credentials, ...]
    has_scope: bool


def read_token_request(request: Request, body: bytes) -> TokenRequest:
    """Read a request for a token.

    Raises
    ------
    OAuthError
        With the code of RFC 6749, 5.2.

    """
    form = _form(request, body)
    authorization = request.headers.get("authorization")
    if authorization is not None and "client_secret" in form:
        raise OAuthError(N_("Send the client's secret once: in the Authorization header or in the form."))
    spellings = _from_basic(authorization) if authorization is not None else _from_form(form)
    grant = form.get("grant_type")
    if grant is None:
        raise OAuthError(N_("grant_type is missing; send grant_type=client_credentials."))
    if grant != GRANT:
        raise UnsupportedGrantError
    return TokenRequest(spellings=spellings, has_scope="scope" in form)


def _form(request: Request, body: bytes) -> Mapping[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError(N_("Send the request as application/x-www-form-urlencoded."))
    try:
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=False, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise OAuthError(N_("The form can't be read.")) from error
    if len({name for name, _ in fields}) != len(fields):
        raise OAuthError(N_("A parameter was sent twice."))
    return dict(fields)


def _from_basic(authorization: str) -> tuple[Credentials, ...]:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClientError
    try:
        client_id, colon, client_secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise InvalidClientError from error
    if not colon:
        raise InvalidClientError
    plain = Credentials(client_id=client_id, client_secret=client_secret)
    decoded = Credentials(client_id=unquote_plus(client_id), client_secret=unquote_plus(client_secret))
    return (plain,) if decoded == plain else (plain, decoded)


def _from_form(form: Mapping[str, str]) -> tuple[Credentials, ...]:
    if "client_id" not in form or "client_secret" not in form:
        raise InvalidClientError
    return (Credentials(client_id=form["client_id"], client_secret=form["client_secret"]),)
