"""Access tokens for partners: JWT (RFC 9068) signed with Ed25519 keys of this deployment, and the keys' public halves."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from service.exchange.models import Partner
from service.keys import derive
from service.settings import Settings

ALGORITHM: Final = "Ed25519"
"""RFC 9864: the one curve, so that no header can choose another."""
KIND: Final = "at+jwt"
LIFETIME: Final = timedelta(seconds=3600)
KEYS_KEPT: Final = 2
"""The key that signs, and the one before it, whose tokens have not all ended."""
FOLDER: Final = Path("keys") / "exchange"
"""Inside the data folder."""
LONGEST: Final = 4096


class InvalidTokenError(Exception):
    """A token that this service never issued, or not for this purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token of ours says.

    Attributes
    ----------
    credentials
        Ties the token to the partner's present secret: see `credentials_mark`.

    """

    client_id: str
    credentials: str
    ends_at: datetime


def issue_token(settings: Settings, partner: Partner, *, secret: bytes, at: datetime) -> str:
    """Return a token for a partner, good for `LIFETIME`."""
    issued = int(at.timestamp())
    claims = {
        "iss": settings.base_url,
        "aud": settings.base_url,
        "sub": partner.client_id,
        "client_id": partner.client_id,
        "iat": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "jti": secrets.token_hex(16),
        "cred": credentials_mark(secret, partner),
    }
    key = _ring(settings).keys[-1]
    return jwt.encode({"alg": ALGORITHM, "typ": KIND, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def read_token(settings: Settings, token: str) -> Claims:
    """Return what a token of ours says, ended or not; whether its partner may still use it is for the caller to look up.

    Raises
    ------
    InvalidTokenError
        It is none of ours.

    """
    if len(token) > LONGEST:
        raise InvalidTokenError
    try:
        read = jwt.decode(token, _ring(settings), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise InvalidTokenError from error
    claims = read.claims
    if read.header.get("typ") != KIND or claims.get("iss") != settings.base_url or claims.get("aud") != settings.base_url:
        raise InvalidTokenError
    ends = datetime.fromtimestamp(claims["exp"], tz=UTC)
    return Claims(client_id=claims["client_id"], credentials=claims["cred"], ends_at=ends)


def credentials_mark(secret: bytes, partner: Partner) -> str:
    """Return what changes with a partner's secret, and tells nothing of it: a token with another mark has ended."""
    return derive(secret, "exchange-credentials", partner.secret_hash.encode())[:32]


def public_keys(settings: Settings) -> Mapping[str, Any]:
    """Return the public keys as a JSON Web Key Set (RFC 7517)."""
    keys = [key.as_dict(private=False) | {"alg": ALGORITHM, "use": "sig"} for key in _ring(settings).keys]
    return {"keys": keys}


def rotate_keys(data_dir: Path) -> str:
    """Sign with a new key from now on; the one before it stays good for the tokens it has signed. Return the new key's id."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    present = sorted(folder.glob("*.pem"))
    number = int(present[-1].stem.partition("-")[0]) + 1 if present else 1
    fresh = OKPKey.generate_key(ALGORITHM)
    kid = str(fresh.thumbprint())
    draft = folder / f".{secrets.token_hex(8)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(fresh.as_pem(private=True))
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(folder / f"{number:06}-{kid[:12]}.pem")  # nobody ever reads half of it
    for old in present[: max(len(present) + 1 - KEYS_KEPT, 0)]:
        old.unlink()
    return kid


def _ring(settings: Settings) -> KeySet:
    """Return the keys, oldest first; the first look makes one."""
    folder = settings.data_dir / FOLDER
    if not any(folder.glob("*.pem")):
        rotate_keys(settings.data_dir)
    return _read_ring(folder, folder.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read_ring(folder: Path, changed: int) -> KeySet:
    """Read the keys once per state of the folder; a rotation in another process changes the folder's time."""
    del changed
    found = [_read_key(path) for path in sorted(folder.glob("*.pem"))]
    return KeySet([key for key in found if key is not None])


def _read_key(path: Path) -> OKPKey | None:
    try:
        key = OKPKey.import_key(path.read_bytes())
    except FileNotFoundError:  # ended by a rotation a moment ago
        return None
    return OKPKey.import_key(key.as_dict(private=True) | {"kid": str(key.thumbprint()), "alg": ALGORITHM})
