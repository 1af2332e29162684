"""Settings, error codes and background tasks are documented and registered."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import service
import supplier_portal
from service.errors import ServiceError
from service.settings import Settings
from service.tasks import TASKS

ROOT = Path(__file__).parents[2]
ERROR_ROW = re.compile(r"^\| `([a-z-]+)` \| ([0-9, ]+) \| (.+) \| (.+) \|$", re.MULTILINE)
NOT_IMPORTABLE = ("__main__", "service.migrations", "service.sandbox.child")


def every_error() -> Iterator[type[ServiceError]]:
    for package in (service, supplier_portal):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not any(part in module.name for part in NOT_IMPORTABLE):
                importlib.import_module(module.name)
    waiting: list[type[ServiceError]] = [ServiceError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(("service.", "supplier_portal.")):
            yield kind


def documented_errors() -> Mapping[str, set[int]]:
    rows = ERROR_ROW.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8"))
    return {code: {int(status) for status in statuses.split(",")} for code, statuses, _, _ in rows}


def test_every_error_code_is_documented_with_its_status() -> None:
    declared: dict[str, set[int]] = {}
    for kind in every_error():
        declared.setdefault(kind.code, set()).add(kind.status)

    assert documented_errors() == declared


def test_every_setting_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"ANODEPRINT_[A-Z_]+[A-Z]", text))

    assert named == {f"ANODEPRINT_{name.upper()}" for name in Settings.model_fields}


def asked_for() -> Iterator[tuple[str, str]]:
    """Yield where and by which name background work is asked for."""
    for path in sorted((ROOT / "service").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "enqueue"
            if is_call and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield path.name, str(node.args[1].value)


def test_every_task_that_is_asked_for_is_registered() -> None:
    names = {name for where, name in asked_for() if where != "jobs.py"}  # the bench brings a task of its own

    assert names <= set(TASKS)
    assert "send_mail" in names


def test_every_package_has_its_place_in_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers" and "containers" not in contract)
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    present = {f"service.{module.name}" for module in pkgutil.iter_modules(service.__path__)}

    assert present - placed == set()
    assert {name for name in placed if name.startswith("service.")} - present == set()
