"""Every event that the service records has words that people read, in both languages."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path

from service.compliance.models import ComplianceRecord, Declaration, HeldCertificate, RecordSearch
from service.console.events import title_of
from service.exchange.models import RequestState
from service.green_power.models import CertificateStatus
from service.green_power.models import ClaimStatus as SupplyClaimStatus
from service.i18n import LOCALES
from service.material_flows.models import ClaimStatus as RecycledClaimStatus
from service.procurement.models import ActionStatus, AppealStatus
from service.publicity.models import PublicationStatus
from service.registers.models import RegisterRow
from service.submissions.models import SubmissionStatus

ROOT = Path(__file__).parents[2]
AUDIT = "service.audit.operations"
Function = ast.FunctionDef
Module = tuple[str, ast.Module]


def _tables(*tables: type) -> Sequence[str]:
    return [str(table.__tablename__) for table in tables]  # type: ignore[attr-defined] # tables have one


def _words(statuses: type[StrEnum], *, but: str | None = None) -> Sequence[str]:
    """Return the statuses that something is moved to; `but` is the one it begins with."""
    return [one.value for one in statuses if one != but]


VARYING: Mapping[tuple[str, str], Sequence[str]] = {
    ("service/compliance/operations.py", "row.__tablename__"): _tables(
        HeldCertificate, ComplianceRecord, RecordSearch, Declaration
    ),
    ("service/exchange/answering.py", "state"): _words(RequestState, but=RequestState.OPEN),
    ("service/exchange/asking.py", "state"): _words(RequestState, but=RequestState.OPEN),
    ("service/green_power/claims.py", "status.value"): _words(SupplyClaimStatus),
    ("service/green_power/operations.py", "status.value"): _words(CertificateStatus),
    ("service/material_flows/recycled_operations.py", "claim.status.value"): _words(RecycledClaimStatus),
    ("service/procurement/appeals.py", "fields.verdict"): _words(AppealStatus, but=AppealStatus.FILED),
    ("service/procurement/corrective_actions.py", "str(wanted)"): _words(ActionStatus, but=ActionStatus.OPEN),
    ("service/publicity/claims.py", "status"): _words(PublicationStatus, but=PublicationStatus.DRAFT),
    ("service/publicity/posts.py", "status"): _words(PublicationStatus, but=PublicationStatus.DRAFT),
    ("service/registers/operations.py", "table.__tablename__"): _tables(*RegisterRow.__subclasses__()),
    ("service/submissions/transitions.py", "wanted"): _words(SubmissionStatus),
}
"""What stands for a part of an action that is known at run time only, by file and expression."""


@cache
def _modules() -> Sequence[Module]:
    paths = [path for package in ("service", "supplier_portal") for path in sorted((ROOT / package).rglob("*.py"))]
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def _actions() -> dict[str, str]:
    """Return every action that is recorded, and the file that does so."""
    return {
        action: module[0]
        for module in _modules()
        for function, call in _calls(module[1])
        if isinstance(call.func, ast.Name) and call.func.id in _recorders(module[1])
        for action in _texts(call.args[1], module, function)
    }


def _recorders(tree: ast.Module) -> set[str]:
    """Return the names under which a module knows what writes into the audit trail."""
    imports = [one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.module == AUDIT]
    return {name.asname or name.name for one in imports for name in one.names if name.name == "record"}


def _calls(tree: ast.Module) -> Iterator[tuple[Function, ast.Call]]:
    for function in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
        yield from ((function, one) for one in ast.walk(function) if isinstance(one, ast.Call))


def _texts(node: ast.expr, module: Module, function: Function) -> Sequence[str]:
    """Return every text that an expression may be."""
    varying = VARYING.get((module[0], ast.unparse(node)))
    if varying is not None:
        return varying
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp():
            return [*_texts(node.body, module, function), *_texts(node.orelse, module, function)]
        case ast.FormattedValue():
            return _texts(node.value, module, function)
        case ast.JoinedStr():
            return ["".join(parts) for parts in product(*(_texts(one, module, function) for one in node.values))]
        case ast.Name(id=name):
            return _named(name, module, function)
    raise AssertionError(f"{module[0]}:{node.lineno}: say in VARYING what `{ast.unparse(node)}` may be")


def _named(name: str, module: Module, function: Function) -> Sequence[str]:
    """Return what a name may stand for: something set in the function or the module, or what callers hand over."""
    names = [one.arg for one in function.args.args]
    if name in names:
        return [text for found in _handed_over(function.name, names.index(name), module) for text in found]
    for one in (*ast.walk(function), *module[1].body):
        if isinstance(one, ast.Assign) and [ast.unparse(target) for target in one.targets] == [name]:
            return _texts(one.value, module, function)
    raise AssertionError(f"{module[0]}: nothing says what `{name}` is in `{function.name}`")


def _handed_over(called: str, place: int, home: Module) -> Iterator[Sequence[str]]:
    package = home[0].removesuffix(".py").replace("/", ".")
    for module in _modules():
        names = {called} if module is home else _imported(module[1], package, called)
        for function, call in _calls(module[1]):
            if names and isinstance(call.func, ast.Name) and call.func.id in names:
                yield _texts(call.args[place], module, function)


def _imported(tree: ast.Module, package: str, called: str) -> set[str]:
    imports = [one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.module == package]
    return {name.asname or name.name for one in imports for name in one.names if name.name == called}


def test_every_event_has_words_in_both_languages() -> None:
    found = _actions()

    assert len(found) > 300  # the search finds what is there
    wordless = {action: path for action, path in found.items() for locale in LOCALES if title_of(action, locale) == action}
    assert not wordless


def test_the_words_of_an_event_are_chinese_on_a_chinese_page() -> None:
    english = {action for action in _actions() if title_of(action, "zh-CN").isascii()}

    assert not english
