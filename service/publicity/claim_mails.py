"""What the owner of a claim is told when its proofs have run out."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.accounts.models import User
from service.clock import day_at
from service.errors import N_
from service.i18n import Locale
from service.mail.composing import compose
from service.mail.operations import queue
from service.publicity.claims import lapse_claims
from service.publicity.models import Claim
from service.settings import Settings

SYSTEM: Final = "system"
LAPSED: Final = (
    N_("A public claim has no valid proof any more"),
    N_(
        "Hello,\n\nsince today this claim has no valid proof any more, and was taken from the public pages:\n\n%(claim)s\n\n"
        "Record a new proof and publish it again, or withdraw it:\n\n%(link)s"
    ),
)


def lapse_and_tell(session: Session, *, settings: Settings, at: datetime) -> int:
    """Take back what is no longer proven, write to the owners, and return how many claims these were."""
    lapsed = lapse_claims(session, by=SYSTEM, at=at, on=day_at(at, settings.timezone))
    for claim in lapsed:
        _tell(session, claim, settings=settings, at=at)
    return len(lapsed)


def _tell(session: Session, claim: Claim, *, settings: Settings, at: datetime) -> None:
    owner = session.get_one(User, claim.owner_id)
    if not owner.is_active or claim.is_sample:
        return
    link = f"{settings.base_url}/console/plan/publicity/claims/{claim.id}"

    def values(locale: Locale) -> dict[str, object]:
        return {"claim": claim.text_zh if locale == "zh-CN" else claim.text_en, "link": link}

    subject, body = compose(LAPSED, values, locale=owner.locale)
    queue(session, to=owner.email, subject=subject, body=body, about=f"public_claim:{claim.id}", at=at)
