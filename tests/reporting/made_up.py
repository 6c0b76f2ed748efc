"""Reports made up at random: long words and names, empty parts, huge and wide tables, many people to sign for."""

from random import Random

from reporting.content.cells import column, number, row, table
from tests.reporting.cases import small_snapshot

SYLLABLES = (
    *(
        "nghiêng",
        "trường",
        "phụ",
        "nữ",
        "sức",
        "khỏe",
        "bà",
        "mẹ",
        "trẻ",
        "em",
        "dưới",
        "tuổi",
        "được",
        "tiêm",
    ),
    *("chủng", "đầy", "đủ", "tỷ", "lệ", "xã", "phường", "kế", "hoạch", "thực", "hiện", "chỉ", "tiêu", "năm"),
    *("đạt", "vượt", "số", "liệu", "quý", "2026–2030", "683/KH-SYT", "“trích”", *"ẫữợỹĐẰỴ≥≤%‰−×…"),
)
LONG = (
    "Siêuâmchẩnđoántrướcsinh" * 4,
    "https://bacninh.gov.vn/" + "a" * 90,
    "KHHGĐ/" * 25,
    "1.234.567,89" * 9,
)
LABELS = ("I", "II", "III", "IV", "V", "IX", "XVIII")


class MadeUp:
    def __init__(self, seed: int):
        self.random = Random(seed)

    def words(self, low: int, high: int, *, may_be_long: bool = True) -> str:
        chosen = self.random.choices(SYLLABLES, k=self.random.randint(low, high))
        if may_be_long and self.random.random() < 0.08:
            chosen.insert(self.random.randrange(len(chosen)), self.random.choice(LONG))
        return " ".join(chosen)

    def texts(self, low: int, high: int, words: int) -> list[str]:
        return [self.words(1, words) for _ in range(self.random.randint(low, high))]

    def table(self, key: str, *, columns: int, rows: int) -> dict:
        kinds = ("line", "line", "line", "part", "group", "total")
        heads = [column("STT", 4, "center"), column(self.words(1, 4, may_be_long=False), 24)]
        heads += [
            column(self.words(1, 30 if self.random.random() < 0.1 else 5, may_be_long=False), width, "right")
            for width in self.random.choices(range(7, 13), k=columns - 2)
        ]
        return table(key, self.words(3, 20).upper(), heads, [self.row(self.random.choice(kinds), columns) for _ in range(rows)],
                     note=self.words(1, 60) if self.random.random() < 0.5 else "")  # fmt: skip

    def row(self, kind: str, columns: int) -> dict:
        if kind == "group":
            return row([self.words(2, 15)], "group")
        name = self.words(1, 220 if self.random.random() < 0.02 else 20)
        figures = [
            number(self.random.randint(0, 10**7), self.random.randint(0, 2)) for _ in range(columns - 2)
        ]
        return row([str(self.random.randint(1, 999)), name, *figures], kind)

    def block(self, tables: dict) -> dict:
        kind = self.random.choice(
            ("heading", "point", "paragraph", "item", "item", "typed", "addition", "table")
        )
        if kind == "table":
            key = f"body{len(tables)}"
            tables[key] = self.table(key, columns=self.random.randint(3, 8), rows=self.random.randint(1, 30))
            return {"kind": "table", "key": key}
        text = "\n".join(self.texts(0, 4, 120)) if kind in ("typed", "addition") else self.words(1, 90)
        return {"kind": kind, "key": "k", "prompt": "", "text": f"{text}:" if kind == "paragraph" else text}


def made_up_snapshot(seed: int) -> dict:
    """A snapshot of some ten to twenty pages, the same for the same seed."""
    made, snapshot = MadeUp(seed), small_snapshot()
    content, tables = snapshot["content"], {}
    head, foot = content["header"], content["footer"]
    head["superior"], head["issuer"] = (
        made.words(1, 9).upper(),
        [text.upper() for text in made.texts(1, 2, 7)],
    )
    head["subject"], head["addressees"] = made.words(3, 60), made.texts(1, 6, 12)
    foot["office"], foot["signer"] = [text.upper() for text in made.texts(1, 2, 8)], made.words(2, 6)
    foot["recipients"] = made.texts(2, 25, 14)
    content["legal_bases"], content["opening"], content["closing"] = (
        made.texts(0, 6, 50),
        made.words(5, 80),
        made.words(1, 60),
    )
    content["sections"] = [
        {
            "label": label,
            "title": made.words(2, 14).upper(),
            "blocks": [made.block(tables) for _ in range(made.random.randint(1, 12))],
        }
        for label in LABELS[: made.random.randint(1, 6)]
    ]
    tables["lines"] = made.table("lines", columns=10, rows=made.random.randint(1, 90))
    tables["communes"] = made.table(
        "communes", columns=made.random.randint(3, 30), rows=made.random.randint(1, 60)
    )
    content["tables"] = tables
    content["annexes"] = [
        {"label": made.random.choice(LABELS), "tables": [key]} for key in ("lines", "communes")
    ]
    return snapshot
