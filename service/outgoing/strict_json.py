"""Reads JSON of others without the loopholes of the standard reader."""

import json
import math
from collections.abc import Iterator
from typing import Any, Final, NoReturn

DEEPEST: Final = 40
"""Levels of nesting; a footprint has five, its extensions some more."""


class StrictJsonError(ValueError):
    """Text that is no JSON (RFC 8259), or JSON that different readers read differently (RFC 7493)."""


def read_json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return what UTF-8 JSON says.

    Raises
    ------
    StrictJsonError
        No UTF-8, no JSON, `NaN` or `Infinity` or a number beyond them, a name that occurs twice in an object, half of a surrogate
        pair, or nesting deeper than `DEEPEST`.

    """
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except RecursionError as error:
        raise StrictJsonError("it is nested too deeply") from error
    except StrictJsonError:
        raise
    except ValueError as error:
        raise StrictJsonError(f"it is no JSON in UTF-8 ({error})") from error
    for value in _walk(found):
        _check(value)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise StrictJsonError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise StrictJsonError("an object has the same name twice")
    return made


def _walk(found: object) -> Iterator[object]:
    waiting: list[tuple[object, int]] = [(found, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise StrictJsonError("it is nested too deeply")
        if isinstance(value, dict):
            yield from value
            waiting.extend((one, depth + 1) for one in value.values())
        elif isinstance(value, list):
            waiting.extend((one, depth + 1) for one in value)
        else:
            yield value


def _check(value: object) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise StrictJsonError("a number is too large")
    if isinstance(value, str) and not _is_text(value):
        raise StrictJsonError("a text holds half of a surrogate pair")


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
