"""What a certificate says of its verification: a third party's statement as it was made, or that there is none."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from service.certificates.document import Assurance
from service.errors import N_
from service.pdf.bilingual import Bilingual, both

NOT_VERIFIED: Final = N_("Not third-party verified. The issuer alone is responsible for the content.")
VERIFIED: Final = N_(
    "Verified by a third party, %(body)s; its statement is in this certificate. The issuer is responsible for everything else."
)
LEVELS: Final = {"limited": N_("Limited assurance"), "reasonable": N_("Reasonable assurance")}
COVERAGES: Final = {
    "model": N_("The calculation model"),
    "program": N_("The company's footprint programme"),
    "product": N_("This product's footprint"),
}
CONCLUSIONS: Final = {"positive": N_("Confirmed without reservation"), "qualified": N_("Confirmed with reservations")}


def verification_of(statement: Mapping[str, Any] | None) -> Bilingual:
    """Return in clear words whether a third party has verified the footprint."""
    return both(NOT_VERIFIED) if statement is None else both(VERIFIED, body=statement["body_name"])


def assurance_of(statement: Mapping[str, Any] | None) -> Assurance | None:
    """Return the statement as it is printed; None without one."""
    if statement is None:
        return None
    zh, en = statement.get("statement_zh"), statement.get("statement_en")
    percent = statement.get("materiality_percent")
    return Assurance(
        body=statement["body_name"],
        accreditation=statement.get("accreditation"),
        level=both(LEVELS[statement["level"]]),
        coverage=both(COVERAGES[statement["coverage"]]),
        conclusion=both(CONCLUSIONS[statement["conclusion"]]),
        standard=statement["standard"],
        criteria=statement["criteria"],
        materiality_percent=None if percent is None else f"{percent:g}",
        completed_on=date.fromisoformat(statement["completed_on"]),
        text=Bilingual(zh=zh or en or "", en=en or zh or "") if zh or en else None,
    )
