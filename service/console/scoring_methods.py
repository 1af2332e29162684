"""Pages on the scoring method: how we score, its versions, drafting one and releasing it by another person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options
from service.console.exports import XLSX, attachment
from service.console.scoring_method_blocks import Block, ChangeLine, blocks_of, change_lines
from service.database import new_id
from service.errors import N_, ServiceError
from service.footprints.disclosure import may_see_inputs
from service.green_score import method_operations as operations
from service.green_score import method_queries as queries
from service.green_score.anchor_table import AnchorTable, anchor_table
from service.green_score.method_cells import cells_of, changes_between
from service.green_score.method_effects import Effect, Effects, effects_of
from service.green_score.method_words import PROFILE_NAMES, cell_name, column_name, row_name
from service.green_score.models import MethodStatus, MethodVersion
from service.i18n import translate
from service.suppliers.flows import FLOWS
from service.suppliers.queries import names_of
from service.suppliers.workbook import Column, write_workbook
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
RELEASERS = roles(Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT)
ADDRESS: Final = "/console/scoring-methods"
COLUMNS: Final = (
    Column(key="table", header="表 / Table", hint="", width=24),
    Column(key="row", header="行 / Row", hint="", width=28),
    Column(key="column", header="列 / Column", hint="", width=22),
    Column(key="name_zh", header="名称", hint="", width=48),
    Column(key="name_en", header="Name", hint="", width=48),
    Column(key="value", header="值 / Value", hint="", width=16),
)


class DraftForm(FormInput):
    """From when a version shall count, and why it is made; with the consistency ratio where a committee has compared pairs."""

    effective_from: date
    notes: str = Field(min_length=3, max_length=2000)


class ChangeForm(DraftForm):
    """The same of a draft as the person saw it."""

    version: int = Field(ge=1)


class VersionForm(FormInput):
    """A version as the person saw it."""

    version: int = Field(ge=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsPage:
    """All versions; `in_force` is the label of the one that counts today."""

    versions: Sequence[MethodVersion]
    in_force: str
    may_write: bool
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPage:
    """How a version scores, what it changes, and what may be done with it.

    Attributes
    ----------
    effects
        None where nothing is to be decided, or for who may not see what suppliers answered: grades under weights of one's own
        choice would tell exact answers.

    """

    version: MethodVersion
    makers: Sequence[str]
    released_by: str
    is_in_force: bool
    compared_with: str
    changes: Sequence[ChangeLine]
    anchors: AnchorTable
    categories: Options
    category: str
    effects: Effects | None
    effect_rows: Sequence[tuple[str, str, Effect]]
    may_change: bool
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPage:
    """The table as a form.

    Attributes
    ----------
    open_blocks
        Keys of the tables that hold something wrong; the first one where nothing is.
    problems
        By path of the cell, with its full name for those who don't see where it stands.

    """

    version: MethodVersion
    blocks: Sequence[Block]
    open_blocks: frozenset[str]
    problems: Mapping[str, str]
    form: FormState
    idempotency_key: str


@router.get(ADDRESS)
@endpoint(READERS)
def show_methods(context: Context) -> Response:
    """List the versions."""
    return _show_list(context, FormState())


@router.post(ADDRESS)
@endpoint(WRITERS)
def create_draft(context: Context) -> Response:
    """Begin a draft from the version that would count on its day."""
    try:
        typed = parse_form(DraftForm, context.form)
        draft = operations.create_draft(
            context.session, notes=typed.notes, effective_from=typed.effective_from, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{ADDRESS}/{draft.label}/edit", N_("Draft %(label)s begun."), label=draft.label)


@router.get(ADDRESS + "/{method_label}")
@endpoint(READERS)
def show_method(context: Context, method_label: str) -> Response:
    """Show how a version scores."""
    version = queries.get_version(context.session, method_label)
    method = queries.method_of(version)
    present, _ = queries.method_in_force(context.session, context.today)
    wanted = context.request.query_params.get("category", "default")
    category = wanted if wanted in method.profiles else "default"
    is_open = version.status is not MethodStatus.RELEASED
    effects = effects_of(context.session, method) if is_open and may_see_inputs(context.asking) else None
    people = names_of_actors(context.session, {version.created_by, *version.edited_by, version.released_by or ""})
    page = MethodPage(
        version=version,
        makers=sorted(people.get(actor, actor) for actor in {version.created_by, *version.edited_by}),
        released_by=people.get(version.released_by or "", ""),
        is_in_force=version.label == present.label,
        compared_with=present.label,
        changes=change_lines(changes_between(present.content, version.content), context.locale),
        anchors=anchor_table(method, context.locale, category=category),
        categories=[(name, translate(context.locale, PROFILE_NAMES.get(name, name))) for name in method.profiles],
        category=category,
        effects=effects,
        effect_rows=_effect_rows(context, effects),
        may_change=version.status is MethodStatus.DRAFT and context.asking.has(Role.ENGINEER, Role.PROCUREMENT),
        may_decide=version.status is MethodStatus.PROPOSED and context.asking.has(Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT),
    )
    return render_page(context, "console/scoring_method.html", page)


@router.get(ADDRESS + "/{method_label}/edit")
@endpoint(WRITERS)
def edit_method(context: Context, method_label: str) -> Response:
    """Show the table of a draft as a form."""
    return _show_form(context, queries.get_version(context.session, method_label), FormState())


@router.post(ADDRESS + "/{method_label}/edit")
@endpoint(WRITERS)
def change_method(context: Context, method_label: str) -> Response:
    """Give a draft other values."""
    draft = queries.get_version(context.session, method_label)
    cells = cells_of(draft.content)
    typed = {name: str(value) for name, value in context.form.items() if name in cells}
    try:
        fields = parse_form(ChangeForm, _without(context, cells))
        operations.change_draft(
            context.session,
            method_label,
            typed,
            notes=fields.notes,
            effective_from=fields.effective_from,
            version=fields.version,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show_form(context, draft, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{ADDRESS}/{method_label}", N_("Saved. See below what it changes."))


@router.post(ADDRESS + "/{method_label}/propose")
@endpoint(WRITERS)
def propose_method(context: Context, method_label: str) -> Response:
    """Ask another person to release a draft."""
    typed = parse_form(VersionForm, context.form)
    operations.propose(context.session, method_label, version=typed.version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{ADDRESS}/{method_label}", N_("Proposed. Another person releases it or sends it back."))


@router.post(ADDRESS + "/{method_label}/send-back")
@endpoint(RELEASERS)
def send_method_back(context: Context, method_label: str) -> Response:
    """Make a proposed version a draft again."""
    typed = parse_form(VersionForm, context.form)
    operations.send_back(context.session, method_label, version=typed.version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{ADDRESS}/{method_label}", N_("Sent back; it is a draft again."))


@router.post(ADDRESS + "/{method_label}/discard")
@endpoint(WRITERS)
def discard_method(context: Context, method_label: str) -> Response:
    """Throw a draft away."""
    typed = parse_form(VersionForm, context.form)
    operations.discard(context.session, method_label, version=typed.version, by=context.asking.actor, at=context.at)
    return see_other(context, ADDRESS, N_("Draft %(label)s thrown away."), label=method_label)


@router.post(ADDRESS + "/{method_label}/release")
@endpoint(RELEASERS)
def release_method(context: Context, method_label: str) -> Response:
    """Let a second person put a proposed version to use."""
    typed = parse_form(VersionForm, context.form)
    released = operations.release(
        context.session, method_label, version=typed.version, today=context.today, by=context.asking.actor, at=context.at
    )
    message = N_("Released. Scores count by it from %(day)s.")
    return see_other(context, f"{ADDRESS}/{method_label}", message, day=released.effective_from)


@router.get(ADDRESS + "/{method_label}/table.xlsx")
@endpoint(READERS)
def download_workbook(context: Context, method_label: str) -> Response:
    """Send the table as a workbook, one cell a row."""
    version = queries.get_version(context.session, method_label)
    rows = [
        (
            cell.table,
            cell.row,
            cell.column,
            f"{row_name(cell, 'zh-CN')} {column_name(cell, 'zh-CN')}".strip(),
            f"{row_name(cell, 'en')} {column_name(cell, 'en')}".strip(),
            cell.value,
        )
        for cell in cells_of(version.content).values()
    ]
    content = write_workbook(sheet="评分方法 method", columns=COLUMNS, rows=rows, choices={}, choices_sheet="选项 choices")
    return attachment(content, XLSX, f"scoring-method-{version.label}.xlsx")


@router.get(ADDRESS + "/{method_label}/table.json")
@endpoint(READERS)
def download_json(context: Context, method_label: str) -> Response:
    """Send the table as it is kept, with its hash."""
    version = queries.get_version(context.session, method_label)
    told = {
        "version": version.label,
        "effective_from": version.effective_from.isoformat(),
        "sha256": version.content_hash,
        **version.content,
    }
    content = json.dumps(told, ensure_ascii=False, indent=2).encode()
    return attachment(content, "application/json", f"scoring-method-{version.label}.json")


def _without(context: Context, cells: Mapping[str, object]) -> FormData:
    return FormData([item for item in context.form.multi_items() if item[0] not in cells])


def _effect_rows(context: Context, effects: Effects | None) -> list[tuple[str, str, Effect]]:
    """Return the changed grades with the names of supplier and material."""
    if effects is None:
        return []
    names = names_of(context.session, {one.score.supplier_id for one in effects.changed}, context.locale)
    return [
        (names[one.score.supplier_id], translate(context.locale, FLOWS[one.score.flow].label), one)
        for one in effects.changed
        if one.score.flow in FLOWS
    ]


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    present, _ = queries.method_in_force(context.session, context.today)
    page = MethodsPage(
        versions=queries.all_versions(context.session),
        in_force=present.label,
        may_write=context.asking.has(Role.ENGINEER, Role.PROCUREMENT),
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/scoring_methods.html", page, status=status)


def _show_form(context: Context, draft: MethodVersion, form: FormState, *, status: int = 200) -> Response:
    cells = cells_of(draft.content)
    page = EditPage(
        version=draft,
        blocks=blocks_of(cells, context.locale),
        open_blocks=frozenset(path.partition("/")[0] for path in form.errors) or frozenset({"indicators"}),
        problems={
            path: f"{cell_name(cells[path], context.locale)}: {told}" if path in cells else told
            for path, told in form.errors.items()
        },
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/scoring_method_edit.html", page, status=status)
