"""An inventory as plain JSON and back, and its hash; the same figures give the same bytes."""

import hashlib
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import rfc8785
from pydantic import TypeAdapter

from service.company_inventory.inventory import Inventory

FIGURES = ("year", "factor_set", "lines", "lines_at_base_factors", "energy", "missing")
"""What a verification looks at: everything that is not about the work on the year."""


def as_json(inventory: Inventory) -> dict[str, Any]:
    """Return an inventory as JSON types."""
    content: dict[str, Any] = _adapter().dump_python(inventory, mode="json")
    return content


def from_json(content: Mapping[str, Any], *, snapshot_id: uuid.UUID, sha256: str, number: int) -> Inventory:
    """Return the inventory that a snapshot keeps, with the snapshot it is of."""
    return _adapter().validate_python({**content, "snapshot_id": snapshot_id, "sha256": sha256, "number": number})


def hash_of(content: Mapping[str, Any]) -> str:
    """Return SHA-256 of the canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def figures_hash(inventory: Inventory) -> str:
    """Return SHA-256 of the figures alone."""
    content = as_json(inventory)
    return hash_of({name: content[name] for name in FIGURES})


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Inventory]:
    return TypeAdapter(Inventory)
