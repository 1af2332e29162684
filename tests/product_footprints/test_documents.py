from sqlmodel import Session

from service.product_footprints.documents import pact_document
from tests.product_footprints.builders import a_declared


def test_a_released_record_is_declared_as_a_document_of_its_own_id(session: Session) -> None:
    footprint = a_declared(session)

    document = pact_document(footprint)

    assert document["id"] == str(footprint.id)
    assert document["status"] == "Active"
    assert document["pcf"]["pcfExcludingBiogenicUptake"] == "12.48"
