"""Where the next page of a partner's list begins: an opaque, signed place that stays right while footprints are added."""

import base64
import binascii
import hmac
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Final

from service.errors import N_
from service.exchange.errors import BadExchangeError
from service.keys import derive
from service.product_footprints.queries import Position

LONGEST: Final = 400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def write_cursor(secret: bytes, place: Position, *, partner_id: uuid.UUID, filters: str) -> str:
    """Return the cursor of the page after a footprint; it is good for this partner and these filters, as often as wanted."""
    content = json.dumps([(place.declared_at - _EPOCH) // _MICROSECOND, place.id.hex], separators=(",", ":"))
    encoded = base64.urlsafe_b64encode(content.encode()).rstrip(b"=").decode()
    return f"{encoded}.{_seal(secret, encoded, partner_id=partner_id, filters=filters)}"


def read_cursor(secret: bytes, cursor: str, *, partner_id: uuid.UUID, filters: str) -> Position:
    """Return the place that a cursor names.

    Raises
    ------
    BadExchangeError
        It was changed, or belongs to another partner or to other filters; which one is not told.

    """
    encoded, _, seal = cursor[:LONGEST].partition(".")
    expected = _seal(secret, encoded, partner_id=partner_id, filters=filters)
    if not hmac.compare_digest(seal.encode(), expected.encode()):
        raise _refused()
    try:
        microseconds, hexadecimal = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError) as error:
        raise _refused() from error
    return Position(declared_at=_EPOCH + microseconds * _MICROSECOND, id=uuid.UUID(hexadecimal))


def _seal(secret: bytes, encoded: str, *, partner_id: uuid.UUID, filters: str) -> str:
    message = f"{encoded}\0{partner_id.hex}\0{filters}"
    return derive(secret, "exchange-cursor", message.encode())[:32]


def _refused() -> BadExchangeError:
    return BadExchangeError(N_("This page link was changed, or used with other filters. Begin again without “cursor”."))
