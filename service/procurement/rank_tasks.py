"""Background work of rankings."""

from service.green_score.queries import scored_flows
from service.jobs.work import Work
from service.procurement.rank_runs import calculate_run, find_run, keep_run, ranked_set


def rank_materials(work: Work) -> None:
    """Calculate how firmly ranks stand wherever scores have changed; each material is stored by itself."""
    with work.database.reading() as session:
        flows = scored_flows(session)
    for done, flow in enumerate(flows):
        _rank(work, flow)
        work.report_progress(done / len(flows))
    with work.finishing():
        pass


def _rank(work: Work, flow: str) -> None:
    with work.database.reading() as session:
        ranked = ranked_set(session, flow)
        if ranked is None or find_run(session, ranked) is not None:
            return
        session.expunge_all()  # the long part needs the rows, not the transaction
    run = calculate_run(ranked, at=work.at)
    with work.database.writing() as session:
        keep_run(session, run)
