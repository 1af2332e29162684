"""The deployment's secret: given in the settings, or made once in the data folder, readable by its owner only."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from service.settings import Settings

SECRET_FILE = "secret.key"  # noqa: S105 - a file name


def load_secret(settings: Settings) -> bytes:
    """Return the deployment's secret, making it at the first start."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / SECRET_FILE
    if not path.exists():
        _create(path)
    return path.read_bytes().strip()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same first start was faster
        return
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_hex(32).encode())


def derive(secret: bytes, purpose: str, message: bytes) -> str:
    """Return the HMAC-SHA256 of a message in hexadecimal, keyed for one purpose only."""
    key = hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
