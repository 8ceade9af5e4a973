"""A shop tells a channel that is on air: the page follows, the host says it, and the as-run log has a row for it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from asked_channel import Channel

from host_engine.commerce.signatures import SIGNATURE, TIMESTAMP, sign

pytestmark = pytest.mark.alone

SECRET = "a secret that only the shop has"


def tell(channel: Channel, secret: str = SECRET, **event: Any) -> tuple[int, Any]:
    body, at = json.dumps(event).encode(), int(time.time())
    headers = {"Content-Type": "application/json", TIMESTAMP: str(at), SIGNATURE: sign(secret, at, body)}
    try:
        request = urllib.request.Request(channel.address + "/api/commerce", body, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_shop_tells_a_channel_on_air(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    thanks = {"orders": 2, "texts": ["{count} orders in the last {within}: thank you!"]}
    operator = {"console": False, "commerce": {"secret_env": "SHOP_SECRET", "thanks": thanks}}
    channel = Channel(tmp_path, operator=operator)
    try:
        prices = lambda: {each["id"]: each for each in channel.get("/api/products")["products"]}  # noqa: E731
        status, receipt = tell(channel, id="p-1", type="price", product="kettle", price="61.23 GBP")
        assert (status, receipt["state"]) in ((200, "in_force"), (202, "accepted"))
        channel.wait(lambda: prices()["kettle"]["price"] == "£61.23")
        status, refused = tell(channel, "another secret, and a wrong one", id="p-2", type="sold_out", product="kettle")
        assert (status, "signature is wrong" in refused["detail"]) == (401, True)
        assert tell(channel, id="p-1", type="price", product="kettle", price="1.00 GBP")[0] == 409
        coupon = {"code": "TEA10", "text": "With TEA10 you get 10 % off.", "until": _soon(), "say": False}
        status, told = tell(channel, id="c-1", type="coupon", **coupon)
        assert (status, told["state"]) == (200, "on_air"), told
        for n in range(2):
            assert tell(channel, id=f"o-{n}", type="order", products=[{"product": "kettle"}])[0] == 200
        channel.wait(lambda: channel.get("/status")["operator"]["commerce"]["thanks"] == 1)
        channel.wait(lambda: "orders" in backed(channel))
        assert prices()["kettle"]["price"] == "£61.23"
    finally:
        channel.end()
    outcomes = {(row["details"].get("action"), row["details"].get("outcome", "")[:16]) for row in channel.rows()}
    assert ("commerce price", "in_force") in outcomes
    assert ("commerce price", "It was taken alr") in outcomes
    assert ("commerce webhook", "The signature is") in outcomes


def backed(channel: Channel) -> set[str]:
    """The fields that backed what has been said, as the as-run log has it."""
    return {each[1] for row in channel.rows() for each in row["details"].get("evidence", ())}


def _soon() -> str:
    return time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(time.time() + 86_400))
