"""The side of the carbon accounts that keeps behaviours, rewards and challenges; it sees sums, never a person."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.carbon_accounts import ledger, operations, queries, schemas
from service.carbon_accounts.models import Behaviour, Challenge, Confidence, LedgerAccount, Reward
from service.carbon_accounts.rules import K_PEOPLE
from service.console.choices import Options
from service.console.register_columns import unit_choices, worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS

router = APIRouter()

HOME: Final = "/console/plan/people"
ABOVE: Final = (N_("Employees"), HOME)
TABS: Final = (
    (N_("Overview"), HOME),
    (N_("Boards of departments"), f"{HOME}/accounts"),
    (N_("Behaviours"), f"{HOME}/behaviours"),
    (N_("Rewards"), f"{HOME}/rewards"),
    (N_("Challenges"), f"{HOME}/challenges"),
)
LEDGER_WORDS: Final[Mapping[LedgerAccount, str]] = {
    LedgerAccount.ISSUED: N_("Points issued"),
    LedgerAccount.HELD: N_("Points in people's hands"),
    LedgerAccount.REDEEMED: N_("Points redeemed"),
    LedgerAccount.EXPIRED: N_("Points expired"),
}
CONFIDENCE: Final[Mapping[Confidence, str]] = {
    Confidence.DERIVED: N_("Derived from our factors"),
    Confidence.MEASURED: N_("Measured by us"),
    Confidence.UNVERIFIED: N_("Not verified"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """Sums over everybody; no count and no sums while there are fewer than five accounts."""

    tabs: Sequence[tuple[str, str, bool]]
    accounts: int | None
    least_people: int
    totals: Sequence[tuple[str, int]]
    is_balanced: bool
    waiting: Sequence[tuple[uuid.UUID, str, str, int]]
    challenges: Sequence[tuple[str, date, date, float, float | None, bool]]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardsPage:
    """What departments avoided by month."""

    tabs: Sequence[tuple[str, str, bool]]
    lines: Sequence[tuple[str, str, float, bool]]
    least_people: int


def people_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages on employees; the one that is shown is marked."""
    path = context.request.url.path
    return [(translate(context.locale, label), address, path == address) for label, address in TABS]


def behaviour_choices(context: Context) -> Options:
    """Return behaviours by name."""
    chinese = context.locale == "zh-CN"
    return [(str(one.id), one.name_zh if chinese else one.name_en) for one in queries.behaviours(context.session)]


@router.get("/console/plan/people")
@endpoint(PLAN_READERS)
def show_people(context: Context) -> Response:
    """Show sums of the ledger, rewards to hand over and challenges."""
    session, chinese = context.session, context.locale == "zh-CN"
    count, totals = queries.count_accounts(session), ledger.totals(session)
    page = PeoplePage(
        tabs=people_tabs(context),
        accounts=count if count >= K_PEOPLE else None,
        least_people=K_PEOPLE,
        totals=[(translate(context.locale, label), abs(totals[account])) for account, label in LEDGER_WORDS.items()]
        if count >= K_PEOPLE
        else [],
        is_balanced=sum(totals.values()) == 0,
        waiting=[
            (one.id, reward.name_zh if chinese else reward.name_en, one.code, one.points)
            for one, reward in queries.waiting_redemptions(session)
        ],
        challenges=[
            (
                one.name_zh if chinese else one.name_en,
                one.start,
                one.end,
                one.goal_kg_co2e,
                queries.challenge_progress(session, one),
                one.is_sample,
            )
            for one in queries.challenges(session)
        ],
        may_write=PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/plan_people.html", page)


@router.get("/console/plan/people/accounts")
@endpoint(PLAN_READERS)
def show_boards(context: Context) -> Response:
    """Show what departments avoided by month."""
    units = dict(unit_choices(context))
    lines = [
        (f"{one.month:%Y-%m}", units.get(str(one.unit_id), ""), one.avoided_kg_co2e, one.is_sample)
        for one in queries.board_lines(context.session)
    ]
    return render_page(
        context, "console/plan_boards.html", BoardsPage(tabs=people_tabs(context), lines=lines, least_people=K_PEOPLE)
    )


@router.post("/console/plan/people/redemptions/{redemption_id}/hand-over")
@endpoint(PLAN_EDITORS)
def hand_over(context: Context, redemption_id: uuid.UUID) -> Response:
    """Note that a reward was fetched."""
    redemption = queries.get_redemption(context.session, redemption_id)
    operations.hand_over(context.session, redemption, by=context.asking.actor, at=context.at)
    return see_other(context, HOME, N_("Saved."))


@router.post("/console/plan/people/redemptions/{redemption_id}/take-back")
@endpoint(PLAN_EDITORS)
def take_back(context: Context, redemption_id: uuid.UUID) -> Response:
    """Give points back for a reward that was not fetched."""
    redemption = queries.get_redemption(context.session, redemption_id)
    today = context.today
    operations.take_back_redemption(context.session, redemption, by=context.asking.actor, on=today, at=context.at)
    return see_other(context, HOME, N_("Taken back; its points were booked back."))


BEHAVIOURS: Final = Register(
    key="behaviour",
    path=f"{HOME}/behaviours",
    title=N_("Behaviours"),
    lead=N_("What counts, with the factors of what is usual and of what is done instead, and where they come from"),
    empty=N_("Enter behaviours with both factors, their source and arithmetic."),
    add_label=N_("Add a behaviour"),
    table=Behaviour,
    fields=schemas.BehaviourInput,
    columns=(
        Column(key="name_zh", label=N_("Chinese name"), filtered=True),
        Column(key="name_en", label=N_("English name")),
        Column(key="unit", label=N_("Counted in"), hint=N_("For example km, kWh, time")),
        Column(key="baseline_kg_per_unit", label=N_("Usual"), kind=Kind.NUMBER, unit="kg CO2e"),
        Column(key="action_kg_per_unit", label=N_("Instead"), kind=Kind.NUMBER, unit="kg CO2e"),
        Column(
            key="source",
            label=N_("Source and arithmetic"),
            kind=Kind.LONG_TEXT,
            hint=N_("Where both factors come from, with the arithmetic"),
            in_list=False,
        ),
        Column(key="confidence", label=N_("Confidence"), kind=Kind.CHOICE, choices=worded(CONFIDENCE), filtered=True),
        Column(key="active_from", label=N_("First day"), kind=Kind.DATE),
        Column(key="active_until", label=N_("Last day"), kind=Kind.DATE, in_list=False),
        Column(key="cap_per_day", label=N_("Limit of a day"), kind=Kind.NUMBER),
        Column(key="cap_per_month", label=N_("Limit of a month"), kind=Kind.NUMBER),
        Column(key="points_per_kg", label=N_("Points per kg"), kind=Kind.NUMBER),
    ),
    identity=("name_zh", "active_from"),
    sort=("name_zh",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Stop counting this")),
    above=ABOVE,
    tabs=people_tabs,
)
REWARDS: Final = Register(
    key="reward",
    path=f"{HOME}/rewards",
    title=N_("Rewards"),
    lead=N_("What points are given for, and how many are left"),
    empty=N_("Enter rewards with their points and stock."),
    add_label=N_("Add a reward"),
    table=Reward,
    fields=schemas.RewardInput,
    columns=(
        Column(key="name_zh", label=N_("Chinese name"), filtered=True),
        Column(key="name_en", label=N_("English name")),
        Column(key="points", label=N_("Price in points"), kind=Kind.NUMBER),
        Column(key="stock", label=N_("Left"), kind=Kind.NUMBER),
        Column(key="available_until", label=N_("Last day"), kind=Kind.DATE),
    ),
    identity=("name_zh",),
    sort=("points",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Offer no more")),
    above=ABOVE,
    tabs=people_tabs,
)
CHALLENGES: Final = Register(
    key="challenge",
    path=f"{HOME}/challenges",
    title=N_("Challenges"),
    lead=N_("Goals that everybody reaches together; progress shows from five people on, in steps of 5 percent"),
    empty=N_("Enter a goal with its days."),
    add_label=N_("Add a challenge"),
    table=Challenge,
    fields=schemas.ChallengeInput,
    columns=(
        Column(key="name_zh", label=N_("Chinese name"), filtered=True),
        Column(key="name_en", label=N_("English name")),
        Column(key="behaviour_id", label=N_("Behaviour"), kind=Kind.CHOICE, choices=behaviour_choices),
        Column(key="start", label=N_("First day"), kind=Kind.DATE),
        Column(key="end", label=N_("Last day"), kind=Kind.DATE),
        Column(key="goal_kg_co2e", label=N_("Goal"), kind=Kind.NUMBER, unit="kg CO2e"),
    ),
    identity=("name_zh",),
    sort=("-end",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("End this challenge")),
    above=ABOVE,
    tabs=people_tabs,
)

for _register in (BEHAVIOURS, REWARDS, CHALLENGES):
    add_register(router, _register)
