import io
import math

import pytest
from openpyxl import load_workbook

from lca_models.calculation import calculate_footprint
from lca_models.model import load_model
from service.verification.trace import Trace, trace_of
from service.verification.trace_workbook import write_trace


@pytest.fixture(scope="module")
def trace() -> Trace:
    model = load_model()
    return trace_of(model, calculate_footprint(model, {"graphitization_electricity_kwh_per_kg": 12.0}, check=False))


def test_the_burdens_and_the_factors_each_add_up_to_the_total(trace: Trace) -> None:
    assert math.fsum(one.kg_co2e for one in trace.burdens) == pytest.approx(trace.total_kg_co2e, rel=1e-12)
    assert math.fsum(one.kg_co2e for one in trace.factors) == pytest.approx(trace.total_kg_co2e, rel=1e-12)


def test_each_burden_is_amount_times_factor(trace: Trace) -> None:
    for one in trace.burdens:
        assert one.kg_co2e_per_unit is not None
        assert one.amount * one.kg_co2e_per_unit == pytest.approx(one.kg_co2e, rel=1e-12), one


def test_a_factor_of_the_library_names_its_source_beside_the_value_that_was_counted(trace: Trace) -> None:
    coke = next(one for one in trace.factors if one.flow == "green_petroleum_coke")

    assert coke.kg_co2e_per_unit == pytest.approx(coke.stated)
    assert coke.sources
    assert coke.unit == "kg"


def test_the_workbook_has_four_sheets_no_formula_and_the_same_bytes_each_time(trace: Trace) -> None:
    content = write_trace(trace)

    book = load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page for cell in row]
    assert len(book.sheetnames) == 4
    assert len(cells) > 100
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert write_trace(trace) == content
