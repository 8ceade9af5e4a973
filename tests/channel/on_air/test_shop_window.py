"""What the viewer page shows beside the picture while the show goes on."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from host_engine.channel.gate.embargo import Embargo
from host_engine.channel.on_air.shop_window import ShopWindow
from host_engine.channel_file.config import load
from host_engine.show.change import changed, changed_product
from host_engine.show.rundown import Line
from host_engine.show.script import Show, load_show, make_card

ROOT = Path(__file__).parents[3]


@dataclass
class OnAir:
    line: Line | None = None


class Studio:
    """As much of one as the window looks at."""

    def __init__(self, show: Show) -> None:
        self.now = OnAir()
        self.playout, self.script = SimpleNamespace(now=self.now), SimpleNamespace(show=show)
        self.presenting: Any = None
        self.gatekeeper = SimpleNamespace(embargo=Embargo())


def line(show: Show, segment: str, product: str | None) -> Line:
    card = make_card(show.catalog, show.catalog.product(product), datetime.now(UTC)) if product else None
    return Line("x", "Look.", (), "en", segment, product, card=card)


def test_a_product_stays_for_its_segment_and_goes_with_it() -> None:
    show = load_show(ROOT / "product_catalogs/tea")
    studio: Any = Studio(show)
    window = ShopWindow(load(ROOT / "channel.yaml"), studio, lambda: True, lambda: 4)
    assert (window.now().product, window.now().viewers, window.now().shop) == (None, 4, "Leaf & Kettle")
    assert not window.now().filmed
    presenter = SimpleNamespace(refused=None)
    studio.presenting = SimpleNamespace(
        presenter=presenter, footage=SimpleNamespace(about=SimpleNamespace(kind="footage"))
    )
    assert window.now().filmed
    presenter.refused = "she may not be shown any more"
    assert not window.now().filmed
    studio.now.line = line(show, "teapot", "teapot")
    shown = window.now().product
    assert shown
    assert (shown.id, shown.price, shown.link) == ("teapot", "£42.00", "https://leaf-and-kettle.example/harrow-teapot")
    studio.now.line = replace(studio.now.line, card=None)
    assert window.now().product == shown
    dearer = changed_product(show.catalog, "teapot", {"price": "43.00 GBP"})
    studio.script.show = changed(show, {"teapot": dearer}, "v+1")
    assert window.now().product.price == "£43.00"
    studio.gatekeeper.embargo.recall("teapot", "Harrow Teapot")
    assert window.now().product is None
    studio.gatekeeper.embargo.restore("teapot")
    assert window.now().product
    studio.script.show = SimpleNamespace(catalog=load_show(ROOT / "product_catalogs/kueche").catalog)  # it was removed
    assert window.now().product is None
    studio.now.line = line(show, "goodbye", None)
    assert window.now().product is None
