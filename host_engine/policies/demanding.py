"""What all policies in force together ask of the AI label: one demand that the compositor can keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from host_engine.policies.finding import Finding
from host_engine.policies.rules import LabelRule, says
from host_engine.show.label_demand import WHOLE, LabelDemand, SafeArea

BETWEEN = " · "


def demand(
    rules: Iterable[LabelRule], findings: Iterable[Finding], own: str, language: str, safe: SafeArea = WHOLE
) -> LabelDemand:
    """The demand of all rules whose outcome is a forced label. `own`: the words of the label as it is now.

    The words are changed only where a finding forces them; size and corner are demanded of every scene.
    """
    forcing = [rule for rule in rules if rule.otherwise == "force"]
    forced = [each for each in findings if each.outcome == "force" and each.target is None and each.is_of_label]
    wanting = [each.rule for each in forced if isinstance(each.rule, LabelRule)]
    text = words(forcing, own, language) if any(_wordless(rule, own) for rule in wanting) else None
    letters = max((rule.letters for rule in forcing), default=0.0)
    corner = next((rule.corner for rule in forcing if rule.corner), None)
    return LabelDemand(text=text, letters=letters, corner=corner, safe=safe)


def words(rules: Sequence[LabelRule], own: str, language: str) -> str:
    """The shortest label that says what all these rules ask for: one of their own texts if it will do, else several.

    What the label says by itself is kept where a text beside it is enough.
    """
    asking = [rule for rule in rules if rule.words]
    texts = list(dict.fromkeys(_text(rule, language) for rule in asking if _wordless(rule, own)))
    every = list(dict.fromkeys([*texts, *(_text(rule, language) for rule in asking)]))
    tried = [BETWEEN.join(some) for count in range(1, len(every) + 1) for some in combinations(every, count)]
    kept = BETWEEN.join([own, *texts])
    enough = [each for each in [*tried, kept] if not any(_wordless(rule, each) for rule in asking)]
    return min(enough or [kept], key=len)


def _wordless(rule: LabelRule, text: str) -> bool:
    return bool(rule.words) and not says(text, rule.words, rule.language)


def _text(rule: LabelRule, language: str) -> str:
    """The rule's own words: in the language it asks for, else in that of the channel, else in English or any."""
    wanted = (rule.language, language, language.split("-")[0], "en", *rule.text)
    return next(rule.text[each] for each in wanted if each in rule.text)
