"""The sheet of certificates of many suppliers: filled in, checked cell by cell, and taken along."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Final

from service.compliance.models import HeldCertificate
from service.compliance.rules import check_certificate
from service.compliance.schemas import ListedCertificate
from service.compliance.words import CERTIFICATE_NAMES, LEVEL_NAMES, PROOF_NAMES
from service.errors import N_, FieldError, InvalidInputError
from service.i18n import translate
from service.suppliers.queries import SupplierRow
from service.suppliers.sheet_cells import (
    CHOICES_SHEET,
    SUPPLIER,
    Cell,
    ReadCell,
    as_text,
    plain_text,
    read_date,
    read_yes,
    supplier_choices,
    supplier_reader,
)
from service.suppliers.table_import import Present, Table
from service.suppliers.workbook import Column, Value, write_workbook

EMPTY: Final = "可不填 / may stay empty"
CHOICES: Final = "见“可选值”页 / see the sheet “Choices”"
SEEN_PROOFS: Final = {value: name for value, name in PROOF_NAMES.items() if value != "claim"}
SHEET: Final = "证书 Certificates"
COLUMNS: Final = (
    SUPPLIER,
    Column(key="kind", header="证书 / Certificate", hint=CHOICES, width=40),
    Column(key="number", header="证书编号 / Certificate number", hint="E-2026-1", width=24),
    Column(key="issuer", header="发证机构 / Issued by", hint="CQC", width=28),
    Column(key="issued_on", header="签发日期 / Issued on", hint="2025-01-01", width=18),
    Column(key="valid_until", header="有效期至 / Valid until", hint="2027-12-31", width=18),
    Column(key="level", header="核查等级 / Level of verification", hint=EMPTY, width=32),
    Column(key="covers_site", header="覆盖供货厂区 / Covers the site", hint="是 / yes, 否 / no", width=22),
    Column(key="is_contract_only", header="仅签合同 / Contract only", hint=EMPTY, width=20),
    Column(key="proof", header="依据 / What was looked at", hint=CHOICES, width=32),
    Column(key="evidence", header="证明材料 / Evidence", hint="文件或登记信息 / file or register entry", width=40),
    Column(key="checked_on", header="登记系统查询日期 / Looked up on", hint=EMPTY, width=24),
)
REQUIRED: Final = frozenset(column.key for column in COLUMNS if column.hint != EMPTY)


def certificate_table(suppliers: Sequence[SupplierRow]) -> Table[ListedCertificate]:
    """Return the sheet, which knows these suppliers."""
    readers: dict[str, ReadCell] = {
        "supplier_id": supplier_reader(suppliers),
        "kind": _choice(CERTIFICATE_NAMES),
        "issued_on": read_date,
        "valid_until": read_date,
        "level": _choice(LEVEL_NAMES),
        "covers_site": read_yes,
        "is_contract_only": read_yes,
        "proof": _choice(SEEN_PROOFS),
        "checked_on": read_date,
    }
    return Table(
        sheet=SHEET,
        columns=COLUMNS,
        readers={column.key: readers.get(column.key, as_text) for column in COLUMNS},
        required=REQUIRED,
        identity=attrgetter("supplier_id", "kind", "number"),
        fields=ListedCertificate,
    )


def recorded(certificates: Iterable[HeldCertificate]) -> Sequence[Present[ListedCertificate]]:
    """Return certificates on file as they would be typed."""
    return [Present(id=one.id, version=1, fields=listed(one)) for one in certificates]


def listed(one: HeldCertificate) -> ListedCertificate:
    """Return a certificate on file as it would be typed."""
    return ListedCertificate.model_validate({name: getattr(one, name) for name in ListedCertificate.model_fields})


def check_row(fields: ListedCertificate, *, present: Sequence[Present[ListedCertificate]], today: date) -> None:
    """Raise InvalidInputError for a row that can't be true, or that says something else of a certificate on file."""
    check_certificate(fields, today=today)
    same = (fields.supplier_id, fields.kind, fields.number)
    for one in present:
        own = one.fields
        if (own.supplier_id, own.kind, own.number) == same and own != fields:
            problem = FieldError(
                N_("“%(number)s” is on file already, valid until %(end)s; withdraw that one first if it is wrong."),
                number=own.number,
                end=own.valid_until,
            )
            raise InvalidInputError({"number": problem})


def certificate_workbook(certificates: Iterable[HeldCertificate], suppliers: Sequence[SupplierRow]) -> bytes:
    """Return the workbook with what is on file, and what may be written on a second sheet."""
    return write_workbook(
        sheet=SHEET,
        columns=COLUMNS,
        rows=sheet_rows(certificates, {row.id: row.registration_no or row.name_zh for row in suppliers}),
        choices={
            SUPPLIER.header: supplier_choices(suppliers),
            **{
                header: [_both(name) for name in names.values()]
                for header, names in (
                    ("证书 / Certificate", CERTIFICATE_NAMES),
                    ("核查等级 / Level of verification", LEVEL_NAMES),
                    ("依据 / What was looked at", SEEN_PROOFS),
                )
            },
        },
        choices_sheet=CHOICES_SHEET,
    )


def sheet_rows(certificates: Iterable[HeldCertificate], suppliers: Mapping[uuid.UUID, str]) -> list[Sequence[Value]]:
    """Return the lines of the sheet, in Chinese, as the sheet reads them again; of suppliers that are not named, none."""
    return [
        (
            suppliers[one.supplier_id],
            translate("zh-CN", CERTIFICATE_NAMES[one.kind]),
            one.number,
            one.issuer,
            one.issued_on.isoformat(),
            one.valid_until.isoformat(),
            translate("zh-CN", LEVEL_NAMES[one.level]) if one.level else None,
            "是" if one.covers_site else "否",
            "是" if one.is_contract_only else "否",
            translate("zh-CN", PROOF_NAMES[one.proof]),
            one.evidence,
            one.checked_on.isoformat() if one.checked_on else None,
        )
        for one in certificates
        if one.supplier_id in suppliers
    ]


def _choice(names: Mapping[str, str]) -> ReadCell:
    """Return a reader of a name in either language, or both as the sheet of choices shows them."""
    known = {
        plain_text(text): value for value, name in names.items() for text in (value, name, translate("zh-CN", name), _both(name))
    }

    def read(cell: Cell) -> str:
        found = known.get(plain_text(as_text(cell)))
        if found is None:
            raise FieldError(N_("“%(value)s” is not one of the choices; write one of those on the sheet “Choices”."), value=cell)
        return found

    return read


def _both(name: str) -> str:
    return f"{translate('zh-CN', name)} · {name}"
