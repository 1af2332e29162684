"""The golden footprint and ways to spoil it."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

EXAMPLES: Final = Path(__file__).parent / "examples"


def golden() -> dict[str, Any]:
    """Return a footprint that satisfies schema and rules; its figures are invented."""
    found: dict[str, Any] = json.loads((EXAMPLES / "golden-pact3.json").read_text("utf-8"))
    return found


def changed(document: Mapping[str, Any], place: str, value: object) -> dict[str, Any]:
    """Return a copy with another value at a JSON pointer; `...` takes the member out."""
    made = copy.deepcopy(dict(document))
    holder: Any = made
    *steps, last = place.lstrip("/").split("/")
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    if value is ...:
        del holder[last]
    else:
        holder[last] = value
    return made


def spoiled(changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the golden footprint with other values at JSON pointers."""
    made = golden()
    for place, value in changes.items():
        made = changed(made, place, value)
    return made
