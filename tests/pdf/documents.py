"""Builders of certificate documents for tests."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from service.certificates.assurance import assurance_of, verification_of
from service.certificates.attachments import TITLES, AttachedFile, MissingFile
from service.certificates.document import (
    CarbonContent,
    CertificateDocument,
    Customer,
    DataQuality,
    ElectricityView,
    InputBlock,
    Instrument,
    Issuer,
    LogEntry,
    Method,
    Product,
    QualityValue,
    Result,
    StageGroup,
)
from service.pdf.bilingual import Bilingual
from service.pdf.bilingual import both as translated

LONG = Bilingual(
    zh="内蒙古自治区乌兰察布市察哈尔右翼前旗高性能锂离子电池人造石墨负极材料石墨化加工与研发制造有限责任公司（样例）",
    en="Inner Mongolia Ulanqab High-Performance Lithium-Ion Battery Synthetic Graphite Anode Material Graphitization, Research and Manufacturing Company Limited (Sample)",  # noqa: E501
)


def both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


def a_stage(codes: str, zh: str, en: str, kg: str, share: str) -> StageGroup:
    return StageGroup(codes=tuple(codes.split()), name=both(zh, en), kg_co2e=Decimal(kg), share=Decimal(share))


STAGES = (
    a_stage("P1", "粉碎整形", "crushing, milling and shaping", "1.3", "0.107"),
    a_stage("P2", "造粒与预碳化", "granulation and pre-carbonization", "1.0", "0.079"),
    a_stage("P3", "石墨化", "graphitization", "8.9", "0.712"),
    a_stage("P4", "包覆碳化", "coating and carbonization", "0.9", "0.072"),
    a_stage("P5", "后处理与包装", "finishing and packing", "0.1", "0.009"),
    a_stage("P6", "公辅设施", "site utilities", "0.2", "0.014"),
    a_stage("P7", "运输", "transport", "0.1", "0.008"),
)
VIEWS = (
    ElectricityView(
        name=both("全国电力碳足迹因子（2024）", "National life-cycle factor (2024)"),
        kg_co2e_per_kwh=Decimal("0.5777"),
        total=Decimal("12.5"),
        source=both("2024年电力碳足迹因子", "Electricity carbon footprint factors, data of 2024"),
        note=both("本证书采用", "Used for this certificate"),
        headline=True,
    ),
    ElectricityView(
        name=both("基于市场（合同凭证）", "Market-based (evidenced contracts)"),
        kg_co2e_per_kwh=None,
        total=Decimal("13.1"),
        source=None,
        note=both("有凭证部分按绿电，其余按剩余组合 0.708", "Evidenced share green, the rest residual mix 0.708"),
        headline=False,
    ),
    ElectricityView(
        name=both("广东（筛查值）", "Guangdong (screening value)"),
        kg_co2e_per_kwh=Decimal("0.522"),
        total=Decimal("11.6"),
        source=None,
        note=both("推算值，非官方，仅供参考", "Derived, not official, for orientation only"),
        headline=False,
    ),
)
STATEMENTS = (
    both(
        "本证书不含抵消，也不作碳中和声明。",
        "This certificate contains no offsets and claims no carbon neutrality.",
    ),
    both(
        "只有按相同规则、相同边界核算的产品碳足迹才可相互比较。",
        "Footprints may be compared only if they were made under the same rules and with the same boundary.",
    ),
    both(
        "电力采用全国电力碳足迹因子；省级口径为推算值，仅供参考。",
        "Electricity takes the national life-cycle factor; provincial views are derived and for orientation only.",
    ),
)


SNAPSHOT = b'{"number":"AP-2026-0042","total_kg_co2e":"12.4823"}'
STATEMENT: dict[str, Any] = {
    "body_name": "样例核查认证有限公司 Sample Verification and Certification Co., Ltd.",
    "accreditation": "CNAS V000 (sample)",
    "level": "limited",
    "coverage": "product",
    "conclusion": "positive",
    "standard": "ISO 14064-3:2019",
    "criteria": "ISO 14067:2018; GB/T 24067-2024; PACT Methodology v3",
    "materiality_percent": 5.0,
    "completed_on": "2026-11-10",
    "statement_zh": "根据所实施的程序和获取的证据，未发现任何事项使我们认为该产品碳足迹未在所有重大方面按照上述准则编制。",
    "statement_en": "Based on the procedures performed and the evidence obtained, nothing has come to our attention that causes us "
    "to believe that the footprint is not prepared, in all material respects, in accordance with the criteria above.",
}


def a_file(name: str, content: bytes | None = None) -> AttachedFile:
    return AttachedFile(name=name, title=translated(TITLES[name]), content=content or name.encode())


def a_document(**changes: Any) -> CertificateDocument:
    document = CertificateDocument(
        number="AP-2026-0042",
        public_id="k7q2mzx4c5n3w6r8t9y2b4d6f8",
        verify_url="https://footprint.sample.example/verify/k7q2mzx4c5n3w6r8t9y2b4d6f8",
        footprint_id="0193a2c4-7e61-7d2f-9a10-6f0c1c526d0b",
        footprint_status="Active",
        revision=1,
        supersedes=None,
        issued_at=datetime(2026, 11, 22, 6, 5, tzinfo=UTC),
        issued_on=date(2026, 11, 22),
        valid_until=date(2028, 12, 31),
        issuer=Issuer(
            name=both("示例负极材料有限公司", "Sample Anode Materials Co., Ltd."),
            address=both("广东省惠州市样例路 1 号", "1 Sample Road, Huizhou, Guangdong, China"),
            registration_no="SAMPLE-0000",
            company_ids=("urn:anodeprint:sample:company",),
            logo=None,
            plant=both("广东工厂", "Guangdong plant"),
            plant_address=both("广东省惠州市样例路 2 号", "2 Sample Road, Huizhou, Guangdong, China"),
            plant_bpns="BPNS00000000SMPL",
            contact="footprint@sample.example",
        ),
        customer=Customer(name=both("样例动力电池股份有限公司", "Sample Power Battery Inc."), part_no="ANO-7781-B"),
        product=Product(
            grade="AG-15",
            name=both("人造石墨负极材料", "Synthetic graphite anode material"),
            description=both("动力电池用人造石墨负极材料", "Synthetic graphite anode material for traction batteries"),
            declared_unit=both("1 kg 干基成品，出厂", "1 kg of dry product at the gate"),
            cas="7782-42-5",
            product_ids=("urn:pact:sample.example:product-id:ag-15", "urn:pact:cas.org:substance-number:7782-42-5"),
            classifications=("urn:pact:productclassification:un-cpc:34540", "urn:pact:productclassification:hs:380110"),
            quality=(
                QualityValue(name=both("粒度 D50", "Particle size D50"), value="15.2", unit="µm"),
                QualityValue(name=both("比表面积", "Specific surface"), value="1.4", unit="m²/g"),
                QualityValue(name=both("首次放电比容量", "First discharge capacity"), value="352", unit="mAh/g"),
            ),
            recycled=None,
        ),
        result=Result(
            total=Decimal("12.5"),
            total_with_uptake=Decimal("12.5"),
            fossil=Decimal("12.5"),
            biogenic=Decimal("0.0"),
            biogenic_uptake=Decimal("0.0"),
            land_use=Decimal("0.0"),
            aircraft=None,
            removals=Decimal(0),
            low=Decimal("11.2"),
            high=Decimal("13.9"),
            carbon=CarbonContent(
                fossil=Decimal("0.995"), biogenic=Decimal("0.000"), recycled=Decimal("0.00"), packaging=Decimal("0.009")
            ),
        ),
        stages=STAGES,
        blocks=(
            InputBlock(name=both("电力", "Electricity"), kg_co2e=Decimal("9.5"), share=Decimal("0.76")),
            InputBlock(name=both("焦与保温料", "Coke and packing coke"), kg_co2e=Decimal("0.9"), share=Decimal("0.07")),
            InputBlock(name=both("沥青、坩埚、气体", "Pitch, crucibles, gases"), kg_co2e=Decimal("1.0"), share=Decimal("0.08")),
            InputBlock(name=both("直接排放", "Direct emissions"), kg_co2e=Decimal("1.1"), share=Decimal("0.09")),
        ),
        life_cycle=(),
        electricity_kwh_per_kg=Decimal("16.4"),
        is_electricity_coarse=False,
        electricity_views=VIEWS,
        instruments=(
            Instrument(
                kind=both("绿电合同", "Green power contract"),
                technology=both("风电", "Wind"),
                share=Decimal("0.2"),
                evidence="GEC-SAMPLE-2025-000123",
            ),
        ),
        data_quality=DataQuality(
            primary=Decimal("0.62"),
            secondary=Decimal("0.27"),
            default=Decimal("0.11"),
            statement=both(
                "初级数据来自企业及其供应商的计量与票据，并经企业复核；其余为公开来源的次级数据和模型默认值。",
                "Primary data come from meters and bills of the maker and its suppliers and were reviewed by the maker; the rest "
                "is secondary data from public sources and defaults of the model.",
            ),
            primary_data_share=Decimal(60),
            ratings=(
                (both("技术", "Technology"), Decimal("1.8")),
                (both("地域", "Place"), Decimal("1.6")),
                (both("时间", "Time"), Decimal("1.4")),
            ),
            secondary_sources=("AnodePrint process model of synthetic graphite anode material 1.0.0+8d356b5c939e",),
            hot_spots=((both("电力", "Electricity"), Decimal("0.76")), (both("P3 石墨化", "P3 graphitization"), Decimal("0.712"))),
        ),
        method=Method(
            standards=("ISO 14067:2018", "GB/T 24067-2024", "PACT Methodology v3"),
            gwp_set="IPCC AR6, GWP100",
            boundary=both(
                "从原料开采到成品出厂，含委外工序、运输与废物处理。",
                "From extraction of raw materials to the product at the gate, with toll steps, transport and waste treatment.",
            ),
            cut_off=both("合计不超过结果的 3%。", "Together at most 3 % of the result."),
            exempted=both("总量的 1.2 %，含厂房设备", "1.2 % of the total, capital goods among them"),
            allocation=both(
                "石墨化焦按净消耗计，电耗全部计入负极；石油焦在炼厂按质量分配。",
                "Packing coke by net use, all furnace power to the anode; petroleum coke by mass in the refinery.",
            ),
            waste=both(
                "废物处理计入本产品；回收料按截断法处理。",
                "The treatment of waste counts for the product; recovered material is cut off.",
            ),
            period_start=date(2025, 1, 1),
            period_end=date(2025, 12, 31),
            model_version="cn-graphite 1.0.0 · 9f2c4d5e6a7b8c9d",
            software="AnodePrint 0.1.0",
            cites="",
        ),
        statements=STATEMENTS,
        verification=both(
            "本结果未经第三方核查。签发人与发布人为企业内部不同人员。",
            "This result has not been verified by a third party. Two different people of the maker released and issued it.",
        ),
        assurance=None,
        attachments=(
            a_file("pcf.json", SNAPSHOT),
            *map(a_file, ("pact.json", "catena-x-10.json", "bundle.json", "bundle.sig", "log-proof.json")),
        ),
        missing_files=(
            MissingFile(
                name="battery-component.json",
                title=translated(TITLES["battery-component.json"]),
                reason=both("客户料号未登记", "The customer's part number is not recorded"),
            ),
        ),
        manifest=b'{"files":[]}',
        log=LogEntry(
            origin="sample.example/anodeprint-log", index=4211, size=4217, root="mS5QyJm2bTkyX0tMV4zL8dVGC5Jp0N0i1P1tq1gXz9E="
        ),
        is_sample=True,
    )
    return replace(document, **changes)


def a_document_with_long_names() -> CertificateDocument:
    document = a_document(revision=3, supersedes="AP-2026-0042-R2")
    return replace(
        document,
        number="AP-2026-0042-R3",
        issuer=replace(document.issuer, name=LONG, address=LONG, plant=LONG, plant_address=LONG),
        customer=Customer(name=LONG, part_no="ANO-7781-B/2026-11/REV-0000000000000012345678901234567890"),
        product=replace(document.product, grade="AG-15-HPX-LONG-GRADE-NAME-2026", name=LONG),
        stages=(
            a_stage("P1 P2 P3", "粉碎整形、造粒与预碳化、石墨化", "milling, granulation, graphitization", "11.2", "0.898"),
            a_stage("P4", "包覆碳化", "coating and carbonization", "0.9", "0.072"),
            a_stage("P5 P7", "后处理与包装、运输", "finishing, packing and transport", "0.2", "0.017"),
            a_stage("P6", "公辅设施", "site utilities", "0.2", "0.014"),
        ),
        electricity_kwh_per_kg=None,
        verification=verification_of(STATEMENT),
        assurance=assurance_of(STATEMENT),
    )
