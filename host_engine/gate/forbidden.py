"""What nobody may say: the host's own experience, invented scarcity and reviews, superlatives, medical claims."""

from __future__ import annotations

from host_engine.gate.case import Case
from host_engine.gate.index import categories_of, category_text
from host_engine.gate.lists import Rule
from host_engine.gate.phrases import Hit


def judge(case: Case) -> None:
    """Stop what the lists forbid, each rule once a text."""
    done: set[Rule] = set()
    for rule, hit in case.rules():
        if rule in done or _excused(case, rule, hit):
            continue
        done.add(rule)
        case.stop(rule.rule, hit.first, hit.end, rule.why)


def _excused(case: Case, rule: Rule, hit: Hit) -> bool:
    if rule.categories and not _of_category(case, rule, hit):
        return True
    clause = case.tokens[hit.first].clause
    excuses = case.language.unless.get(rule)
    if excuses and any(case.tokens[each.first].clause == clause for each in excuses.find(case.tokens)):
        return True
    if not rule.backed:
        return False
    words = f" {case.folded(hit.first, hit.end)} "
    return any(words in page.text for page in case.pages(case.subjects(hit.first)))


def _of_category(case: Case, rule: Rule, hit: Hit) -> bool:
    """Whether what is spoken of belongs to a category of the rule; without a product, whether the shop sells any."""
    wanted = set(rule.categories)
    products = case.catalog_products(case.subjects(hit.first))
    if not products:
        return bool(wanted & case.index.categories)
    for product in products:
        kind = category_text(product)
        if wanted & categories_of(kind) or any(word.casefold() in kind for word in rule.categories):
            return True
    return False
