import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from lca_models.calculation import calculate_footprint
from lca_models.model import load_model
from service.audit.models import AuditEvent
from service.errors import ConflictError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.modelling import operations, queries, rules
from service.modelling.models import ImmutableModelError, ModelStatus, ModelTable, ModelVersion
from service.modelling.reading import DamagedModelError
from tests.builders import NOW
from tests.modelling.builders import (
    ENGINEER,
    SECOND,
    THIRD,
    a_draft,
    a_released_version,
    change,
    with_more_utilities,
)

LEDGER = tuple(load_model().exemptions.values())


def actions(session: Session) -> list[str]:
    return [event.action for event in session.exec(select(AuditEvent).order_by(AuditEvent.id))]  # type: ignore[arg-type] # a column


def store_as_other_content(session: Session, version: ModelVersion, *, status: ModelStatus) -> None:
    """Change a row past the guard, as an earlier release of the software or a damaged disk would have left it."""
    session.flush()
    changed = update(ModelVersion).where(col(ModelVersion.id) == version.id)
    session.connection().execute(changed.values(content_hash="0" * 64, status=status))
    session.refresh(version)


def test_without_a_version_the_shipped_model_is_in_use(session: Session) -> None:
    assert queries.active_model(session) is load_model()


def test_a_draft_begins_with_the_tables_in_use_and_keeps_them(session: Session) -> None:
    draft = a_draft(session)

    kept = queries.find_version(session, load_model().content_hash)
    assert kept is not None
    assert (kept.label, kept.status) == (load_model().version, ModelStatus.RELEASED)
    assert draft.tables == kept.tables
    assert (draft.label, draft.parent_label) == (f"{load_model().version}.1", load_model().version)
    assert queries.active_model(session) is load_model()
    assert actions(session) == ["model_version_kept", "model_draft_created"]


def test_a_model_is_kept_once(session: Session) -> None:
    operations.keep_model(session, load_model(), at=NOW)
    operations.keep_model(session, load_model(), at=NOW)

    assert len(session.exec(select(ModelVersion)).all()) == 1


def test_stored_tables_are_the_model_byte_by_byte(session: Session) -> None:
    operations.keep_model(session, load_model(), at=NOW)
    kept = queries.find_version(session, load_model().content_hash)
    assert kept is not None

    again = queries.model_of_version(session, kept)

    assert again.content_hash == load_model().content_hash
    assert calculate_footprint(again).total_kg_co2e == calculate_footprint(load_model()).total_kg_co2e


def test_a_changed_amount_changes_the_result_by_the_hand_calculation(session: Session) -> None:
    draft = with_more_utilities(session, a_draft(session))

    before = calculate_footprint(load_model()).total_kg_co2e
    after = calculate_footprint(queries.model_of_version(session, draft)).total_kg_co2e
    assert after - before == pytest.approx(0.1 * 0.5777)
    assert queries.active_model(session) is load_model()


def test_only_the_changed_table_is_stored_anew(session: Session) -> None:
    draft = a_draft(session)
    count = len(session.exec(select(ModelTable)).all())

    with_more_utilities(session, draft)

    assert len(session.exec(select(ModelTable)).all()) == count + 1


def test_a_second_person_puts_a_draft_to_use(session: Session) -> None:
    version = a_released_version(session)

    model = queries.active_model(session)
    shipped = queries.find_version(session, load_model().content_hash)
    assert model.model_version == f"{version.label}+{version.content_hash[:12]}"
    assert model.content_hash == version.content_hash
    assert (version.status, version.released_by) == (ModelStatus.RELEASED, SECOND)
    assert version.checks["obstacles"] == []
    assert version.checks["oracle_relative_difference"] <= 1e-12
    assert shipped is not None
    assert shipped.status is ModelStatus.RETIRED
    assert actions(session)[-2:] == ["model_version_retired", "model_version_released"]


def test_who_began_or_changed_a_draft_does_not_release_it(session: Session) -> None:
    draft = with_more_utilities(session, a_draft(session))
    draft = change(session, draft, "stages.csv", ("P6",), {"name_en": "utilities"}, by=SECOND)

    for person in (ENGINEER, SECOND):
        with pytest.raises(SamePersonError):
            operations.release(session, draft.id, exemptions=LEDGER, version=draft.version, by=person, at=NOW)
    assert operations.release(session, draft.id, exemptions=LEDGER, version=draft.version, by=THIRD, at=NOW).released_by == THIRD


def test_a_draft_that_somebody_else_changed_is_not_released_as_seen_before(session: Session) -> None:
    draft = a_draft(session)
    seen = draft.version
    with_more_utilities(session, draft)

    with pytest.raises(StaleVersionError):
        operations.release(session, draft.id, exemptions=LEDGER, version=seen, by=SECOND, at=NOW)


def test_a_released_version_does_not_change(session: Session) -> None:
    version = a_released_version(session)

    with pytest.raises(ConflictError, match="records rest on it"):
        change(session, version, "stages.csv", ("P6",), {"name_en": "utilities"})
    with pytest.raises(ConflictError, match="records rest on it"):
        operations.discard_draft(session, version.id, version=version.version, by=ENGINEER, at=NOW)
    with pytest.raises(InvalidTransitionError):
        operations.release(session, version.id, exemptions=LEDGER, version=version.version, by=THIRD, at=NOW)


def test_a_draft_without_a_change_is_not_released(session: Session) -> None:
    draft = a_draft(session)

    with pytest.raises(rules.SameContentError, match="holds the same tables as version 1"):
        operations.release(session, draft.id, exemptions=LEDGER, version=draft.version, by=SECOND, at=NOW)


def test_an_open_balance_keeps_a_draft_from_use_and_is_named(session: Session) -> None:
    """With 0.8 instead of 1 kg C per kg of product, 0.2 of the 1.233 kg C that come in are missing: 16 % > 5 %."""
    draft = change(session, a_draft(session), "carbon_contents.csv", ("anode_graphite_packed",), {"carbon": "0.8"})

    with pytest.raises(rules.ReleaseRefusedError) as caught:
        operations.release(session, draft.id, exemptions=LEDGER, version=draft.version, by=SECOND, at=NOW)

    assert caught.value.points
    assert "The carbon balance of the chain is open" in " ".join(str(point) for point in caught.value.points)
    assert queries.active_model(session) is load_model()


def test_the_version_before_is_put_to_use_again(session: Session) -> None:
    version = a_released_version(session)
    shipped = queries.find_version(session, load_model().content_hash)
    assert shipped is not None

    operations.release(session, shipped.id, exemptions=LEDGER, version=shipped.version, by=ENGINEER, at=NOW)

    assert queries.active_model(session) is load_model()
    assert queries.get_version(session, version.id).status is ModelStatus.RETIRED
    operations.release(session, version.id, exemptions=LEDGER, version=version.version, by=THIRD, at=NOW)
    assert queries.active_model(session).content_hash == version.content_hash


def test_the_shipped_model_of_an_earlier_release_is_used_through_a_draft(session: Session) -> None:
    operations.keep_model(session, load_model(), at=NOW)
    shipped = queries.find_version(session, load_model().content_hash)
    assert shipped is not None
    store_as_other_content(session, shipped, status=ModelStatus.RETIRED)

    with pytest.raises(ConflictError, match="earlier release of the software"):
        operations.release(session, shipped.id, exemptions=LEDGER, version=shipped.version, by=ENGINEER, at=NOW)


def test_a_new_shipped_model_takes_over_from_the_earlier_one(session: Session) -> None:
    operations.keep_model(session, load_model(), at=NOW)
    earlier = queries.find_version(session, load_model().content_hash)
    assert earlier is not None
    store_as_other_content(session, earlier, status=ModelStatus.RELEASED)

    operations.keep_model(session, load_model(), at=NOW)

    session.refresh(earlier)
    assert earlier.status is ModelStatus.RETIRED
    assert [one.content_hash for one in queries.released_versions(session)] == [load_model().content_hash]


def test_tables_that_do_not_match_their_hash_are_not_calculated_with(session: Session) -> None:
    version = a_released_version(session)
    store_as_other_content(session, version, status=ModelStatus.RELEASED)

    with pytest.raises(DamagedModelError, match="Restore the database"):
        queries.active_model(session)


def test_a_model_that_was_never_stored_says_so(session: Session) -> None:
    with pytest.raises(queries.ModelNotKeptError, match="abcdefabcdef"):
        queries.model_of(session, "abcdef" * 8)


def test_a_discarded_draft_is_gone_and_its_label_free(session: Session) -> None:
    draft = a_draft(session)

    operations.discard_draft(session, draft.id, version=draft.version, by=ENGINEER, at=NOW)
    session.flush()

    assert a_draft(session).label == f"{load_model().version}.1"


def test_labels_count_up_from_the_shipped_version() -> None:
    assert rules.next_label("1.0.0", set()) == "1.0.0.1"
    assert rules.next_label("1.0.0", {"1.0.0", "1.0.0.1", "1.0.0.3"}) == "1.0.0.2"


def test_an_unknown_table_is_refused_by_name(session: Session) -> None:
    draft = a_draft(session)

    with pytest.raises(InvalidInputError) as caught:
        operations.replace_tables(session, draft.id, {"other.csv": b""}, version=draft.version, by=ENGINEER, at=NOW)

    assert "“other.csv” is no table of the model" in str(caught.value.fields[""])


def test_what_records_rest_on_is_guarded_in_the_session_too(session: Session) -> None:
    version = a_released_version(session)
    table = session.exec(select(ModelTable)).first()
    assert table is not None

    with pytest.raises(ImmutableModelError, match="is kept as it was released"), session.begin_nested():
        version.tables = {}
    session.refresh(version)
    with pytest.raises(ImmutableModelError, match="is kept as it was released"), session.begin_nested():
        session.delete(version)
    with pytest.raises(ImmutableModelError, match="kept for good"), session.begin_nested():
        table.content = ""
