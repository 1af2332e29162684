"""The factor library: every factor with its source, licence, year, place and boundary, and where it is used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lca_models.emissions import EmissionFlow, GwpSet
from lca_models.model import Model, Source
from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options, read_filter
from service.console.model_shown import ModelHead, ShownModel, model_head, shown_model
from service.console.model_words import CONFIDENCES, FACTOR_KINDS, confidence_words, model_flow_name, process_name
from service.errors import N_
from service.i18n import Locale, translate
from service.modelling.inspection import FactorLine, factor_lines
from service.web.forms import FormInput, FormState

router = APIRouter()

UNITS = {"life_cycle": "kg CO₂e", "gwp100": "kg CO₂e", "direct_co2": "kg CO₂"}


class FactorFilter(FormInput):
    """What the address of the library may hold."""

    q: str | None = Field(default=None, max_length=100)
    kind: Literal["life_cycle", "gwp100", "direct_co2"] | None = None
    confidence: str | None = Field(default=None, max_length=30)
    used: Literal["yes"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """A factor in words; `users` are (process, page or None)."""

    line: FactorLine
    name: str
    kind: str
    unit: str
    confidence: tuple[str, str]
    parameter_href: str | None
    users: Sequence[tuple[str, str | None]]
    sources: Sequence[Source]
    rows_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsPage:
    """The library; `gases` are (flow, name, GWP100 by set)."""

    head: ModelHead
    rows: Sequence[FactorRow]
    count: int
    unverified: int
    filter: FactorFilter
    form: FormState
    kinds: Options
    confidences: Options
    gases: Sequence[tuple[EmissionFlow, str, Sequence[float | None]]]
    gwp_columns: list[tuple[str, str]]
    version_id: str


@router.get("/console/model/factors")
@endpoint(STAFF)
def show_factors(context: Context) -> Response:
    """List the factors; filters stand in the address."""
    shown = shown_model(context)
    wanted, form = read_filter(FactorFilter, context.request, context.locale)
    lines = factor_lines(shown.model)
    found = [line for line in lines if _fits(shown.model, line, wanted)]
    locale = context.locale
    page = FactorsPage(
        head=model_head(shown, locale, active="/factors"),
        rows=[_row(shown, line, locale) for line in found],
        count=len(lines),
        unverified=sum(line.is_unverified for line in lines),
        filter=wanted,
        form=form,
        kinds=[(key, translate(locale, words)) for key, words in FACTOR_KINDS.items()],
        confidences=_confidences(lines, locale),
        gases=_gases(shown.model, wanted, locale),
        gwp_columns=[(one.value, "number") for one in GwpSet],
        version_id=str(shown.version.id) if shown.version else "",
    )
    return render_page(context, "console/model_factors.html", page)


def _fits(model: Model, line: FactorLine, wanted: FactorFilter) -> bool:
    factor = line.factor
    words = (wanted.q or "").casefold().split()
    citations = " ".join(model.sources[key].citation for key in factor.evidence.sources)
    stated = (factor.flow, factor.name_zh, factor.boundary, factor.region, factor.year, factor.evidence.source_detail, citations)
    text = " ".join((*stated, *factor.evidence.sources)).casefold()
    return (
        (not wanted.kind or line.kind == wanted.kind)
        and (not wanted.confidence or factor.evidence.confidence == wanted.confidence)
        and (not wanted.used or bool(line.used_by))
        and all(word in text for word in words)
    )


def _row(shown: ShownModel, line: FactorLine, locale: Locale) -> FactorRow:
    model = shown.model
    return FactorRow(
        line=line,
        name=_name(model, line, locale),
        kind=translate(locale, FACTOR_KINDS[line.kind]),
        unit=f"{UNITS[line.kind]}/{line.factor.unit}",
        confidence=confidence_words(line.factor.evidence.confidence, locale),
        parameter_href=shown.link(f"/parameters/{line.parameter}") if line.parameter else None,
        users=_users(shown, line.used_by, locale),
        sources=[model.sources[key] for key in line.factor.evidence.sources],
        rows_href=shown.rows_link(line.factor.evidence.place.file, line.factor.flow.partition(":")[0]),
    )


def _name(model: Model, line: FactorLine, locale: Locale) -> str:
    """Return the flow; an electricity factor of a set by its place, because its key says kind and place at once."""
    factor = line.factor
    if not line.factor_set:
        return model_flow_name(model, factor.flow, locale)
    place = factor.name_zh if locale == "zh-CN" else factor.region
    return f"{translate(locale, N_('Electricity'))} · {place or factor.region}"


def _users(shown: ShownModel, used_by: Iterable[str], locale: Locale) -> Sequence[tuple[str, str | None]]:
    """Return who takes a flow, each name once; builds of upstream materials have no page."""
    found: dict[str, str | None] = {}
    for name in used_by:
        href = shown.link(f"/processes/{name}") if name in shown.model.processes else None
        found.setdefault(process_name(shown.model, name.partition(":")[0], locale), href)
    return list(found.items())


def _confidences(lines: Iterable[FactorLine], locale: Locale) -> Options:
    present = {line.factor.evidence.confidence for line in lines}
    return [(key, confidence_words(key, locale)[0]) for key in CONFIDENCES if key in present]


def _gases(model: Model, wanted: FactorFilter, locale: Locale) -> Sequence[tuple[EmissionFlow, str, Sequence[float | None]]]:
    """Return the elementary flows with a GWP; filters that are about supplies leave none."""
    if wanted.confidence or wanted.used or wanted.kind not in {None, "gwp100"}:
        return []
    flows: Mapping[str, EmissionFlow] = model.emission_flows
    words = (wanted.q or "").casefold().split()
    return [
        (flow, model_flow_name(model, flow.flow, locale), [flow.gwp100_by_set.get(one) for one in GwpSet])
        for flow in flows.values()
        if all(word in f"{flow.flow} {flow.name_en} {flow.name_zh} {flow.gas}".casefold() for word in words)
    ]
