"""A worker process for the tests that kill it: `python -m tests.jobs.worker URL`."""

import sys
import threading
import time
from datetime import timedelta

from service.accounts.models import Organisation, OrganisationKind
from service.clock import system_clock
from service.database import open_database
from service.jobs.distributed import run_worker
from service.jobs.embedded import Runner
from service.jobs.performing import Bench
from service.jobs.work import Work
from service.settings import Settings

LEASE = timedelta(seconds=1)


def slow_effect(work: Work) -> None:
    """Take a moment, store one row, take another moment before it commits: three places to be killed at."""
    time.sleep(0.02)
    with work.finishing() as session:
        mark = work.payload["mark"]
        session.add(Organisation(kind=OrganisationKind.CUSTOMER, name_zh=mark, name_en=mark, created_at=work.at))
        session.flush()
        time.sleep(0.02)


def main(url: str) -> None:
    """Work until killed."""
    database = open_database(url)
    bench = Bench(database=database, settings=Settings(env="test"), clock=system_clock, tasks={"slow": slow_effect}, lease=LEASE)
    if database.is_sqlite:
        Runner(bench, poll=timedelta(seconds=0.05)).start()
        threading.Event().wait()
    else:
        run_worker(bench, url=url, poll=timedelta(seconds=0.1))


if __name__ == "__main__":
    main(sys.argv[1])
