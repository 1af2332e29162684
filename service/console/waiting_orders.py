"""What waits around orders: plans and awards that rules no longer permit, waivers to decide on."""

from datetime import datetime

from sqlmodel import col

from service.accounts.models import Role
from service.allocation.effects import what_happened
from service.allocation.models import SoleSourceWaiver
from service.allocation.run_queries import open_plans, plan_of
from service.console.waiting_kinds import Asked, Counted, Waiting, count
from service.errors import N_
from service.procurement.award_queries import memos_in_force, orders_of

BUYERS = frozenset({Role.ENGINEER, Role.PROCUREMENT})


def _forbidden_plans(asked: Asked) -> Counted:
    plans = open_plans(asked.session, today=asked.today)
    return _counted(
        [run.started_at for run in plans if any(one.forbids for one in what_happened(asked.session, plan_of(run), on=asked.today))]
    )


def _forbidden_awards(asked: Asked) -> Counted:
    memos = memos_in_force(asked.session)
    return _counted(
        [
            memo.decided_at
            for memo in memos
            if any(one.forbids for one in what_happened(asked.session, orders_of(memo), on=asked.today))
        ]
    )


def _waivers(asked: Asked) -> Counted:
    waits = (col(SoleSourceWaiver.approved_at).is_(None), col(SoleSourceWaiver.ended_at).is_(None))
    still = (col(SoleSourceWaiver.valid_until) >= asked.today, col(SoleSourceWaiver.asked_by) != asked.principal.actor)
    return count(asked, SoleSourceWaiver.id, SoleSourceWaiver.asked_at, *waits, *still)


def _counted(moments: list[datetime]) -> Counted:
    return Counted(count=len(moments), first=min(moments, default=None))


ORDER_KINDS = (
    Waiting(
        title=N_("Awards that are no longer permissible"),
        why=N_("A veto, or a lower grade, stands against a supplier with an order."),
        next_step=N_("Look at the award memos"),
        href="/console/awards",
        roles=BUYERS,
        count=_forbidden_awards,
    ),
    Waiting(
        title=N_("Order plans that are no longer permissible"),
        why=N_("A veto, or a lower grade, stands against a supplier in the latest plan."),
        next_step=N_("Allocate again"),
        href="/console/allocations",
        roles=BUYERS,
        count=_forbidden_plans,
    ),
    Waiting(
        title=N_("Waivers to decide on"),
        why=N_("Somebody asks that a supplier may get more than its grade allows; a second person decides."),
        next_step=N_("Open the waivers"),
        href="/console/waivers",
        roles=BUYERS | {Role.REVIEWER},
        count=_waivers,
    ),
)
