"""The files inside a certificate: what each is, in which order, and the manifest with their hashes.

Nothing but the stored snapshot and evidence goes in, so that the same files come out at any time.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from service.errors import N_
from service.pdf.bilingual import Bilingual, both

SNAPSHOT_NAME: Final = "pcf.json"
BUNDLE_NAME: Final = "bundle.json"
SIGNATURE_NAME: Final = "bundle.sig"
LOG_PROOF_NAME: Final = "log-proof.json"
MANIFEST_NAME: Final = "manifest.json"
MANIFEST_SCHEMA: Final = "urn:anodeprint:manifest:1"

PACT_NAME: Final = "pact.json"
CATENA_X_NAME: Final = "catena-x-10.json"
BATTERY_NAME: Final = "battery-component.json"

TITLES: Final[Mapping[str, str]] = {
    SNAPSHOT_NAME: N_("This certificate, machine-readable"),
    PACT_NAME: N_("Footprint for exchange (PACT v3)"),
    CATENA_X_NAME: N_("Footprint for Catena-X (PCF 10.0.0)"),
    BATTERY_NAME: N_("Footprint for battery makers (Catena-X battery component supplier 1.0.0)"),
    BUNDLE_NAME: N_("Aggregated model to calculate the figure again"),
    SIGNATURE_NAME: N_("Signature of the aggregated model (Ed25519)"),
    LOG_PROOF_NAME: N_("Proof that the issue stands in the log"),
}
"""By file, in the order of the list on paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file inside the certificate."""

    name: str
    title: Bilingual
    content: bytes

    @property
    def sha256(self) -> str:
        """Hash of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def media_type(self) -> str:
        """As manifest and downloads name it."""
        return "application/json" if self.name.endswith(".json") else "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFile:
    """A file that the certificate can't carry, and why."""

    name: str
    title: Bilingual
    reason: Bilingual


def attached_files(snapshot: Mapping[str, Any], evidence: Mapping[str, Any]) -> tuple[AttachedFile, ...]:
    """Return the files, the snapshot first; the manifest, which names them all, is not among them."""
    contents = {
        SNAPSHOT_NAME: rfc8785.dumps(dict(snapshot)),
        **{name: text.encode() for name, text in evidence["exports"].items()},
        BUNDLE_NAME: rfc8785.dumps(evidence["bundle"]),
        SIGNATURE_NAME: rfc8785.dumps(evidence["bundle_signature"]),
        LOG_PROOF_NAME: rfc8785.dumps(evidence["log"]),
    }
    present = [name for name in TITLES if name in contents]
    return tuple(AttachedFile(name=name, title=both(TITLES[name]), content=contents[name]) for name in present)


def missing_files(snapshot: Mapping[str, Any]) -> tuple[MissingFile, ...]:
    """Return the exports that the footprint does not allow."""
    return tuple(_missing(name, stated) for name, stated in snapshot["exports"].items() if stated["sha256"] is None)


def _missing(name: str, stated: Mapping[str, Any]) -> MissingFile:
    reason = Bilingual(zh=stated["left_out_zh"], en=stated["left_out_en"])
    return MissingFile(name=name, title=both(TITLES[name]), reason=reason)


def manifest_of(snapshot: Mapping[str, Any], files: tuple[AttachedFile, ...]) -> bytes:
    """Return the list of all files with media type and SHA-256, and of those left out with the reason, as canonical JSON."""
    return rfc8785.dumps(
        {
            "schema": MANIFEST_SCHEMA,
            "certificate": snapshot["certificate"]["number"],
            "files": [
                {"name": one.name, "media_type": one.media_type, "sha256": one.sha256, "bytes": len(one.content)} for one in files
            ],
            "left_out": list(_left_out(snapshot)),
        }
    )


def _listed(file: AttachedFile) -> dict[str, str | int]:
    return {"name": file.name, "media_type": file.media_type, "sha256": file.sha256, "bytes": len(file.content)}


def _left_out(snapshot: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for one in missing_files(snapshot):
        yield {"name": one.name, "reason_zh": one.reason.zh, "reason_en": one.reason.en}
