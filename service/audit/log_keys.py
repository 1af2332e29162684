"""The key that signs checkpoints: Ed25519, made at first use, in the folder of the deployment's other keys, outside the database.

`rotate` makes a new one; the public keys of all earlier ones stay in the log's folder, so that old checkpoints can be checked.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.audit import log_files
from service.audit.notes import verifier_of

KEY_FILE: Final = "log.pem"
ORIGIN_PATH: Final = "/anodeprint-log"


def origin_of(company_domain: str) -> str:
    """Return the name under which a company's log is known."""
    return company_domain + ORIGIN_PATH


def load_key(keys_folder: Path, *, origin: str) -> Ed25519PrivateKey:
    """Return the signing key, making it at first use; its public key is noted in the log's folder."""
    with _alone(keys_folder):
        if not (keys_folder / KEY_FILE).exists():
            _store(keys_folder, Ed25519PrivateKey.generate())
        return _noted(keys_folder, origin=origin)


def rotate(keys_folder: Path, *, origin: str) -> Ed25519PrivateKey:
    """Make a new signing key at once; checkpoints of earlier ones stay valid."""
    load_key(keys_folder, origin=origin)
    with _alone(keys_folder):
        _store(keys_folder, Ed25519PrivateKey.generate())
        return _noted(keys_folder, origin=origin)


def _noted(keys_folder: Path, *, origin: str) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key((keys_folder / KEY_FILE).read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        message = f"{keys_folder / KEY_FILE} holds no Ed25519 key; restore the file from a backup"
        raise TypeError(message)
    log_files.note_verifier(log_files.folder_beside(keys_folder), verifier_of(origin, key))
    return key


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make keys; the kernel drops the lock when a process dies."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _store(folder: Path, key: Ed25519PrivateKey) -> None:
    """Write the key beside its place and put it there at once, readable by its owner only."""
    draft = folder / f"{KEY_FILE}.new"
    draft.unlink(missing_ok=True)
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(encoded)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(folder / KEY_FILE)
