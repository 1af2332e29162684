"""Everybody's own carbon account: opened by consent, closed at will, seen by nobody else."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.carbon_accounts import ledger, operations, queries
from service.carbon_accounts.models import BehaviourEntry, CarbonAccount, Redemption, TransactionKind
from service.carbon_accounts.policies import ME
from service.carbon_accounts.rules import K_PEOPLE, month_of
from service.carbon_accounts.schemas import ClosingInput, ConsentInput, EntryInput
from service.console.choices import Options
from service.console.exports import attachment
from service.console.register_columns import unit_choices
from service.database import new_id
from service.errors import N_, NotFoundError, ServiceError
from service.i18n import Locale, translate
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

HOME: Final = "/me/carbon"
ENTRIES: Final = Limit(name="behaviour-entry", tries=60, per_s=600)
"""Against programs that type; nobody walks to work sixty times in ten minutes."""
LATEST: Final = 20
KINDS: Final = {
    TransactionKind.ISSUE: N_("Earned"),
    TransactionKind.REDEEM: N_("Given for a reward"),
    TransactionKind.EXPIRE: N_("Expired"),
    TransactionKind.REVERSE: N_("Taken back"),
    TransactionKind.FORFEIT: N_("Account closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPage:
    """The words that somebody agrees to before there is an account."""

    version: str
    units: Options
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of the list."""

    entry: BehaviourEntry
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """What somebody did and what it came to."""

    tabs: Sequence[tuple[str, str, bool]]
    account: CarbonAccount
    points: int
    month_kg: float
    total_kg: float
    behaviours: Options
    notes: Sequence[tuple[str, str, str]]
    form: FormState
    entries: Sequence[EntryLine]
    challenges: Sequence[tuple[str, date, date, float | None]]
    today: date
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardsPage:
    """What points are given for, and what was asked for; the code is shown when it is fetched."""

    tabs: Sequence[tuple[str, str, bool]]
    points: int
    rewards: Sequence[tuple[uuid.UUID, str, int, int, bool]]
    asked: Sequence[tuple[Redemption, str]]
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """Every movement of one's points, boards of departments, and the way out."""

    tabs: Sequence[tuple[str, str, bool]]
    account: CarbonAccount
    movements: Sequence[tuple[date, str, int]]
    points: int
    boards: Sequence[tuple[str, str, float]]
    least_people: int
    form: FormState


def _show_consent(context: Context, form: FormState) -> Response:
    page = ConsentPage(version=operations.CONSENT_VERSION, units=unit_choices(context), form=form, idempotency_key=str(new_id()))
    return render_page(context, "me/consent.html", page, status=form.status)


def _show_home(context: Context, form: FormState) -> Response:
    session, locale, today = context.session, context.locale, context.today
    account = _account(context)
    entries = queries.entries_of(session, account)
    standing = [one for one in entries if one.reversed_at is None]
    known = {one.id: one for one in queries.behaviours(session)}
    listed = queries.behaviours(session, on=today)
    page = AccountPage(
        tabs=_tabs(context),
        account=account,
        points=ledger.balance(session, account.holder_id),
        month_kg=sum(one.avoided_kg_co2e for one in standing if month_of(one.day) == month_of(today)),
        total_kg=sum(one.avoided_kg_co2e for one in standing),
        behaviours=[(str(one.id), f"{_name(one, locale)} ({one.unit})") for one in listed],
        notes=[(_name(one, locale), one.source, one.confidence.value) for one in listed],
        form=form,
        entries=[
            EntryLine(entry=one, name=_name(known[one.behaviour_id], locale), unit=known[one.behaviour_id].unit)
            for one in entries[:LATEST]
        ],
        challenges=[
            (_name(one, locale), one.start, one.end, queries.challenge_progress(session, one))
            for one in queries.challenges(session)
            if one.end >= today
        ],
        today=today,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "me/account.html", page, status=form.status)


def _show_rewards(context: Context, form: FormState) -> Response:
    session, today = context.session, context.today
    account = _account(context)
    points = ledger.balance(session, account.holder_id)
    offered = [one for one in queries.rewards(session) if one.available_until is None or one.available_until >= today]
    names = {one.id: _name(one, context.locale) for one in queries.all_rewards(session)}
    page = RewardsPage(
        tabs=_tabs(context),
        points=points,
        rewards=[(one.id, names[one.id], one.points, one.stock, one.stock > 0 and one.points <= points) for one in offered],
        asked=[(one, names[one.reward_id]) for one in queries.redemptions_of(session, account)],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "me/rewards.html", page, status=form.status)


def _show_ledger(context: Context, form: FormState) -> Response:
    account, units = _account(context), dict(unit_choices(context))
    page = LedgerPage(
        tabs=_tabs(context),
        account=account,
        movements=[
            (one.on, translate(context.locale, KINDS[one.kind]), one.points)
            for one in reversed(ledger.movements(context.session, account.holder_id))
        ],
        points=ledger.balance(context.session, account.holder_id),
        boards=[
            (f"{one.month:%Y-%m}", units.get(str(one.unit_id), ""), one.avoided_kg_co2e)
            for one in queries.board_lines(context.session)
        ],
        least_people=K_PEOPLE,
        form=form,
    )
    return render_page(context, "me/ledger.html", page, status=form.status)


@router.get("/me/carbon")
@endpoint(ME)
def show_account(context: Context) -> Response:
    """Show one's account, or the words to agree to before there is one."""
    account = _find(context)
    return _show_consent(context, FormState()) if account is None else _show_home(context, FormState())


@router.post("/me/carbon/open")
@endpoint(ME)
@refusals_shown_by(_show_consent)
def open_account(context: Context) -> Response:
    """Open an account."""
    if _find(context) is not None:
        return see_other(context, HOME)
    fields = parse_form(ConsentInput, context.form)
    operations.open_account(context.session, _user_id(context), unit_id=fields.unit_id, at=context.at)
    return see_other(context, HOME, N_("Your account is open. Enter what you do, or close it whenever you like."))


@router.post("/me/carbon/entries")
@endpoint(ME, limited=(ENTRIES,))
@refusals_shown_by(_show_home)
def enter_behaviour(context: Context) -> Response:
    """Enter what one did."""
    account = _account(context)
    fields = parse_form(EntryInput, context.form)
    entry = operations.enter(context.session, account, fields, on=context.today, at=context.at)
    return see_other(context, HOME, N_("Entered: %(points)s points."), points=entry.points)


@router.post("/me/carbon/entries/{behaviour_entry_id}/reverse")
@endpoint(ME)
def reverse_entry(context: Context, behaviour_entry_id: uuid.UUID) -> Response:
    """Take an entry back."""
    entry = queries.get_entry(context.session, _account(context), behaviour_entry_id)
    operations.reverse_entry(context.session, entry, on=context.today, at=context.at)
    return see_other(context, HOME, N_("Taken back; its points were booked back."))


@router.get("/me/carbon/rewards")
@endpoint(ME)
def show_rewards(context: Context) -> Response:
    """Show what points are given for."""
    account = _find(context)
    return see_other(context, HOME) if account is None else _show_rewards(context, FormState())


@router.post("/me/carbon/rewards/{reward_id}/redeem")
@endpoint(ME)
def ask_for_reward(context: Context, reward_id: uuid.UUID) -> Response:
    """Give points for a reward."""
    account = _account(context)
    reward = next((one for one in queries.rewards(context.session) if one.id == reward_id), None)
    if reward is None:
        raise NotFoundError
    try:
        operations.ask_for_reward(context.session, account, reward, on=context.today, at=context.at)
    except ServiceError as error:
        return _show_rewards(context, rejected(context.form, error, context.locale))
    return see_other(context, f"{HOME}/rewards", N_("Asked for. Show the code where you fetch it."))


@router.get("/me/carbon/account")
@endpoint(ME)
def show_ledger(context: Context) -> Response:
    """Show the movements of one's points, and the way out."""
    account = _find(context)
    return see_other(context, HOME) if account is None else _show_ledger(context, FormState())


@router.get("/me/carbon/export.json")
@endpoint(ME)
def export_account(context: Context) -> Response:
    """Send everything that is kept of one's account."""
    account = _find(context)
    content = {} if account is None else account_as_data(context, account)
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    return attachment(text.encode(), "application/json", "carbon-account.json")


@router.post("/me/carbon/close")
@endpoint(ME)
@refusals_shown_by(_show_ledger)
def close_account(context: Context) -> Response:
    """Close one's account; everything of it is deleted."""
    account = _account(context)
    parse_form(ClosingInput, context.form)
    operations.close_account(context.session, account, on=context.today, at=context.at)
    return see_other(context, HOME, N_("Your account is closed and everything in it is deleted."))


def account_as_data(context: Context, account: CarbonAccount) -> dict[str, Any]:
    """Return an account with entries, points and rewards as its owner takes them along."""
    entries = queries.entries_of(context.session, account)
    return {
        "pseudonym": account.pseudonym,
        "consent": {"version": account.consent_version, "at": account.consented_at},
        "entries": [one.model_dump(mode="json", exclude={"account_id", "transaction_id"}) for one in entries],
        "points": [
            {"on": one.on, "kind": one.kind, "points": one.points} for one in ledger.movements(context.session, account.holder_id)
        ],
        "rewards": [
            one.model_dump(mode="json", include={"reward_id", "points", "asked_at", "handed_over_at", "reversed_at"})
            for one in queries.redemptions_of(context.session, account)
        ],
    }


def _user_id(context: Context) -> uuid.UUID:
    user_id = context.asking.user_id
    if user_id is None:
        raise NotFoundError
    return user_id


def _find(context: Context) -> CarbonAccount | None:
    return queries.find_account(context.session, _user_id(context))


def _account(context: Context) -> CarbonAccount:
    return queries.get_account(context.session, _user_id(context))


def _name(row: Any, locale: Locale) -> str:  # noqa: ANN401 - every row with a name in both languages
    name: str = row.name_zh if locale == "zh-CN" else row.name_en
    return name


def _tabs(context: Context) -> Sequence[tuple[str, str, bool]]:
    path = context.request.url.path
    listed = ((N_("What I do"), HOME), (N_("Rewards"), f"{HOME}/rewards"), (N_("Points and account"), f"{HOME}/account"))
    shown = path if path in {address for _, address in listed} else HOME
    return [(translate(context.locale, label), address, address == shown) for label, address in listed]
