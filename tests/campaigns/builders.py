"""A campaign with suppliers, ready to start."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from service.accounts.models import Role, User
from service.campaigns import operations
from service.campaigns.models import Campaign, DigestRhythm
from service.campaigns.schemas import CampaignInput, NoticeInput
from service.submissions.models import Depth
from service.suppliers.models import Supplier
from tests import builders
from tests.builders import NOW

BY = "user:buyer"


def campaign_input(owner: User, **changes: object) -> CampaignInput:
    """Return what a campaign for 2025 asks, due on 31 December 2026."""
    asked = {
        "name": "2025 数据",
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
        "depth": Depth.FIRST,
        "deadline": date(2026, 12, 31),
        "owner_id": owner.id,
        "digest": DigestRhythm.WEEKLY,
    }
    return CampaignInput.model_validate(asked | changes)


def a_campaign(session: Session, *, suppliers: Sequence[Supplier] | None = None, told: bool = True, **changes: object) -> Campaign:
    """Return a campaign that has not started; without suppliers given, with two of its own."""
    owner = builders.a_user(session, roles=(Role.PROCUREMENT,), name="Zhao Buyer")
    campaign = operations.create_campaign(
        session, campaign_input(owner, **changes), NoticeInput(notice_zh="敬告", notice_en="Dear partner"), by=BY, at=NOW
    )
    chosen = suppliers if suppliers is not None else [builders.a_supplier(session), builders.a_supplier(session)]
    operations.add_members(session, campaign, [one.id for one in chosen], by=BY, at=NOW)
    if told:
        operations.note_notice(session, campaign, by=BY, at=NOW)
    return campaign
