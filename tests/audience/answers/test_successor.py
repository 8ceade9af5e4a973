"""The index of a changed catalog is the one that would be made of it anew."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_on_air import TEA_LINES, write

from host_engine.audience.answers.index import Index
from host_engine.show.change import changed, changed_product
from host_engine.show.script import load_show

PRODUCT = (
    "- {{id: p{n}, title: {title} {n}, description: A thing of {stuff}., price: {n}.00 EUR,"
    " faq: [{{questions: [Is {n} good?], answer: Yes.}}]}}\n"
)
HEAD = "name: big\nshop: Big\nlanguage: en\nproducts:\n"
TITLES = ("Kettle", "Teapot", "Mug", "Bowl", "Green Tea")
ASKED = (["kettle"], ["how", "much", "is", "the", "mug", "7"], ["green", "tea", "12"], ["lantern"], ["glass"])
CHANGES = st.sampled_from(
    [{"price": "2.50 EUR"}, {"title": "Lantern"}, {"description": "Made of glass."}, None, "back"]
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 40), CHANGES), min_size=1, max_size=4))
def test_a_successor_names_the_products_that_a_new_index_names(tmp_path: Path, steps: list[tuple[int, object]]) -> None:
    products = "".join(PRODUCT.format(n=n, title=TITLES[n % 5], stuff="clay") for n in range(1, 41))
    lines = TEA_LINES.split("- id: sencha")[0]
    base = load_show(write(tmp_path / "big", HEAD + products, lines))
    index, others = Index(base.catalog), {}
    for n, fields in steps:
        id = f"p{n}"
        others[id] = changed_product(base.catalog, id, fields) if isinstance(fields, dict) else None
        if fields == "back":
            del others[id]
        show = changed(base, others, "v")
        index, anew = index.successor(show.catalog, {id}), Index(show.catalog)
        assert index.removed == ()  # nobody speaks of what is recalled
        for tokens in ASKED:
            one, other = (each.shelf.named(tokens, "en") for each in (index, anew))
            assert [each.products for each in one] == [each.products for each in other]
        for place, product in enumerate(show.catalog.products):
            assert index.place(product.id) == anew.place(product.id) == place
            assert index.entries.of(place) == anew.entries.of(place)
        assert index.catalog is show.catalog
        assert index.shelf.products is show.catalog.products
