"""What a supplier is asked: the first request for each supplier type, at most 15 questions, read from `data/`."""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from service.errors import NotFoundError
from service.i18n import Locale, translate
from service.submissions.models import Depth
from service.submissions.units import convert, factor
from service.suppliers.provinces import provinces

DATA = files("service.submissions") / "data"
MINUTES_PER_QUESTION = 2

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several answers; a province brings its Chinese name along, other texts are in the catalogue."""

    key: str
    text: str
    text_zh: str | None = None

    def label(self, locale: Locale) -> str:
        """Return the choice in a language."""
        return self.text_zh if self.text_zh and locale == "zh-CN" else translate(locale, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Smallest and largest value that has been seen or makes sense; None where open.

    Attributes
    ----------
    unit
        The unit of both, which is that of the ratio where the question has a `per`.

    """

    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a questionnaire; texts are message ids.

    Attributes
    ----------
    unit
        Canonical unit of a number; None for a choice.
    units
        Units offered; the first one is preselected.
    limits
        By unit; a question whose units measure different things has several.
    per
        The limits hold for this answer divided by the one named here.
    example
        Number and its unit.
    is_first
        Whether the short first request asks it too.

    """

    key: str
    row: str
    group: str
    kind: Literal["number", "choice"]
    label: str
    ask: str
    why: str
    where: str
    unit: str | None
    units: tuple[str, ...]
    choices: tuple[Choice, ...]
    limits: Mapping[str, Limits]
    per: str | None
    required: bool
    essential: bool
    positive: bool
    example: tuple[str, str] | None
    is_first: bool

    def canonical(self, unit: str) -> str:
        """Return the unit in which a value typed in `unit` is kept."""
        return self.unit if self.unit and factor(unit, self.unit) is not None else unit

    def choice(self, key: str) -> Choice | None:
        """Return the choice with a key, if there is one."""
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that belong on one screen."""

    key: str
    title: str
    questions: tuple[Question, ...]


@lru_cache
def questions_for(supplier_type: str, depth: Depth) -> Sequence[Question]:
    """Return the questions of a supplier type, in the order of the screens."""
    source = _source()
    order = list(source["groups"])
    asked = (_question(item, source) for item in source["question"] if supplier_type in _types(item))
    wanted = (question for question in asked if depth is Depth.FULL or question.is_first)
    return tuple(sorted(wanted, key=lambda question: order.index(question.group)))


@lru_cache
def groups_for(supplier_type: str, depth: Depth) -> Sequence[Group]:
    """Return the screens of a supplier type."""
    questions = questions_for(supplier_type, depth)
    titles = _source()["groups"]
    present = dict.fromkeys(question.group for question in questions)
    return tuple(
        Group(key=key, title=titles[key], questions=tuple(question for question in questions if question.group == key))
        for key in present
    )


def get_group(supplier_type: str, depth: Depth, key: str) -> Group:
    """Return one screen."""
    found = next((group for group in groups_for(supplier_type, depth) if group.key == key), None)
    if found is None:
        raise NotFoundError
    return found


def find_question(supplier_type: str, key: str) -> Question | None:
    """Return the question with a key, if the supplier type is asked it at any depth."""
    return next((question for question in questions_for(supplier_type, Depth.FULL) if question.key == key), None)


def all_texts() -> Iterator[str]:
    """Yield every text of the questionnaire that needs a translation."""
    source = _source()
    for table in ("groups", "why", "where"):
        yield from source[table].values()
    for choices in source["choices"].values():
        yield from (text for _, text in choices)
    for item in source["question"]:
        yield from (item["label"], item["ask"])


@lru_cache
def _source() -> Mapping[str, Any]:
    return tomllib.loads((DATA / "questions.toml").read_text(encoding="utf-8"))


@lru_cache
def _rows() -> Mapping[str, Row]:
    table = (DATA / "questionnaire_fields.csv").read_text(encoding="utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(table.splitlines())}


def _types(item: Mapping[str, Any]) -> Sequence[str]:
    """Return who is asked: the row's own list, or the item's where the row says only that it is asked."""
    if "types" in item:
        return tuple(item["types"])
    wanted = _rows()[item["row"]]["first_request"]
    if wanted.startswith("all"):
        left_out = wanted.removeprefix("all").removeprefix(" but ").split(";")
        return tuple(kind for kind in _source()["supplier_types"] if kind not in left_out)
    return tuple(wanted.split(";"))


def _question(item: Mapping[str, Any], source: Mapping[str, Any]) -> Question:
    row = _rows()[item["row"]]
    return Question(
        key=item["key"],
        row=item["row"],
        group=item["group"],
        kind=item["kind"],
        label=item["label"],
        ask=item["ask"],
        why=source["why"][item["why"]],
        where=source["where"][item["where"]],
        unit=item.get("unit"),
        units=tuple(item.get("units", ())),
        choices=_choices(item, source),
        limits=_limits(item, row),
        per=item.get("per"),
        required=item.get("required", row["required"] == "Y"),
        essential=item.get("essential", False),
        positive=item.get("positive", False),
        example=tuple(item["example"]) if "example" in item else None,
        is_first=item.get("first", True),
    )


def _choices(item: Mapping[str, Any], source: Mapping[str, Any]) -> tuple[Choice, ...]:
    name = item.get("choices")
    if name is None:
        return ()
    if name == "province":
        return tuple(Choice(key=code, text=found.name_en, text_zh=found.name_zh) for code, found in provinces().items())
    return tuple(Choice(key=key, text=text) for key, text in source["choices"][name])


def _limits(item: Mapping[str, Any], row: Row) -> Mapping[str, Limits]:
    """Return the row's limits in the canonical unit; a row with a limit for each unit offered gives one for each."""
    if item["kind"] != "number" or not item.get("limited", True):
        return {}
    lows, highs, written = (row[name].split(";") for name in ("min", "max", "limit_unit"))
    if written == item["units"] and len(written) > 1:
        return {unit: _limit(low, high, unit, unit) for low, high, unit in zip(lows, highs, written, strict=True)}
    part = item.get("part", 0)
    to = item.get("per_unit", item["unit"])
    numeric = [unit for unit in written if unit != "choice"]
    unit = to if "per" in item else (numeric[min(part, len(numeric) - 1)].strip().split(" ")[0] or to)
    return {to: _limit(lows[part], highs[part], unit, to)}


def _limit(low: str, high: str, unit: str, to: str) -> Limits:
    return Limits(low=_bound(low, unit, to), high=_bound(high, unit, to), unit=to)


def _bound(written: str, unit: str, to: str) -> float | None:
    """Return a limit as a number; one that refers to another field (`=外购电量`) is a check of its own."""
    return None if not written or written.startswith("=") else convert(float(written), unit, to=to)
