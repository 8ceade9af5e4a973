"""Numbers that belong to a person: a phone's, a bank account's, a card's; told from prices, sizes and dates."""

from __future__ import annotations

import re
from itertools import pairwise

_IBANS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "NL"), 18),
    **dict.fromkeys(("SI",), 19),
    **dict.fromkeys(("AT", "EE", "LT", "LU"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "DE", "GB", "IE"), 22),
    **dict.fromkeys(("AD", "CZ", "ES", "RO", "SE", "SK"), 24),
    **dict.fromkeys(("PT",), 25),
    **dict.fromkeys(("TR",), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "SM"), 27),
    **dict.fromkeys(("CY", "HU", "PL"), 28),
    **dict.fromkeys(("MT",), 31),
}  # country and length, from the registry of ISO 13616
_UNIT = re.compile(
    r"\s?(?:%|°|€|\$|£|¥|元|克|毫升|厘米|瓦|(?:k?w|k?wh|watts?|v|volts?|hz|mah|ml|cl|l|lit(?:er|re|ri|ros)s?|mm|cm|m|km|"
    r"inch(?:es)?|in|g|gr|kg|mg|lbs?|oz|eur|euros?|usd|gbp|dollars?|px|pcs|st(?:ü|ue)ck|pezzi|x)\b)",
    re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"(?:order|bestell\w*|auftrag\w*|ordine|commande|pedido|tracking|sendung\w*|spedizione|colis|paquete|envío|sku|ean|"
    r"gtin|isbn|artikel\w*|articolo|art\.?|model\w*|modell|référence|ref\.?|barcode|invoice|rechnung\w*|factura|"
    r"fattura|facture|订单\w*|编号|型号|条码)[^\n.!?]{0,18}$",
    re.IGNORECASE,
)
_TO_CALL = re.compile(
    r"(?:\bcall\b|phone|\btel\b|\btel\.|telefon|teléfono|mobile|\bcell\b|my number|whatsapp|text me|sms|\bruf\w*|handy|"
    r"\bnummer|chiam\w*|cellulare|appel\w*|portable|ll[aá]m\w*|m[oó]vil|电话|手机|致电|打给|號碼|号码)[^\n]{0,24}$",
    re.IGNORECASE,
)


def is_phone(written: str, before: str, after: str) -> bool:
    """Whether digits with signs between them are the phone number of a person, given the text around them."""
    groups = re.findall(r"\d+", written)
    digits = "".join(groups)
    if not 6 <= len(digits) <= 15 or _UNIT.match(after) or _OF_THINGS.search(before):
        return False
    if _TO_CALL.search(before):
        return True
    if len(digits) < 8 or _counts_up(groups) or is_ean(digits):
        return False
    if "+" in written or re.match(r"\(?00[1-9]", written):
        return True
    if digits[0] == "0":
        return 9 <= len(digits) <= 12 and all(len(group) >= 2 for group in groups)
    return _national(written, groups)


def _national(written: str, groups: list[str]) -> bool:
    """As numbers are written in North America, China, Italy and Spain."""
    sizes = [len(group) for group in groups]
    digits = "".join(groups)
    return (
        re.fullmatch(r"\(?[2-9]\d{2}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}", written) is not None
        or re.fullmatch(r"1[3-9]\d{9}", digits) is not None
        or (digits[0] == "3" and len(digits) == 10 and (len(sizes) == 1 or sizes[0] == 3))
        or (digits[0] in "67" and sizes == [3, 3, 3])
    )


def _counts_up(groups: list[str]) -> bool:
    """Shades and sizes: 01 02 03 04, 36 38 40 42."""
    numbers = [int(group) for group in groups]
    steps = {b - a for a, b in pairwise(numbers)}
    return len(numbers) >= 3 and len(steps) == 1 and 0 < steps.pop() <= 10


def is_card(written: str) -> bool:
    """Whether digits are a payment card's, by Luhn's check digit and what cards begin with."""
    digits = [int(each) for each in written if each.isdecimal()]
    if not 14 <= len(digits) <= 19 or digits[0] not in (3, 4, 5, 6):
        return False
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_ean(digits: str) -> bool:
    """Whether 13 digits are a product's, by their check digit."""
    if len(digits) != 13:
        return False
    return sum(int(each) * (3 if k % 2 else 1) for k, each in enumerate(digits)) % 10 == 0


def is_iban(written: str) -> int:
    """How many characters of the text, which begins like one, are a bank account's; 0 where it is none."""
    country = written[:2].upper()
    if country not in _IBANS:
        return 0
    length, compact = _IBANS[country], ""
    for at, each in enumerate(written):
        compact += each.upper() if each.isalnum() else ""
        if len(compact) == length:
            turned = compact[4:] + compact[:4]
            if not turned.isascii():
                return 0
            return at + 1 if int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1 else 0
    return 0
