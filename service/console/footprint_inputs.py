"""What went into a footprint: each parameter with where its value comes from."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import footprint_words as words
from service.console.answer_rows import EVIDENCE_LABELS
from service.console.footprint_electricity import supplier_names
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.models import FootprintRecord
from service.footprints.provenance import LEGS, RECIPE
from service.i18n import Locale, translate
from service.submissions.models import EvidenceKind

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """What one supplier, the recipe or the model adds to a parameter."""

    kind: str
    value: float
    weight: float
    supplier: str | None
    source: str
    is_recipe: bool
    is_legs: bool
    submission_id: str | None
    formula: str
    missing: Sequence[str]
    evidence: str
    scores: Sequence[int]
    expired: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterLine:
    """A parameter with its provenance; `value` and `default` are numbers or choices."""

    name: str
    meaning: str
    unit: str
    value: float | str
    default: float | str
    kind: str
    is_mixed: bool
    parts: Sequence[PartLine]

    @property
    def is_changed(self) -> bool:
        """Whether anything else than the model's default is in the value."""
        return self.value != self.default or any(part.kind != "default" for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterGroup:
    """The parameters of one step of the process chain."""

    name: str
    changed: Sequence[ParameterLine]
    unchanged: Sequence[ParameterLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputsPage:
    """All parameters of a footprint, and the submissions behind them by number."""

    head: FootprintHead
    groups: Sequence[ParameterGroup]
    submissions: Mapping[str, uuid.UUID]


@router.get("/console/footprints/{record_id:uuid}/inputs")
@endpoint(INSIDERS)
def show_inputs(context: Context, record_id: uuid.UUID) -> Response:
    """Show the parameters by step of the process chain, those that differ from the model's default first."""
    head = footprint_head(context, record_id, FootprintTab.INPUTS)
    page = inputs_page(context, queries.get_record(context.session, record_id), head)
    return render_page(context, "console/footprint_inputs.html", page)


def inputs_page(context: Context, record: FootprintRecord, head: FootprintHead) -> InputsPage:
    """Put all parameters of a footprint together, with where each comes from."""
    return InputsPage(
        head=head,
        groups=_parameter_groups(record, supplier_names(context, record), context.locale),
        submissions=queries.sources_of(context.session, record.id),
    )


def _parameter_groups(record: FootprintRecord, names: Mapping[str, str], locale: Locale) -> list[ParameterGroup]:
    """Return the parameters in the order of the process chain, by group."""
    groups = []
    for group, items in groupby(record.provenance.items(), key=lambda item: words.parameter_group(item[0])):
        lines = [_parameter_line(name, one, names, locale) for name, one in items]
        changed, unchanged = ([line for line in lines if line.is_changed is wanted] for wanted in (True, False))
        groups.append(ParameterGroup(name=words.group_name(group, locale), changed=changed, unchanged=unchanged))
    return groups


def _parameter_line(name: str, one: Mapping[str, Any], names: Mapping[str, str], locale: Locale) -> ParameterLine:
    return ParameterLine(
        name=name,
        meaning=words.parameter_meaning(name, locale),
        unit=one["unit"],
        value=words.choice_name(one["value"], locale),
        default=words.choice_name(one["default"], locale),
        kind=one["kind"],
        is_mixed=len(one["parts"]) > 1,
        parts=[_part_line(part, names, locale) for part in one["parts"]],
    )


def _part_line(part: Mapping[str, Any], names: Mapping[str, str], locale: Locale) -> PartLine:
    return PartLine(
        kind=part["kind"],
        value=part["value"],
        weight=part["weight"],
        supplier=names.get(part["supplier_id"] or ""),
        source=part["source"],
        is_recipe=part["source"] == RECIPE,
        is_legs=part["source"] == LEGS,
        submission_id=part["submission_id"],
        formula=words.readable_formula(part["formula"], locale),
        missing=[words.field_label(field, locale) for field in part["missing"]],
        evidence=translate(locale, EVIDENCE_LABELS[EvidenceKind(part["evidence"])]) if part.get("evidence") else "",
        scores=part.get("scores", ()),
        expired=part.get("expired", ""),
    )
