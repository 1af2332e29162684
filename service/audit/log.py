"""What a certificate carries of the log, so that anybody can check without us that its issue was written there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

FORMAT: Final = "urn:anodeprint:log-proof:1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProof:
    """The inclusion of one event in a checkpoint of the log (RFC 6962, 2.1.1).

    Attributes
    ----------
    leaf
        Canonical JSON of the event; SHA-256 of 0x00 and its UTF-8 bytes is the leaf's hash.
    index, size
        Place of the leaf, and number of leaves in the checkpoint.
    root
        Root of the checkpoint, base64, as its third line gives it.
    path
        Hashes beside the way from leaf to root, nearest first, base64.
    note
        The checkpoint as C2SP signed note; signed is everything up to and with the line break before the empty line.
    key
        Public key of the log as `name+key id+base64(0x01 and 32 bytes of Ed25519)`. Trust it only by what surrounds the proof.

    """

    leaf: str
    index: int
    size: int
    root: str
    path: tuple[str, ...]
    note: str
    key: str

    def as_json(self) -> dict[str, Any]:
        """Return the proof as JSON values."""
        return {"format": FORMAT, **asdict(self), "path": list(self.path)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "LogProof":
        """Read what `as_json` has written.

        Raises
        ------
        ValueError
            It is something else.

        """
        if content.get("format") != FORMAT:
            message = f"format={content.get('format')!r} is no proof of the log; {FORMAT} is"
            raise ValueError(message)
        try:
            return cls(**{name: content[name] for name in cls.__slots__} | {"path": tuple(content["path"])})
        except KeyError as error:
            message = f"the proof of the log lacks {error}"
            raise ValueError(message) from error
