"""Background work of award memos."""

import hashlib
import uuid

from service.accounts.queries import names_of_actors
from service.jobs.work import Work
from service.pdf.bilingual import Bilingual
from service.procurement.award_document import AwardDocument, document_of
from service.procurement.award_document import render_award as set_document
from service.procurement.awards import store_document
from service.procurement.models import AwardMemo


def render_award(work: Work) -> None:
    """Set a memo in a limited child process and keep its bytes."""
    award_id = uuid.UUID(work.payload["award_id"])
    pdf = set_document(_document(work, award_id))
    with work.finishing() as session:
        store_document(session, award_id, pdf, hashlib.sha256(pdf).hexdigest(), at=work.at)


def _document(work: Work, award_id: uuid.UUID) -> AwardDocument:
    settings = work.settings
    with work.database.reading() as session:
        memo = session.get_one(AwardMemo, award_id)
        return document_of(
            memo.snapshot,
            number=memo.number,
            decided_at=memo.decided_at,
            decided_by=names_of_actors(session, [memo.decided_by]).get(memo.decided_by, memo.decided_by),
            company=Bilingual(zh=settings.company_name_zh, en=settings.company_name_en),
            is_sample=memo.is_sample,
        )
