"""How numbers are said in each language, beyond what is regular: tables, no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LANGUAGES = ("en", "it", "de", "fr", "es", "zh", "pt", "nl")


@dataclass(frozen=True)
class Tongue:
    """The words of one language around numbers, folded: lower case, without accents."""

    decimal: str  # the sign between whole and fraction
    thousand: frozenset[str]
    million: frozenset[str]
    and_: frozenset[str]  # between hundreds and the rest
    point: frozenset[str]
    half: frozenset[str]  # "half a litre"
    and_half: tuple[tuple[str, ...], ...]  # "two and a half"
    between: frozenset[str]  # in "two to three", "two or three", "45 by 28"
    extra: Mapping[str, int]  # other forms of numbers
    shy: frozenset[str]  # number words that are something else as well: numbers only before a unit
    spaced: bool = False  # thousands may be parted by a space
    price_before: frozenset[str] = field(default_factory=frozenset)  # words before a bare number that make it a price


_EN = Tongue(
    ".",
    frozenset({"thousand", "grand"}),
    frozenset({"million"}),
    frozenset({"and"}),
    frozenset({"point"}),
    frozenset({"half"}),
    (("and", "a", "half"),),
    frozenset({"to", "or", "by", "x", "×", "through"}),
    {"a hundred": 100, "hundred": 100, "a dozen": 12, "dozen": 12, "a thousand": 1000, "thousand": 1000, "nought": 0,
     "half a dozen": 6, "a couple": 2, "oh": 0, "twenny": 20, "fourty": 40},
    frozenset({"oh"}),
    price_before=frozenset({"for", "at", "only", "just", "costs", "pay"}),
)  # fmt: skip
_DE = Tongue(
    ",",
    frozenset({"tausend"}),
    frozenset({"million", "millionen"}),
    frozenset({"und"}),
    frozenset({"komma"}),
    frozenset({"halb", "halbe", "halber", "halben", "halbes"}),
    (("einhalb",), ("und", "ein", "halb"), ("und", "einen", "halben")),
    frozenset({"bis", "oder", "mal", "x", "×", "auf"}),
    {"ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "eins": 1, "zwo": 2, "hundert": 100, "tausend": 1000,
     "dutzend": 12, "ein dutzend": 12, "beide": 2, "beiden": 2},
    frozenset({"ein", "eine", "einen", "einem", "einer", "beide", "beiden"}),
    price_before=frozenset({"fur", "um", "nur", "kostet", "kosten", "zahlen", "ab"}),
)  # fmt: skip
_IT = Tongue(
    ",",
    frozenset({"mila", "mille"}),
    frozenset({"milione", "milioni"}),
    frozenset({"e"}),
    frozenset({"virgola"}),
    frozenset({"mezzo", "mezza"}),
    (("e", "mezzo"), ("e", "mezza")),
    frozenset({"a", "o", "per", "x", "×", "ai"}),
    {"un": 1, "una": 1, "uno": 1, "ventun": 21, "trentun": 31, "quarantun": 41, "mille": 1000, "dozzina": 12,
     "una dozzina": 12},
    frozenset({"un", "una", "uno", "sei"}),
    price_before=frozenset({"per", "a", "solo", "soli", "sole", "costa", "costano"}),
)  # fmt: skip
_FR = Tongue(
    ",",
    frozenset({"mille"}),
    frozenset({"million", "millions"}),
    frozenset({"et"}),
    frozenset({"virgule"}),
    frozenset({"demi", "demie"}),
    (("et", "demi"), ("et", "demie")),
    frozenset({"a", "ou", "sur", "x", "×", "par"}),
    {"une": 1, "un": 1, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90, "mille": 1000, "cents": 100,
     "une douzaine": 12, "douzaine": 12, "une dizaine": 10, "une vingtaine": 20, "une centaine": 100,
     "quatre vingts": 80, "quatre vingt": 80},
    frozenset({"un", "une", "neuf"}),
    spaced=True,
    price_before=frozenset({"pour", "a", "seulement", "coute", "coutent", "que"}),
)  # fmt: skip
_ES = Tongue(
    ",",
    frozenset({"mil"}),
    frozenset({"millon", "millones"}),
    frozenset({"y"}),
    frozenset({"coma", "punto"}),
    frozenset({"medio", "media"}),
    (("y", "medio"), ("y", "media")),
    frozenset({"a", "o", "por", "x", "×"}),
    {"un": 1, "una": 1, "uno": 1, "veintiun": 21, "veintiuna": 21, "cien": 100, "ciento": 100, "mil": 1000,
     "docena": 12, "una docena": 12, **{f"{a}cientas": n for a, n in
     (("dos", 200), ("tres", 300), ("cuatro", 400), ("seis", 600), ("sete", 700), ("ocho", 800), ("nove", 900))},
     "quinientas": 500},
    frozenset({"un", "una", "uno"}),
    spaced=True,
    price_before=frozenset({"por", "a", "solo", "cuesta", "cuestan", "vale"}),
)  # fmt: skip
_PT = Tongue(
    ",",
    frozenset({"mil"}),
    frozenset({"milhao", "milhoes"}),
    frozenset({"e"}),
    frozenset({"virgula"}),
    frozenset({"meio", "meia"}),
    (("e", "meio"), ("e", "meia")),
    frozenset({"a", "ou", "por", "x", "×"}),
    {"um": 1, "uma": 1, "duas": 2, "cem": 100, "cento": 100, "mil": 1000, "duzia": 12, "uma duzia": 12,
     "quatorze": 14, "dezesseis": 16, "dezessete": 17, "dezenove": 19, "duzentas": 200, "trezentas": 300},
    frozenset({"um", "uma"}),
    spaced=True,
    price_before=frozenset({"por", "a", "so", "apenas", "custa", "custam"}),
)  # fmt: skip
_NL = Tongue(
    ",",
    frozenset({"duizend"}),
    frozenset({"miljoen"}),
    frozenset({"en"}),
    frozenset({"komma"}),
    frozenset({"half", "halve"}),
    (("en", "een", "half"), ("en", "een", "halve")),
    frozenset({"tot", "of", "bij", "x", "×"}),
    {"een": 1, "honderd": 100, "duizend": 1000, "dozijn": 12, "anderhalf": 1},
    frozenset({"een", "anderhalf", "acht"}),
    price_before=frozenset({"voor", "slechts", "maar", "kost", "kosten"}),
)  # fmt: skip
_ZH = Tongue(
    ".",
    frozenset(),
    frozenset(),
    frozenset(),
    frozenset({"点"}),
    frozenset({"半"}),
    (("半",),),
    frozenset({"到", "至", "x", "×", "乘", "或"}),
    {},
    frozenset(),
    price_before=frozenset({"要", "卖", "只", "仅"}),
)

TONGUES: Mapping[str, Tongue] = {
    "en": _EN, "de": _DE, "it": _IT, "fr": _FR, "es": _ES, "pt": _PT, "nl": _NL, "zh": _ZH,
}  # fmt: skip

HAN_DIGITS: Mapping[str, int] = {
    **{sign: n for n, sign in enumerate("零一二三四五六七八九")},
    **{sign: n for n, sign in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2, "俩": 2, "貳": 2, "參": 3, "陸": 6, "兩": 2,
}  # fmt: skip
HAN_UNITS: Mapping[str, int] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
HAN_GROUPS: Mapping[str, int] = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
# What counts things in Chinese: a number before one of these is a number of things.
HAN_CLASSIFIERS = frozenset(
    "个只件杯壶瓶盒罐袋包片块条支张套双对把颗粒滴份种款位人名次遍口倍岁层格枚根台部本间家朵串箱打"
)
# Words in which the signs of numbers mean something else.
HAN_IDIOMS = (
    "十分", "百分之百",
    "万一", "千万", "一定", "一起", "一样", "一直", "一下", "一些", "一点", "一般", "一切", "一共", "唯一",
    "统一", "第一", "第二", "第三",
    "一边", "三明治", "五花肉", "二维码", "四川", "百合", "一会", "同一", "万事", "百货",
    "千里", "五金", "八角", "九层塔", "一流", "不一", "逐一", "一次性", "三文鱼", "七夕", "双十一", "五谷", "四季",
)  # fmt: skip
