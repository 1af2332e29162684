"""The deployment's secret: given in the settings, or made once in the data folder, readable by its owner only."""

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from service.errors import N_, ServiceError
from service.settings import SHORTEST_SECRET, Settings

SECRET_FILE = "secret.key"  # noqa: S105 - a file name


class SecretFileError(ServiceError):
    """The file with the deployment's secret is empty or cut off."""

    code = "secret-file"

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_(
                "%(path)s holds fewer than %(limit)s characters: restore it from your copy of the keys, or delete it; "
                "then a new secret is made and everybody must sign in again."
            ),
            path=path,
            limit=SHORTEST_SECRET,
        )


class SealBrokenError(ServiceError):
    """A stored secret of another system can't be read."""

    code = "seal-broken"

    def __init__(self) -> None:
        super().__init__(N_("A stored secret can't be read with this deployment's key; restore the key or enter the secret again."))


def load_secret(settings: Settings) -> bytes:
    """Return the deployment's secret, making it at the first start."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / SECRET_FILE
    if not path.exists():
        _create(path)
    secret = path.read_bytes().strip()
    if len(secret) < SHORTEST_SECRET:
        raise SecretFileError(path)
    return secret


def _create(path: Path) -> None:
    """Write the secret beside its place, then link it there: nobody ever reads half of it, and the first of several wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(secrets.token_hex(32).encode())
        stream.flush()
        os.fsync(stream.fileno())
    with contextlib.suppress(FileExistsError):  # another process of the same first start was faster
        path.hardlink_to(draft)
    draft.unlink()


def seal(secret: bytes, purpose: str, text: str) -> str:
    """Return a text encrypted for one purpose (Fernet), for secrets of other systems that must be read again."""
    return _cipher(secret, purpose).encrypt(text.encode()).decode()


def unseal(secret: bytes, purpose: str, sealed: str) -> str:
    """Return what was sealed for the same purpose.

    Raises
    ------
    SealBrokenError
        The deployment's secret is another one than when it was sealed, or the text was changed.

    """
    try:
        return _cipher(secret, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def _cipher(secret: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.new(secret, f"seal:{purpose}".encode(), hashlib.sha256).digest()))


def derive(secret: bytes, purpose: str, message: bytes) -> str:
    """Return the HMAC-SHA256 of a message in hexadecimal, keyed for one purpose only."""
    key = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
