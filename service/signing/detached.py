"""Signatures beside a file (Ed25519, RFC 8032) by a key that the root certifies, so that trust in the root suffices."""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from service.signing.authority import alone, certify, key_id_of, load_identity, needs_renewal, pair_path, read_certificate

DETACHED: Final = "detached"
SCHEMA: Final = "urn:anodeprint:detached-signature:1"


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachedSignature:
    """What stands beside a signed file.

    Attributes
    ----------
    key_id
        First 16 hexadecimal digits of the SHA-256 of the public key.
    signature
        64 bytes over the file as it is, no hash before (pure Ed25519).
    certificate_pem
        The root's word for the key.

    """

    key_id: str
    signature: bytes
    certificate_pem: bytes

    @property
    def as_text(self) -> str:
        """The content of the signature file, canonical JSON (RFC 8785)."""
        return rfc8785.dumps(self.as_json()).decode()

    def as_json(self) -> dict[str, Any]:
        """Return the signature as JSON values."""
        return {
            "schema": SCHEMA,
            "algorithm": "Ed25519",
            "key_id": self.key_id,
            "signature": base64.b64encode(self.signature).decode(),
            "certificate": self.certificate_pem.decode(),
        }


def sign(content: bytes, folder: Path, *, organisation: str, at: datetime) -> DetachedSignature:
    """Sign bytes with the present key; makes root and key at first use, and a new key before the old one's certificate ends.

    What earlier keys signed stays valid: each signature carries the certificate of its key.

    Parameters
    ----------
    folder
        Where the keys lie (`data_dir/keys`).
    organisation
        Name in a certificate that is made.

    """
    load_identity(folder, organisation=organisation, at=at)
    with alone(folder):
        path = pair_path(folder, DETACHED)
        if needs_renewal(path, at=at):
            _make(folder, organisation=organisation, at=at)
        key, certificate = _key(path), read_certificate(path)
    return DetachedSignature(
        key_id=key_id_of(certificate),
        signature=key.sign(content),
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
    )


def rotate_detached(folder: Path, *, organisation: str, at: datetime) -> None:
    """Make a new key at once."""
    load_identity(folder, organisation=organisation, at=at)
    with alone(folder):
        _make(folder, organisation=organisation, at=at)


def present_certificate(folder: Path) -> x509.Certificate | None:
    """Return the certificate of the present key, or None before the first signature."""
    path = pair_path(folder, DETACHED)
    return read_certificate(path) if path.exists() else None


def _make(folder: Path, *, organisation: str, at: datetime) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    certify(folder, DETACHED, key, organisation=organisation, title="AnodePrint bundles and lists", at=at)


def _key(path: Path) -> ed25519.Ed25519PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        message = f"{path} holds no Ed25519 key; restore the file from a backup"
        raise TypeError(message)
    return key
