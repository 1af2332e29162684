"""A verifier's statement in the reader's language."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_
from service.i18n import Locale, translate
from service.verification.models import AssuranceLevel, Conclusion, Coverage, VerificationStatement
from service.verification.rules import Part
from service.web.formatting import format_date, format_exact

LEVELS: Final[Mapping[AssuranceLevel, str]] = {
    AssuranceLevel.LIMITED: N_("Limited assurance"),
    AssuranceLevel.REASONABLE: N_("Reasonable assurance"),
}
COVERAGES: Final[Mapping[Coverage, str]] = {
    Coverage.PRODUCT: N_("This product's footprint"),
    Coverage.MODEL: N_("The calculation model"),
    Coverage.PROGRAM: N_("The footprint programme"),
}
CONCLUSIONS: Final[Mapping[Conclusion, str]] = {
    Conclusion.POSITIVE: N_("Positive"),
    Conclusion.QUALIFIED: N_("Qualified: correct but for what the statement names"),
    Conclusion.ADVERSE: N_("Adverse"),
}


PART_LABELS: Final[Mapping[Part, str]] = {
    Part.RESULT: N_("Result"),
    Part.EXPLAIN: N_("Explanation"),
    Part.INPUTS: N_("Inputs"),
    Part.FACTORS: N_("Factors"),
    Part.TRACE: N_("Calculation"),
    Part.ELECTRICITY: N_("Electricity"),
    Part.METHODS: N_("Methods"),
    Part.UNCERTAINTY: N_("Uncertainty"),
    Part.MODEL: N_("Model version"),
    Part.RECHECK: N_("Recalculate now"),
    Part.LOG: N_("Log"),
}


def statement_words(statement: VerificationStatement, locale: Locale) -> list[tuple[str, str]]:
    """Return label and value of each part of a statement that has one."""
    percent = statement.materiality_percent
    lines = (
        (N_("Verification body"), statement.body_name),
        (N_("Accreditation"), statement.accreditation),
        (N_("Conclusion"), translate(locale, CONCLUSIONS[statement.conclusion])),
        (N_("Level of assurance"), translate(locale, LEVELS[statement.level])),
        (N_("What was verified"), translate(locale, COVERAGES[statement.coverage])),
        (N_("Verification standard"), statement.standard),
        (N_("Criteria"), statement.criteria),
        (N_("Materiality"), None if percent is None else f"{format_exact(percent, locale)} %"),
        (N_("Completed on"), format_date(statement.completed_on)),
        (N_("Valid until"), format_date(statement.valid_until) if statement.valid_until else None),
    )
    return [(translate(locale, label), value) for label, value in lines if value]
