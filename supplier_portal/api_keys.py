"""Keys for a supplier's programs: made, listed, revoked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts import api_keys
from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.api_keys import DAYS_MAX, NAME_MAX, KeyOwner
from service.accounts.limits import Limit
from service.accounts.models import ApiKey
from service.accounts.pages import render_page, see_other
from service.errors import N_, InvalidInputError
from service.submissions.models import Invitation
from service.submissions.parsing import clean_text
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

PATH = "/portal/keys"
MADE = (Limit(name="api-key-address", tries=60, per_s=3600),)
DEFAULT_DAYS = 365


class KeyForm(FormInput):
    """A new key: for which program, for how long, and whether it may hand in."""

    name: str = Field(max_length=NAME_MAX)
    days: int
    may_hand_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysPage:
    """Context of the page of keys.

    Attributes
    ----------
    secret
        The key just made; shown this once.
    by_link
        The person came by link, so that a key opens one request and ends with the link.

    """

    keys: Sequence[ApiKey]
    ended: frozenset[uuid.UUID]
    secret: str | None
    form: FormState
    by_link: bool
    days_max: int
    base_url: str


@router.get(PATH)
@endpoint(SUPPLIER)
def show_keys(context: Context) -> Response:
    """List the keys and offer to make one."""
    return _page(context, FormState(values={"days": str(DEFAULT_DAYS)}))


@router.post(PATH)
@endpoint(SUPPLIER, limited=MADE)
def create_key(context: Context) -> Response:
    """Make a key and show it, this once: no redirect and no repeated answer, because nothing may keep it."""
    try:
        fields = parse_form(KeyForm, context.form)
        secret = api_keys.create_key(
            context.session,
            _owner(context),
            name=clean_text(fields.name),
            days=fields.days,
            may_hand_in=fields.may_hand_in,
            at=context.at,
        )
    except InvalidInputError as error:
        return _page(context, rejected(context.form, error, context.locale), status=422)
    return _page(context, FormState(values={"days": str(DEFAULT_DAYS)}), secret=secret)


@router.post(PATH + "/{key_id}/revoke")
@endpoint(SUPPLIER)
def revoke_key(context: Context, key_id: uuid.UUID) -> Response:
    """End a key at once."""
    api_keys.revoke_key(context.session, _owner(context), key_id, at=context.at)
    return see_other(context, PATH, N_("The key is revoked; programs that use it get no answer any more."))


def _owner(context: Context) -> KeyOwner:
    asking = context.asking
    invitation = context.session.get(Invitation, asking.invitation_id) if asking.invitation_id else None
    return KeyOwner(
        organisation_id=asking.organisation_id,
        user_id=asking.user_id,
        invitation_id=asking.invitation_id,
        submission_id=asking.submission_id,
        actor=asking.actor,
        ends_at=invitation.expires_at if invitation else None,
    )


def _page(context: Context, form: FormState, *, secret: str | None = None, status: int = 200) -> Response:
    keys = api_keys.keys_of(context.session, _owner(context))
    page = KeysPage(
        keys=keys,
        ended=frozenset(key.id for key in keys if key.revoked_at is not None or key.expires_at <= context.at),
        secret=secret,
        form=form,
        by_link=context.asking.by_link,
        days_max=DAYS_MAX,
        base_url=context.settings.base_url,
    )
    return render_page(context, "portal/api_keys.html", page, status=status)
