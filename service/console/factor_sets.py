"""Pages on the versions of the electricity factors: which are in force, what another set changes, and proposing a new one."""

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from lca_models.factor_sets import DirectCo2Set, FactorSet, LifeCycleSet
from lca_models.factor_uploads import COLUMNS, template_rows
from lca_models.model import load_model, shipped_tables
from service.accounts.access import Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options
from service.console.electricity_words import kind_name
from service.console.footprint_words import stage_name
from service.console.scenario_words import meaning
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.factor_sets.operations import propose_set
from service.factor_sets.reports import ChangesReport, drafts_with_other_factors, latest_change, report_between, report_of_draft
from service.factor_sets.schemas import ChangesQuery, FactorSetInput
from service.footprints.disclosure import INSIDERS
from service.i18n import Locale, translate
from service.modelling import queries as models
from service.modelling.models import ModelVersion
from service.sandbox import run_limited
from service.spreadsheets.archive import PROBLEMS
from service.suppliers.spreadsheet import read_sheets
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER)
UPLOADS = Limit(name="factor-set-upload", tries=30, per_s=600)
PARSE_SECONDS: Final = 20.0
PARSE_BYTES: Final = 1024**3
"""Address space of the parsing child; Python and the library take 0.3 GiB of it."""
LARGEST_UPLOAD: Final = 1024 * 1024

FAMILIES: Final[Mapping[str, str]] = {
    "footprint": N_("Life-cycle factors (carbon footprint)"),
    "screening": N_("Life-cycle factors, derived for screening"),
    "direct_co2": N_("Direct CO₂, for company inventories only"),
    "legacy_ets": N_("Earlier emission trading factors, for restating base years only"),
}
_UPLOADED: Final = ("footprint", "screening", "direct_co2")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLine:
    """A set of factors as the list shows it."""

    key: str
    name: str
    family: str
    data_year: str
    document: str
    published: str
    valid: tuple[str, str]
    superseded_by: str
    is_in_force: bool
    is_life_cycle: bool
    factors: Sequence[tuple[str, str, float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSetsPage:
    """All sets, the drafts that hold other ones, and the form to upload a new one; `groups` are (title, sets)."""

    groups: Sequence[tuple[str, Sequence[SetLine]]]
    drafts: Sequence[tuple[ModelVersion, tuple[str, ...]]]
    comparable: Options
    in_force: str
    form: FormState
    families: Options
    may_write: bool
    model_version: str
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """What another set would change; `parameters` name the electricity parameters in the results.

    Attributes
    ----------
    draft
        The model version that would bring it; None where two sets are only compared.

    """

    form: FormState
    before: str
    after: str
    draft: ModelVersion | None
    report: ChangesReport | None
    parameters: Mapping[str, str]
    stages: Sequence[tuple[str, str]]
    set_names: Mapping[str, str]
    kinds: Mapping[str, str]

    @property
    def stage_columns(self) -> list[tuple[str, str]]:
        """One column for each stage, as the macro `table` takes them."""
        return [(code, "number") for code, _ in self.stages]


@router.get("/console/factor-sets")
@endpoint(INSIDERS)
def show_sets(context: Context) -> Response:
    """Show all versions of the electricity factors."""
    return _show(context, FormState())


@router.get("/console/factor-sets/template.csv")
@endpoint(INSIDERS)
def download_template(context: Context) -> Response:
    """Send the rows of the set in force, to be filled with the new values."""
    model = models.active_model(context.session)
    tables = (
        shipped_tables()
        if model.content_hash == load_model().content_hash
        else models.tables_of(context.session, model.content_hash)
    )
    head = model.electricity.sets[model.electricity.in_force["footprint"]].head
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(template_rows(tables, family=head.family, year=head.data_year))
    # People write the cells: a browser may neither show nor run them as a page of ours.
    headers = {
        "Content-Disposition": 'attachment; filename="electricity-factors.csv"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/console/factor-sets/changes")
@endpoint(INSIDERS)
def show_changes(context: Context) -> Response:
    """Show what changes between two sets."""
    query = FormData([item for item in context.request.query_params.multi_items() if item[0] in ChangesQuery.model_fields])
    present = latest_change(context.session)
    before, after = (str(query.get(name) or key) for name, key in zip(("before", "after"), present, strict=True))
    try:
        parse_form(ChangesQuery, query)
        report = report_between(context.session, before=before, after=after)
    except ServiceError as error:
        return _show_changes(
            context, None, before=before, after=after, form=rejected(query, error, context.locale), status=error.status
        )
    return _show_changes(context, report, before=before, after=after)


@router.get("/console/factor-sets/drafts/{model_version_id}")
@endpoint(INSIDERS)
def show_draft(context: Context, model_version_id: uuid.UUID) -> Response:
    """Show what the factors of a draft would change, before anybody applies them."""
    draft = models.get_version(context.session, model_version_id)
    in_force, new = (
        one.electricity.in_force for one in (models.active_model(context.session), models.model_of_version(context.session, draft))
    )
    report = report_of_draft(context.session, draft)
    before, after = (
        ", ".join(sorted(set(one.values()) - set(other.values()))) for one, other in ((in_force, new), (new, in_force))
    )
    return _show_changes(context, report, before=before, after=after, draft=draft)


def read_upload(context: Context) -> tuple[str, bytes] | ServiceError:
    """Read the uploaded file as CSV before the transaction begins; a workbook is read in a limited child process."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return InvalidInputError({"file": FieldError(N_("Please choose a file."))})
    content = upload.file.read(LARGEST_UPLOAD + 1)
    if len(content) > LARGEST_UPLOAD:
        return InvalidInputError(
            {"file": FieldError(N_("%(name)s is larger than 1 MB. Upload a table of the model."), name=upload.filename)}
        )
    if not upload.filename.lower().endswith(".xlsx"):
        return upload.filename, content
    try:
        answer: Mapping[str, Any] = run_limited(read_sheets, content, seconds=PARSE_SECONDS, memory_bytes=PARSE_BYTES)
    except ServiceError:
        return InvalidInputError(
            {"file": FieldError(N_("Reading this workbook takes too long. Copy the values into the template and upload that."))}
        )
    if "problem" in answer:
        return InvalidInputError({"file": FieldError(PROBLEMS[answer["problem"]])})
    return upload.filename, _as_csv(answer["sheets"][0]["rows"])


def _as_csv(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a sheet as CSV, so that line numbers are those of the sheet."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode()


@router.post("/console/factor-sets")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def upload_set(context: Context, upload: tuple[str, bytes] | ServiceError) -> Response:
    """Begin a draft with a new set, and show what it would change."""
    fields = FormData([(name, value) for name, value in context.form.multi_items() if name != "file"])
    try:
        typed = parse_form(FactorSetInput, fields)
        if isinstance(upload, ServiceError):
            raise upload
        file, content = upload
        today = context.today
        draft = propose_set(context.session, typed, content, file=file, today=today, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, rejected(fields, error, context.locale), status=error.status)
    return see_other(
        context, f"/console/factor-sets/drafts/{draft.id}", N_("Draft %(label)s begun. Nothing is applied yet."), label=draft.label
    )


def _show(context: Context, form: FormState, *, status: int = 200) -> Response:
    model = models.active_model(context.session)
    in_force = set(model.electricity.in_force.values())
    lines = [_line(key, one, is_in_force=key in in_force, locale=context.locale) for key, one in model.electricity.sets.items()]
    page = FactorSetsPage(
        groups=[(title, [line for line in lines if line.family == family]) for family, title in FAMILIES.items()],
        drafts=drafts_with_other_factors(context.session),
        in_force=model.electricity.in_force["footprint"],
        comparable=[(line.key, line.name) for line in lines if line.is_life_cycle],
        form=form,
        families=[(key, translate(context.locale, FAMILIES[key])) for key in _UPLOADED],
        may_write=context.asking.has(Role.ENGINEER),
        model_version=model.model_version,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/factor_sets.html", page, status=status)


def _line(key: str, one: FactorSet, *, is_in_force: bool, locale: Locale) -> SetLine:
    head, chinese = one.head, locale == "zh-CN"
    factors: Sequence[Any] = list(one.factors.items())
    return SetLine(
        key=key,
        name=head.name_zh if chinese else head.name_en,
        family=head.family,
        data_year=head.data_year,
        document=head.document_zh if chinese else head.document_en,
        published=head.published,
        valid=(head.valid_from.isoformat() if head.valid_from else "?", head.valid_to.isoformat() if head.valid_to else ""),
        superseded_by=head.superseded_by,
        is_in_force=is_in_force,
        is_life_cycle=isinstance(one, LifeCycleSet),
        factors=[
            (
                factor.name_zh if chinese else region,
                kind_name(kind, locale),
                factor.value,
                "kg CO₂" if isinstance(one, DirectCo2Set) else "kg CO₂e",
            )
            for (region, kind), factor in factors
        ],
    )


def _show_changes(
    context: Context,
    report: ChangesReport | None,
    *,
    before: str,
    after: str,
    draft: ModelVersion | None = None,
    form: FormState | None = None,
    status: int = 200,
) -> Response:
    model = models.active_model(context.session)
    newest = model if draft is None else models.model_of_version(context.session, draft)  # a draft names its own sets too
    chinese = context.locale == "zh-CN"
    changed = {name for one in report.results for name in one.change.parameters} if report else set()
    page = ChangesPage(
        form=form or FormState(),
        before=before,
        after=after,
        draft=draft,
        report=report,
        parameters={name: meaning(model.parameter(name), context.locale) for name in sorted(changed)},
        stages=[(stage.code, stage_name(stage.code, context.locale)) for stage in model.stages],
        set_names={key: one.head.name_zh if chinese else one.head.name_en for key, one in newest.electricity.sets.items()},
        kinds={one.kind: kind_name(one.kind, context.locale) for one in report.factors} if report else {},
    )
    return render_page(context, "console/factor_changes.html", page, status=status)
