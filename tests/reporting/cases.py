"""A plan of the small world with figures, and a snapshot of plain data for the renderers."""

from datetime import date

from facilities.models import Agency
from indicators.models import ComputedMonth
from plans.models import Plan
from reporting.content.cells import column, number, row, table
from tests.factories import REFORM, AgencyFactory
from tests.factories_plans import (
    BudgetLineFactory,
    LineFactory,
    ObjectiveFactory,
    PlanFactory,
    TargetFactory,
    TaskFactory,
    make_indicator,
    make_result,
)
from tests.world import World


def make_plan(world: World, letter: str = "A", **fields) -> Plan:
    """A plan of 2025 for an area: one line met at 95%, one without figures, a task and money."""
    area = world.areas[letter]
    issuer = make_department(world, letter)
    plan = PlanFactory(area=area, issuer=issuer, number="12/KH-SYT", short_title="Kế hoạch bà mẹ", **fields)
    objective = ObjectiveFactory(plan=plan, label="Mục tiêu 1", title="Chăm sóc bà mẹ")
    covered = LineFactory(
        plan=plan,
        objective=objective,
        key="1.1",
        label="1",
        name="Tỷ lệ khám thai",
        decimals=1,
        indicator=make_indicator("ANC4"),
        baseline_text="88,0",
        baseline_value=88,
        baseline_kind="level",
        has_baseline=True,
    )
    TargetFactory(line=covered, text="90", value=90)
    unknown = LineFactory(plan=plan, objective=objective, key="1.2", label="2", name="Tỷ lệ thấp còi")
    TargetFactory(line=unknown, text="18,5", value="18.5")
    for month in range(1, 13):
        make_result(area, covered.indicator, f"2025-{month:02d}", 95, 100)
        ComputedMonth.objects.get_or_create(
            month=date(2025, month, 1), defaults={"computed_at": "2026-01-05T08:00:00+07:00"}
        )
    TaskFactory(plan=plan, label="1", content="Tập huấn đỡ đẻ an toàn")
    BudgetLineFactory(plan=plan, amount=400_000_000, spent=300_000_000)
    return plan


def make_department(world: World, letter: str) -> Agency:
    """The department of an area; an old province's was succeeded by the merged province's."""
    area = world.areas[letter]
    name = area.name[0].lower() + area.name[1:]
    department = AgencyFactory(
        name=f"Sở Y tế {name}", area=area, superior=f"UBND {name}", valid_from=area.valid_from
    )
    if area.valid_to:
        department.valid_to = REFORM
        department.successor = make_department(world, "M")
        department.save()
    return department


def small_snapshot() -> dict:
    """Every part a renderer reads, with the awkward cells: signs, percent, a dash, formula-like text."""
    lines = table(
        "lines",
        "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
        [
            column("STT", 4, "center"),
            column("Chỉ tiêu", 24),
            column("Thực hiện", 8, "right"),
            column("So", 8, "right"),
        ],
        [
            row(["Mục tiêu 1: Sức khỏe bà mẹ"], "group"),
            row(["1", '=HYPERLINK("x")', number(3571278), number(-19, 1, signed=True)]),
            row(["2", "+cộng @ưởng -trừ", number(42, 1), number(97, 1, suffix="%")], "part"),
            row(["3", "Nghiêng ngả: ẫ ữ ợ ỹ đ Đ ằ", "–", number(4, 1, signed=True)]),
        ],
        note="Ghi chú cuối bảng.",
    )
    communes = table(
        "communes",
        "KẾT QUẢ THEO XÃ, PHƯỜNG",
        [
            column("STT", 4, "center"),
            column("Xã, phường", 18),
            *[column(f"Chỉ tiêu {n}", 10, "right") for n in range(12)],
        ],
        [row(["", "Tỉnh M", *[number(n, 1) for n in range(12)]], "total")]
        + [row([str(i), f"Xã {i}", *[number(n * i, 1) for n in range(12)]]) for i in range(1, 6)],
    )
    empty = {key: table(key, key.upper(), [column("STT", 4), column("Tên", 20)], []) for key in (
        "tasks", "tasks_by_agency", "budget", "quality", "completeness"
    )}  # fmt: skip
    return {
        "format": 1,
        "revision": 1,
        "frozen_at": "2026-01-10T08:00:00+07:00",
        "computed_at": "2026-01-10T07:00:00+07:00",
        "dateline": "Bắc Ninh, ngày       tháng       năm 2026",
        "content": {
            "plan": {"slug": "p", "number": "12/KH-SYT", "title": "Chăm sóc sức khỏe"},
            "period": {"year": 2025, "code": "year", "title": "năm 2025", "as_of_text": "12/2025"},
            "agency": {"name": "Sở Y tế tỉnh Bắc Ninh"},
            "header": {
                "superior": "UBND TỈNH BẮC NINH",
                "issuer": ["SỞ Y TẾ"],
                "number": "Số:         /BC-SYT",
                "subject": "Kết quả thực hiện Kế hoạch năm 2025",
                "addressees": ["UBND tỉnh Bắc Ninh"],
            },
            "footer": {"recipients": ["Như trên;", "Lưu: VT."], "office": ["GIÁM ĐỐC"], "signer": ""},
            "boundaries": {"area": "24@2025-07-01", "text": "Số liệu tính theo ranh giới hành chính."},
            "legal_bases": ["Căn cứ Kế hoạch số 16/KH-UBND."],
            "opening": "Thực hiện Kế hoạch số 12/KH-SYT, Sở Y tế báo cáo kết quả như sau:",
            "sections": [
                {
                    "label": "I",
                    "title": "CHỈ ĐẠO",
                    "blocks": [{"kind": "typed", "key": "direction", "prompt": "", "text": ""}],
                },
                {
                    "label": "II",
                    "title": "KẾT QUẢ",
                    "blocks": [{"kind": "item", "text": "Tỷ lệ khám thai: 95,0%."}],
                },
            ],
            "closing": "Trên đây là báo cáo của Sở Y tế",
            "tables": {"lines": lines, "communes": communes, **empty},
        },
    }
