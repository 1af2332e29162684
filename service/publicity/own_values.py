"""What the company itself reaches, on the basis of each indicator of the benchmark; nothing where the bases differ."""

from collections.abc import Mapping

from sqlmodel import Session

from service.footprints.queries import get_records
from service.product_footprints.queries import all_active


def own_values(session: Session) -> Mapping[str, tuple[float, float]]:
    """Return the lowest and the highest value of ours by indicator; an indicator without one is absent.

    Footprints are the declared ones under the national grid's electricity, as the indicator asks. Shares and reductions that
    we announce are claims, which stand in the register of claims and not here.
    """
    records = get_records(session, [one.record_id for one in all_active(session)]).values()
    totals = [view["total_kg_co2e"] for record in records for view in record.views if view["view"] == "national"]
    return {"pcf": (min(totals), max(totals))} if totals else {}
