"""The words of targets: what each says about the number after it, and which numbers are no target."""

import re

# Words that print an operator. The longest phrase wins, and the word nearest the number decides.
OPERATORS = {
    "<=": (
        "≤", "⩽", "<=", "=<", "không quá", "không vượt quá", "không vượt", "không lớn hơn", "không cao hơn",
        "không nhiều hơn", "không trên", "tối đa", "nhiều nhất", "cao nhất", "xuống", "còn", "chỉ còn",
    ),
    "<": ("<", "dưới", "thấp hơn", "nhỏ hơn", "ít hơn", "chưa đến"),
    ">=": (
        "≥", "⩾", ">=", "=>", "tối thiểu", "ít nhất", "thấp nhất", "không dưới", "không thấp hơn",
        "không ít hơn", "không nhỏ hơn", "đạt", "đạt và vượt", "lên", "lên đến", "lên tới",
    ),
    ">": (">", "trên", "cao hơn", "lớn hơn", "nhiều hơn", "hơn", "vượt", "vượt trên"),
    "about": ("khoảng", "xấp xỉ", "~", "≈"),
    "=": ("=", "bằng", "đúng"),
}  # fmt: skip
OPERATOR_OF = {word: operator for operator, words in OPERATORS.items() for word in words}

# Words after which the number is where the level ends, even behind "giảm" or "tăng".
LEVEL_WORDS = {"xuống", "còn", "chỉ còn", "về", "mức", "lên", "lên đến", "lên tới", "đạt", "đạt và vượt"}
DOWN, UP = {"giảm", "hạ"}, {"tăng", "nâng"}
FILLERS = {
    "duy trì", "giữ", "giữ vững", "ở", "phấn đấu", "bảo đảm", "đảm bảo", "hoàn thành", "là", "có", "đến",
    "tới", "thêm", "từ", "và", ":",
}  # fmt: skip

# "trở lên" follows its number, so its "lên" says nothing about the next one.
_CHAIN = sorted({*OPERATOR_OF, *LEVEL_WORDS, *DOWN, *UP, *FILLERS}, key=len, reverse=True)
_SPOKEN = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in _CHAIN if word[0].isalpha())
_SYMBOLS = "|".join(re.escape(word) for word in _CHAIN if not word[0].isalpha())
LAST_WORD = re.compile(rf"((?<!\w)(?<!trở\s)(?:{_SPOKEN})|{_SYMBOLS})\s*$", re.IGNORECASE)
MENTIONED_VERB = re.compile(
    r"(?<!\w)(?:giảm|tăng|hạ|nâng)(?!\w)(?!\s+(?:cường|cao|tầng)(?!\w))", re.IGNORECASE
)
NO_VERB = re.compile(r"(?:tăng\s+cường|nâng\s+cao|hạ\s+tầng)(?!\w)", re.IGNORECASE)

_PLAIN = r"[0-9]+(?:[.,][0-9]+)*"
_POINTS = r"điểm(?:\s*(?:%|‰|phần\s+trăm|phần\s+nghìn))?"
_UNIT = rf"{_POINTS}|%|‰|phần\s+trăm|phần\s+nghìn"
NUMBER = re.compile(
    r"(?<![\w.,/%–-])(?P<low>[-+−–]?" + _PLAIN + r")"
    rf"(?:\s*%?\s*(?:-|–|—|(?<=[\s%])(?:đến|tới)(?=\s))\s*(?P<high>{_PLAIN}))?"
    rf"(?:\s*(?P<unit>{_UNIT}))?"
    r"(?![.,]?[0-9])(?!\s*/(?!\s*(?:1[0.]*(?![0-9])|năm)))",
    re.IGNORECASE,
)
POINTS = re.compile(_POINTS, re.IGNORECASE)
PERCENT = re.compile(r"%|phần\s+trăm", re.IGNORECASE)

# A number behind these, or of these, names a thing; it is nobody's target.
NAMED = re.compile(r"\b(?:năm|tháng|ngày|quý|thứ|số|điều|khoản|mục|loại|tuyến|hạng)\s*$|/\s*$", re.IGNORECASE)
CALENDAR = re.compile(r"(?:19|20)[0-9]{2}")
MEASURED = re.compile(
    r"\s*(?:tuổi|tháng|ngày|giờ|tuần|phút|thời\s+kỳ|kg|g|gam|gram|mg)(?!\w)|[^\W\d_]", re.IGNORECASE
)
LIST_LABEL = re.compile(r"[.)]\s+[^\W\d_]")
# People and cases come whole, so `48.158 người` has one reading.
COUNTED = re.compile(r"\s*(?:người|ca|cặp|lượt|hộ|đợt|trẻ|phụ\s+nữ|bà\s+mẹ)(?!\w)", re.IGNORECASE)
OR_MORE = re.compile(r"\s*(?:trở\s+lên|hoặc\s+hơn)", re.IGNORECASE)
OR_LESS = re.compile(r"\s*trở\s+xuống", re.IGNORECASE)
# "so với năm trước" is what a change means; any other base year is for a person to settle.
OTHER_BASE = re.compile(r"so\s+với(?!\s+(?:năm\s+(?:trước|liền)|cùng\s+kỳ))", re.IGNORECASE)
KEEP = re.compile(
    r"(?:duy\s+trì|giữ\s+vững|giữ\s+nguyên|giữ\s+ổn\s+định)"
    r"(?:\s+(?:ở|như|bằng|mức|kết\s+quả|so\s+với|của|đã\s+đạt|đạt\s+được))*"
    r"(?:\s+(?:năm\s+(?:trước|[0-9]{4})|hiện\s+(?:tại|nay|có)))?[\s.;]*",
    re.IGNORECASE,
)

YEAR = re.compile(
    r"(?:(?:vào|đến|trong|tới|cho|từ)\s+)?(?:(?:cuối|hết|đầu)\s+)?(?<!\w)năm\s+(?P<year>(?:19|20)[0-9]{2})(?![0-9])\s*:?"
    r"|(?<!\w)giai\s+đoạn\s+[0-9]{4}\s*[-–]\s*(?P<last>(?:19|20)[0-9]{2})(?![0-9])\s*:?"
    r"|(?<![\w./–-])(?P<bare>20[0-9]{2})\s*:",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"(?:so\s+với|mức|như|bằng|kết\s+quả|của|thực\s+hiện)\s*$", re.IGNORECASE)
BRACKET = re.compile(r"\(([^()]*)\)")
OF_THEM = re.compile(r"[,;]?\s*(?<!\w)(?:trong\s+đó|riêng)(?!\w)\s*:?\s*", re.IGNORECASE)
REMARK = re.compile(r"(?:theo|tính|so|bao\s+gồm|gồm|tương\s+đương|từ|trong|không)(?!\w)", re.IGNORECASE)
