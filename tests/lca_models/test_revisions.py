from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.calculation import calculate_footprint
from lca_models.errors import ModelError, ParameterError, TableError
from lca_models.model import read_model, shipped_tables
from lca_models.revisions import (
    TABLE_KEYS,
    Change,
    ModelTableText,
    TableRow,
    compare_models,
    parse_table,
    with_row,
    without_row,
    write_table,
)

TABLES = shipped_tables()
STAGES = b"stage,name_en,name_zh\nP1,milling,\xe7\xa3\xa8\xe7\xb2\x89\nP2,granulation,\xe9\x80\xa0\xe7\xb2\x92\n"


def row_of(table: ModelTableText, *key: str) -> TableRow:
    return next(row for row in table.rows if row.key == key)


def test_every_shipped_table_says_what_tells_its_rows_apart() -> None:
    assert set(TABLES) <= set(TABLE_KEYS)


@pytest.mark.parametrize("file", sorted(TABLES))
def test_the_rows_of_a_shipped_table_have_different_keys(file: str) -> None:
    rows = parse_table(TABLES[file], file=file).rows

    assert len({row.key for row in rows}) == len({row.key_digest for row in rows}) == len(rows) > 0


@pytest.mark.parametrize("file", sorted(TABLES))
def test_a_table_written_anew_says_the_same(file: str) -> None:
    table = parse_table(TABLES[file], file=file)

    again = parse_table(write_table(table), file=file)

    assert [row.cells for row in again.rows] == [row.cells for row in table.rows]
    assert compare_models({file: TABLES[file]}, {file: write_table(table)}) == ()


def test_a_model_of_tables_written_anew_is_the_same_model() -> None:
    again = read_model({file: write_table(parse_table(content, file=file)) for file, content in TABLES.items()}, version="again")
    shipped = read_model(TABLES, version="shipped")

    assert again.sources == shipped.sources
    assert again.carbon_contents == shipped.carbon_contents
    assert {name: one.default for name, one in again.definitions.items()} == {
        name: one.default for name, one in shipped.definitions.items()
    }


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=40).map(str.strip))
def test_any_text_of_a_source_survives_toml(text: str) -> None:
    table = parse_table(b'["a b"]\ncitation = "x"\n', file="sources.toml")

    changed = with_row(table, {"key": "a b", "citation": text}, instead_of=table.rows[0])

    assert parse_table(write_table(changed), file="sources.toml").rows[0].cells["citation"] == text


def test_changes_name_rows_by_key_and_cells_by_column() -> None:
    table = parse_table(STAGES, file="stages.csv")
    changed = with_row(table, {"stage": "P1", "name_en": "crushing", "name_zh": "磨粉"}, instead_of=row_of(table, "P1"))
    added = with_row(changed, {"stage": "P3", "name_en": "graphitization", "name_zh": "石墨化"}, instead_of=None)
    removed = without_row(added, row_of(added, "P2"))

    changes = compare_models({"stages.csv": STAGES}, {"stages.csv": write_table(removed)})

    assert {change.key: (change.change, change.cells) for change in changes} == {
        ("P1",): (Change.CHANGED, (("name_en", "milling", "crushing"),)),
        ("P2",): (Change.REMOVED, (("stage", "P2", ""), ("name_en", "granulation", ""), ("name_zh", "造粒", ""))),
        ("P3",): (Change.ADDED, (("stage", "", "P3"), ("name_en", "", "graphitization"), ("name_zh", "", "石墨化"))),
    }


def test_the_order_of_rows_is_no_change() -> None:
    table = parse_table(STAGES, file="stages.csv")
    turned = b"stage,name_en,name_zh\n" + b"\n".join(reversed(STAGES.strip().split(b"\n")[1:]))

    assert compare_models({"stages.csv": STAGES}, {"stages.csv": turned}) == ()
    assert [row.line for row in table.rows] == [2, 3]


def test_a_table_that_appears_is_all_added() -> None:
    changes = compare_models({}, {"stages.csv": STAGES})

    assert [(change.key, change.change) for change in changes] == [(("P1",), Change.ADDED), (("P2",), Change.ADDED)]


def test_a_second_row_of_the_same_key_is_refused_with_its_line() -> None:
    table = parse_table(STAGES, file="stages.csv")

    with pytest.raises(TableError, match=r"stages\.csv, line 3: this row already stands in the table: P2"):
        with_row(table, {"stage": "P2"}, instead_of=None)
    with pytest.raises(TableError, match="line 2"):
        with_row(table, {"stage": "P1"}, instead_of=row_of(table, "P2"))


def test_toml_that_is_none_names_the_file() -> None:
    with pytest.raises(TableError, match=r"sources\.toml is not valid TOML"):
        parse_table(b"[open", file="sources.toml")


@pytest.mark.parametrize("file", sorted(TABLES))
def test_a_table_with_rows_missing_is_a_model_or_says_what_is_wrong(file: str) -> None:
    """Every seventh row is taken out by itself, then all of them: whatever happens is a model that calculates, or a message."""
    table = parse_table(TABLES[file], file=file)
    shorter = [without_row(table, row) for row in table.rows[::7]] + [replace(table, rows=())]

    for one in shorter:
        with suppress(ModelError):
            calculate_footprint(read_model({**TABLES, file: write_table(one)}, version="test"), check=False)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('citation = "x"\nstatus = "found"\nused_for = "all"', "the source “a” does not say licence"),
        ("citation = 1", "does not say licence, status, used_for"),
    ],
)
def test_a_source_must_say_citation_licence_status_and_use(fields: str, message: str) -> None:
    content = TABLES["sources.toml"] + f"\n[a]\n{fields}\n".encode()

    with pytest.raises(TableError, match=message):
        read_model({**TABLES, "sources.toml": content}, version="test")


def test_a_furnace_without_its_default_is_told_by_parameter_and_furnace() -> None:
    table = parse_table(TABLES["furnace_defaults.csv"], file="furnace_defaults.csv")
    gone = without_row(table, row_of(table, "packing_coke_oxidised_share", "box"))
    model = read_model({**TABLES, "furnace_defaults.csv": write_table(gone)}, version="test")

    with pytest.raises(ParameterError, match="packing_coke_oxidised_share has no default with the furnace box"):
        calculate_footprint(model, {"furnace": "box"}, check=False)
