from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from service.accounts import queries, sign_in
from service.accounts.models import LoginSession, OneTimeToken, Organisation, OrganisationKind, Role, User
from service.accounts.operations import (
    LastAdministratorError,
    change_person,
    create_organisation,
    create_user,
    disable,
    enable,
)
from service.accounts.passwords import verify_password
from service.accounts.tokens import hash_token
from service.audit.models import AuditEvent
from service.errors import ConflictError, InvalidInputError
from service.mail.models import MailMessage
from service.settings import Settings
from tests import builders
from tests.accounts.builders import PASSWORD, TOTP_SECRET, a_person, hash_of
from tests.builders import NOW

BY = "user:018f0000-0000-7000-8000-000000000000"


def actions(session: Session) -> list[str]:
    return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))))


def a_new_user(session: Session, *, email: str = "Li.Wei@Sample.Example", roles: tuple[Role, ...] = (Role.SALES,)) -> User:
    return create_user(
        session, organisation=builders.a_maker(session), email=email, name=" 李伟 ", roles=roles, password=PASSWORD, by=BY, at=NOW
    )


def test_there_is_one_maker(session: Session) -> None:
    create_organisation(session, kind=OrganisationKind.MAKER, name_zh="甲", name_en="A", by="system", at=NOW)

    with pytest.raises(ConflictError, match="one deployment serves one"):
        create_organisation(session, kind=OrganisationKind.MAKER, name_zh="乙", name_en="B", by="system", at=NOW)
    assert len(session.exec(select(Organisation)).all()) == 1


def test_a_new_person_is_stored_normalised_with_a_hash_and_an_event(session: Session) -> None:
    user = a_new_user(session, roles=(Role.SALES, Role.AUDITOR, Role.SALES))

    assert (user.email, user.name, user.roles) == ("li.wei@sample.example", "李伟", ["auditor", "sales"])
    assert verify_password(user.password_hash, PASSWORD)
    event = session.exec(select(AuditEvent)).one()
    assert (event.action, event.actor, event.object_id) == ("user_created", BY, str(user.id))
    assert "li.wei" not in str(event.details)


def test_every_wrong_value_is_named_by_its_field(session: Session) -> None:
    with pytest.raises(InvalidInputError) as refused:
        create_user(
            session,
            organisation=builders.a_maker(session),
            email="nobody",
            name="",
            roles=[Role.SUPPLIER],
            password="short",
            by=BY,
            at=NOW,
        )

    assert set(refused.value.fields) == {"email", "name", "roles", "password"}


def test_an_address_has_one_account(session: Session) -> None:
    a_new_user(session)

    with pytest.raises(InvalidInputError) as refused:
        a_new_user(session, email="LI.WEI@sample.example")
    assert "has an account already" in str(refused.value.fields["email"])


def test_disabling_ends_sessions_and_links_and_enabling_keeps_the_password(session: Session) -> None:
    user = a_person(session)
    token = sign_in.start_login(session, user, at=NOW)
    session.add(OneTimeToken(token_hash="0" * 64, user_id=user.id, purpose="reset", expires_at=NOW + timedelta(hours=1)))
    session.flush()

    disable(session, user, by=BY, at=NOW)

    assert live(session, token) is None
    assert session.exec(select(LoginSession)).all() == session.exec(select(OneTimeToken)).all() == []
    enable(session, user, by=BY, at=NOW)
    assert user.is_active
    assert verify_password(user.password_hash, PASSWORD)
    assert actions(session)[-2:] == ["user_disabled", "user_enabled"]


def test_the_last_active_administrator_stays(session: Session) -> None:
    admin = a_person(session, roles=[Role.ADMIN], totp_secret=TOTP_SECRET)
    a_person(session, roles=[Role.ADMIN], is_active=False)

    with pytest.raises(LastAdministratorError):
        disable(session, admin, by=BY, at=NOW)
    with pytest.raises(LastAdministratorError):
        change_person(session, admin, name="Li", roles=[Role.SALES], by=BY, at=NOW)

    a_person(session, roles=[Role.ADMIN, Role.SALES])
    change_person(session, admin, name="Li", roles=[Role.SALES], by=BY, at=NOW)
    assert admin.roles == ["sales"]


def test_who_gains_a_deciding_role_without_second_factor_signs_in_again(session: Session) -> None:
    without, with_factor = a_person(session), a_person(session, totp_secret=TOTP_SECRET)
    tokens = {user.id: sign_in.start_login(session, user, at=NOW) for user in (without, with_factor)}

    for user in (without, with_factor):
        change_person(session, user, name=user.name, roles=[Role.SALES, Role.REVIEWER], by=BY, at=NOW)

    assert live(session, tokens[without.id]) is None
    assert live(session, tokens[with_factor.id]) is not None


def live(session: Session, token: str) -> queries.FoundLogin | None:
    day = timedelta(days=1)
    return queries.find_live_login(session, hash_token(token), at=NOW, idle=day, absolute=day)


def test_a_session_is_256_random_bits_and_only_its_hash_is_stored(session: Session) -> None:
    user = a_person(session)

    tokens = {sign_in.start_login(session, user, at=NOW) for _ in range(100)}

    session.flush()
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}  # 32 bytes in base64url without padding
    assert not tokens & set(session.exec(select(LoginSession.token_hash)))


def test_a_code_is_spent_once_and_no_older_one_after_it(session: Session) -> None:
    user = a_person(session, totp_secret=TOTP_SECRET)

    assert [sign_in.spend_code(session, user, step) for step in (100, 100, 99, 101)] == [True, False, False, True]


def test_a_set_up_link_can_be_copied_while_it_lives_although_only_its_hash_is_stored(session: Session, settings: Settings) -> None:
    user = a_person(session, password=None)
    link = sign_in.invite_user(session, user, settings=settings, secret=b"s" * 32, by=BY, at=NOW)
    session.flush()
    session.expire_all()

    until = queries.find_set_up_expiry(session, user.id, at=NOW + timedelta(hours=71))

    assert until == NOW + timedelta(hours=72)
    assert sign_in.set_up_link(user.id, until, settings=settings, secret=b"s" * 32).address == link
    token = link.rpartition("/")[2]
    assert session.exec(select(OneTimeToken.token_hash)).all() == [hash_token(token)]
    assert queries.find_set_up_expiry(session, user.id, at=NOW + timedelta(hours=72)) is None
    mail = session.exec(select(MailMessage)).one()
    assert (mail.recipient, mail.body.count(link)) == (user.email, 2)  # in both languages, because theirs is not known


def test_a_new_set_up_link_ends_the_earlier_one(session: Session, settings: Settings) -> None:
    user = a_person(session, password=None)
    first, second = (
        sign_in.invite_user(session, user, settings=settings, secret=b"s" * 32, by=BY, at=NOW + timedelta(minutes=minute))
        for minute in (0, 1)
    )

    with pytest.raises(sign_in.LinkUsedError):
        sign_in.use_link(session, first.rpartition("/")[2], purpose="set_up", at=NOW + timedelta(minutes=2))
    assert sign_in.use_link(session, second.rpartition("/")[2], purpose="set_up", at=NOW + timedelta(minutes=2)).id == user.id


def test_a_link_of_one_purpose_opens_no_other(session: Session, settings: Settings) -> None:
    user = a_person(session, password=None)
    link = sign_in.invite_user(session, user, settings=settings, secret=b"s" * 32, by=BY, at=NOW)

    with pytest.raises(sign_in.LinkUsedError):
        sign_in.use_link(session, link.rpartition("/")[2], purpose="reset", at=NOW)


def test_a_new_password_keeps_the_second_factor_and_ends_links(session: Session, settings: Settings) -> None:
    user = a_person(session, totp_secret=TOTP_SECRET)
    sign_in.ask_reset(session, user.email, settings=settings, at=NOW)
    token = sign_in.start_login(session, user, at=NOW)

    sign_in.set_password(session, user, hash_of("another cup of tea"), by=BY, at=NOW)

    assert user.totp_secret == TOTP_SECRET
    assert live(session, token) is None
    assert session.exec(select(OneTimeToken.used_at)).all() == [NOW]


def test_nobody_gets_a_reset_mail_for_an_unknown_or_disabled_account(session: Session, settings: Settings) -> None:
    disabled = a_person(session, is_active=False)

    for email in ("nobody@sample.example", disabled.email):
        sign_in.ask_reset(session, email, settings=settings, at=NOW)

    assert session.exec(select(MailMessage)).all() == []
    assert actions(session) == ["password_reset_refused", "password_reset_refused"]
