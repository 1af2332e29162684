"""From a memo's record to its PDF: what was decided and everything known then, in both languages."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import rfc8785

from service.allocation.candidates import REMOVALS, Candidate, candidate_from
from service.pdf.bilingual import Bilingual, both
from service.pdf.pages import bilingual_pages
from service.pdf.rendering import PdfAttachment, shared_renderer
from service.suppliers.flows import FLOWS
from service.web.formatting import format_exact, format_number, format_percent

ATTACHMENT: Final = "award.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShown:
    """An order as printed."""

    supplier: Bilingual
    t: str
    share: str
    price: str
    priced_on: str
    cost: str
    t_co2e: str
    is_stand_in: bool
    grade: str
    score: str
    probability: str
    cap: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeShown:
    """An offer that got nothing; `why` is None for one that others beat by cost."""

    supplier: Bilingual
    price: str
    priced_on: str
    kg_co2e_per_t: str
    grade: str
    score: str
    break_even: str
    why: Bilingual | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardDocument:
    """Everything a memo says; figures as they are printed.

    Attributes
    ----------
    plan
        Number of the allocation that it rests on; empty for a decision by hand.
    departs
        Whether amounts differ from that plan.
    snapshot
        Canonical JSON (RFC 8785), attached; its SHA-256 stands on every page.

    """

    number: str
    title: str
    material: Bilingual
    company: Bilingual
    decided_at: datetime
    decided_by: str
    reason: str
    total_t: str
    cost: str
    t_co2e: str
    carbon_price: str
    orders: tuple[OrderShown, ...]
    alternatives: tuple[AlternativeShown, ...]
    plan: str
    plan_hash: str
    departs: bool
    judged_on: str
    method: str
    method_hash: str
    model: str
    is_sample: bool
    snapshot: bytes

    @property
    def snapshot_sha256(self) -> str:
        """Hash of the attached record, hexadecimal."""
        return hashlib.sha256(self.snapshot).hexdigest()


def document_of(
    snapshot: Mapping[str, Any], *, number: str, decided_at: datetime, decided_by: str, company: Bilingual, is_sample: bool
) -> AwardDocument:
    """Return the document of a memo."""
    candidates = {one["supplier"]: candidate_from(one) for one in snapshot["candidates"]}
    chosen = {one["supplier"] for one in snapshot["orders"]}
    flow, plan = FLOWS.get(snapshot["flow"]), snapshot["plan"]
    return AwardDocument(
        number=number,
        title=snapshot["title"],
        material=both(flow.label) if flow else Bilingual(zh=snapshot["flow"], en=snapshot["flow"]),
        company=company,
        decided_at=decided_at,
        decided_by=decided_by,
        reason=snapshot["reason"],
        total_t=_exact(round(snapshot["demand_t"], 3)),
        cost=_exact(round(snapshot["cost"])),
        t_co2e=_number(snapshot["t_co2e"]),
        carbon_price=_exact(snapshot["carbon_price_per_t"]),
        orders=tuple(_order(one, candidates[one["supplier"]]) for one in snapshot["orders"]),
        alternatives=tuple(
            _alternative(one, snapshot["break_even"].get(key)) for key, one in candidates.items() if key not in chosen
        ),
        plan=plan["number"] if plan else "",
        plan_hash=plan["question_sha256"] if plan else "",
        departs=departs_from_plan(snapshot),
        judged_on=snapshot["judged_on"],
        method=snapshot["method"],
        method_hash=snapshot["method_hash"],
        model=snapshot["model"],
        is_sample=is_sample,
        snapshot=rfc8785.dumps(dict(snapshot)),
    )


def departs_from_plan(snapshot: Mapping[str, Any]) -> bool:
    """Whether somebody gets another amount than the allocation planned, by more than rounding; False without one."""
    if not snapshot["plan"]:
        return False
    planned, got = snapshot["plan"]["amounts_t"], {one["supplier"]: one["t"] for one in snapshot["orders"]}
    least = 0.001 * snapshot["demand_t"]
    return any(abs(planned.get(key, 0.0) - got.get(key, 0.0)) > least for key in planned.keys() | got.keys())


def render_award(document: AwardDocument) -> bytes:
    """Return the memo as PDF/A-3b with its record attached; the same document gives the same bytes.

    Raises
    ------
    MissingCharactersError
        If a text has characters that the typeface lacks.

    """
    html = award_html(document)
    attached = PdfAttachment(name=ATTACHMENT, description="Award memo, machine-readable", content=document.snapshot)
    return shared_renderer().render(
        html,
        created_at=document.decided_at,
        identifier=hashlib.sha256(document.number.encode() + document.snapshot).digest()[:16],
        attachments=[attached],
    )


def award_html(document: AwardDocument) -> str:
    """Return the page that is set as PDF; its style sheet is inside."""
    return bilingual_pages().get_template("certificates/award.html").render(document=document)


def _order(order: Mapping[str, Any], one: Candidate) -> OrderShown:
    return OrderShown(
        supplier=Bilingual(zh=one.name_zh, en=one.name_en),
        t=_exact(round(order["t"], 3)),
        share=_percent(order["share"]),
        price=_exact(one.price_per_t),
        priced_on=one.priced_on.isoformat(),
        cost=_exact(round(order["cost"])),
        t_co2e=_number(order["t_co2e"]),
        is_stand_in=one.footprint_origin != "own",
        grade=one.grade or "–",
        score=_exact(one.total),
        probability=_percent(one.grade_probability),
        cap=_percent(min(one.grade_cap, one.max_share)),
    )


def _alternative(one: Candidate, break_even: float | None) -> AlternativeShown:
    return AlternativeShown(
        supplier=Bilingual(zh=one.name_zh, en=one.name_en),
        price=_exact(one.price_per_t),
        priced_on=one.priced_on.isoformat(),
        kg_co2e_per_t=_number(one.kg_co2e_per_t),
        grade=one.grade or "–",
        score=_exact(one.total),
        break_even=_number(break_even),
        why=None if one.removal is None else both(REMOVALS[one.removal]),
    )


def _exact(value: float | None) -> str:
    return format_exact(value, "en")


def _number(value: float | None, digits: int = 3) -> str:
    return format_number(value, "en", digits)


def _percent(value: float | None) -> str:
    return format_percent(value, "en")
