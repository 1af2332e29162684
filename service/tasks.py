"""Every background task by the name it is enqueued under."""

from collections.abc import Sequence

from service.allocation.tasks import solve_allocation, trace_exact_front
from service.campaigns.tasks import send_reminders, start_campaign
from service.carbon_accounts.tasks import keep_carbon_accounts
from service.cascade.tasks import calculate_upstream_footprint
from service.certificates.tasks import announce_ending_documents, issue_batch_certificate, render_certificate
from service.compliance.tasks import announce_ending_certificates
from service.evidence.tasks import scan_attached_files
from service.exchange.tasks import (
    announce_published,
    deliver_event,
    handle_event,
    look_for_footprints,
    poll_open_requests,
    send_late_events,
)
from service.footprints.tasks import recalculate_product
from service.governance.tasks import remind_of_late_actions
from service.housekeeping import clean_up
from service.integrations.log_tasks import check_log, sign_log
from service.integrations.tasks import deliver_webhook, tell_webhooks
from service.jobs.work import Tasks
from service.mail.tasks import send_mail
from service.measures.tasks import choose_measures
from service.personal_data.tasks import forget_old_data
from service.procurement.award_tasks import render_award
from service.procurement.follow_up_tasks import rescore_after_action, rescore_after_appeal
from service.procurement.rank_tasks import rank_materials
from service.procurement.score_tasks import keep_quarter, score_suppliers
from service.product_footprints.tasks import watch_footprints
from service.publicity.tasks import lapse_unproven_claims
from service.submissions.tasks import expire_answers, expire_requests, note_invitation_mail, scan_evidence
from service.swaps.tasks import explore_swaps
from service.verification.tasks import make_evidence_pack

TASKS: Tasks = {
    "announce_ending_certificates": announce_ending_certificates,
    "announce_ending_documents": announce_ending_documents,
    "announce_published": announce_published,
    "calculate_upstream_footprint": calculate_upstream_footprint,
    "check_log": check_log,
    "choose_measures": choose_measures,
    "clean_up": clean_up,
    "deliver_event": deliver_event,
    "deliver_webhook": deliver_webhook,
    "expire_answers": expire_answers,
    "expire_requests": expire_requests,
    "explore_swaps": explore_swaps,
    "forget_old_data": forget_old_data,
    "handle_event": handle_event,
    "issue_batch_certificate": issue_batch_certificate,
    "keep_carbon_accounts": keep_carbon_accounts,
    "keep_quarter": keep_quarter,
    "make_evidence_pack": make_evidence_pack,
    "lapse_unproven_claims": lapse_unproven_claims,
    "look_for_footprints": look_for_footprints,
    "note_invitation_mail": note_invitation_mail,
    "poll_open_requests": poll_open_requests,
    "rank_materials": rank_materials,
    "recalculate_product": recalculate_product,
    "remind_of_late_actions": remind_of_late_actions,
    "render_award": render_award,
    "render_certificate": render_certificate,
    "rescore_after_action": rescore_after_action,
    "rescore_after_appeal": rescore_after_appeal,
    "scan_attached_files": scan_attached_files,
    "scan_evidence": scan_evidence,
    "score_suppliers": score_suppliers,
    "send_late_events": send_late_events,
    "send_mail": send_mail,
    "send_reminders": send_reminders,
    "sign_log": sign_log,
    "solve_allocation": solve_allocation,
    "start_campaign": start_campaign,
    "tell_webhooks": tell_webhooks,
    "trace_exact_front": trace_exact_front,
    "watch_footprints": watch_footprints,
}

DAILY: Sequence[str] = (
    "check_log",
    "clean_up",
    "forget_old_data",
    "expire_requests",
    "expire_answers",
    "scan_evidence",
    "scan_attached_files",
    "keep_quarter",
    "announce_ending_certificates",
    "announce_ending_documents",
    "watch_footprints",
    "poll_open_requests",
    "lapse_unproven_claims",
    "remind_of_late_actions",
    "keep_carbon_accounts",
)
HOURLY: Sequence[str] = ("sign_log", "send_reminders", "send_late_events", "score_suppliers", "rank_materials")
