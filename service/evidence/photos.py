"""Whether a photograph tells where it was taken: its maker should know before somebody else does.

Exif 2.32 (CIPA DC-008): a TIFF structure whose first directory points to the GPS directory by tag 0x8825.
"""

import struct
from typing import BinaryIO, Final

from service.evidence.file_types import HEIC, JPEG, PNG

READ_BYTES: Final = 256 * 1024
"""Cameras write Exif before the picture; a JPEG segment holds at most 64 KiB."""
_EXIF: Final = b"Exif\0\0"
_GPS_TAG: Final = 0x8825
_ENTRY_BYTES: Final = 12
_BYTE_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_PNG_EXIF: Final = b"eXIf"


def shows_place(stream: BinaryIO, media_type: str) -> bool:
    """Whether a photograph's Exif data point to coordinates; False for other files, and where it can't be read."""
    if media_type not in {JPEG, PNG, HEIC}:
        return False
    stream.seek(0)
    head = stream.read(READ_BYTES)
    marker = _PNG_EXIF if media_type == PNG else _EXIF
    start = head.find(marker)
    if start < 0:
        return False
    try:
        return _points_to_coordinates(head[start + len(marker) :])
    except struct.error:
        return False


def _points_to_coordinates(tiff: bytes) -> bool:
    order = _BYTE_ORDERS.get(tiff[:4])
    if order is None:
        return False
    (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, directory)
    tags = (struct.unpack_from(f"{order}H", tiff, directory + 2 + _ENTRY_BYTES * number)[0] for number in range(count))
    return _GPS_TAG in tags
