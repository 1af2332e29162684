import pytest
from sqlmodel import Session

from lca_models.model import load_model
from service.errors import InvalidInputError, NotFoundError
from service.modelling import queries
from service.modelling.editing import get_table, remove_row, set_row, upload_tables
from service.modelling.models import ModelVersion
from tests.builders import NOW
from tests.modelling.builders import ENGINEER, UTILITIES, a_draft, change

PROCESSES = "unit_processes.csv"


def problems(caught: pytest.ExceptionInfo[InvalidInputError]) -> dict[str, str]:
    return {column: str(error) for column, error in caught.value.fields.items()}


def add(session: Session, draft: ModelVersion, file: str, **cells: str) -> ModelVersion:
    return set_row(session, draft.id, file=file, key_digest=None, cells=cells, version=draft.version, by=ENGINEER, at=NOW)


def remove(session: Session, draft: ModelVersion, file: str, *key: str) -> ModelVersion:
    row = next(one for one in get_table(session, draft, file).rows if one.key == key)
    return remove_row(session, draft.id, file=file, key_digest=row.key_digest, version=draft.version, by=ENGINEER, at=NOW)


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"amount": "1,2"}, "amount", "column amount: “1,2” is not a finite number. Write it like 12.5"),
        ({"amount": "99"}, "amount", "99 lies outside its own range"),
        ({"unit": "kWhh"}, "unit", "column unit: “kWhh” is not allowed. Use one of:"),
        ({"source": "nobody"}, "source", "the source “nobody” is not in sources.toml. Add it there or correct the key."),
        ({"confidence": "sure"}, "confidence", "“sure” is not allowed. Use one of: high, medium, low, memory, definition"),
        ({"low": ""}, "low", "a distribution needs low and high"),
    ],
)
def test_a_bad_cell_is_told_beside_its_column_with_table_line_and_fix(
    session: Session, cells: dict[str, str], column: str, message: str
) -> None:
    draft = a_draft(session)
    line = next(row.line for row in get_table(session, draft, PROCESSES).rows if row.key == UTILITIES)

    with pytest.raises(InvalidInputError) as caught:
        change(session, draft, PROCESSES, UTILITIES, cells)

    assert message in problems(caught)[column]
    assert f"unit_processes.csv, line {line}" in problems(caught)[column]


def test_nothing_is_stored_of_an_edit_that_is_refused(session: Session) -> None:
    draft = a_draft(session)

    with pytest.raises(InvalidInputError):
        change(session, draft, PROCESSES, UTILITIES, {"amount": "much"})

    assert draft.version == 1
    assert draft.content_hash == load_model().content_hash


def test_what_another_row_has_against_an_edit_is_told_for_the_whole_form(session: Session) -> None:
    with pytest.raises(InvalidInputError) as caught:
        remove(session, a_draft(session), PROCESSES, *UTILITIES)

    assert set(problems(caught)) == {""}
    assert "P6_site_utilities/electricity_cn_grid" in problems(caught)[""]


def test_a_formula_that_names_nothing_is_refused(session: Session) -> None:
    key = (*UTILITIES, "")

    with pytest.raises(InvalidInputError) as caught:
        change(session, a_draft(session), "exchange_formulas.csv", key, {"formula": "utilities_kwh*2"})

    assert "“utilities_kwh” is no parameter or constant" in problems(caught)["formula"]


def test_a_source_and_an_alternative_that_names_it_are_added(session: Session) -> None:
    draft = a_draft(session)
    draft = add(
        session, draft, "sources.toml", key="own-meters", citation="Meters 2025", licence="own", status="found", used_for="P3"
    )

    add(
        session,
        draft,
        "alternatives.csv",
        parameter="utilities_electricity_kwh_per_kg",
        name="metered_2025",
        value="0.25",
        unit="kWh/kg",
        source="own-meters",
        reason_en="our meters",
        reason_zh="自有电表",
        note="one site only",
    )

    found = queries.model_of_version(session, draft).parameter("utilities_electricity_kwh_per_kg").alternatives["metered_2025"]
    assert (found.value, found.sources) == (0.25, ("own-meters",))


def test_a_row_that_stands_there_already_is_not_added_twice(session: Session) -> None:
    with pytest.raises(InvalidInputError) as caught:
        add(session, a_draft(session), "stages.csv", stage="P1", name_en="milling", name_zh="磨")

    assert "line 2: this row already stands in the table: P1" in problems(caught)["stage"]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd|x"])
def test_what_a_spreadsheet_would_run_is_refused(session: Session, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change(session, a_draft(session), PROCESSES, UTILITIES, {"source_detail": text})

    assert "would be run as a formula" in problems(caught)["source_detail"]


def test_a_formula_may_begin_with_a_sign(session: Session) -> None:
    draft = change(
        session, a_draft(session), "exchange_formulas.csv", (*UTILITIES, ""), {"formula": "+utilities_electricity_kwh_per_kg"}
    )

    assert draft.version == 2


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb"])
def test_hidden_characters_are_refused(session: Session, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change(session, a_draft(session), PROCESSES, UTILITIES, {"source_detail": text})

    assert "can't be stored" in problems(caught)["source_detail"]


def test_a_text_without_end_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change(session, a_draft(session), PROCESSES, UTILITIES, {"source_detail": "x" * 2001})

    assert "At most 2000 characters" in problems(caught)["source_detail"]


def test_an_uploaded_table_replaces_the_one_of_the_draft(session: Session) -> None:
    draft = a_draft(session)
    content = queries.read_table_text(session, draft, "stages.csv").replace(b"site utilities", b"utilities")

    upload_tables(session, draft.id, {"stages.csv": b"\xef\xbb\xbf" + content}, version=draft.version, by=ENGINEER, at=NOW)

    assert queries.read_table_text(session, draft, "stages.csv") == content


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("stages.csv", b"stage,name_en\nP1,x\n", "the columns name_zh are missing"),
        ("stages.csv", b"stage,name_en,name_zh\nP1,=x,x\n", "stages.csv, line 2, column name_en: “=x” would be run"),
        ("stages.csv", b"\xff\xfe", "stages.csv is not UTF-8 text"),
        ("stages.csv", b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
        ("notes.csv", b"a,b\n1,2\n", "“notes.csv” is no table of the model"),
        ("sources.toml", b"[open", "sources.toml is not valid TOML"),
    ],
)
def test_an_upload_that_can_not_be_used_says_where_and_why(session: Session, name: str, content: bytes, message: str) -> None:
    draft = a_draft(session)

    with pytest.raises(InvalidInputError) as caught:
        upload_tables(session, draft.id, {name: content}, version=draft.version, by=ENGINEER, at=NOW)

    assert message in problems(caught)["tables"]


def test_tables_that_do_not_fit_together_are_refused_together(session: Session) -> None:
    """The process table without the utilities, while a formula still makes their electricity."""
    draft = a_draft(session)
    content = queries.read_table_text(session, draft, PROCESSES)
    without = b"\n".join(line for line in content.split(b"\n") if not line.startswith(b"P6_site_utilities,electricity"))

    with pytest.raises(InvalidInputError) as caught:
        upload_tables(session, draft.id, {PROCESSES: without}, version=draft.version, by=ENGINEER, at=NOW)

    assert "parameters.csv" in problems(caught)["tables"]


def test_a_table_or_row_that_is_not_there_is_not_found(session: Session) -> None:
    draft = a_draft(session)

    with pytest.raises(NotFoundError):
        get_table(session, draft, "other.csv")
    with pytest.raises(NotFoundError, match="no longer in the table"):
        remove_row(session, draft.id, file="stages.csv", key_digest="0" * 16, version=1, by=ENGINEER, at=NOW)
