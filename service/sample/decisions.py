"""What the sample company's buyers have decided: waivers, corrective actions, an allocation of orders, a search for swaps."""

import uuid
from datetime import datetime, timedelta

from sqlmodel import Session

from service.allocation.explaining import blocking_rules
from service.allocation.front import lp_front
from service.allocation.models import AllocationRun, RunOrigin
from service.allocation.operations import approve_waiver, ask_waiver
from service.allocation.queries import problem_from_database
from service.allocation.runs import RELAXED_POINTS, Asked, start_from_database, store_answer
from service.allocation.schemas import WaiverInput
from service.allocation.solving import solve
from service.green_score.published import Disclosure
from service.green_score.queries import latest_score
from service.procurement import corrective_actions
from service.procurement.appeal_schemas import AppealInput
from service.procurement.appeals import file_appeal
from service.procurement.award_schemas import AwardedOrder, AwardInput
from service.procurement.awards import award
from service.procurement.corrective_action_schemas import ActionInput
from service.procurement.models import SelfAssessment
from service.sample.cast import PERIODS, Cast, Row
from service.sample.procurement import procurement
from service.settings import Settings
from service.swaps.desk import prepare
from service.swaps.operations import start_run

WAIVED_FOR = timedelta(days=240)
DECIDED = timedelta(days=10)


def decide(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Let buyers act on what the scores say."""
    for row in procurement()["waivers"]:
        _waive(session, cast, row, at=at - DECIDED)
    for row in procurement()["actions"]:
        _correct(session, cast, row, at=at)
    _appeal(session, cast, settings=settings, at=at)
    run = _allocate(session, cast, at=at)
    _award(session, cast, run, at=at)
    _explore(session, cast, at=at)
    for row in procurement()["ratings"]:
        _rate(session, cast, row, at=at)


def _rate(session: Session, cast: Cast, row: Row, *, at: datetime) -> None:
    """Give the company's own points for an item of the ministry's table."""
    by = cast.actor("procurement")
    session.add(SelfAssessment(**row, year=at.year, assessed_by=by, assessed_at=at, is_sample=True))


def _waive(session: Session, cast: Cast, row: Row, *, at: datetime) -> None:
    fields = WaiverInput(
        supplier_id=cast.suppliers[row["supplier"]].id,
        flow=row["flow"],
        reason=row["reason"],
        valid_until=(at + WAIVED_FOR).date(),
    )
    asked = ask_waiver(session, fields, by=cast.actor("procurement"), at=at, today=at.date(), is_sample=True)
    session.flush()  # the approval looks it up
    approve_waiver(session, asked, by=cast.actor("reviewer"), at=at)


def _correct(session: Session, cast: Cast, row: Row, *, at: datetime) -> None:
    """Open a corrective action; those that are finished were closed by another person than the one who looks after them."""
    opened, by = at - timedelta(days=row["opened_days_ago"]), cast.actor("procurement")
    supplier = cast.suppliers[row["supplier"]]
    fields = ActionInput(
        supplier_id=supplier.id,
        indicator=row["indicator"],
        finding=row["finding"],
        wanted=row["wanted"],
        owner_id=cast.people["procurement"].id,
        due=(at + timedelta(days=row["due_in_days"])).date(),
    )
    action = corrective_actions.open_action(session, fields, today=opened.date(), by=by, at=opened)
    if "evidence" in row:
        done = at - DECIDED
        corrective_actions.say_done(session, action, evidence=row["evidence"], version=action.version, by=by, at=done)
        corrective_actions.close(session, action, note=row["note"], version=action.version, by=cast.actor("reviewer"), at=done)


def _appeal(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    row = procurement()["appeal"]
    score = latest_score(session, cast.suppliers[row["supplier"]].id, row["flow"])
    if score is not None:
        fields = AppealInput(indicator=row["indicator"], words=row["words"])
        file_appeal(session, score, fields, timezone=settings.timezone, by=cast.actor("supplier"), at=at)


def _allocate(session: Session, cast: Cast, *, at: datetime) -> AllocationRun:
    """Allocate next year's orders; the plan is calculated here, so that it is there at first sight."""
    found = problem_from_database(session, at.year + 1, on=at.date())
    asked = Asked(
        name=procurement()["allocation"]["name"],
        origin=RunOrigin.DATABASE,
        year=at.year + 1,
        judged_on=at.date(),
        is_exact=False,
        front_points=0,
    )
    run = start_from_database(session, asked, found, by=cast.actor("procurement"), at=at, is_sample=True)
    answer = solve(found.problem)
    return store_answer(
        session,
        run.id,
        answer,
        blocking=() if answer.has_plan else blocking_rules(found.problem),
        relaxed=lp_front(found.problem, points=RELAXED_POINTS) if answer.has_plan else (),
        at=at,
    )


def _award(session: Session, cast: Cast, run: AllocationRun, *, at: datetime) -> None:
    """Award the orders of one material as the plan says; the document is drawn in the background."""
    row = procurement()["award"]
    planned = [one for one in (run.answer or {}).get("allocations", ()) if one["material"] == row["flow"]]
    fields = AwardInput(
        flow=row["flow"],
        allocation_id=run.id,
        title=row["title"],
        reason=row["reason"],
        orders=tuple(AwardedOrder(supplier_id=uuid.UUID(one["supplier"]), t=one["t"]) for one in planned),
    )
    if planned:
        award(session, fields, by=cast.actor("procurement"), at=at, today=at.date(), is_sample=True)


def _explore(session: Session, cast: Cast, *, at: datetime) -> None:
    """Ask what other suppliers of a product's inputs would come to; found in the background, a minute after the first start."""
    row, period = procurement()["swaps"], PERIODS["2025"]
    desk = prepare(session, cast.products[row["product"]], period=period, disclosure=Disclosure.ROUNDED, on=at.date())
    usable = {flow: [one.supplier_id for one in candidates if one.problem is None] for flow, candidates in desk.candidates.items()}
    picked = {flow: usable[flow][: row["suppliers_of_each"]] for flow in row["flows"] if usable.get(flow)}
    start_run(session, desk, picked, period=period, with_halves=False, by=cast.actor("procurement"), at=at)
