"""The deployment's secret: given in the settings, or made once in the data folder, readable by its owner only."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

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


def derive(secret: bytes, purpose: str, message: bytes) -> str:
    """Return the HMAC-SHA256 of a message in hexadecimal, keyed for one purpose only."""
    key = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
