from pathlib import Path

import pytest
from sqlmodel import Session, select

from lca_models.model import load_model
from service.audit.models import AuditEvent
from service.backgrounds.files import delete_files, folder_of
from service.backgrounds.operations import remove_background, remove_factor, set_enabled, set_factor
from service.backgrounds.queries import active_constants, all_backgrounds, factors_of, find_activities, get_background, get_by_name
from service.backgrounds.rules import BackgroundError
from service.errors import NotFoundError, StaleVersionError
from tests.backgrounds.builders import BAR, BY, NOW, PITCH, POWER, a_background, an_enabled_background
from tests.lca_models.background import formats


def choose(session: Session, data_dir: Path, *, parameter: str = PITCH, activity: int = BAR, name: str = "mine") -> float:
    row = set_factor(
        session,
        get_by_name(session, name),
        parameter=parameter,
        activity=activity,
        model=load_model(),
        data_dir=data_dir,
        by=BY,
        at=NOW,
    )
    return row.kg_co2e_per_unit


def test_an_imported_background_is_not_in_use_and_gives_nothing(session: Session, tmp_path: Path) -> None:
    background = a_background(session, data_dir=tmp_path)

    assert not background.is_enabled
    assert active_constants(session) == {}


def test_a_parameter_takes_fossil_and_biogenic_emissions_but_no_uptake(session: Session, tmp_path: Path) -> None:
    background = a_background(session, data_dir=tmp_path)

    assert choose(session, tmp_path) == pytest.approx(1.596 + 0.3)

    (row,) = factors_of(session, background.id)
    assert row.by_category["fossil"] == pytest.approx(1.596)
    assert row.by_category["biogenic_uptake"] == 0.0
    assert (row.activity_name, row.location, row.activity_unit) == ("bar production", "CN", "kilogram")


def test_units_are_converted(session: Session, tmp_path: Path) -> None:
    per_ton = [{**node, "unit": "ton"} if node["code"] == "bar" else node for node in formats.nodes()]
    a_background(session, data_dir=tmp_path, nodes=per_ton)

    # 1.896 kg per tonne of bar is 0.001896 kg per kg.
    assert choose(session, tmp_path) == pytest.approx(0.001896)


@pytest.mark.parametrize(
    ("parameter", "activity", "message"),
    [
        (PITCH, POWER, "power production [CN]: “kg” does not convert exactly to “kWh”"),
        ("furnace", BAR, "can't come from a background"),
        ("electricity_kg_co2e_per_kwh", POWER, "electricity excepted"),
        ("coal_tar_pitch_kg_co2e", BAR, "There is no parameter “coal_tar_pitch_kg_co2e”. Near it: coal_tar_pitch_kg_co2e_per_kg"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    session: Session, tmp_path: Path, parameter: str, activity: int, message: str
) -> None:
    a_background(session, data_dir=tmp_path)

    with pytest.raises(BackgroundError) as refused:
        choose(session, tmp_path, parameter=parameter, activity=activity)

    assert message in str(refused.value)


def test_a_number_that_no_activity_has_is_refused(session: Session, tmp_path: Path) -> None:
    a_background(session, data_dir=tmp_path)

    with pytest.raises(NotFoundError, match="no activity number 2"):
        choose(session, tmp_path, activity=2)


def test_a_second_choice_replaces_the_first(session: Session, tmp_path: Path) -> None:
    background = a_background(session, data_dir=tmp_path)
    choose(session, tmp_path)
    choose(session, tmp_path)

    assert len(factors_of(session, background.id)) == 1


def test_a_background_that_gives_nothing_can_not_be_put_into_use(session: Session, tmp_path: Path) -> None:
    background = a_background(session, data_dir=tmp_path)

    with pytest.raises(BackgroundError, match="gives no parameter a value yet"):
        set_enabled(session, background, is_enabled=True, version=1, by=BY, at=NOW)


def test_two_backgrounds_in_use_never_give_one_parameter(session: Session, tmp_path: Path) -> None:
    an_enabled_background(session, data_dir=tmp_path, name="first")
    second = a_background(session, data_dir=tmp_path, name="second")
    choose(session, tmp_path, name="second")

    with pytest.raises(BackgroundError, match=f"{PITCH} comes from the background “first” in use"):
        set_enabled(session, second, is_enabled=True, version=second.version, by=BY, at=NOW)


def test_what_is_in_use_gives_its_constants_with_activity_and_licence(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)

    constant = active_constants(session)[PITCH]

    assert constant.kg_co2e_per_unit == pytest.approx(1.896)
    assert (constant.source, constant.note) == ("background:mine", "bar production [CN]; own data")
    set_enabled(session, background, is_enabled=False, version=background.version, by=BY, at=NOW)
    assert active_constants(session) == {}


def test_who_saw_an_older_state_must_look_again(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)

    with pytest.raises(StaleVersionError):
        set_enabled(session, background, is_enabled=False, version=1, by=BY, at=NOW)


def test_a_parameter_has_its_default_again(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)

    remove_factor(session, background, parameter=PITCH, by=BY, at=NOW)

    assert active_constants(session) == {}
    with pytest.raises(StaleVersionError):
        remove_factor(session, background, parameter=PITCH, by=BY, at=NOW)


def test_a_background_in_use_is_not_removed_and_another_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)
    with pytest.raises(BackgroundError, match=r"in use\. Take it out of use first"):
        remove_background(session, background, by=BY, at=NOW)
    set_enabled(session, background, is_enabled=False, version=background.version, by=BY, at=NOW)

    identifier = remove_background(session, background, by=BY, at=NOW)
    session.flush()
    delete_files(identifier, data_dir=tmp_path)

    assert list(all_backgrounds(session)) == []
    assert not folder_of(identifier, data_dir=tmp_path).exists()
    with pytest.raises(NotFoundError):
        get_background(session, identifier)


def test_a_name_is_taken_once(session: Session, tmp_path: Path) -> None:
    a_background(session, data_dir=tmp_path)

    with pytest.raises(BackgroundError, match="“mine” already"):
        a_background(session, data_dir=tmp_path)


def test_an_unknown_name_lists_those_there_are(session: Session, tmp_path: Path) -> None:
    a_background(session, data_dir=tmp_path)

    with pytest.raises(NotFoundError, match=r"no background “yours”\. There are: mine"):
        get_by_name(session, "yours")


def test_activities_are_found_by_all_words_in_any_order(session: Session, tmp_path: Path) -> None:
    folder = folder_of(a_background(session, data_dir=tmp_path).id, data_dir=tmp_path)

    assert [one.position for one in find_activities(folder, "cn PRODUCTION")] == [POWER, BAR]
    assert [one.position for one in find_activities(folder, "production bar")] == [BAR]
    assert [one.position for one in find_activities(folder, "production", most=1)] == [POWER]
    assert find_activities(folder, "steel") == ()


def test_lost_files_are_an_error_that_says_what_to_do(session: Session, tmp_path: Path) -> None:
    background = a_background(session, data_dir=tmp_path)
    delete_files(background.id, data_dir=tmp_path)

    with pytest.raises(BackgroundError, match="Restore it from the backup"):
        choose(session, tmp_path)


def test_every_write_is_in_the_audit_trail(session: Session, tmp_path: Path) -> None:
    background = an_enabled_background(session, data_dir=tmp_path)
    set_enabled(session, background, is_enabled=False, version=background.version, by=BY, at=NOW)
    remove_factor(session, background, parameter=PITCH, by=BY, at=NOW)
    remove_background(session, background, by=BY, at=NOW)

    assert [event.action for event in session.exec(select(AuditEvent))] == [
        *("background_imported", "background_factor_set", "background_enabled"),
        *("background_disabled", "background_factor_removed", "background_removed"),
    ]
