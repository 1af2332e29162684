"""The guard on releases: a record is examined on the model version and the ledger that it stands for."""

from collections.abc import Sequence

from sqlmodel import Session

from lca_models.errors import ModelError, Notice
from lca_models.guard import find_obstacles
from service.errors import N_, FieldError, RefusedError
from service.exemptions.queries import ledger
from service.footprints.models import FootprintRecord
from service.footprints.rechecking import rebuild
from service.modelling.queries import model_of


class GuardRefusedError(RefusedError):
    """Something in the numbers speaks against the release of a footprint."""

    code = "footprint-release-refused"

    def __init__(self, number: str, obstacles: Sequence[Notice]) -> None:
        super().__init__(
            N_("%(number)s can't be released; %(count)s points are open. The first: %(first)s"),
            [FieldError(one.template, **one.values) for one in obstacles],
            number=number,
        )


def release_obstacles(session: Session, record: FootprintRecord) -> tuple[Notice, ...]:
    """Return everything in the numbers that speaks against the release of a record; Brightway replays it."""
    model = model_of(session, record.result["content_hash"])
    try:
        footprint = rebuild(session, record, check=True)
    except ModelError as error:
        return (Notice(template=error.template, values=dict(error.values)),)
    return find_obstacles(model, footprint, exemptions=[entry.exemption for entry in ledger(session, model)])


def check_release(session: Session, record: FootprintRecord) -> None:
    """Refuse the release of a record that the guard has something against, with the whole list."""
    obstacles = release_obstacles(session, record)
    if obstacles:
        raise GuardRefusedError(record.number, obstacles)
