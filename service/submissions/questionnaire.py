"""What a supplier is asked, from the registry of fields in use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from typing import Final

from service.errors import NotFoundError
from service.submissions.models import Depth
from service.submissions.questions import Choice, Feed, Group, Limits, Question, Use
from service.submissions.registry import Registry, load_registry

__all__ = [
    "MINUTES_PER_QUESTION",
    "Choice",
    "Feed",
    "Group",
    "Limits",
    "Question",
    "Use",
    "all_texts",
    "current_registry",
    "find_question",
    "get_group",
    "groups_for",
    "questions_for",
    "using",
]

MINUTES_PER_QUESTION = 2

_IN_USE: Final[ContextVar[Registry | None]] = ContextVar("registry", default=None)


@lru_cache
def shipped_registry() -> Registry:
    """Return the registry that comes with the package, read when first needed."""
    return load_registry(files("service.submissions") / "data")


def current_registry() -> Registry:
    """Return the registry in use: the shipped one, unless `using` says otherwise."""
    return _IN_USE.get() or shipped_registry()


@contextmanager
def using(registry: Registry) -> Iterator[None]:
    """Ask by another registry for as long as the block lasts, in this thread or task and those that it starts."""
    token = _IN_USE.set(registry)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def questions_for(supplier_type: str, depth: Depth) -> Sequence[Question]:
    """Return the questions of a supplier type, in the order of the screens."""
    return current_registry().questions(supplier_type, depth)


def groups_for(supplier_type: str, depth: Depth) -> Sequence[Group]:
    """Return the screens of a supplier type."""
    return current_registry().screens(supplier_type, depth)


def get_group(supplier_type: str, depth: Depth, key: str) -> Group:
    """Return one screen."""
    found = next((group for group in groups_for(supplier_type, depth) if group.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def find_question(supplier_type: str, key: str) -> Question | None:
    """Return the question with a key, if the supplier type is asked it at any depth."""
    return current_registry().find(supplier_type, key)


def all_texts() -> Iterator[str]:
    """Yield every text of the questionnaire that needs a translation."""
    yield from current_registry().texts
