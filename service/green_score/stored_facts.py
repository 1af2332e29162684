"""Facts as a score keeps them, so that it can be calculated again from its own row."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import rfc8785
from pydantic import TypeAdapter

from service.green_score.facts import Facts

_FACTS: Final = TypeAdapter(Facts)


def facts_as_stored(facts: Facts) -> dict[str, Any]:
    """Return facts as JSON; equal facts give equal JSON."""
    stored: dict[str, Any] = _FACTS.dump_python(facts, mode="json")
    stored["not_applicable"] = sorted(stored["not_applicable"])
    return stored


def facts_from(stored: Mapping[str, Any]) -> Facts:
    """Return facts from their JSON."""
    return _FACTS.validate_python(dict(stored))


def hash_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a table or of stored facts in canonical JSON, in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()
