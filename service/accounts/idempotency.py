"""The same key and body give the same answer; kept with the effect, in one transaction."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from starlette.responses import Response

from service.accounts.models import IdempotencyRecord
from service.database import new_id, read_columns
from service.errors import N_, ConflictError, FieldError, InvalidInputError

KEPT_HEADERS = ("location", "content-type", "set-cookie")
KEY_LIMIT = 100


class KeyInUseError(ConflictError):
    """A request with the same idempotency key is being handled."""

    code = "idempotency-key-in-use"


EARLIER = select(
    col(IdempotencyRecord.body_sha256), col(IdempotencyRecord.status), col(IdempotencyRecord.headers), col(IdempotencyRecord.body)
).where(col(IdempotencyRecord.scope) == bindparam("scope"), col(IdempotencyRecord.key) == bindparam("key"))


def find_answer(session: Session, *, scope: str, key: str, body_sha256: str) -> Response | None:
    """Return the answer once given to this key, or None; refuse a key that came with another body."""
    if len(key) > KEY_LIMIT:
        raise _refused(N_("The idempotency key “%(key)s…” is longer than %(limit)s characters; use a shorter one."), key=key[:20])
    found = read_columns(session, EARLIER, {"scope": scope, "key": key}).first()
    if found is None:
        return None
    if found.body_sha256 != body_sha256:
        raise _refused(
            N_("The idempotency key “%(key)s” was used for another content; use a new key for new content."),
            key=key[:20],
        )
    response = Response(found.body, status_code=found.status)
    for name, value in found.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def store_answer(session: Session, *, scope: str, key: str, body_sha256: str, response: Response, at: datetime) -> None:
    """Keep an answer under its key, in the transaction of its effect."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    record = {
        "id": new_id(),
        "scope": scope,
        "key": key,
        "body_sha256": body_sha256,
        "status": response.status_code,
        "headers": headers,
        "body": bytes(response.body),
        "created_at": at,
    }
    session.flush()
    try:
        session.connection().execute(
            insert(IdempotencyRecord), record
        )  # two requests with one key at the same time: the second loses here, with all its effects
    except IntegrityError as error:
        raise KeyInUseError(N_("A request with this idempotency key is being handled; ask again in a moment.")) from error


def _refused(template: str, *, key: str) -> InvalidInputError:
    return InvalidInputError({"Idempotency-Key": FieldError(template, key=key, limit=KEY_LIMIT)})
