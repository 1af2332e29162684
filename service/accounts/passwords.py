"""Password and PIN hashes: argon2id, at most two at a time in one process, so that log-ins can't use up the machine."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 46 MiB, one pass, one lane: the set of the OWASP Password Storage Cheat Sheet that costs least time (some 70 ms).
HASHER = PasswordHasher(memory_cost=47_104, time_cost=1, parallelism=1)
SLOTS = threading.BoundedSemaphore(2)
# The hash of 256 random bits that nobody kept: checking against it takes as long as checking a person's.
NOBODYS_HASH = "$argon2id$v=19$m=47104,t=1,p=1$NoR84jBjxocWMK8VufphQw$nXfxuCvQn/sgu5i+oDGxlvVcmhWQvQslNP8ZwtjnM0E"


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password or PIN, with its parameters and salt."""
    with SLOTS:
        return HASHER.hash(normalise_password(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether a password or PIN is the one stored.

    Parameters
    ----------
    stored
        None for a person who does not exist or has chosen none: the answer is no, after the same work, so that time tells nothing.

    """
    with SLOTS:
        try:
            return HASHER.verify(stored or NOBODYS_HASH, normalise_password(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's; it is renewed when its owner signs in."""
    return HASHER.check_needs_rehash(stored)


def normalise_password(password: str) -> str:
    """Return the password in NFC, because keyboards compose the same character in different ways."""
    return unicodedata.normalize("NFC", password)
