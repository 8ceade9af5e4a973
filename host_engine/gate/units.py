"""Units, percentages and coins, as eight languages write them, each brought to one measure of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from host_engine.gate.wording import among
from host_engine.show.vocabulary import CODES, SIGNS


class Unit(NamedTuple):
    """A dimension, such as "g" for every mass, and how much of it the unit is."""

    dimension: str
    factor: Decimal


def _table(rows: str) -> dict[tuple[str, ...], Unit]:
    """ "dimension factor: name, name of two words, ..." in each row."""
    found = {}
    for row in rows.strip().splitlines():
        head, _, names = row.partition(":")
        dimension, factor = head.split()
        for name in names.split(","):
            found[tuple(name.split())] = Unit(dimension, Decimal(factor))
    return found


UNITS: Mapping[tuple[str, ...], Unit] = _table("""
g 0.001: mg, milligram, milligrams, milligramm, milligrammo, milligrammi, milligramme, milligrammes, miligramo, miligramos, miligrama, miligramas, 毫 克
g 1: g, gr, gram, grams, gramm, grammo, grammi, gramme, grammes, gramo, gramos, grama, gramas, 克
g 1000: kg, kgs, kilo, kilos, kilogram, kilograms, kilogramm, chilo, chili, chilogrammo, chilogrammi, kilogramme, kilogrammes, kilogramo, kilogramos, quilo, quilos, quilograma, quilogramas, 公 斤, 千 克
g 500: 斤
g 500: pfund
g 1000000: tonne, tonnes, tonnen, tonnellata, tonnellate, tonelada, toneladas, ton, 吨
g 28.349523: oz, ounce, ounces, unze, unzen, oncia, once, onces, onza, onzas, onca, oncas
g 453.59237: lb, lbs, pound, pounds, libbra, libbre, livre, livres, libra, libras, pond
ml 1: ml, milliliter, milliliters, millilitre, millilitres, millilitro, millilitri, mililitro, mililitros, 毫 升
ml 10: cl, centiliter, centilitre, centilitres, centilitro, centilitri, zentiliter, centilitros
ml 100: dl, deciliter, decilitre, decilitro, decilitri, deziliter, decilitres
ml 1000: l, liter, liters, litre, litres, litern, litro, litri, litros, 升, 公 升
ml 29.5735: fl oz, fluid ounce, fluid ounces
pint 1: pint, pints
gallon 1: gallon, gallons
mm 1: mm, millimeter, millimeters, millimetre, millimetres, millimetern, millimetro, millimetri, milimetro, milimetros, 毫 米
mm 10: cm, centimeter, centimeters, centimetre, centimetres, zentimeter, zentimetern, centimetro, centimetri, centimetros, 厘 米, 公 分
mm 1000: m, meter, meters, metre, metres, metern, metro, metri, metros, 米
mm 1000000: km, kilometer, kilometers, kilometre, kilometres, kilometern, chilometro, chilometri, kilometros, quilometro, quilometros, 公 里, 千 米
mm 25.4: inch, inches, zoll, pollice, pollici, pouce, pouces, pulgada, pulgadas, polegada, polegadas, duim, 英 寸, in
mm 304.8: ft, foot, feet, piedi, pieds, pies, 英 尺
m2 1: msq, m2, sqm, square meters, square metres, quadratmeter, metri quadrati, metres carres, metros cuadrados, 平 方 米
m2 0.0001: cmsq, cm2, square centimeters, quadratzentimeter
degC 1: ° c, degrees celsius, degree celsius, grad celsius, gradi celsius, degres celsius, grados celsius, celsius, degrees, degree, ° , grad, gradi, grado, degres, degre, grados, graus, grau, graden, 度, 摄 氏 度
degF 1: ° f, degrees fahrenheit, grad fahrenheit, gradi fahrenheit, degres fahrenheit, grados fahrenheit, fahrenheit, 华 氏 度
W 1: w, watt, watts, vatio, vatios, 瓦
W 1000: kw, kilowatt, kilowatts, kilovatios, 千 瓦
V 1: v, volt, volts, voltios, 伏
mAh 1: mah
Wh 1: wh, wattstunden, watt hours
Hz 1: hz, hertz
Hz 1000000: mhz
Hz 1000000000: ghz
B 1000000: mb, megabyte, megabytes
B 1000000000: gb, gigabyte, gigabytes
B 1000000000000: tb, terabyte, terabytes
px 1: px, pixel, pixels, pixeln, 像 素
dB 1: db, decibel
bar 1: bar
lm 1: lm, lumen
kcal 1: kcal, kilokalorien, kilocalories, calories, kalorien, calorie, calorias, 千 卡, 大 卡
s 1: s, sec, secs, second, seconds, sekunde, sekunden, secondo, secondi, seconde, secondes, segundo, segundos, seconden, 秒, 秒 钟
s 60: min, mins, minute, minutes, minuten, minuto, minuti, minutos, minuut, 分 钟
s 3600: h, hr, hrs, hour, hours, stunde, stunden, ora, ore, heure, heures, hora, horas, uur, uren, 小 时, 个 小 时, 钟 头
day 1: day, days, tag, tage, tagen, tages, giorno, giorni, jour, jours, dia, dias, dag, dagen, 天, 日
day 7: week, weeks, woche, wochen, settimana, settimane, semaine, semaines, semana, semanas, weken, 周, 星 期, 个 星 期, 礼 拜
day 14: fortnight, fortnights, quinzaine
workday 1: working day, working days, business day, business days, workday, workdays, werktag, werktage, werktagen, werktages, arbeitstag, arbeitstage, arbeitstagen, giorno lavorativo, giorni lavorativi, jour ouvre, jours ouvres, jour ouvrable, jours ouvrables, dia laborable, dias laborables, dia habil, dias habiles, dia util, dias uteis, werkdag, werkdagen, 个 工 作 日, 工 作 日
month 1: month, months, monat, monate, monaten, monats, mese, mesi, mois, mes, meses, maand, maanden, 个 月
month 12: year, years, yr, yrs, jahr, jahre, jahren, jahres, anno, anni, an, ans, annee, annees, ano, anos, jaar, jaren, 年
clock 1: pm, am, uhr, o clock, oclock, 点 钟
""")  # noqa: E501
LONGEST = max(map(len, UNITS))
FIRSTS = frozenset(name[0] for name in UNITS)
# Words that are units in these languages only.
ONLY_IN: Mapping[str, frozenset[str]] = {
    "am": frozenset({"en"}), "pm": frozenset({"en"}), "an": frozenset({"fr"}), "ans": frozenset({"fr"}),
    "once": frozenset({"fr"}), "onces": frozenset({"fr"}), "ton": frozenset({"en"}), "ore": frozenset({"it"}),
    "ora": frozenset({"it"}), "mes": frozenset({"es"}), "second": frozenset({"en"}), "pies": frozenset({"es"}),
    "dia": frozenset({"es", "pt"}), "anno": frozenset({"it"}), "in": frozenset(), "mesi": frozenset({"it"}),
    "grad": frozenset({"de"}), "as": frozenset(), "or": frozenset(), "日": frozenset(),
}  # fmt: skip
TIME = frozenset({"s", "day", "workday", "month", "clock"})

PERCENT: frozenset[tuple[str, ...]] = frozenset(
    tuple(name.split())
    for name in ("%", "percent", "per cent", "pct", "prozent", "per cento", "percento", "pour cent", "por ciento",
                 "por cento", "procent", "个 百 分 点")
)  # fmt: skip

DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"})
_WORDS: Mapping[str, frozenset[str]] = {
    **{word: frozenset({"EUR"}) for word in ("euro", "euros", "euronen", "欧 元")},
    **{word: DOLLARS for word in ("dollar", "dollars", "bucks", "buck", "dollaro", "dollari", "dolar", "dolares")},
    **{word: frozenset({"USD"}) for word in ("美 元", "美 金", "us dollars", "us dollar")},
    **{word: frozenset({"GBP"}) for word in (
        "pound", "pounds", "quid", "pounds sterling", "pfund", "sterlina", "sterline", "livre", "livres",
        "livres sterling", "libra", "libras", "libras esterlinas", "pond", "英 镑", "镑")},
    **{word: frozenset({"CHF"}) for word in ("franken", "francs", "franc", "franchi", "francos", "sfr", "瑞 士 法 郎")},
    **{word: frozenset({"CNY"}) for word in ("元", "块", "块 钱", "人 民 币", "rmb", "yuan", "renminbi", "圆")},
    **{word: frozenset({"JPY"}) for word in ("yen", "日 元", "日 圆", "yenes", "yens")},
    **{word: frozenset({"SEK", "NOK", "DKK", "ISK"}) for word in ("kr", "kronen", "kronor", "kroner", "crowns")},
    **{word: frozenset({"PLN"}) for word in ("zloty", "zl")},
    **{word: frozenset({"BRL"}) for word in ("reais",)},
    **{word: frozenset({"INR"}) for word in ("rupees", "rupien", "rupie")},
}  # fmt: skip
COINS: Mapping[tuple[str, ...], frozenset[str]] = {
    **{tuple(word.split()): codes for word, codes in _WORDS.items()},
    **{(code.lower(),): frozenset({code}) for code in CODES if code.lower() not in ("try", "all", "mad", "ron")},
    **{(sign,): frozenset({code}) for sign, code in SIGNS.items() if len(sign) == 1},
    ("$",): DOLLARS,
    ("¥",): frozenset({"JPY", "CNY"}),
    ("us", "$"): frozenset({"USD"}),
    ("ca", "$"): frozenset({"CAD"}),
    ("a", "$"): frozenset({"AUD"}),
    ("nz", "$"): frozenset({"NZD"}),
    ("hk", "$"): frozenset({"HKD"}),
    ("r", "$"): frozenset({"BRL"}),
    ("kc",): frozenset({"CZK"}),
}
COIN_FIRSTS = frozenset(name[0] for name in COINS)
CENTS = among(
    "cent cents pence penny p ct rappen centesimi centesimo centime centimes centimo centimos centavo centavos 角 毛"
)
TENTHS = frozenset("角毛")
WEIGHTS_AND_MONEY = among("pound pounds livre livres libra libras pfund pond")
