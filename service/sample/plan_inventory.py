"""The sample company's inventories: 2021 to 2025 worked, verified by another person and closed; 2026 is open."""

from datetime import UTC, datetime
from typing import Final

from sqlmodel import Session

from service.company_inventory import operations
from service.company_inventory.checks import CHECKS
from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.schemas import FindingInput
from service.sample.cast import Cast
from service.settings import Settings

CLOSED_YEARS: Final = (2021, 2022, 2023, 2024, 2025)
_FINDING: Final = FindingInput(
    check="evidence",
    text="6月天然气抄表单缺计量员签字。 / The gas reading sheet of June lacks the signature of who read the meter.",
)
_RESOLUTION: Final = "已补签并存档。 / Signed afterwards and filed."


def load_inventories(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Close the years that are over, each in the spring after it, and begin the running one."""
    engineer, reviewer, committee = (cast.actor(one) for one in ("engineer", "reviewer", "committee"))
    for year in CLOSED_YEARS:
        then = min(at, datetime(year + 1, 4, 20, 2, tzinfo=UTC))
        operations.prepare(session, year, FuelFactorSet.GB_T_32151_34, version=0, by=engineer, at=then, is_sample=True)
        session.flush()  # the next steps read it back
        if year == CLOSED_YEARS[-1]:
            finding = operations.raise_finding(session, year, _FINDING, by=reviewer, at=then, is_sample=True)
            session.flush()
            operations.resolve_finding(session, year, finding.id, _RESOLUTION, by=engineer, at=then)
        work = operations.verify(session, year, list(CHECKS), version=1, by=reviewer, at=then)
        operations.close(session, year, version=work.version, settings=settings, by=committee, at=then)
        session.flush()
    operations.prepare(session, at.year, FuelFactorSet.GB_T_32151_34, version=0, by=engineer, at=at, is_sample=True)
