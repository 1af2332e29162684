import uuid

from service.cascade.operations import calculate
from service.jobs.work import Work
from service.modelling.queries import active_model


def calculate_upstream_footprint(work: Work) -> None:
    """Calculate what a supplier's supplier delivers, once its answers are accepted."""
    with work.finishing() as session:
        calculate(session, uuid.UUID(work.payload["request_id"]), active_model(session))
