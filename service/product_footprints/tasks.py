"""Background work of declared footprints."""

from service.jobs.work import Work
from service.product_footprints.watching import find_concerns, raise_alerts


def watch_footprints(work: Work) -> None:
    """Once a day: find declared footprints that end, or from which today's data lead away."""
    with work.database.reading() as session:
        concerns = find_concerns(session, at=work.at)
    with work.finishing() as session:
        raise_alerts(session, concerns, settings=work.settings, at=work.at)
