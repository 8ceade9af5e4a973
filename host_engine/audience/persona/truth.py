"""Whether a text says truthfully that the host is an AI."""

from __future__ import annotations

import re
from collections.abc import Mapping

_AI: Mapping[str, str] = {
    "en": r"\bAIs?\b|\bA\.I\.|artificial|\bvirtual|\brobot|\bbot\b|computer|\bdigital",
    "de": r"\bKI\b|künstlich|virtuell|\bRoboter|\bBot\b|digital|computer",
    "fr": r"\bIA\b|artificiel|virtuel|\brobot|numérique",
    "it": r"\bIA\b|\bAI\b|artificiale|virtuale|\brobot|digitale",
    "es": r"\bIA\b|artificial|virtual|\brobot|digital",
    "zh": r"AI|人工智能|虚拟|机器人|数字人",
}
_DENIED: Mapping[str, str] = {
    "en": r"(?:\bnot|n't|\bno|\bnever) (?:an? |some )?(?:AIs?\b|A\.I\.|artificial|virtual|robot|bot\b|computer|digital)"
    r"|\bI(?:'m|’m| am) (?:a )?(?:(?:real|true) )?(?:human|person|woman|man|real\b(?! AI))",
    "de": r"\b(?:keine?|nicht) (?:künstlich\w*|virtuell\w*|digital\w*|KI\b|Roboter|Bot\b|Computer)"
    r"|\bich bin (?:eine? )?(?:echter? |wirkliche?r? )?(?:Mensch\b|menschlich|Person\b|Frau\b|Mann\b|echt\b)",
    "fr": r"\bpas (?:une? |d['’])?(?:IA\b|intelligence|artificiel\w*|virtuel\w*|robot|numérique)"
    r"|\bje suis (?:une? )?(?:vraie? )?(?:humaine?\b|personne|être humain|femme|homme|réelle?\b)",
    "it": r"\bnon sono (?:un['’]?a? ?)?(?:IA\b|AI\b|intelligenza|artificiale|virtuale|robot|digitale)"
    r"|(?<!non )\bsono (?:una? )?(?:vera? )?(?:uman[ao]|persona|donna|uomo|reale)",
    "es": r"\bno soy (?:una? )?(?:IA\b|inteligencia|artificial|virtual|robot|digital)"
    r"|(?<!no )\bsoy (?:una? )?(?:human[ao]|persona|mujer|hombre|real\b|de verdad)",
    "zh": r"不是.{0,3}(?:AI|人工智能|虚拟|机器人|数字人)|(?<!不)是.{0,2}(?:真人|人类)",
}


def says_it_is_an_ai(text: str, language: str) -> bool:
    """Whether the words for it are there."""
    return re.search(_AI[language], text, re.IGNORECASE) is not None


def denies_being_an_ai(text: str, language: str) -> bool:
    """Whether the text says that she is human, or no AI."""
    return re.search(_DENIED[language], text, re.IGNORECASE) is not None
