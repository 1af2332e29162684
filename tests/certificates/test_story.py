"""From a toll plant's accepted answers to the certificate, with the other domains' own operations."""

import json

import pytest
from sqlmodel import Session

from lca_models import load_model
from service.certificates.snapshot import canonical
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.product_footprints.operations import release
from tests import builders as rows
from tests.certificates.builders import NOW, issued, some_settings
from tests.certificates.test_disclosure import attack
from tests.footprints import builders as footprints


@pytest.fixture
def record(session: Session) -> FootprintRecord:
    """A released footprint of a product that one toll plant in Inner Mongolia graphitizes."""
    supplier = footprints.a_toll_supplier(session)
    footprints.an_accepted_submission(session, supplier)
    product = footprints.a_toll_product(session, rows.a_product(session), supplier)
    found = footprints.a_record(session, product)
    release(session, found, version=found.version, by=footprints.RELEASER, at=NOW, settings=some_settings())
    return found


def test_the_certificate_of_a_toll_product_names_no_input_of_the_plant(session: Session, record: FootprintRecord) -> None:
    snapshot = canonical(issued(session, record).snapshot).decode()

    # 13.3 kWh/kg, its meters, its province, its submission
    for secret in ("13.3", "12350000", "285000", "CN-NM", "S-2026"):
        assert secret not in snapshot


def test_the_plants_electricity_can_not_be_worked_out_from_the_certificate(session: Session, record: FootprintRecord) -> None:
    snapshot = json.loads(canonical(issued(session, record).snapshot))
    cells = [cell for cell in parts_of(record, load_model()) if cell.kg_co2e]
    target = next(n for n, cell in enumerate(cells) if cell.stage == "P3" and cell.kwh)

    bounds = attack(record, snapshot, target=target, cells=cells)

    assert cells[target].owner not in {"model", "maker"}
    assert bounds.doubt > 0.07


def test_the_total_is_the_records(session: Session, record: FootprintRecord) -> None:
    total = issued(session, record).snapshot["result"]["total"]

    assert float(total) == pytest.approx(record.total_kg_co2e_per_kg, abs=0.005)


def test_the_view_by_province_stays_inside(session: Session, record: FootprintRecord) -> None:
    shown = {view["key"] for view in issued(session, record).snapshot["electricity"]["views"]}

    assert "provinces" in {view["view"] for view in record.views}
    assert shown == {"national", "market"}
