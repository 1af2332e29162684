import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from service.accounts import operations, queries
from service.accounts import sign_in as accounts
from service.accounts.access import ADMIN, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.models import Role, User
from service.accounts.pages import render_page, see_other
from service.accounts.queries import PersonRow
from service.accounts.rules import ROLE_NAMES, ROLES_OF
from service.audit.queries import find_events
from service.console.events import EventLine, event_lines
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.i18n import Locale, translate
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter(prefix="/console/people")

PAGE_ROWS = 50
INVITE_LIMITS = (Limit(name="invite", tries=60, per_s=3600),)
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A person in the list; `state` is a status that `status_badge` knows."""

    person: PersonRow
    organisation: str
    roles: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Context of the list of people."""

    text: str
    lines: Sequence[PersonLine]
    next_before: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPersonPage:
    """Context of the form for a new person."""

    form: FormState
    organisations: Choices
    roles: Choices
    chosen_roles: Sequence[str]
    idempotency_key: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Context of one person's page; `link` is the living set-up link, for copying."""

    person: User
    form: FormState
    organisation: str
    state: str
    roles: Choices
    chosen_roles: Sequence[str]
    is_self: bool
    link: str | None
    link_until: datetime | None
    events: Sequence[EventLine]


class RolesForm(FormInput):
    """Name and roles of a person."""

    name: Annotated[str, Field(max_length=100)]
    roles: Annotated[list[Role], Field(default_factory=list)]


class PersonForm(RolesForm):
    """A new person."""

    email: Annotated[str, Field(max_length=254)]
    organisation: uuid.UUID


@router.get("")
@endpoint(ADMIN)
def list_people(context: Context, q: Annotated[str, Query(max_length=100)] = "", before: uuid.UUID | None = None) -> Response:
    """List people, those added last first."""
    text = q.strip()
    rows = queries.find_people(context.session, text=text, before=before, limit=PAGE_ROWS + 1)
    page = PeoplePage(
        text=text,
        lines=[_line(row, context.locale) for row in rows[:PAGE_ROWS]],
        next_before=rows[PAGE_ROWS - 1].id if len(rows) > PAGE_ROWS else None,
    )
    return render_page(context, "console/people.html", page)


@router.get("/new")
@endpoint(ADMIN)
def show_new_person(context: Context) -> Response:
    """Show the form for a new person."""
    return _show_new(context, FormState())


@router.post("")
@endpoint(ADMIN, limited=INVITE_LIMITS)
def add_person(context: Context) -> Response:
    """Add a person and send the set-up link."""
    try:
        typed = parse_form(PersonForm, context.form, many=frozenset({"roles"}))
        user = _create(context, typed)
    except InvalidInputError as error:
        return _show_new(context, rejected(context.form, error, context.locale), status=422)
    _invite(context, user)
    return see_other(
        context, f"/console/people/{user.id}", N_("%(name)s is added; the set-up link is on its way by mail."), name=user.name
    )


@router.get("/{user_id}")
@endpoint(ADMIN)
def show_person(context: Context, user_id: uuid.UUID) -> Response:
    """Show one person."""
    return _show(context, queries.get_user(context.session, user_id), FormState())


@router.post("/{user_id}")
@endpoint(ADMIN)
def change_person(context: Context, user_id: uuid.UUID) -> Response:
    """Store name and roles."""
    user = queries.get_user(context.session, user_id)
    try:
        typed = parse_form(RolesForm, context.form, many=frozenset({"roles"}))
        operations.change_person(context.session, user, name=typed.name, roles=typed.roles, by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        return _show(context, user, rejected(context.form, error, context.locale), status=422)
    return _back(context, user, N_("Stored. Roles count from the person's next click on."))


@router.post("/{user_id}/invite")
@endpoint(ADMIN, limited=INVITE_LIMITS)
def invite_again(context: Context, user_id: uuid.UUID) -> Response:
    """Make a new set-up link and send it; the earlier one ends."""
    user = queries.get_user(context.session, user_id)
    if user.password_hash is not None or not user.is_active:
        raise NotFoundError(N_("This person needs no set-up link: the account is set up already, or disabled."))
    _invite(context, user)
    return _back(context, user, N_("A new set-up link is on its way by mail; the earlier one no longer works."))


@router.post("/{user_id}/disable")
@endpoint(ADMIN)
def disable_person(context: Context, user_id: uuid.UUID) -> Response:
    """Shut a person out at once."""
    user = queries.get_user(context.session, user_id)
    operations.disable(context.session, user, by=context.asking.actor, at=context.at)
    return _back(context, user, N_("%(name)s is signed out everywhere and can't sign in."))


@router.post("/{user_id}/enable")
@endpoint(ADMIN)
def enable_person(context: Context, user_id: uuid.UUID) -> Response:
    """Let a person in again."""
    user = queries.get_user(context.session, user_id)
    operations.enable(context.session, user, by=context.asking.actor, at=context.at)
    return _back(context, user, N_("%(name)s can sign in again."))


@router.post("/{user_id}/remove-second-factor")
@endpoint(ADMIN)
def remove_second_factor(context: Context, user_id: uuid.UUID) -> Response:
    """Take a lost phone's second factor away."""
    user = queries.get_user(context.session, user_id)
    accounts.remove_totp(context.session, user, by=context.asking.actor, at=context.at)
    return _back(context, user, N_("The second factor is removed; %(name)s sets up a new one at the next sign-in."))


def role_names(roles: Iterable[str], locale: Locale) -> str:
    """Return the names of roles in a language."""
    return ("、" if locale == "zh-CN" else ", ").join(translate(locale, ROLE_NAMES[Role(role)]) for role in roles)


def _create(context: Context, typed: PersonForm) -> User:
    organisations = queries.find_organisations(context.session, kinds=tuple(ROLES_OF))
    chosen = next((found for found in organisations if found.id == typed.organisation), None)
    if chosen is None:
        raise InvalidInputError({"organisation": FieldError(N_("This organisation is not in the list; pick one from it."))})
    return operations.create_user(
        context.session,
        organisation=chosen,
        email=typed.email,
        name=typed.name,
        roles=typed.roles,
        by=context.asking.actor,
        at=context.at,
    )


def _invite(context: Context, user: User) -> None:
    accounts.invite_user(
        context.session, user, settings=context.settings, secret=context.secret, by=context.asking.actor, at=context.at
    )


def _back(context: Context, user: User, message: str) -> Response:
    return see_other(context, f"/console/people/{user.id}", message, name=user.name)


def _line(row: PersonRow, locale: Locale) -> PersonLine:
    return PersonLine(
        person=row,
        organisation=row.organisation_zh if locale == "zh-CN" else row.organisation_en,
        roles=role_names(row.roles, locale),
        state=_state(is_active=row.is_active, has_password=row.has_password),
    )


def _state(*, is_active: bool, has_password: bool) -> str:
    if not is_active:
        return "disabled"
    return "active" if has_password else "invited"


def _show_new(context: Context, form: FormState, *, status: int = 200) -> Response:
    organisations = queries.find_organisations(context.session, kinds=tuple(ROLES_OF))
    page = NewPersonPage(
        form=form,
        organisations=[(str(found.id), found.name_zh if context.locale == "zh-CN" else found.name_en) for found in organisations],
        roles=_role_choices(frozenset().union(*ROLES_OF.values()), context.locale),
        chosen_roles=_typed_roles(context),
        idempotency_key=uuid.uuid4(),
    )
    return render_page(context, "console/people_new.html", page, status=status)


def _show(context: Context, user: User, form: FormState, *, status: int = 200) -> Response:
    organisation = queries.get_organisation(context.session, user.organisation_id)
    until = queries.find_set_up_expiry(context.session, user.id, at=context.at)
    page = PersonPage(
        person=user,
        form=form,
        organisation=organisation.name_zh if context.locale == "zh-CN" else organisation.name_en,
        state=_state(is_active=user.is_active, has_password=user.password_hash is not None),
        roles=_role_choices(ROLES_OF.get(organisation.kind, frozenset()), context.locale),
        chosen_roles=_typed_roles(context) if form.errors else user.roles,
        is_self=user.id == context.asking.user_id,
        link=None if until is None else _link(context, user, until),
        link_until=until,
        events=event_lines(context, find_events(context.session, object_type="user", object_id=user.id, limit=30)),
    )
    return render_page(context, "console/people_person.html", page, status=status)


def _link(context: Context, user: User, until: datetime) -> str:
    return accounts.set_up_link(user.id, until, settings=context.settings, secret=context.secret).address


def _role_choices(roles: frozenset[Role], locale: Locale) -> Choices:
    return [(role, translate(locale, ROLE_NAMES[role])) for role in Role if role in roles]


def _typed_roles(context: Context) -> Sequence[str]:
    return [str(role) for role in context.form.getlist("roles")]
