"""What a reader of an evidence pack must know, in both languages; it stands in the pack as README.txt."""

from collections.abc import Sequence
from typing import Final

from service.footprints.models import FootprintRecord
from service.verification.models import VerificationCase

_TEXT: Final = """\
{number} · {title}
{sample}
证明材料包 / Evidence pack

footprints/<编号 number>/
  record.json             碳足迹：输入参数、总量、模型版本 / footprint: inputs, total, model version
  result.json             模型的完整结果 / the model's whole result
  provenance.json         每个参数的来源、数据质量 / source and quality of each parameter
  electricity-views.json  各种电力口径下的结果 / results under the electricity views
  trace.json, trace.xlsx  计算过程：每道工序的用量、排放和因子 / calculation trace: amounts, emissions and factors by process
  events.json             操作记录及防篡改日志证明 / events with proofs of the tamper-evident log
  pact.json               对外发布的碳足迹（如已发布）/ the declared footprint, where there is one
  report-*.pdf            完整报告（GB/T 24067、ISO 14067，如已发布）/ full reports, where it is declared
answers/<编号 number>/     供应商填报、回执和证明材料 / suppliers' answers, receipts and evidence files
model/<哈希 hash>/         模型版本的全部数据表 / all tables of the model version
versions.json             模型版本及变更说明 / versions of the model with their change notes
recalculate.py            重新计算 / recalculates every footprint
manifest.json             每个文件的 SHA-256 / SHA-256 of every file

碳足迹 / Footprints
{footprints}

重新计算 / Recalculate
  python recalculate.py .
只需 Python 和 lca_models 软件包（{versions}），不需要数据库、服务器或网络。
Needs Python and the package lca_models ({versions}) only: no database, no server, no network.

列在 left-out.json 中的文件未装入：已感染病毒或在存储中缺失。
Files listed in left-out.json are not in the pack: infected, or missing in the store.

本包含有供应商的原始数据，只供核查使用，不得外传。
This pack holds suppliers' raw data. It is for the verification only and must not be passed on.
"""


def readme(case: VerificationCase, records: Sequence[FootprintRecord]) -> str:
    """Return the text for one case."""
    lines = [
        f"  {one.number}  {one.period_start} – {one.period_end}  {one.total_kg_co2e_per_kg!r} kg CO2e/kg  {one.model_version}"
        for one in records
    ]
    return _TEXT.format(
        number=case.number,
        title=case.title,
        sample="示例数据 / SAMPLE DATA\n" if case.is_sample or any(one.is_sample for one in records) else "",
        footprints="\n".join(lines),
        versions=", ".join(dict.fromkeys(one.model_version for one in records)),
    )
