"""Files of an assessment: the approved scorecard as PDF, its lines as a workbook."""

import uuid
from typing import Final

from service.accounts.access import Context
from service.accounts.queries import names_of_actors
from service.errors import N_, NotFoundError
from service.governance.models import AssessmentStatus
from service.governance.queries import find_assessment
from service.governance.scorecard_document import Approval, document_of, render_scorecard
from service.governance.scoring import Scorecard
from service.i18n import Locale, translate
from service.pdf.bilingual import Bilingual
from service.suppliers.workbook import Column, write_workbook

PDF: Final = "application/pdf"


def scorecard_pdf(context: Context) -> bytes:
    """Set the approved scorecard that the address names, outside of any write: the bytes follow from the snapshot."""
    try:
        contract_id = uuid.UUID(context.request.path_params["kpi_contract_id"])
    except ValueError as error:
        raise NotFoundError from error
    assessment = find_assessment(context.session, contract_id)
    if assessment is None or assessment.status is not AssessmentStatus.APPROVED:
        raise NotFoundError
    assessed_by, approved_by = assessment.assessed_by, assessment.approved_by or ""
    names = names_of_actors(context.session, [assessed_by, approved_by])
    if assessment.approved_at is None:
        raise NotFoundError
    approval = Approval(
        comment=assessment.comment,
        review=assessment.review or "",
        assessed_by=names.get(assessed_by, "–"),
        assessed_at=assessment.assessed_at,
        approved_by=names.get(approved_by, "–"),
        approved_at=assessment.approved_at,
    )
    settings = context.settings
    company = Bilingual(zh=settings.company_name_zh, en=settings.company_name_en)
    return render_scorecard(document_of(assessment.scorecard, approval, company=company, is_sample=assessment.is_sample))


def scorecard_workbook(card: Scorecard, locale: Locale) -> bytes:
    """Return the lines of a scorecard as a workbook in the reader's language."""
    heads = (
        (N_("Indicator"), 48),
        (N_("Unit"), 12),
        (N_("Weight in percent"), 10),
        (N_("Floor"), 14),
        (N_("Target"), 14),
        (N_("Value"), 14),
        (N_("Points"), 12),
        (N_("Points by weight"), 16),
        (N_("Evidence"), 48),
    )
    return write_workbook(
        sheet=f"{card.year}",
        columns=[Column(key=label, header=translate(locale, label), hint="", width=width) for label, width in heads],
        rows=[
            (
                one.name(locale),
                one.unit,
                one.weight,
                one.floor,
                one.target,
                one.value,
                one.points,
                one.weighted,
                one.evidence or one.basis,
            )
            for one in card.lines
        ],
        choices={},
        choices_sheet=translate(locale, N_("Rating")) + f" {card.grade}",
    )
