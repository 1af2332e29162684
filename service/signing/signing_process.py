"""Sign PDF files in a limited process of its own.

The process that sets documents reads HTML with names that other people typed, and never holds a key; the one that signs sees only
files that we have set ourselves. Neither reaches the network: a time stamp is fetched by the service and put in afterwards.
"""

import atexit
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Final

from service.errors import N_, ServiceError
from service.sandbox import LimitedPool, Limits
from service.signing.authority import SigningIdentity
from service.signing.documents import check_signature, sign_pdf
from service.signing.timestamps import add_timestamp, timestamp_request

LIMITS: Final = Limits(seconds=30, memory_bytes=1024**3)
"""A signature with its check takes about 0.1 s and 90 MiB; the rest is room for a busy machine. Own choice."""
PRELOAD: Final = (__name__, "pyhanko.sign.signers", "pyhanko.sign.validation", "pyhanko.keys.pemder")
Stamp = Callable[[bytes], bytes]
"""Sends an RFC 3161 request to a time-stamp service and returns its answer, both in DER."""


class SignatureFailedError(ServiceError):
    """A file that we have just signed does not hold."""

    code = "signature-failed"

    def __init__(self, *, key_id: str) -> None:
        super().__init__(
            N_("The signature made with key %(key_id)s does not hold; check the files in the keys folder."), key_id=key_id
        )


def sign_document(
    pdf: bytes, identity: SigningIdentity, *, at: datetime, reason: str, signer_name: str, stamp: Stamp | None = None
) -> bytes:
    """Sign a file and check the signature.

    Parameters
    ----------
    at
        Signing time that the signature states.
    stamp
        Fetches the time stamp of a third party; None signs without one.

    Raises
    ------
    SignatureFailedError
        If what was signed does not hold.
    TaskFailedError
        If the answer of the time-stamp service is not one to our request.

    """
    pool = _pool()
    signed: bytes = pool.run(_sign, pdf, identity, at, reason, signer_name, stamp is not None)
    if stamp is not None:
        signed = pool.run(add_timestamp, signed, stamp(pool.run(timestamp_request, signed)))
    if not pool.run(_holds, signed, identity.root_pem, at):
        raise SignatureFailedError(key_id=identity.key_id)
    return signed


def _sign(  # noqa: PLR0917 - a child takes arguments by position only
    pdf: bytes,
    identity: SigningIdentity,
    at: datetime,
    reason: str,
    signer_name: str,
    room_for_stamp: bool,  # noqa: FBT001 - as above
) -> bytes:
    return sign_pdf(pdf, identity, at=at, reason=reason, signer_name=signer_name, room_for_stamp=room_for_stamp)


def _holds(pdf: bytes, root_pem: bytes, at: datetime) -> bool:
    return check_signature(pdf, roots=[root_pem], at=at).holds


@lru_cache
def _pool() -> LimitedPool:
    pool = LimitedPool(limits=LIMITS, workers=1, preload=PRELOAD)
    atexit.register(pool.close)
    return pool
