"""Opaque secrets for browsers and links: 256 random bits outside, their SHA-256 inside."""

import hashlib
import hmac
import secrets

from service.keys import derive


def new_token() -> str:
    """Return a fresh secret of 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored instead of a token: its SHA-256 in hexadecimal; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(secret: bytes, browser_secret: str) -> str:
    """Return the form token bound to one browser's cookie."""
    return derive(secret, "csrf", browser_secret.encode())


def tokens_match(given: str, expected: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())
