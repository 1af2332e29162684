"""Load the sample company into an empty database, once, and say how to sign in."""

import os
import secrets
from datetime import datetime

from sqlmodel import Session, select

from service.accounts.models import Organisation
from service.database import Database
from service.sample.cast import Cast, assemble
from service.sample.decisions import decide
from service.sample.plan_circularity import load_circularity
from service.sample.plan_governance import load_governance, load_people
from service.sample.plan_green_power import load_green_power
from service.sample.plan_inventory import load_inventories
from service.sample.plan_logistics import load_logistics
from service.sample.plan_measures import load_measures
from service.sample.plan_monitoring import load_monitoring
from service.sample.plan_premises import load_premises
from service.sample.plan_publicity import load_publicity
from service.sample.plan_targets import load_targets
from service.sample.procurement import enlist, stock
from service.sample.story import YEAR, tell
from service.sample.verification import invite_verifier
from service.settings import Settings

LOGINS_FILE = "sample-logins.txt"


def load_sample(database: Database, settings: Settings, at: datetime) -> bool:
    """Load the sample company unless the database holds an organisation already; return whether it was loaded.

    All of it is one transaction. The password of the sample log-ins is made afresh and kept, readable by the owner only, beside
    the database.
    """
    password = secrets.token_urlsafe(9)
    with database.writing() as session:
        if session.exec(select(Organisation.id)).first() is not None:
            return False
        cast = assemble(session, settings=settings, password=password, at=at - 2 * YEAR)
        link = tell(session, cast, settings=settings, at=at)
        everybody = enlist(session, cast, at=at - 2 * YEAR)
        stock(session, everybody, settings=settings, at=at)
        decide(session, everybody, settings=settings, at=at)
        invite_verifier(session, cast, settings=settings, at=at)
        load_monitoring(session, cast, settings=settings, at=at)
        load_premises(session, cast, settings=settings, at=at)
        load_green_power(session, cast, settings=settings, at=at)
        load_logistics(session, cast, settings=settings, at=at)
        load_inventories(session, cast, settings=settings, at=at)
        load_targets(session, cast, settings=settings, at=at)
        load_measures(session, cast, settings=settings, at=at)
        load_governance(session, cast, settings=settings, at=at)
        load_people(session, cast, settings=settings, at=at)
        load_circularity(session, cast, settings=settings, at=at)
        load_publicity(session, cast, settings=settings, at=at)
        lines = _logins(session, cast, password=password, link=link)
    _keep(settings, lines)
    return True


def sample_logins(settings: Settings) -> str:
    """Return how to sign in at the sample company; empty when it was not loaded here."""
    path = settings.data_dir / LOGINS_FILE
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _logins(session: Session, cast: Cast, *, password: str, link: str) -> str:
    del session
    rows = [f"  {key:<12} {user.email}" for key, user in cast.people.items()]
    return "\n".join(
        (
            "Sample log-ins (fictional people, no second factor):",
            *rows,
            f"  password     {password}",
            f"  a supplier's link, on a phone: {link}",
            "",
        )
    )


def _keep(settings: Settings, text: str) -> None:
    path = settings.data_dir / LOGINS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
