"""A certificate names the licence of every background that its figure rests on."""

from sqlmodel import Session

from service.backgrounds.rules import Constant, licence_notices
from service.certificates.wording import statements_of
from service.footprints.models import FootprintRecord, FootprintStatus
from service.product_footprints.operations import declare
from tests import builders as rows
from tests.certificates.builders import NOW, RELEASER, in_memory, issued, some_settings

PITCH = Constant(kg_co2e_per_unit=1.9, background="mine", licence="own data", activity="bar [CN]")


def a_record_with(session: Session, *constants: Constant) -> FootprintRecord:
    """Return a released record whose result has the notices of backgrounds."""
    record = in_memory(rows.a_product(session).id)
    notices = [one.as_dict() for one in licence_notices(constants)]
    record.result = {**record.result, "notices": [*record.result["notices"], *notices]}
    record.status, record.released_by = FootprintStatus.RELEASED, RELEASER
    session.add(record)
    session.flush()
    declare(session, record, by=RELEASER, at=NOW, settings=some_settings())
    return record


def test_a_certificate_names_background_and_licence_in_both_languages(session: Session) -> None:
    snapshot = issued(session, a_record_with(session, PITCH)).snapshot

    statements = statements_of(snapshot)

    assert snapshot["method"]["backgrounds"] == [{"name": "mine", "licence": "own data", "count": 1}]
    assert "licensed database “mine” (licence: own data)" in statements[-1].en
    assert "授权数据库“mine”（许可：own data）" in statements[-1].zh


def test_a_certificate_on_open_data_names_none(session: Session) -> None:
    snapshot = issued(session, a_record_with(session)).snapshot

    assert snapshot["method"]["backgrounds"] == []
    assert not [one for one in statements_of(snapshot) if "licensed database" in one.en]
