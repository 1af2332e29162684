"""The installed command, as a process of its own."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ports import free_port

Run = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = (sys.executable, "-m", "service.cli")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANODEPRINT_")}
    return kept | {"ANODEPRINT_DATA_DIR": str(tmp_path / "data"), "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def run_command(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*COMMAND, *arguments], env=environment | more, capture_output=True, text=True, check=False, timeout=120
        )

    return run_command


@pytest.fixture
def migrated(environment: dict[str, str], sqlite_template: Path) -> None:
    folder = Path(environment["ANODEPRINT_DATA_DIR"])
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "anodeprint.db")


def test_help_names_every_command_and_imports_nothing_heavy(run: Run) -> None:
    done = run("--help")

    assert done.returncode == 0
    for command in ("serve", "worker", "migrate", "sample", "user", "model", "doctor", "backup", "restore", "bench"):
        assert re.search(rf"^\W*{command}\s", done.stdout, re.MULTILINE), command

    heavy = "import sys, service.cli; print([m for m in ('sqlalchemy', 'fastapi', 'numpy', 'alembic') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_a_new_deployment_from_nothing_to_a_checked_backup(run: Run, tmp_path: Path) -> None:
    assert "run `anodeprint migrate`" in run("serve", "--port", str(free_port())).stderr

    assert "migrated from nothing" in run("migrate").stdout
    assert "up to date" in run("migrate").stdout
    link = run("user", "add", "li@example.com", "--name", "Li Wei", "--role", "admin")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/welcome/\S+\n", link.stdout), link.stderr

    file = str(tmp_path / "backup.tar")
    assert run("backup", file).returncode == 0
    verified = run("restore", file, "--verify")
    assert "the database is whole" in verified.stdout
    refused = run("restore", file)
    assert (refused.returncode, "--force" in refused.stderr) == (2, True)
    elsewhere = run("restore", file, ANODEPRINT_DATA_DIR=str(tmp_path / "elsewhere"))
    assert elsewhere.returncode == 0, elsewhere.stderr
    again = run("user", "add", "li@example.com", "--name", "Li", "--role", "admin", ANODEPRINT_DATA_DIR=str(tmp_path / "elsewhere"))
    assert again.returncode == 2
    assert "li@example.com has an account already" in again.stderr


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("ANODEPRINT_SMPT_HOST", "x", "did you mean ANODEPRINT_SMTP_HOST?"),
        ("ANODEPRINT_SESSION_IDLE_MINUTES", "0", "ANODEPRINT_SESSION_IDLE_MINUTES: Input should be greater"),
        ("ANODEPRINT_SECRET_KEY", "short", "at least 32 characters"),
        ("ANODEPRINT_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none", "the database can't be reached"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_rule(run: Run, variable: str, value: str, message: str) -> None:
    done = run("migrate", **{variable: value})

    assert done.returncode == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("migrated")
def test_the_server_answers_and_ends_in_order(environment: dict[str, str]) -> None:
    port = free_port()
    with subprocess.Popen([*COMMAND, "serve", "--port", str(port)], env=environment, stderr=subprocess.PIPE) as server:
        status = wait_for_answer(port, server)
        server.send_signal(signal.SIGTERM)
        server.wait(40)

    assert status == http.HTTPStatus.OK
    assert server.returncode in {0, -signal.SIGTERM, 128 + signal.SIGTERM}


def test_a_taken_port_is_named(run: Run) -> None:

    run("migrate")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]))

    assert done.returncode == 2
    assert "Choose another --port" in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.usefixtures("migrated")
def test_a_worker_stops_when_nothing_is_due(run: Run) -> None:
    assert run("worker", "--until-idle").returncode == 0


def wait_for_answer(port: int, server: "subprocess.Popen[bytes]") -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail(f"the server did not start: {server.stderr.read().decode() if server.stderr else ''}")
