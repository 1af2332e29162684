"""Signed notes and checkpoints as transparency logs write them: C2SP `signed-note` and `tlog-checkpoint`, Ed25519."""

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
"""Signature type of the specification."""
DASH: Final = "\N{EM DASH}"
KEY_ID_BYTES: Final = 4
TIME: Final = "time "


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """A log's name (its origin) and public key, written `name+key id+base64` as the specification does."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:KEY_ID_BYTES]

    @property
    def as_text(self) -> str:
        """The one line that auditors keep."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public_key).decode()}"

    def has_signed(self, note: "Note") -> bool:
        """Tell whether a note bears a valid signature of this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(note.signature, note.checkpoint.as_text.encode())
        except InvalidSignature:
            return False
        return note.key_name == self.name and note.key_id == self.key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The statement that a log of this origin had this many leaves and this root at a time (UTC, whole seconds)."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def as_text(self) -> str:
        """The signed text; the time is an extension line."""
        time = f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{TIME}{time}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A checkpoint with the signature of its log."""

    checkpoint: Checkpoint
    key_name: str
    key_id: bytes
    signature: bytes

    @property
    def as_text(self) -> str:
        """The whole note, as printed, exported and handed out."""
        blob = base64.b64encode(self.key_id + self.signature).decode()
        return f"{self.checkpoint.as_text}\n{DASH} {self.key_name} {blob}\n"


class NoteError(ValueError):
    """A text is no checkpoint of ours; says where it breaks."""


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> Note:
    """Sign a checkpoint in the name of its origin."""
    verifier = verifier_of(checkpoint.origin, key)
    return Note(
        checkpoint=checkpoint,
        key_name=verifier.name,
        key_id=verifier.key_id,
        signature=key.sign(checkpoint.as_text.encode()),
    )


def verifier_of(name: str, key: Ed25519PrivateKey) -> Verifier:
    """Return the public part of a key under a log's name."""
    return Verifier(name=name, public_key=key.public_key().public_bytes_raw())


def read_note(text: str) -> Note:
    """Read a note as we write it.

    Raises
    ------
    NoteError
        The text is anything else, if only by one sign.

    """
    try:
        origin, size, root, time, empty, last, end = text.split("\n")
        dash, key_name, blob = last.split(" ")
        signed = base64.b64decode(blob, validate=True)
        at = datetime.strptime(time, f"{TIME}%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        checkpoint = Checkpoint(origin=origin, size=int(size), root=base64.b64decode(root, validate=True), at=at)
    except (ValueError, binascii.Error) as error:
        raise NoteError(f"this is no signed checkpoint: {error}") from error
    note = Note(checkpoint=checkpoint, key_name=key_name, key_id=signed[:KEY_ID_BYTES], signature=signed[KEY_ID_BYTES:])
    if (dash, empty, end) != (DASH, "", "") or note.as_text != text:
        raise NoteError("this is no signed checkpoint: it is not written as its content would be")
    return note


def read_verifier(text: str) -> Verifier:
    """Read a public key from its one line.

    Raises
    ------
    NoteError
        The line is cut, or its key id is not that of its key.

    """
    try:
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        decoded = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise NoteError(f"this is no public key of a log: {error}") from error
    verifier = Verifier(name=name, public_key=decoded[1:])
    if len(verifier.public_key) != 32 or decoded[:1] != ED25519 or verifier.key_id.hex() != key_id:  # noqa: PLR2004 - bytes of an Ed25519 key
        raise NoteError("this is no public key of a log: its key id does not fit")
    return verifier


def signer_among(verifiers: Iterable[Verifier], note: Note) -> Verifier | None:
    """Return the key that signed a note, if it is one of these."""
    return next((verifier for verifier in verifiers if verifier.has_signed(note)), None)
