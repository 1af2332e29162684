"""The sample company as a world to attack: everybody in it signed in, and one object of each kind that belongs to supplier A."""

import json
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from sqlmodel import Session, col, select

from service.accounts.access import session_cookie
from service.accounts.models import STAFF_ROLES, LoginSession, Organisation, Role, User
from service.accounts.tokens import csrf_token, hash_token
from service.database import Database, open_database
from service.main import create_app
from service.sample.loading import load_sample
from service.settings import Settings
from service.submissions.models import (
    Answer,
    Evidence,
    Invitation,
    Submission,
)
from service.suppliers.models import Supplier
from tests.databases import make_sqlite_template
from tests.security.canaries import plant_canaries
from tests.security.furnishing import (
    NOW,
    SUPPLIER_A,
    SUPPLIER_B,
    add_what_the_sample_lacks,
    issue_a_certificate,
    open_submission,
    supplier_of,
)
from tests.security.objects import objects_of, submission_objects
from tests.security.strictness import as_strict_as_postgresql


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody at a browser.

    Attributes
    ----------
    token
        Of the session; None is a stranger.
    supplier
        "A" or "B" for suppliers, None for staff and strangers.
    by_link
        Came by link and PIN, for one submission.

    """

    name: str
    token: str | None = None
    roles: frozenset[Role] = frozenset()
    supplier: str | None = None
    by_link: bool = False

    @property
    def is_outsider(self) -> bool:
        """Whether this is no staff (a supplier, a verifier, an employee): what they may not use does not exist for them."""
        return self.supplier is not None or bool(self.roles and not self.roles & STAFF_ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A populated application.

    Attributes
    ----------
    objects
        By name of a path parameter: the object of supplier A, or of the maker.
    objects_of_b
        The same of supplier B, where it has one.
    marks_of_a
        Texts that give supplier A away: nobody of supplier B may ever read one.

    """

    app: FastAPI
    database: Database
    settings: Settings
    actors: Mapping[str, Actor]
    objects: Mapping[str, str]
    objects_of_b: Mapping[str, str]
    marks_of_a: frozenset[str]

    def form_token(self, actor: Actor) -> str:
        """Return the token that the actor's forms carry."""
        return csrf_token(self.app.state.secret, actor.token or ANONYMOUS)

    def cookies(self, actor: Actor, locale: str = "en") -> str:
        """Return the Cookie header of the actor's browser."""
        own = f"{session_cookie(self.settings)}={actor.token}" if actor.token else f"anodeprint_form={ANONYMOUS}"
        return f"{own}; anodeprint_locale={locale}"


ANONYMOUS = "an-anonymous-browser"
OBJECTS = "objects.json"


class ForgetfulDatabase(Database):
    """A database that rolls every transaction back, so that thousands of requests can be tried on the same world."""

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a writing transaction; what it wrote reaches the database and is then taken back."""
        with suppress(_ForgottenError), super().writing() as session:
            yield session
            session.flush()
            raise _ForgottenError


class _ForgottenError(Exception):
    pass


def settings_in(folder: Path) -> Settings:
    """Return the settings of a world in a folder."""
    return Settings(env="test", data_dir=folder, secret_key="0" * 64, jobs_in_web_process=False)  # type: ignore[arg-type] # parsed


def make_world(folder: Path) -> Path:
    """Fill a folder with the sample company, supplier A's objects and a canary in every free text; return the folder.

    What is found in one copy of it, such as a form, can so be sent to another.
    """
    make_sqlite_template(folder)
    settings = settings_in(folder)
    database = open_database(settings.effective_database_url)
    load_sample(database, settings, NOW)
    with database.writing() as session:
        plant_canaries(session)
        issue_a_certificate(session, settings)
        add_what_the_sample_lacks(session, settings)
        plant_canaries(session)
        objects = objects_of(session, supplier_of(session, SUPPLIER_A), settings)
        objects_of_b = submission_objects(session, supplier_of(session, SUPPLIER_B))
    database.close()
    (folder / OBJECTS).write_text(json.dumps([objects, objects_of_b]), encoding="utf-8")
    return folder


@contextmanager
def opened(template: Path, folder: Path, *, forgetful: bool) -> Iterator[World]:
    """Open a copy of a world, with everybody signed in."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    settings = settings_in(folder)
    objects, objects_of_b = json.loads((folder / OBJECTS).read_text(encoding="utf-8"))
    database = open_database(settings.effective_database_url)
    with database.writing() as session:
        actors = {actor.name: actor for actor in _actors(session)}
        marks = _marks(session, supplier_of(session, SUPPLIER_A))
    served = ForgetfulDatabase(engine=database.engine, writer_lock=database.writer_lock) if forgetful else database
    app = create_app(settings, database=served, clock=lambda: NOW)
    with as_strict_as_postgresql(database.engine):
        yield World(
            app=app,
            database=database,
            settings=settings,
            actors=actors,
            objects=objects,
            objects_of_b=objects_of_b,
            marks_of_a=marks,
        )
    database.close()


def _actors(session: Session) -> Iterator[Actor]:
    yield Actor(name="anonymous")
    suppliers = {supplier_of(session, SUPPLIER_A).organisation_id: "A", supplier_of(session, SUPPLIER_B).organisation_id: "B"}
    for user in session.exec(select(User)).all():
        supplier = suppliers.get(user.organisation_id)
        roles = frozenset(Role(name) for name in user.roles)
        if supplier is None and Role.SUPPLIER in roles:
            continue
        name = f"supplier {supplier}" if supplier else "+".join(sorted(roles))
        yield Actor(
            name=name,
            token=_signed_in(session, user_id=user.id, organisation_id=user.organisation_id),
            roles=roles,
            supplier=supplier,
        )
    for kind, supplier in ((SUPPLIER_A, "A"), (SUPPLIER_B, "B")):
        submission = open_submission(session, supplier_of(session, kind))
        live = (Invitation.submission_id == submission.id, col(Invitation.revoked_at).is_(None))
        invitation = session.exec(select(Invitation).where(*live)).one()
        token = _signed_in(
            session,
            invitation_id=invitation.id,
            submission_id=submission.id,
            organisation_id=submission.organisation_id,
        )
        yield Actor(name=f"link {supplier}", token=token, roles=frozenset({Role.SUPPLIER}), supplier=supplier, by_link=True)


def _signed_in(session: Session, **who: uuid.UUID) -> str:
    token = f"token-of-{uuid.uuid4()}"
    session.add(LoginSession(token_hash=hash_token(token), created_at=NOW, last_seen_at=NOW, **who))
    return token


def _marks(session: Session, supplier: Supplier) -> frozenset[str]:
    """Return ids, numbers and canaries' marks of a supplier."""
    organisation = session.get_one(Organisation, supplier.organisation_id)
    own = session.exec(select(Submission).where(Submission.supplier_id == supplier.id)).all()
    answers = session.exec(select(Answer).where(col(Answer.submission_id).in_([one.id for one in own]))).all()
    evidence = session.exec(select(Evidence).where(Evidence.organisation_id == organisation.id)).all()
    texts = {*(one.entered for one in answers), organisation.name_zh, *(one.name for one in evidence)}
    marks = {mark for text in texts for mark in re.findall(r"#\w+#", text)}
    return frozenset({str(one.id) for one in (organisation, supplier, *own, *evidence)} | {one.number for one in own} | marks)
