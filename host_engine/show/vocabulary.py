"""The words around numbers in each language: signs, money, clock and fractions. Tables, no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Vocabulary:
    """How one language says what is written with signs."""

    language: str
    decimal: str  # the sign between whole and fraction; the other of "." and "," parts thousands
    point: str  # how that sign is said
    minus: str
    plus: str
    and_: str
    percent: str
    by: str  # in 10 x 20
    to: str  # in 2-3
    per: str  # in 12 €/kg
    times: str  # in 2x
    number: str  # for No. and #
    at: str
    dot: str
    slash: str
    dash: str
    equals: str
    about: str  # for ~
    one: str  # before a masculine or neuter word
    one_feminine: str
    cents: str  # "{whole} {coin} {cents}": how a price is put together
    clock: str  # "{hours}" full hours, without minutes
    clock_minutes: str  # "{hours}" and "{minutes}"
    halves: Mapping[str, str]  # fractions
    coins: Mapping[str, tuple[str, str, str, str]]  # one, several, one hundredth, several hundredths
    feminine: frozenset[str] = frozenset()  # words that want the feminine one, where their end does not tell


_EN = Vocabulary(
    "en", ".", "point", "minus", "plus", "and", "percent", "by", "to", "per", "times", "number", "at", "dot", "slash",
    "dash", "equals", "about", "one", "one", "{whole} {coin} and {cents} {cent}", "{hours}", "{hours} {minutes}",
    {"1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter", "3/4": "three quarters",
     "1/8": "one eighth"},
    {"EUR": ("euro", "euros", "cent", "cents"), "USD": ("dollar", "dollars", "cent", "cents"),
     "GBP": ("pound", "pounds", "penny", "pence"), "CHF": ("franc", "francs", "centime", "centimes"),
     "JPY": ("yen", "yen", "sen", "sen")},
)  # fmt: skip
_DE = Vocabulary(
    "de", ",", "Komma", "minus", "plus", "und", "Prozent", "mal", "bis", "pro", "mal", "Nummer", "ät", "Punkt",
    "Schrägstrich", "Bindestrich", "gleich", "etwa", "ein", "eine", "{whole} {coin} {cents}", "{hours} Uhr",
    "{hours} Uhr {minutes}",
    {"1/2": "ein halb", "1/3": "ein Drittel", "2/3": "zwei Drittel", "1/4": "ein Viertel", "3/4": "drei Viertel",
     "1/8": "ein Achtel"},
    {"EUR": ("Euro", "Euro", "Cent", "Cent"), "USD": ("Dollar", "Dollar", "Cent", "Cent"),
     "GBP": ("Pfund", "Pfund", "Penny", "Pence"), "CHF": ("Franken", "Franken", "Rappen", "Rappen"),
     "JPY": ("Yen", "Yen", "Sen", "Sen")},
)  # fmt: skip
_ES = Vocabulary(
    "es", ",", "coma", "menos", "más", "y", "por ciento", "por", "a", "por", "por", "número", "arroba", "punto",
    "barra", "guion", "igual a", "unos", "un", "una", "{whole} {coin} con {cents}", "{hours} horas",
    "{hours} y {minutes}",
    {"1/2": "un medio", "1/3": "un tercio", "2/3": "dos tercios", "1/4": "un cuarto", "3/4": "tres cuartos",
     "1/8": "un octavo"},
    {"EUR": ("euro", "euros", "céntimo", "céntimos"), "USD": ("dólar", "dólares", "centavo", "centavos"),
     "GBP": ("libra", "libras", "penique", "peniques"), "CHF": ("franco", "francos", "céntimo", "céntimos"),
     "JPY": ("yen", "yenes", "sen", "sen")},
)  # fmt: skip
_FR = Vocabulary(
    "fr", ",", "virgule", "moins", "plus", "et", "pour cent", "sur", "à", "par", "fois", "numéro", "arobase", "point",
    "barre oblique", "tiret", "égale", "environ", "un", "une", "{whole} {coin} {cents}", "{hours} heures",
    "{hours} heures {minutes}",
    {"1/2": "un demi", "1/3": "un tiers", "2/3": "deux tiers", "1/4": "un quart", "3/4": "trois quarts",
     "1/8": "un huitième"},
    {"EUR": ("euro", "euros", "centime", "centimes"), "USD": ("dollar", "dollars", "cent", "cents"),
     "GBP": ("livre", "livres", "penny", "pence"), "CHF": ("franc", "francs", "centime", "centimes"),
     "JPY": ("yen", "yens", "sen", "sen")},
    frozenset({"heure", "minute", "seconde", "livre", "once", "tonne", "couronne"}),
)  # fmt: skip
_IT = Vocabulary(
    "it", ",", "virgola", "meno", "più", "e", "per cento", "per", "a", "al", "per", "numero", "chiocciola", "punto",
    "barra", "trattino", "uguale a", "circa", "un", "una", "{whole} {coin} e {cents}", "{hours}",
    "{hours} e {minutes}",
    {"1/2": "mezzo", "1/3": "un terzo", "2/3": "due terzi", "1/4": "un quarto", "3/4": "tre quarti",
     "1/8": "un ottavo"},
    {"EUR": ("euro", "euro", "centesimo", "centesimi"), "USD": ("dollaro", "dollari", "centesimo", "centesimi"),
     "GBP": ("sterlina", "sterline", "penny", "penny"), "CHF": ("franco", "franchi", "centesimo", "centesimi"),
     "JPY": ("yen", "yen", "sen", "sen")},
)  # fmt: skip
_PT = Vocabulary(
    "pt", ",", "vírgula", "menos", "mais", "e", "por cento", "por", "a", "por", "vezes", "número", "arroba", "ponto",
    "barra", "hífen", "igual a", "cerca de", "um", "uma", "{whole} {coin} e {cents}", "{hours} horas",
    "{hours} e {minutes}",
    {"1/2": "um meio", "1/3": "um terço", "2/3": "dois terços", "1/4": "um quarto", "3/4": "três quartos",
     "1/8": "um oitavo"},
    {"EUR": ("euro", "euros", "cêntimo", "cêntimos"), "USD": ("dólar", "dólares", "centavo", "centavos"),
     "GBP": ("libra", "libras", "penny", "pence"), "CHF": ("franco", "francos", "cêntimo", "cêntimos"),
     "BRL": ("real", "reais", "centavo", "centavos"), "JPY": ("iene", "ienes", "sen", "sen")},
)  # fmt: skip
_NL = Vocabulary(
    "nl", ",", "komma", "min", "plus", "en", "procent", "bij", "tot", "per", "keer", "nummer", "apenstaartje", "punt",
    "schuine streep", "streepje", "is", "ongeveer", "één", "één", "{whole} {coin} {cents}", "{hours} uur",
    "{hours} uur {minutes}",
    {"1/2": "een half", "1/3": "een derde", "2/3": "twee derde", "1/4": "een kwart", "3/4": "drie kwart",
     "1/8": "een achtste"},
    {"EUR": ("euro", "euro", "cent", "cent"), "USD": ("dollar", "dollar", "cent", "cent"),
     "GBP": ("pond", "pond", "penny", "pence"), "CHF": ("frank", "frank", "rappen", "rappen"),
     "JPY": ("yen", "yen", "sen", "sen")},
)  # fmt: skip

VOCABULARIES: Mapping[str, Vocabulary] = {each.language: each for each in (_EN, _DE, _ES, _FR, _IT, _PT, _NL)}

SIGNS: Mapping[str, str] = {
    "US$": "USD", "CA$": "CAD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD", "R$": "BRL", "MX$": "MXN", "€": "EUR",
    "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₪": "ILS", "₫": "VND",
    "₱": "PHP", "₴": "UAH", "฿": "THB", "zł": "PLN", "Kč": "CZK", "Fr.": "CHF",
}  # fmt: skip
CODES = (
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "BGN", "JPY", "CNY", "KRW",
    "INR", "AUD", "CAD", "NZD", "BRL", "MXN", "ARS", "CLP", "ZAR", "AED", "SAR", "ILS", "RUB", "UAH", "SGD", "HKD",
    "THB", "MYR", "IDR", "PHP", "VND", "TWD", "EGP", "MAD",
)  # fmt: skip

# Units as they are written, and their names in the CLDR, which knows how every language says them.
UNITS: Mapping[str, str] = {
    "mg": "mass-milligram", "g": "mass-gram", "kg": "mass-kilogram", "t": "mass-tonne", "oz": "mass-ounce",
    "lb": "mass-pound", "lbs": "mass-pound", "ml": "volume-milliliter", "mL": "volume-milliliter",
    "cl": "volume-centiliter", "dl": "volume-deciliter", "l": "volume-liter", "L": "volume-liter",
    "mm": "length-millimeter", "cm": "length-centimeter", "m": "length-meter", "km": "length-kilometer",
    "ft": "length-foot", "″": "length-inch", '"': "length-inch", "mm²": "area-square-millimeter",
    "cm²": "area-square-centimeter", "m²": "area-square-meter", "cm³": "volume-cubic-centimeter",
    "m³": "volume-cubic-meter", "W": "power-watt", "kW": "power-kilowatt", "kWh": "energy-kilowatt-hour",
    "V": "electric-volt", "mA": "electric-milliampere", "A": "electric-ampere", "Hz": "frequency-hertz",
    "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz",
    "kB": "digital-kilobyte", "KB": "digital-kilobyte", "MB": "digital-megabyte", "GB": "digital-gigabyte",
    "TB": "digital-terabyte", "px": "graphics-pixel", "°C": "temperature-celsius", "°F": "temperature-fahrenheit",
    "°": "angle-degree", "min": "duration-minute", "h": "duration-hour", "km/h": "speed-kilometer-per-hour",
    "bar": "pressure-bar", "kcal": "energy-kilocalorie", "kJ": "energy-kilojoule", "lm": "light-lumen",
}  # fmt: skip
# Units that the CLDR does not know.
AMPERE_HOURS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "mAh": {
        "en": ("milliamp hour", "milliamp hours"), "de": ("Milliamperestunde", "Milliamperestunden"),
        "es": ("miliamperio hora", "miliamperios hora"), "fr": ("milliampère-heure", "milliampères-heures"),
        "it": ("milliampere ora", "milliampere ora"), "pt": ("miliampere-hora", "miliamperes-hora"),
        "nl": ("milliampère-uur", "milliampère-uur"),
    },
    "Ah": {
        "en": ("amp hour", "amp hours"), "de": ("Amperestunde", "Amperestunden"),
        "es": ("amperio hora", "amperios hora"), "fr": ("ampère-heure", "ampères-heures"),
        "it": ("ampere ora", "ampere ora"), "pt": ("ampere-hora", "amperes-hora"), "nl": ("ampère-uur", "ampère-uur"),
    },
    "Wh": {
        "en": ("watt hour", "watt hours"), "de": ("Wattstunde", "Wattstunden"), "es": ("vatio hora", "vatios hora"),
        "fr": ("watt-heure", "watt-heures"), "it": ("wattora", "wattora"), "pt": ("watt-hora", "watts-hora"),
        "nl": ("wattuur", "wattuur"),
    },
    "dB": {language: ("decibel", "decibel") for language in ("en", "de", "es", "fr", "it", "pt", "nl")},
    "dpi": {language: ("D P I", "D P I") for language in ("en", "de", "es", "fr", "it", "pt", "nl")},
}  # fmt: skip
