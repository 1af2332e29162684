"""Reads a document that anybody may have written: strictly, within limits, and without losing a digit."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn

from service.errors import N_, ServiceError

LARGEST_BYTES: Final = 2 * 1024 * 1024
"""A footprint has 2 to 10 kB."""
DEEPEST: Final = 40
MOST_VALUES: Final = 20_000
MOST_ITEMS: Final = 1_000
"""Of one list: comparing all with all for `uniqueItems` takes the square of it."""
LARGEST_POWER: Final = 60
"""Powers of ten that numbers may reach either way; a footprint has no use for more."""


class UnreadableError(ServiceError):
    """A file can't be read as one JSON document."""

    code = "unreadable-document"
    status = 422


class UnknownFormatError(ServiceError):
    """A JSON document is none of the formats that the validator knows."""

    code = "unknown-document-format"
    status = 422


def read_document(content: bytes) -> dict[str, Any]:
    """Return the JSON object in UTF-8 bytes; fractions come as exact decimals.

    Raises
    ------
    UnreadableError
        If it is no JSON object, or one that two readers may read differently, or one too large to be a footprint.

    """
    if len(content) > LARGEST_BYTES:
        raise UnreadableError(
            N_("The file has %(bytes)s bytes; a footprint may have %(limit)s. Send the one document alone."),
            bytes=len(content),
            limit=LARGEST_BYTES,
        )
    found = _parse(_text(content))
    if not isinstance(found, dict):
        raise UnreadableError(N_("The file holds no JSON object. Send one footprint: it begins with { and ends with }."))
    _check_size(found)
    return found


def without_nulls(document: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a document without members that are null: null, absent and undefined mean the same (PACT v3)."""
    if isinstance(document, Mapping):
        return {name: without_nulls(value) for name, value in document.items() if value is not None}
    if isinstance(document, list):
        return [without_nulls(value) for value in document]
    return document


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(N_("The file is not UTF-8 text (byte %(place)s). Save it as UTF-8."), place=error.start) from error


def _parse(text: str) -> object:
    try:
        return json.loads(text, parse_float=_number, parse_int=_whole, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            N_("The file is no JSON: line %(line)s, column %(column)s can't be read. Export it again rather than editing by hand."),
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError as error:
        raise _too_deep() from error


def _number(text: str) -> Decimal:
    found = Decimal(text)
    if found and abs(found.adjusted()) > LARGEST_POWER:
        raise _too_large(text)
    return found


def _whole(text: str) -> int:
    if len(text) > LARGEST_POWER:
        raise _too_large(text)
    return int(text)


def _too_large(text: str) -> UnreadableError:
    return UnreadableError(N_("The number %(value)s is beyond anything a footprint holds. Correct it."), value=text[:20])


def _too_deep() -> UnreadableError:
    return UnreadableError(N_("The file is nested more than %(limit)s levels deep. Send the footprint alone."), limit=DEEPEST)


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableError(N_("%(value)s is no JSON number. Leave out what is not known."), value=name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableError(
            N_("The name “%(name)s” stands twice in one object, so nobody can tell which value counts. Keep one."),
            name=twice[:60].encode("utf-8", "replace").decode(),
        )
    return made


def _check_size(document: object) -> None:
    for count, (value, depth) in enumerate(_walk(document), start=1):
        if depth > DEEPEST:
            raise _too_deep()
        if count > MOST_VALUES or (isinstance(value, list) and len(value) > MOST_ITEMS):
            raise UnreadableError(
                N_("The file holds more values than a footprint has (%(limit)s, %(items)s in one list). Send the footprint alone."),
                limit=MOST_VALUES,
                items=MOST_ITEMS,
            )
        if isinstance(value, str) and not _is_text(value):
            raise UnreadableError(N_("A text holds half of a character (a lone surrogate). Export the file again as UTF-8."))


def _walk(document: object) -> Iterator[tuple[object, int]]:
    """Yield all values and names with their depth, without recursion."""
    waiting: list[tuple[object, int]] = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        yield value, depth
        if depth > DEEPEST:
            continue
        if isinstance(value, dict):
            waiting.extend((name, depth) for name in value)
            waiting.extend((one, depth + 1) for one in value.values())
        elif isinstance(value, list):
            waiting.extend((one, depth + 1) for one in value)


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
