"""Time stamps of a third party (RFC 3161) on signed PDF files: PAdES B-B becomes B-T.

The stamp goes into the unsigned attributes of the signature, into the room that the signature left for it; nothing that is signed
changes. pyHanko and asn1crypto are imported only when a file is stamped.
"""

import hashlib
import re
from typing import Any, Final

ROOM_BYTES: Final = 16_384
"""For signature, certificates and time stamp; a stamp with its chain takes 3 to 7 kB."""
GRANTED: Final = frozenset({"granted", "granted_with_mods"})
_CONTENTS: Final = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")


class TimestampRefusedError(Exception):
    """What a time-stamp service answered is no stamp of our signature."""


def timestamp_request(pdf: bytes) -> bytes:
    """Return the DER request for a time stamp over a file's signature value, with SHA-256."""
    from asn1crypto import algos, tsp  # noqa: PLC0415 - see above

    imprint = tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": _imprint(_signature(pdf))}
    )
    # The signature value is random and never seen before, so that it does what a nonce does.
    request: bytes = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True}).dump()
    return request


def add_timestamp(pdf: bytes, answer: bytes) -> bytes:
    """Return a signed file with the stamp of a time-stamp service's DER answer.

    Raises
    ------
    TimestampRefusedError
        If the service refused, stamped something else, or its stamp finds no room.

    """
    from asn1crypto import cms  # noqa: PLC0415 - see above

    info = _signature(pdf)
    token = _token(answer, info)
    attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
    info["content"]["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])
    return _with_signature(pdf, info.dump(force=True))


def _token(answer: bytes, info: Any) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    from asn1crypto import tsp  # noqa: PLC0415 - see above

    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        status = response["status"]["status"].native
        stamped = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed if status in GRANTED else None
        imprint = None if stamped is None else stamped["message_imprint"]["hashed_message"].native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampRefusedError("the answer is no RFC 3161 time stamp") from error
    if imprint != _imprint(info):
        message = f"the time-stamp service answered {status!r} without a stamp of our signature"
        raise TimestampRefusedError(message)
    return response["time_stamp_token"]


def _imprint(info: Any) -> bytes:  # noqa: ANN401 - asn1crypto is untyped
    return hashlib.sha256(info["content"]["signer_infos"][0]["signature"].native).digest()


def _signature(pdf: bytes) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    """Return the CMS signature of a file that we have signed."""
    from asn1crypto import cms  # noqa: PLC0415 - see above

    start, end = _place(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()))


def _with_signature(pdf: bytes, der: bytes) -> bytes:
    start, end = _place(pdf)
    room = end - start
    if len(der) * 2 > room:
        message = f"the time stamp needs {len(der)} bytes with the signature, the file has room for {room // 2}"
        raise TimestampRefusedError(message)
    return pdf[:start] + der.hex().encode().ljust(room, b"0") + pdf[end:]


def _place(pdf: bytes) -> tuple[int, int]:
    """Return where the hexadecimal text of the signature is: the gap that its byte range leaves, without the angle brackets."""
    found = _CONTENTS.findall(pdf)
    if len(found) != 1:
        raise TimestampRefusedError("the file has not exactly one signature")
    before, after, _ = map(int, found[0])
    return before + 1, after - 1
