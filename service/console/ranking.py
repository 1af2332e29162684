"""The ranking of suppliers of a material: official order, how sure it is, and what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import Field, field_validator
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page
from service.console.choices import Options, flow_label, province_options, read_filter
from service.console.exports import CSV, XLSX, attachment, csv_of
from service.console.ranking_exports import COLUMNS as EXPORTED
from service.console.ranking_exports import export_rows, notes
from service.console.ranking_rows import GRADE_ORDER, SORTERS, MaterialRanking, RankingLine, material_ranking, sorted_lines
from service.errors import N_
from service.green_score.indicator_names import DIMENSION_NAMES
from service.green_score.method import DIMENSIONS, ScoringMethod
from service.green_score.method_queries import method_of
from service.green_score.models import MethodVersion
from service.green_score.queries import method_version_of, scored_flows
from service.i18n import translate
from service.procurement.ranking import Standing
from service.procurement.second_opinions import SecondOpinion, second_opinions
from service.suppliers.schemas import FlowKey, ProvinceCode
from service.suppliers.workbook import write_workbook
from service.web.forms import FieldErrorInValidator, FormInput, FormState

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
ADDRESS: Final = "/console/ranking"
PAGE_ROWS: Final = 50
MORE_COLUMNS: Final[Mapping[str, str]] = {
    "province": N_("Province"),
    "footprint": N_("Footprint and benchmark"),
    "own_figures": N_("Own figures"),
    "trend": N_("Change in points"),
    "price": N_("Price"),
    "updated": N_("Updated"),
}
"""Columns that can be chosen, beside those of the dimensions; supplier, grade, score and rank always stand."""
AT_FIRST: Final = ("footprint", "trend", "price")


class RankingFilter(FormInput):
    """What the address of the ranking may hold; a `-` before the sort column turns it round."""

    flow: FlowKey | None = None
    grade: str | None = Field(default=None, max_length=2)
    province_code: ProvinceCode | None = None
    standing: Standing | None = None
    q: str | None = Field(default=None, max_length=100)
    columns: tuple[str, ...] = ()
    sort: str = Field(default="rank", max_length=20)
    page: int = Field(default=1, ge=1, le=100_000)

    @field_validator("grade")
    @classmethod
    def known_grade(cls, grade: str | None) -> str | None:
        """Refuse what no supplier can have."""
        if grade is not None and grade not in GRADE_ORDER:
            message = N_("“%(grade)s” is not a grade; pick one of %(known)s.")
            raise FieldErrorInValidator(message, grade=grade, known=", ".join(GRADE_ORDER))
        return grade

    @field_validator("sort")
    @classmethod
    def known_column(cls, sort: str) -> str:
        """Refuse a column that the table does not have."""
        if sort.removeprefix("-") not in (*SORTERS, *DIMENSIONS):
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=sort)
        return sort

    @property
    def shown(self) -> tuple[str, ...]:
        """Chosen columns in the order of the table; some to begin with."""
        chosen = self.columns or AT_FIRST
        return tuple(one for one in (*MORE_COLUMNS, *DIMENSIONS) if one in chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """A column's head: what it says, and where a click on it leads.

    Attributes
    ----------
    direction
        `ascending` or `descending` where the table is sorted by it.

    """

    key: str
    label: str
    is_number: bool
    href: str
    direction: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPage:
    """The ranking of a material; `material` is empty where nothing has been scored yet.

    Attributes
    ----------
    lines
        Ranked ones of this page.
    waiting, excluded
        Those without a rank: their period is open, or they are excluded.
    opinions
        (method's name, its order); labelled second opinions.

    """

    material: str
    filter: RankingFilter
    form: FormState
    flows: Options
    provinces: Options
    choices: Options
    heads: Sequence[ColumnHead]
    lines: Sequence[RankingLine]
    waiting: Sequence[RankingLine]
    excluded: Sequence[RankingLine]
    first: int
    total: int
    ranked: int
    previous_href: str | None
    next_href: str | None
    query: str
    opinions: Sequence[tuple[str, SecondOpinion]]
    method: MethodVersion | None

    @property
    def last(self) -> int:
        """Position of the last line shown."""
        return self.first + len(self.lines) - 1 if self.lines else 0


@router.get(ADDRESS)
@endpoint(READERS)
def show_ranking(context: Context) -> Response:
    """Show the ranking of a material; filters, order and columns stand in the address."""
    wanted, form = _read(context)
    flow = wanted.flow or next(iter(scored_flows(context.session)), None)
    ranking = None if flow is None else material_ranking(context, flow)
    return render_page(context, "console/ranking.html", _page(context, ranking, wanted, form))


@router.get(ADDRESS + "/export.xlsx")
@endpoint(READERS)
def export_xlsx(context: Context) -> Response:
    """Send the ranking as a workbook, with what its columns mean on a second sheet."""
    flow, lines = _exported(context)
    content = write_workbook(
        sheet="排名 Ranking",
        columns=EXPORTED,
        rows=export_rows(lines, flow_label(flow, context.locale), context.locale),
        choices=notes(context.locale),
        choices_sheet="说明 Notes",
    )
    return attachment(content, XLSX, "ranking.xlsx")


@router.get(ADDRESS + "/export.csv")
@endpoint(READERS)
def export_csv(context: Context) -> Response:
    """Send the ranking as CSV."""
    flow, lines = _exported(context)
    rows = export_rows(lines, flow_label(flow, context.locale), context.locale)
    return attachment(csv_of(EXPORTED, rows), CSV, "ranking.csv")


def _read(context: Context) -> tuple[RankingFilter, FormState]:
    return read_filter(RankingFilter, context.request, context.locale, many=frozenset({"columns"}))


def _exported(context: Context) -> tuple[str, list[RankingLine]]:
    """Return every line that the filters leave: the ranked ones in their order, then those without a rank."""
    wanted, _ = _read(context)
    flow = wanted.flow or next(iter(scored_flows(context.session)), "")
    lines = _fitting(material_ranking(context, flow).lines, wanted)
    ranked = [one for one in lines if one.standing is Standing.RANKED]
    return flow, _ordered(ranked, wanted) + [one for one in lines if one.standing is not Standing.RANKED]


def _fitting(lines: Sequence[RankingLine], wanted: RankingFilter) -> list[RankingLine]:
    return [one for one in lines if _fits(one, wanted)]


def _fits(line: RankingLine, wanted: RankingFilter) -> bool:
    words = (wanted.q or "").casefold()
    return (
        wanted.grade in (None, line.score.grade)
        and wanted.province_code in (None, line.supplier.province_code)
        and wanted.standing in (None, line.standing)
        and any(words in name.casefold() for name in (line.supplier.name_zh, line.supplier.name_en))
    )


def _ordered(lines: Sequence[RankingLine], wanted: RankingFilter) -> list[RankingLine]:
    return sorted_lines(lines, wanted.sort.removeprefix("-"), descending=wanted.sort.startswith("-"))


def _page(context: Context, ranking: MaterialRanking | None, wanted: RankingFilter, form: FormState) -> RankingPage:
    locale, session = context.locale, context.session
    found = _fitting(ranking.lines, wanted) if ranking else []
    ordered = _ordered([one for one in found if one.standing is Standing.RANKED], wanted)
    first = (wanted.page - 1) * PAGE_ROWS
    version = method_version_of(session, ranking.ranked_scores[0]) if ranking and ranking.ranked_scores else None
    return RankingPage(
        material=flow_label(ranking.flow, locale) if ranking else "",
        filter=wanted.model_copy(update={"flow": ranking.flow if ranking else None}),
        form=form,
        flows=[(flow, flow_label(flow, locale)) for flow in scored_flows(session)],
        provinces=province_options(locale),
        choices=[*_named(context, MORE_COLUMNS), *[(key, f"{key} {name}") for key, name in _named(context, DIMENSION_NAMES)]],
        heads=_heads(context, wanted),
        lines=ordered[first : first + PAGE_ROWS],
        waiting=[one for one in found if one.standing is Standing.OPEN],
        excluded=[one for one in found if one.standing is Standing.EXCLUDED],
        first=first + 1 if ordered[first:] else 0,
        total=len(ordered),
        ranked=len(ranking.ranked_scores) if ranking else 0,
        previous_href=_href(context, page=str(wanted.page - 1)) if wanted.page > 1 else None,
        next_href=_href(context, page=str(wanted.page + 1)) if ordered[first + PAGE_ROWS :] else None,
        query=context.request.url.query,
        opinions=_opinions(ranking, method_of(version)) if ranking and version else (),
        method=version,
    )


def _named(context: Context, names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, translate(context.locale, name)) for key, name in names.items()]


def _heads(context: Context, wanted: RankingFilter) -> list[ColumnHead]:
    names = {"name": N_("Supplier"), "grade": N_("Rating"), "rank": N_("Score and rank"), **MORE_COLUMNS, **DIMENSION_NAMES}
    text = ("name", "grade", "province")
    return [
        ColumnHead(
            key=key,
            label=f"{key} {translate(context.locale, names[key])}" if key in DIMENSIONS else translate(context.locale, names[key]),
            is_number=key not in text,
            href=_href(context, sort=f"-{key}" if wanted.sort == key else key),
            direction={key: "ascending", f"-{key}": "descending"}.get(wanted.sort),
        )
        for key in ("name", "grade", "rank", *wanted.shown)
    ]


def _href(context: Context, **changed: str) -> str:
    """Return the address of the page with something changed; a new order begins at the first page."""
    replaced = {*changed, "page"}
    kept = [(name, value) for name, value in context.request.query_params.multi_items() if name not in replaced]
    return f"{ADDRESS}?{urlencode([*kept, *changed.items()])}"


OPINION_NAMES: Final = {"topsis": "TOPSIS", "vikor": "VIKOR", "promethee": "PROMETHEE II", "spotis": "SPOTIS"}


def _opinions(ranking: MaterialRanking, method: ScoringMethod) -> list[tuple[str, SecondOpinion]]:
    weights = method.profiles[ranking.ranked_scores[0].category]
    return [(OPINION_NAMES[one.method], one) for one in second_opinions(ranking.ranked_scores, weights)]
