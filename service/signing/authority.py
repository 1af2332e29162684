"""The deployment's own certification authority: a root and an issuing certificate, made at first use, ECDSA P-256.

Viewers show "issuer unknown" until a reader trusts the root; the public page stays the main proof. The keys lie outside the
database, readable by their owner only. Several nodes must share the folder. `rotate` gives new certificates a new key; old
files stay valid, because the root stays and its issuing certificates are embedded in what they signed.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

FOLDER = "keys"
ROOT_LIFE = timedelta(days=3650)
ISSUING_LIFE = timedelta(days=730)
RENEW_BEFORE = timedelta(days=60)
ROOT = "root"
ISSUING = "issuing"
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIdentity:
    """What signs: a private key with its certificate, and the root above it.

    Attributes
    ----------
    key_id
        First 16 hexadecimal digits of the SHA-256 of the public key.

    """

    key_id: str
    key_pem: bytes
    certificate_pem: bytes
    root_pem: bytes


def load_identity(folder: Path, *, organisation: str, at: datetime) -> SigningIdentity:
    """Return the issuing identity; makes root and issuing key at first use, and a new issuing key before the old one ends.

    Parameters
    ----------
    folder
        Where the keys lie (`data_dir/keys`).
    organisation
        Name in a certificate that is made; existing ones keep theirs.

    """
    with alone(folder):
        if not pair_path(folder, ROOT).exists():
            _make_root(folder, organisation=organisation, at=at)
        if needs_renewal(pair_path(folder, ISSUING), at=at):
            _make_issuing(folder, organisation=organisation, at=at)
        return _read(folder)


def rotate(folder: Path, *, organisation: str, at: datetime) -> SigningIdentity:
    """Make a new issuing key at once; files signed by earlier ones stay valid."""
    load_identity(folder, organisation=organisation, at=at)
    with alone(folder):
        _make_issuing(folder, organisation=organisation, at=at)
        return _read(folder)


def root_certificate(folder: Path) -> bytes | None:
    """Return the root certificate (PEM) that readers may trust, or None before the first signature."""
    path = pair_path(folder, ROOT)
    return read_certificate(path).public_bytes(serialization.Encoding.PEM) if path.exists() else None


def key_id_of(certificate: x509.Certificate) -> str:
    """Return the key id of a certificate's public key."""
    encoded = certificate.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()[:16]


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make keys; the kernel drops the lock when a process dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _make_root(folder: Path, *, organisation: str, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(organisation, "AnodePrint root")
    builder = _builder(name, name, key.public_key(), at=at, life=ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
    _store(folder, ROOT, key, builder.sign(key, hashes.SHA256()))


def _make_issuing(folder: Path, *, organisation: str, at: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certify(folder, ISSUING, key, organisation=organisation, title="AnodePrint certificates", at=at)


def certify(folder: Path, role: str, key: PrivateKey, *, organisation: str, title: str, at: datetime) -> None:
    """Let the root certify a key for signatures, and keep the pair in the place of the role; call it inside `alone`."""
    root = read_certificate(pair_path(folder, ROOT))
    life = min(ISSUING_LIFE, root.not_valid_after_utc - at)
    builder = _builder(_name(organisation, title), root.subject, key.public_key(), at=at, life=life)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
    _store(folder, role, key, builder.sign(_key(pair_path(folder, ROOT)), hashes.SHA256()))


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey,
    *,
    at: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))  # clocks of readers may be behind ours
        .not_valid_after(at + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(organisation: str, role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),  # RFC 5280 allows 64 characters
            x509.NameAttribute(NameOID.COMMON_NAME, role),
        ]
    )


def _store(folder: Path, role: str, key: PrivateKey, certificate: x509.Certificate) -> None:
    """Write key and certificate as one file, all or nothing: a crash must not leave a pair that does not fit."""
    path = pair_path(folder, role)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(_pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def pair_path(folder: Path, role: str) -> Path:
    """Return where the key of a role and its certificate lie."""
    return folder / f"{role}.pem"


def needs_renewal(path: Path, *, at: datetime) -> bool:
    """Tell whether a pair is missing or its certificate ends soon."""
    return not path.exists() or read_certificate(path).not_valid_after_utc < at + RENEW_BEFORE


def _read(folder: Path) -> SigningIdentity:
    certificate = read_certificate(pair_path(folder, ISSUING))
    return SigningIdentity(
        key_id=key_id_of(certificate),
        key_pem=_pem(_key(pair_path(folder, ISSUING))),
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
        root_pem=read_certificate(pair_path(folder, ROOT)).public_bytes(serialization.Encoding.PEM),
    )


def read_certificate(path: Path) -> x509.Certificate:
    """Return the certificate in a pair's file."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = f"{path} holds no elliptic curve key; restore the file from a backup"
        raise TypeError(message)
    return key


def _pem(key: PrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
