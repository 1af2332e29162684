"""Forms that put something on a supplier's file, and what can be done with it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import SQLModel
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.compliance.models import HeldCertificate
from service.compliance.queries import get_of
from service.console.standing import WRITERS
from service.console.standing_entries import ACTIONS, ENTRIES, Action, Entry, EntryKind, Field, Step, options
from service.database import new_id
from service.errors import NotFoundError, ServiceError
from service.i18n import translate
from service.suppliers.models import Supplier
from service.suppliers.queries import SupplierRow, get_supplier
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field in words."""

    name: str
    label: str
    control: str
    hint: str
    options: Sequence[tuple[str, str]]
    required: bool
    maxlength: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingFormPage:
    """Context of the form."""

    supplier: SupplierRow
    title: str
    lead: str
    fields: Sequence[FieldView]
    form: FormState
    action: str
    back: str
    idempotency_key: str


@router.get("/console/suppliers/{supplier_id}/standing/{entry_kind}/new")
@endpoint(WRITERS)
def new_entry(context: Context, supplier_id: uuid.UUID, entry_kind: EntryKind) -> Response:
    """Show the form; `told` in the address fills in a certificate that the supplier has told of."""
    return _show(context, supplier_id, ENTRIES[entry_kind], FormState(values=_told(context, supplier_id)), f"/{entry_kind}")


@router.post("/console/suppliers/{supplier_id}/standing/{entry_kind}")
@endpoint(WRITERS)
def add_entry(context: Context, supplier_id: uuid.UUID, entry_kind: EntryKind) -> Response:
    """Put an entry on the supplier's file."""
    entry = ENTRIES[entry_kind]
    supplier = _supplier(context, supplier_id)
    try:
        entry.write(context, supplier, parse_form(entry.schema, context.form))
    except ServiceError as error:
        form = rejected(context.form, error, context.locale)
        return _show(context, supplier_id, entry, form, f"/{entry_kind}", status=error.status)
    return see_other(context, _standing(supplier_id), entry.done)


@router.get("/console/suppliers/{supplier_id}/standing/{entry_kind}/{entry_id}/{step}")
@endpoint(WRITERS)
def show_step(context: Context, supplier_id: uuid.UUID, entry_kind: EntryKind, entry_id: uuid.UUID, step: Step) -> Response:
    """Show the form of what can be done with an entry."""
    action = _action(entry_kind, step)
    get_of(context.session, ENTRIES[entry_kind].table, entry_id, supplier_id=supplier_id)
    return _show(context, supplier_id, action, FormState(), f"/{entry_kind}/{entry_id}/{step}")


@router.post("/console/suppliers/{supplier_id}/standing/{entry_kind}/{entry_id}/{step}")
@endpoint(WRITERS)
def take_step(context: Context, supplier_id: uuid.UUID, entry_kind: EntryKind, entry_id: uuid.UUID, step: Step) -> Response:
    """Do something with an entry."""
    action = _action(entry_kind, step)
    supplier = _supplier(context, supplier_id)
    row: SQLModel = get_of(context.session, ENTRIES[entry_kind].table, entry_id, supplier_id=supplier_id)
    try:
        action.act(context, supplier, row, parse_form(action.schema, context.form))
    except ServiceError as error:
        form = rejected(context.form, error, context.locale)
        return _show(context, supplier_id, action, form, f"/{entry_kind}/{entry_id}/{step}", status=error.status)
    return see_other(context, _standing(supplier_id), action.done)


def _action(kind: EntryKind, step: Step) -> Action:
    action = ACTIONS.get((kind, step))
    if action is None:
        raise NotFoundError
    return action


def _supplier(context: Context, supplier_id: uuid.UUID) -> Supplier:
    get_supplier(context.session, supplier_id, asking=context.asking)
    return context.session.get_one(Supplier, supplier_id)


def _standing(supplier_id: uuid.UUID) -> str:
    return f"/console/suppliers/{supplier_id}/standing"


def _told(context: Context, supplier_id: uuid.UUID) -> Mapping[str, str]:
    """Return what the form begins with: what the supplier told of a certificate, or nothing."""
    try:
        told = uuid.UUID(context.request.query_params.get("told", ""))
    except ValueError:
        return {}
    row = get_of(context.session, HeldCertificate, told, supplier_id=supplier_id)
    names = ("kind", "number", "issuer", "issued_on", "valid_until", "level", "evidence")
    return {name: str(value) for name in names if (value := getattr(row, name)) is not None}


def _show(
    context: Context, supplier_id: uuid.UUID, asked: Entry | Action, form: FormState, path: str, *, status: int = 200
) -> Response:
    page = StandingFormPage(
        supplier=get_supplier(context.session, supplier_id, asking=context.asking),
        title=asked.title,
        lead=asked.lead,
        fields=[_field(context, field) for field in asked.fields],
        form=form,
        action=f"{_standing(supplier_id)}{path}",
        back=_standing(supplier_id),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/standing_form.html", page, status=status)


def _field(context: Context, field: Field) -> FieldView:
    return FieldView(
        name=field.name,
        label=translate(context.locale, field.label),
        control=field.control,
        hint=translate(context.locale, field.hint) if field.hint else "",
        options=options(field, context.locale),
        required=field.required,
        maxlength=field.maxlength,
    )
