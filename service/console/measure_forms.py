"""The form of a measure: what was typed as lines becomes parameters and yearly figures, and back again."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from starlette.datastructures import FormData

from service.errors import N_, FieldError, InvalidInputError
from service.measures.overlays import read_overlay, written
from service.measures.queries import PlannedMeasure
from service.measures.schemas import MeasureInput
from service.web.forms import SYSTEM_FIELDS, Input, field_error

_YEAR: Final = re.compile("[0-9]{4}")
MANY: Final = frozenset({"plan_items", "product_ids"})
BY_YEAR: Final = frozenset({"schedule", "capex_cny"})
_APART: Final = SYSTEM_FIELDS | {"version"}


def read_measure(form: FormData) -> MeasureInput:
    """Return a measure as it was typed.

    Raises
    ------
    InvalidInputError
        By field; of a figure of a year the whole field.

    """
    raw = _filled_in(form, many=MANY, apart=_APART)
    if "parameters" in raw:
        raw["parameters"] = read_overlay(raw["parameters"], field="parameters")
    return _validated(MeasureInput, raw, by_year=BY_YEAR)


def read_by_year(model: type[Input], form: FormData, *, by_year: frozenset[str]) -> Input:
    """Return a form some of whose fields hold a line for each year, such as ``2027 = 1200000``.

    Raises
    ------
    InvalidInputError
        By field; of a figure of a year the whole field.

    """
    return _validated(model, _filled_in(form), by_year=by_year)


def _filled_in(form: FormData, *, many: frozenset[str] = frozenset(), apart: frozenset[str] = SYSTEM_FIELDS) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name in form:
        values = [value for value in form.getlist(name) if isinstance(value, str) and value.strip()]
        if name not in apart and (values or name in many):
            raw[name] = values if name in many else values[-1]
    return raw


def _validated(model: type[Input], raw: Mapping[str, Any], *, by_year: frozenset[str]) -> Input:
    years = {name: years_of(raw[name], field=name) for name in by_year & raw.keys()}
    try:
        return model.model_validate({**raw, **years})
    except ValidationError as error:
        errors = {str((*item["loc"], "")[0]): field_error(item) for item in error.errors()}
        raise InvalidInputError(errors) from error


def years_of(text: str, *, field: str) -> Mapping[int, float]:
    """Read lines of the form ``year = number``, such as ``2027 = 1200000``."""
    found: dict[int, float] = {}
    for name, value in read_overlay(text, field=field).items():
        if not _YEAR.fullmatch(name) or isinstance(value, str):
            template = N_("“%(line)s” is not a year with a number; write lines like 2027 = 1200000.")
            raise InvalidInputError({field: FieldError(template, line=f"{name} = {value}")})
        found[int(name)] = value
    return found


def typed(measure: PlannedMeasure) -> Mapping[str, str]:
    """Return what the form of a measure shows, by field; lists are asked for by `chosen`."""
    content = measure.content.model_dump(mode="json")
    shown = {name: "" if value is None else str(value) for name, value in content.items() if name not in MANY}
    shown["parameters"] = written(measure.content.parameters)
    for name in BY_YEAR:
        shown[name] = written({str(year): value for year, value in getattr(measure.content, name).items()})
    return {
        **shown,
        **{name: getattr(measure, name) for name in ("name_zh", "name_en", "reasoning", "evidence")},
        **{name: str(getattr(measure, name) or "") for name in ("owner_unit_id", "owner_id")},
    }


def chosen(form: FormData | None, measure: PlannedMeasure | None) -> Mapping[str, tuple[str, ...]]:
    """Return what is ticked: as typed, else as the measure says."""
    if form is not None:
        return {name: tuple(str(value) for value in form.getlist(name)) for name in MANY}
    if measure is None:
        return dict.fromkeys(MANY, ())
    return {name: tuple(str(value) for value in getattr(measure.content, name)) for name in MANY}
