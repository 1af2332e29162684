"""Whom a campaign asks: chosen from the list, or imported from Excel with a preview."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import Field, ValidationError
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.campaigns import operations, queries
from service.campaigns.models import Campaign
from service.campaigns.queries import MemberRow
from service.campaigns.schemas import ListedSupplier, ListedSuppliers, MembersInput
from service.campaigns.supplier_import import COLUMNS, SHEET, ListPlan, plan_list, type_names
from service.console.campaigns import WRITERS
from service.console.choices import Options, supplier_options
from service.console.exports import XLSX, attachment
from service.console.table_imports import UPLOADS, changed_since, read_upload
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import explain
from service.suppliers.models import SupplierType
from service.suppliers.queries import all_active_suppliers
from service.suppliers.sheet_cells import CHOICES_SHEET, supplier_choices
from service.suppliers.workbook import write_workbook
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()


class ListForm(FormInput):
    """The button below a preview; `rows` holds what the preview showed."""

    rows: str = Field(max_length=900_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersPage:
    """Whom the campaign asks, whom it may ask too, and what an uploaded list would do.

    Attributes
    ----------
    problems
        (sheet, row, cell, column, value, message) of each problem.
    listed
        (row, name, whether the supplier is known, whether it is in the campaign already) of each row of the preview.
    rows_text
        What the button below the preview sends back.

    """

    campaign: Campaign
    members: Sequence[MemberRow]
    choices: Options
    form: FormState
    problems: Sequence[tuple[str, int, str, str, str, str]]
    listed: Sequence[tuple[int, str, bool, bool]]
    rows_text: str
    idempotency_key: str


@router.get("/console/campaigns/{campaign_id}/suppliers")
@endpoint(WRITERS)
def show_members(context: Context, campaign_id: uuid.UUID) -> Response:
    """Show whom the campaign asks."""
    return _show(context, queries.get_campaign(context.session, campaign_id), FormState())


@router.post("/console/campaigns/{campaign_id}/suppliers")
@endpoint(WRITERS)
def add_members(context: Context, campaign_id: uuid.UUID) -> Response:
    """Add the suppliers ticked."""
    campaign = queries.get_campaign(context.session, campaign_id)
    try:
        chosen = parse_form(MembersInput, context.form, many=frozenset({"supplier_ids"})).supplier_ids
        count = operations.add_members(context.session, campaign, chosen, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, campaign, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/campaigns/{campaign_id}/suppliers", N_("%(count)s suppliers added."), count=count)


@router.post("/console/campaigns/{campaign_id}/suppliers/{member_id}/remove")
@endpoint(WRITERS)
def remove_member(context: Context, campaign_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    """Take a supplier out."""
    campaign = queries.get_campaign(context.session, campaign_id)
    operations.remove_member(context.session, campaign, member_id, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/campaigns/{campaign_id}/suppliers", N_("The supplier was taken out."))


@router.get("/console/campaign-template.xlsx")
@endpoint(WRITERS)
def download_template(context: Context) -> Response:
    """Send the workbook to fill in, with the names that are known here."""
    suppliers = all_active_suppliers(context.session)
    names = supplier_choices(suppliers)
    types = [" · ".join(dict.fromkeys(type_names(one))) for one in SupplierType]
    choices = {COLUMNS[0].header: names, "类型 / Type": types}
    content = write_workbook(sheet=SHEET, columns=COLUMNS, rows=(), choices=choices, choices_sheet=CHOICES_SHEET)
    return attachment(content, XLSX, "suppliers.xlsx")


@router.post("/console/campaigns/{campaign_id}/suppliers/import")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def preview_import(context: Context, answer: Mapping[str, Any] | ServiceError, campaign_id: uuid.UUID) -> Response:
    """Show what the uploaded list would do; nothing is changed yet."""
    campaign = queries.get_campaign(context.session, campaign_id)
    if isinstance(answer, ServiceError):
        return _show(context, campaign, rejected(context.form, answer, context.locale), status=answer.status)
    plan = plan_list(answer, suppliers=all_active_suppliers(context.session))
    return _show(context, campaign, FormState(), plan=plan, status=422 if plan.problems else 200)


@router.post("/console/campaigns/{campaign_id}/suppliers/apply")
@endpoint(WRITERS)
def apply_import(context: Context, campaign_id: uuid.UUID) -> Response:
    """Do what the preview showed, all of it or nothing."""
    campaign = queries.get_campaign(context.session, campaign_id)
    try:
        rows = _confirmed(parse_form(ListForm, context.form).rows)
        with context.session.begin_nested():
            count = operations.import_members(context.session, campaign, rows, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, campaign, changed_since(error, context.locale), status=error.status)
    return see_other(context, f"/console/campaigns/{campaign_id}/suppliers", N_("%(count)s suppliers added."), count=count)


def _confirmed(text: str) -> Sequence[ListedSupplier]:
    try:
        return ListedSuppliers.model_validate({"rows": json.loads(text)}).rows
    except (ValidationError, ValueError) as error:
        raise InvalidInputError({"rows": FieldError(N_("The preview arrived incomplete."))}) from error


def _show(context: Context, campaign: Campaign, form: FormState, *, plan: ListPlan | None = None, status: int = 200) -> Response:
    members = queries.members_of(context.session, campaign.id)
    present = {row.supplier_id for row in members}
    left = [row for row in all_active_suppliers(context.session) if row.id not in present]
    page = MembersPage(
        campaign=campaign,
        members=members,
        choices=supplier_options(left, context.locale),
        form=form,
        problems=[
            (one.sheet, one.row, one.cell, one.column, one.value, explain(context.locale, one.error))
            for one in (plan.problems if plan else ())
        ],
        listed=[
            (
                one.row,
                one.known.name(context.locale) if one.known else one.fields.name_zh,
                one.known is not None,
                one.fields.supplier_id in present,
            )
            for one in (plan.rows if plan else ())
        ],
        rows_text=json.dumps([one.fields.model_dump(mode="json") for one in plan.rows]) if plan and plan.rows else "",
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/campaign_members.html", page, status=status)
