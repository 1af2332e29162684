"""The registry of fields, read from TOML and CSV: everything else about a field is made from its one entry here.

A folder holds `words.toml` with the texts that questions share, `questionnaire_fields.csv` with limits, and one TOML file for each
supplier type; `all.toml` is asked of everybody. `data/README.md` describes the keys of an entry.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from typing import Any, Final

from lca_models.formulas import parse_formula
from service.submissions.models import Depth
from service.submissions.questions import Choice, Feed, Group, Limits, Question, Use
from service.submissions.units import convert, factor
from service.suppliers.provinces import provinces

Row = Mapping[str, str]
Item = Mapping[str, Any]

_EVERYBODY: Final = "all"
_REQUIRED_KEYS: Final = frozenset({"key", "row", "group", "kind", "label", "ask", "why", "where"})
_OTHER_KEYS: Final = frozenset(
    {
        *("part", "types", "not_types", "first", "units", "unit", "choices", "format", "example", "required", "essential"),
        *("positive", "limits", "limit_unit", "per", "per_unit", "at_most", "use", "feeds"),
    }
)
_FOOTPRINT_RESULT: Final = "own_pcf"
_FOOTPRINT_FIELDS: Final = frozenset(
    {
        _FOOTPRINT_RESULT,
        *("own_pcf_boundary", "own_pcf_standard", "own_pcf_assurance", "own_pcf_verifier", "own_primary_share"),
        *("own_pcf_allocation", "own_pcf_year_end", "own_pcf_valid_until", "coke_type"),
    }
)
"""What a finished footprint can say, and which coke it is of."""
_FEED_KEYS: Final = frozenset({"flow", "parameter", "formula", "rule", "needs", "reads", "types"})


class RegistryError(ValueError):
    """An entry that can't be a question; names the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """All questions.

    Attributes
    ----------
    groups
        Titles of the screens by key, in order.
    by_type
        All questions of each supplier type, in the order of the screens.

    """

    groups: Mapping[str, str]
    by_type: Mapping[str, tuple[Question, ...]]
    texts: tuple[str, ...]

    def questions(self, supplier_type: str, depth: Depth) -> Sequence[Question]:
        """Return the questions of a supplier type, in the order of the screens."""
        everything = self.by_type.get(supplier_type, ())
        if depth is Depth.FOOTPRINT:
            return _of_a_footprint(everything)
        return tuple(question for question in everything if depth is Depth.FULL or question.is_first)

    def screens(self, supplier_type: str, depth: Depth) -> Sequence[Group]:
        """Return the screens of a supplier type."""
        asked = self.questions(supplier_type, depth)
        present = dict.fromkeys(question.group for question in asked)
        return tuple(
            Group(key=key, title=self.groups[key], questions=tuple(question for question in asked if question.group == key))
            for key in present
        )

    def find(self, supplier_type: str, key: str) -> Question | None:
        """Return the question with a key, if the supplier type is asked it at any depth."""
        return next((question for question in self.by_type.get(supplier_type, ()) if question.key == key), None)

    def unit_of(self, key: str, feed: Feed) -> str:
        """Return the canonical unit of a field that a feed reads."""
        return next(
            question.unit or ""
            for questions in self.by_type.values()
            if any(feed in question.feeds for question in questions)
            for question in questions
            if question.key == key
        )

    def feeds(self) -> Iterator[tuple[Question, Feed]]:
        """Yield every feed of the model with the question that it is written at, each once."""
        seen: set[Feed] = set()
        for questions in self.by_type.values():
            for question in questions:
                for feed in question.feeds:
                    if feed not in seen:
                        seen.add(feed)
                        yield question, feed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What the files of a folder say."""

    words: Mapping[str, Any]
    rows: Mapping[str, Row]
    items: tuple[Item, ...]

    @property
    def supplier_types(self) -> Sequence[str]:
        """All supplier types, in order."""
        return tuple(self.words["supplier_types"])


def _of_a_footprint(everything: Sequence[Question]) -> tuple[Question, ...]:
    """Return the questions on a finished footprint, whose result must be answered, and on what it is of."""
    asked = (one for one in everything if one.key in _FOOTPRINT_FIELDS)
    return tuple(replace(one, required=one.key == _FOOTPRINT_RESULT, essential=one.key == _FOOTPRINT_RESULT) for one in asked)


def load_registry(folder: Traversable) -> Registry:
    """Read a registry.

    Raises
    ------
    RegistryError
        Naming the entry and what is wrong with it.

    """
    source = _read(folder)
    for item in source.items:
        _check(item, source)
    groups = source.words["groups"]
    return Registry(
        groups=groups,
        by_type={supplier_type: _questions(supplier_type, source) for supplier_type in source.supplier_types},
        texts=tuple(_texts(source)),
    )


def _read(folder: Traversable) -> _Source:
    words = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
    table = (folder / "questionnaire_fields.csv").read_text(encoding="utf-8-sig")
    rows = {row["id"]: row for row in csv.DictReader(table.splitlines())}
    items: list[Item] = []
    for name in (_EVERYBODY, *words["supplier_types"]):
        types = words["supplier_types"] if name == _EVERYBODY else [name]
        file = tomllib.loads((folder / f"{name.lower()}.toml").read_text(encoding="utf-8"))
        items += [{"types": types, **item} for item in file["question"]]
    return _Source(words=words, rows=rows, items=tuple(items))


def _texts(source: _Source) -> Iterator[str]:
    for table in ("groups", "why", "where"):
        yield from source.words[table].values()
    for choices in source.words["choices"].values():
        yield from (text for _, text in choices)
    for item in source.items:
        yield from (item["label"], item["ask"])


# ---- Strict reading ----


def _check(item: Item, source: _Source) -> None:
    present = set(item)
    name = item.get("key", item.get("label", "?"))
    _refuse_if(name, _REQUIRED_KEYS - present, "lacks {}")
    _refuse_if(name, present - _REQUIRED_KEYS - _OTHER_KEYS, "has unknown keys {}")
    _refuse_if(name, {item["row"]} - set(source.rows), "names no row of the field list: {}")
    for table in ("groups", "why", "where"):
        _refuse_if(name, {item[table.removesuffix("s")]} - set(source.words[table]), f"names no text of {table}: {{}}")
    _refuse_if(name, set(item["types"]) - set(source.supplier_types), "names no supplier type: {}")
    if item["kind"] == "number":
        incompatible = {unit for unit in item["units"] if factor(unit, unit) is None}
        _refuse_if(name, incompatible | ({item["unit"]} - set(item["units"])), "keeps or offers units that do not fit: {}")
    for feed in item.get("feeds", ()):
        _refuse_if(name, set(feed) - _FEED_KEYS, "has unknown keys in a feed: {}")


def _refuse_if(name: str, wrong: set[str] | frozenset[str], words: str) -> None:
    if wrong:
        message = f"question {name}: {words.format(', '.join(sorted(wrong)))}"
        raise RegistryError(message)


# ---- From entry to question ----


def _questions(supplier_type: str, source: _Source) -> tuple[Question, ...]:
    asked = [item for item in source.items if supplier_type in item["types"] and supplier_type not in item.get("not_types", ())]
    keys = [item["key"] for item in asked]
    _refuse_if(supplier_type, {key for key in keys if keys.count(key) > 1}, "asks twice for {}")
    feeds = {item["key"]: _feeds(item, supplier_type) for item in asked}
    read = {field for found in feeds.values() for feed in found for field in feed.reads}
    _refuse_if(supplier_type, read - set(keys), "feeds the model from fields that it does not ask: {}")
    order = list(source.words["groups"])
    made = [_question(item, source, supplier_type, feeds[item["key"]], is_read=item["key"] in read) for item in asked]
    return tuple(sorted(made, key=lambda question: order.index(question.group)))


def _question(item: Item, source: _Source, supplier_type: str, feeds: tuple[Feed, ...], *, is_read: bool) -> Question:
    row = source.rows[item["row"]]
    is_first = _is_first(item, row, supplier_type)
    return Question(
        key=item["key"],
        row=item["row"],
        part=item.get("part", 0),
        group=item["group"],
        kind=item["kind"],
        label=item["label"],
        ask=item["ask"],
        why=source.words["why"][item["why"]],
        where=source.words["where"][item["where"]],
        unit=item.get("unit"),
        units=tuple(item.get("units", ())),
        choices=_choices(item, source),
        text_format=item.get("format", "line") if item["kind"] == "text" else None,
        limits=_limits(item, row),
        per=item.get("per"),
        at_most=item.get("at_most"),
        required=item.get("required", row["required"] == "Y"),
        essential=item.get("essential", False),
        positive=item.get("positive", False),
        example=_example(item),
        is_first=is_first,
        use=_use(item, is_read=is_read),
        feeds=feeds,
    )


def _is_first(item: Item, row: Row, supplier_type: str) -> bool:
    """Tell whether the short request asks it: by the entry's own word, else by the row's."""
    own = item.get("first")
    if own is not None:
        return bool(own) if isinstance(own, bool) else supplier_type in own
    wanted = row["first_request"]
    if wanted.startswith(_EVERYBODY):
        return supplier_type not in wanted.removeprefix(_EVERYBODY).removeprefix(" but ").split(";")
    return wanted == "Y" or supplier_type in wanted.split(";")


def _use(item: Item, *, is_read: bool) -> Use:
    """Return what an answer is for; the entry says so itself where it is read elsewhere, such as the province."""
    if is_read or "use" in item:
        return Use(item.get("use", Use.MODEL))
    return Use.RECORD if item["kind"] in {"text", "date"} else Use.CHECK


def _example(item: Item) -> tuple[str, str] | None:
    example = item.get("example")
    return None if example is None else (example[0], example[1] if len(example) > 1 else "")


def _feeds(item: Item, supplier_type: str) -> tuple[Feed, ...]:
    return tuple(_feed(item, feed) for feed in item.get("feeds", ()) if supplier_type in feed.get("types", item["types"]))


def _feed(item: Item, feed: Item) -> Feed:
    """Return a feed; without formula and rule the parameter is the answer itself."""
    rule = feed.get("rule", "")
    formula = "" if rule else feed.get("formula", item["key"])
    needs = tuple(feed["needs"]) if rule else tuple(dict.fromkeys(_in_order(formula)))
    return Feed(
        flow=feed["flow"],
        parameter=feed.get("parameter", ""),
        formula=formula,
        rule=rule,
        needs=needs,
        reads=(*needs, *feed.get("reads", ())),
    )


def _in_order(formula: str) -> Sequence[str]:
    """Return the names of a formula as they stand in it."""
    return sorted(parse_formula(formula).names, key=formula.index)


def _choices(item: Item, source: _Source) -> tuple[Choice, ...]:
    name = item.get("choices")
    if name is None:
        return ()
    if name == "province":
        return tuple(Choice(key=code, text=found.name_en, text_zh=found.name_zh) for code, found in provinces().items())
    return tuple(Choice(key=key, text=text) for key, text in source.words["choices"][name])


# ---- Limits ----


def _limits(item: Item, row: Row) -> Mapping[str, Limits]:
    """Return the row's limits in the canonical unit; a row with a limit for each unit offered gives one for each."""
    kept = item.get("limits", "both")
    if item["kind"] != "number" or kept == "none":
        return {}
    lows, highs, written = (row[name].split(";") for name in ("min", "max", "limit_unit"))
    if written == item["units"] and len(written) > 1:
        return {unit: _limit(low, high, unit, unit) for low, high, unit in zip(lows, highs, written, strict=True)}
    part = item.get("part", 0)
    to = item.get("per_unit", item["unit"])
    unit = item.get("limit_unit") or _unit_of_limits(written, part, to=to, is_ratio="per" in item)
    low = "" if kept == "high" else lows[min(part, len(lows) - 1)]
    return {to: _limit(low, highs[min(part, len(highs) - 1)], unit, to)}


def _unit_of_limits(written: Sequence[str], part: int, *, to: str, is_ratio: bool) -> str:
    if is_ratio:
        return to
    numeric = [unit.strip() for unit in written if unit != "choice"]
    return numeric[min(part, len(numeric) - 1)].split(" ")[0] or to


def _limit(low: str, high: str, unit: str, to: str) -> Limits:
    return Limits(low=_bound(low, unit, to), high=_bound(high, unit, to), unit=to)


def _bound(written: str, unit: str, to: str) -> float | None:
    """Return a limit as a number; one that refers to another field (`=外购电量`) is a check of its own."""
    return None if not written or written.startswith("=") else convert(float(written), unit, to=to)
