"""Whole feeds, written to the public specifications: what is taken passes check, what is not is told with its line."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest
from feeds.picture_server import picture_server
from typer.testing import CliRunner

from host_engine.commands.catalog_import import Imported, Order, import_feed
from host_engine.commands.checking import check_paths, warnings_of
from host_engine.commands.cli import app
from host_engine.document import Problems
from host_engine.feeds.feed import Wanted
from host_engine.feeds.fetch import Fetcher
from host_engine.scriptwriting.language import language_of
from host_engine.show.catalog import Catalog, load_catalog
from host_engine.show.rundown import FILE as RUNDOWN

SAMPLES = Path(__file__).parent / "samples"


def bring_in(name: str | Path, to: Path, currency: str | None = None, **order: object) -> tuple[Imported, Catalog]:
    """Import a sample without its pictures; the result has nothing wrong in it, and says nothing that is stopped."""
    settings = {"pictures": False, **order}
    source = name if isinstance(name, Path) else SAMPLES / name
    imported = import_feed(Order(str(source), to, Wanted(currency=currency), **settings), lambda what, of: lambda: None)  # type: ignore[arg-type]
    assert check_paths([to]) == []
    assert warnings_of([to]) == []
    return imported, load_catalog(to)


def told(imported: Imported) -> dict[int | None, str]:
    return {each.line: each.what for each in imported.feed.problems}


def test_a_shopify_export_as_it_was(tmp_path: Path) -> None:
    imported, catalog = bring_in("shopify_old.csv", tmp_path / "shop", "EUR")
    assert [each.id for each in catalog.products] == [
        "APR-SAND-M", "APR-SLATE-M", "APR-SLATE-L", "oak-spoon", "formula",
    ]  # fmt: skip
    sand, slate, large, spoon, towel = catalog.products
    assert (str(sand.price), str(sand.sale_price), sand.gtin) == ("52.00 EUR", "39.00 EUR", "2033800010014")
    assert [each.availability for each in catalog.products[:3]] == ["in_stock", "out_of_stock", "backorder"]
    assert (sand.title, sand.color, sand.size) == ("Linen Apron, Sand, M", "Sand", "M")
    assert sand.item_group_id == "linen-apron"
    assert sand.image_link == "https://cdn.shop.example/apron-sand.jpg"
    assert slate.image_link == "https://cdn.shop.example/apron-front.jpg?v=1"
    assert len(slate.additional_image_link) == 2
    assert large.sale_price is None
    assert (spoon.title, spoon.availability, spoon.shipping_weight) == ('Oak "Sunday" Spoon', "in_stock", "1.2 kg")
    assert "alert" not in spoon.description
    assert (towel.title, towel.mpn) == ("Tea Towel", "SUM(A1)")
    assert catalog.shop == "Hearth & Loom"
    assert told(imported) == {
        9: "it has no price",
        11: "'orphan' has no title in its first row; rows of one product must follow one another",
    }
    assert imported.feed.not_for_sale == ["line 8: 'secret-box' is left out, as its status is 'draft'"]
    segments = [each.product for each in imported.draft.segments if each.product]
    assert segments == ["APR-SAND-M", "oak-spoon", "formula"]  # of variants, one


def test_a_shopify_export_as_it_is(tmp_path: Path) -> None:
    imported, catalog = bring_in("shopify_new.csv", tmp_path / "shop", "EUR")
    pot, small, large = catalog.products
    assert (pot.id, pot.mpn, pot.custom_label_0, str(pot.price)) == ("HT-01", "HT-01-A", "bestand", "30.00 EUR")
    assert pot.description == "Ein Topf aus Steinzeug für Honig. Der Deckel lässt dem Löffel Platz."
    assert (small.availability, small.size, small.shipping_weight) == ("backorder", "20 cm", "900 g")
    assert (large.availability, large.size, large.shipping_weight) == ("in_stock", "30 cm", "1.4 kg")
    assert (imported.language, imported.feed.left_out) == ("de", 0)


def test_a_merchant_table(tmp_path: Path) -> None:
    imported, catalog = bring_in("merchant.tsv", tmp_path / "tee")
    first = catalog.products[0]
    assert (str(first.price), str(first.sale_price)) == ("15.90 EUR", "12.90 EUR")
    assert first.sale_price_effective_date is not None
    assert len(first.additional_image_link) == 2
    assert first.product_highlight == ("Aus erster Ernte", "Von Hand gepflückt")
    assert first.product_detail == ("Allgemein:Herkunft:Indien", "Allgemein:Ernte:März, April")
    assert catalog.products[1].title == "Assam kräftig & malzig"
    assert (catalog.products[2].id, catalog.products[2].title) == ("TEE-6-a", "Rooibos Vanille")
    assert {line: what.split(":")[0] for line, what in told(imported).items()} == {
        5: "the id 'TEE-2' is taken already, in line 4", 6: "availability", 7: "a preorder needs its availability_date",
        8: "price",
    }  # fmt: skip


def test_a_merchant_feed_in_rss(tmp_path: Path) -> None:
    imported, catalog = bring_in("merchant_rss.xml", tmp_path / "lampes")
    lamp, lights = catalog.products
    assert (catalog.shop, catalog.language, catalog.link) == ("Lampes & Cie", "fr-FR", "https://lampes.example")
    assert lamp.description.startswith("Une lampe de bureau en laiton, avec un bras qui se plie. Son")
    assert lamp.product_detail == ("Général:Puissance:40 W",)
    assert (lights.title, lights.availability, str(lights.price)) == ("Guirlande dorée", "backorder", "19.90 EUR")
    assert told(imported) == {34: "it has no price"}


def test_a_merchant_feed_in_atom(tmp_path: Path) -> None:
    _, catalog = bring_in("merchant_atom.xml", tmp_path / "taller")
    table, chair = catalog.products
    assert (table.link, table.material, str(table.price)) == ("https://taller.example/mesa", "haya", "120.00 EUR")
    assert (chair.availability, str(chair.price)) == ("preorder", "1250.00 EUR")
    assert (catalog.shop, catalog.language) == ("Taller Norte", "es")


def test_a_page_with_jsonld(tmp_path: Path) -> None:
    imported, catalog = bring_in("page.html", tmp_path / "bottega")
    assert [each.id for each in catalog.products] == ["CAF-3", "TAZ-B", "TAZ-R"]
    pot, _, red = catalog.products
    assert (str(pot.price), str(pot.sale_price), pot.product_weight) == ("29.90 EUR", "24.90 EUR", "0.45 kg")
    assert (red.availability, red.item_group_id, catalog.shop) == ("out_of_stock", "TAZZA", "Bottega Alba")
    assert sorted(told(imported)) == [19, 25, 29]


def test_a_list_in_json(tmp_path: Path) -> None:
    _, catalog = bring_in("list.json", tmp_path / "walks")
    assert [(each.id, str(each.price)) for each in catalog.products] == [("WS-1", "35.00 GBP"), ("SOX", "12.00 GBP")]


LANGUAGES = {
    "en": "It is made for the kitchen and the garden.", "de": "Es ist für die Küche und den Garten gemacht.",
    "it": "È fatto per la cucina e per il giardino.", "fr": "C'est fait pour la cuisine et pour le jardin.",
    "es": "Está hecho para la cocina y para el jardín.",
    "pt": "Não é grande, mas foi feito para a cozinha e para uma casa com jardim.",
    "nl": "Het is gemaakt voor de keuken en voor de tuin.",
}  # fmt: skip
POLICIES = "shipping: X y z.\nreturns: X y z.\nwarranty: X y z.\npayment: X y z.\ncontact: X y z.\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rundown_in_every_language_says_first_that_the_host_is_an_ai(language: str, tmp_path: Path) -> None:
    rows = [
        "id\ttitle\tdescription\tprice\tsale price\tavailability\tavailability date\tbrand\tcolor\tmaterial\tsize",
        *(
            f"{n}\tModell {n} Kobo\t{LANGUAGES[language]}\t15.00 EUR\t9.00 EUR\tin stock\t\tKobo\trot\tHolz\tM"
            for n in range(3)
        ),
        f"x\tModell X\t{LANGUAGES[language]}\t5 EUR\t\tout of stock\t\t\t\t\t",
        f"y\tModell Y\t{LANGUAGES[language]}\t5 EUR\t\tpreorder\t2027-05-01\t\t\t\t",
    ]
    (tmp_path / "feed.tsv").write_text("\n".join(rows))
    (tmp_path / "policies.yaml").write_text(POLICIES)
    imported, catalog = bring_in(
        tmp_path / "feed.tsv", tmp_path / "shop", policies=tmp_path / "policies.yaml", language=language
    )
    draft = imported.draft
    assert draft.segments[0].lines[1].about == "disclosure"
    assert [each.product for each in draft.segments if each.product] == [each.id for each in catalog.products]
    about = {line.about for segment in draft.segments for line in segment.lines}
    assert about >= {"greeting", "disclosure", "name", "price", "act", "state", "shipping", "pause", "closing"}
    assert all(len(line.variants) >= 2 for each in draft.segments for line in each.lines if line.by == "template")
    assert not draft.unsaid
    assert language_of([LANGUAGES[language]] * 3) == language


def test_what_nobody_may_say_is_in_no_rundown(tmp_path: Path) -> None:
    rows = [
        "id,title,description,price,availability",
        "a,Balm,It cures eczema in two days and heals the skin. It comes in a small tin for the pocket.,5 EUR,in stock",
        'b,"Hurry up, last chance Tea",It is a tea.,5 EUR,in stock',
        "c,{price} Cup {oops},A cup with {title} on it and nothing else.,5 EUR,in stock",
        "e,SUPER SALE 50% OFF Shirt,A shirt of cotton for every day.,5 EUR,in stock",
        "f," + "Soft blue shirt of cotton for men and women " * 3 + ",A shirt of cotton for every day.,5 EUR,in stock",
        "d," + "Donaudampfschifffahrt" * 6 + ",A cup that is called so and nothing else.,5 EUR,in stock",
    ]
    (tmp_path / "feed.csv").write_text("\n".join(rows))
    imported, catalog = bring_in(tmp_path / "feed.csv", tmp_path / "shop", language="en")
    written = (tmp_path / "shop" / RUNDOWN).read_text()
    assert "eczema" not in written
    assert "A cup with (title) on it" in written
    assert "- It comes in a small tin for the pocket." in written
    assert catalog.products[0].selling_points == ()
    assert {"a", "c", "d", "e", "f"} <= {each.product for each in imported.draft.segments}
    lines = {each.product: " ".join(text for line in each.lines for text in line.variants)
             for each in imported.draft.segments}  # fmt: skip
    assert "{title}" not in lines["e"]
    assert "This is Soft blue shirt of cotton for." in lines["f"]
    assert any(each.text.startswith("SUPER SALE") for each in imported.draft.stopped)


def test_a_table_with_german_columns(tmp_path: Path) -> None:
    columns = "ID;Titel;Beschreibung;Bildlink;Verfügbarkeit;Preis;Marke"
    text = f"{columns}\n1;Topf;Ein Topf aus Gusseisen, der für den Herd ist.;;nicht auf Lager;19,90 EUR;Hagen\n"
    (tmp_path / "feed.csv").write_bytes(text.encode("cp1252"))
    imported, catalog = bring_in(tmp_path / "feed.csv", tmp_path / "shop")
    assert (imported.language, catalog.products[0].availability, str(catalog.products[0].price)) == (
        "de", "out_of_stock", "19.90 EUR",
    )  # fmt: skip


def test_several_currencies_in_one_feed(tmp_path: Path) -> None:
    rows = ["id,title,description,price", "a,Tea,A tea from the hills.,15 EUR", "b,Cup,A cup of clay.,1500 JPY",
            "c,Pot,A pot of iron.,1.250 KWD"]  # fmt: skip
    (tmp_path / "feed.csv").write_text("\n".join(rows))
    _, catalog = bring_in(tmp_path / "feed.csv", tmp_path / "shop", language="en")
    assert catalog.currency is None
    assert [str(each.price) for each in catalog.products] == ["15.00 EUR", "1500 JPY", "1.250 KWD"]


def test_a_folder_is_never_overwritten_and_kept_where_it_is_replaced(tmp_path: Path) -> None:
    to = tmp_path / "shop"
    bring_in("list.json", to)
    (to / "mine.txt").write_text("mine")
    with pytest.raises(Problems, match="--replace"):
        bring_in("list.json", to)
    with pytest.raises(Problems, match="no such file"):
        bring_in("missing.csv", to, replace=True)
    assert (to / "mine.txt").exists()
    imported, _ = bring_in("list.json", to, replace=True)
    assert imported.kept is not None
    assert (imported.kept / "mine.txt").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["shop", imported.kept.name]


def test_a_feed_and_its_pictures_from_an_address(tmp_path: Path) -> None:
    from feeds.test_pictures import encoded

    fetcher = Fetcher(look_up=lambda host, port: ["127.0.0.1"], permitted=lambda address: address == "127.0.0.1")
    with picture_server() as server:
        page = (SAMPLES / "page.html").read_text().replace("https://bottega.example/foto", "/foto")
        server.serve("/shop/page", gzip.compress(page.encode()), "text/html")
        server.serve("/foto/caf.jpg", encoded(".png"))
        order = Order(server.url("/shop/page"), tmp_path / "bottega")
        imported = import_feed(order, lambda what, of: lambda: None, fetcher)
        catalog = load_catalog(tmp_path / "bottega")
        assert (catalog.products[0].image_link, imported.lost) == ("pictures/CAF-3.jpg", [])
        assert catalog.products[0].link == server.url("/caffettiera")
    with pytest.raises(Problems, match="no address of the public internet"):
        import_feed(Order("http://127.0.0.1:1/feed", tmp_path / "x"), lambda what, of: lambda: None)


def test_the_command_tells_everything_and_its_status(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        found = CliRunner().invoke(app, ["catalog", "import", *arguments], env={"COLUMNS": "200"})
        return found.exit_code, found.stderr

    status, said = run(str(SAMPLES / "merchant.tsv"), "--to", str(tmp_path / "tee"), "--no-pictures")
    assert status == 3
    assert "merchant.tsv:6: TEE-3: availability: 'bald' is none of" in said
    assert "rows not taken" in said
    status, said = run(str(SAMPLES / "shopify_new.csv"), "--to", str(tmp_path / "shop"), "--no-pictures")
    assert (status, "--currency EUR" in said) == (1, True)
    assert not (tmp_path / "shop").exists()
    shopify = (str(SAMPLES / "shopify_new.csv"), "--to", str(tmp_path / "shop"), "--currency", "EUR")
    assert run(*shopify, "--no-pictures", "--limit", "1", "--shop", "Lenz")[0] == 0
    assert len(load_catalog(tmp_path / "shop").products) == 1
    for arguments, sentence in (
        (("--currency", "EURO"), "is not a currency"), (("--language", "xx"), "is not a language"),
        (("--kind", "jsonld"), "neither JSON nor a page"), (("--policies", "nothing.yaml"), "no such file"),
    ):  # fmt: skip
        status, said = run(str(SAMPLES / "merchant.tsv"), "--to", str(tmp_path / "new"), *arguments)
        assert (status, sentence in said.replace("\n", " ")) == (1, True), said
    shutil.rmtree(tmp_path / "tee")
