"""What the HTTP side answers, to good requests and to bad ones."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from host_engine.control.api import PAGES, SDP, TRICKLE, make_app
from host_engine.control.now import Now, Product


class Refused(ValueError):
    status = 503


class Room:
    """Stands for the viewers of a channel."""

    def __init__(self) -> None:
        self.inside: set[str] = set()
        self.fragments: list[str] = []

    async def offer(self, sdp: str) -> tuple[str, str]:
        if sdp == "full":
            raise Refused("All places are taken.")
        if not sdp.startswith("v=0"):
            raise ValueError("The offer is not SDP.")
        self.inside.add("abc")
        return "abc", "v=0 answer"

    async def trickle(self, name: str, fragment: str) -> None:
        if name not in self.inside:
            raise KeyError(name)
        self.fragments.append(fragment)

    async def leave(self, name: str) -> None:
        self.inside.remove(name)


class Site:
    """An app, and what stands behind it."""

    def __init__(self, folder: Path) -> None:
        self.room, self.healthy, self.folder = Room(), True, folder
        (folder / "cup.png").write_bytes(b"picture")
        product = Product("Cup", "15.00 €", "12.00 €", "-20 %", "Lume", "https://shop.example/cup", folder / "cup.png")
        self.now = Now("Casa Lume", "de", product=product)
        self.app = make_app(
            lambda: {"frame": 7, "path": Path("x")},
            lambda: self.healthy,
            lambda: [b"frames 7\n"],
            self.room,
            lambda: self.now,
            origin="https://embedding.example",
        )
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://channel")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    site = Site(tmp_path)
    async with site.http:
        yield site


async def watch(site: Site) -> httpx.Response:
    return await site.http.post("/whep", content="v=0", headers={"Content-Type": SDP})


async def test_watching_follows_whep(site: Site) -> None:
    answer = await watch(site)
    assert (answer.status_code, answer.text) == (201, "v=0 answer")
    assert answer.headers["Content-Type"].startswith(SDP)
    assert answer.headers["Accept-Patch"] == TRICKLE
    assert "Location" in answer.headers["Access-Control-Expose-Headers"]
    session, tag = answer.headers["Location"], answer.headers["ETag"]
    trickled = await site.http.patch(session, content="a=mid:0", headers={"Content-Type": TRICKLE, "If-Match": tag})
    assert (trickled.status_code, site.room.fragments) == (204, ["a=mid:0"])
    assert (await site.http.delete(session)).status_code == 200
    assert site.room.inside == set()
    assert (await site.http.delete(session)).status_code == 404


@pytest.mark.parametrize(
    ("content", "headers", "status", "sentence"),
    [
        ("nonsense", {"Content-Type": SDP}, 400, "The offer is not SDP."),
        ("full", {"Content-Type": SDP}, 503, "All places are taken."),
        ("v=0", {"Content-Type": "application/json"}, 415, "Content-Type must be application/sdp."),
        ("v=0", {}, 415, "Content-Type must be application/sdp."),
        ("v" * 70_000, {"Content-Type": SDP}, 413, "The request is longer than 64 KB."),
        (b"\xff\xfe", {"Content-Type": SDP}, 400, "The request is no UTF-8 text."),
    ],
)
async def test_a_bad_offer_gets_a_sentence(site: Site, content, headers, status: int, sentence: str) -> None:
    answer = await site.http.post("/whep", content=content, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (status, sentence)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "https://embedding.example"
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": TRICKLE, "If-Match": '"another"'}, 412),
        ({"Content-Type": TRICKLE}, 204),
    ],
)
async def test_a_trickle_is_checked(site: Site, headers, status: int) -> None:
    session = (await watch(site)).headers["Location"]
    assert (await site.http.patch(session, content="a=mid:0", headers=headers)).status_code == status


async def test_an_unknown_session_is_404(site: Site) -> None:
    for answer in (
        await site.http.patch("/whep/nobody", content="", headers={"Content-Type": TRICKLE}),
        await site.http.delete("/whep/nobody"),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such session; it may have ended.")


async def test_other_sites_may_ask_beforehand(site: Site) -> None:
    for path in ("/whep", "/whep/abc"):
        answer = await site.http.options(path)
        assert (answer.status_code, answer.headers["Accept-Post"]) == (204, SDP)
        assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_other_methods_are_405(site: Site, method: str) -> None:
    answer = await site.http.request(method, "/whep")
    assert (answer.status_code, answer.json()["detail"]) == (405, f"{method} is not possible here.")


async def test_the_page_knows_what_is_on_air(site: Site) -> None:
    answer = await site.http.get("/api/now")
    now = answer.json()
    assert (now["shop"], now["language"], now["on_air"]) == ("Casa Lume", "de", True)
    assert now["product"]["sale_price"] == "12.00 €"
    assert now["product"]["link"] == "https://shop.example/cup"
    picture = await site.http.get(now["product"]["picture"])
    assert (picture.content, picture.headers["Content-Type"]) == (b"picture", "image/png")
    again = await site.http.get("/api/now", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    site.now = replace(site.now, product=None)
    later = await site.http.get("/api/now", headers={"If-None-Match": answer.headers["ETag"]})
    assert later.json()["product"] is None


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//evil", "http://[", "ftp://a/b", ""])
async def test_a_product_links_to_the_web_or_nowhere(site: Site, link: str) -> None:
    site.now = replace(site.now, product=Product("Cup", "15 €", link=link))
    assert (await site.http.get("/api/now")).json()["product"]["link"] is None


@pytest.mark.parametrize("file", ["secret.txt", "missing.png"])
async def test_only_pictures_are_given_an_address(site: Site, file: str) -> None:
    (site.folder / "secret.txt").write_text("secret")
    site.now = replace(site.now, product=Product("Cup", "15 €", picture=site.folder / file))
    assert (await site.http.get("/api/now")).json()["product"]["picture"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/static/../api.py",
        "/static/..%2fapi.py",
        "/static/%2e%2e/%2e%2e/config.py",
        "/pictures/..%2f..%2fetc%2fpasswd",
        "/pictures/%2fetc%2fpasswd",
        "/pictures/cup.png",
        "/nothing",
    ],
)
async def test_no_path_leads_out(site: Site, path: str) -> None:
    answer = await site.http.get(httpx.URL("http://channel").copy_with(raw_path=path.encode()))
    assert answer.status_code == 404


async def test_health_follows_the_frames(site: Site) -> None:
    assert (await site.http.get("/healthz")).status_code == 200
    site.healthy = False
    answer = await site.http.get("/healthz")
    assert (answer.status_code, answer.json()["detail"]) == (503, "No frames are leaving.")


async def test_status_and_figures_are_read(site: Site) -> None:
    assert (await site.http.get("/status")).json() == {"frame": 7, "path": "x"}
    figures = await site.http.get("/metrics")
    assert figures.text == "frames 7\n"
    assert figures.headers["Content-Type"].startswith("text/plain; version=")
    assert "/whep" in (await site.http.get("/openapi.json")).json()["paths"]


async def test_a_fault_of_ours_is_said_without_details(site: Site) -> None:
    site.now = None
    answer = await site.http.get("/api/now")
    assert (answer.status_code, answer.json()["detail"]) == (500, "Something went wrong on our side; it is in the log.")


async def test_everything_served_is_local_and_without_inline_scripts(site: Site) -> None:
    page = await site.http.get("/")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in page.text
    assert " style=" not in page.text
    for file in PAGES.iterdir():
        served = await site.http.get(f"/static/{file.name}")
        assert served.status_code == 200
        assert served.headers["Content-Security-Policy"] == policy
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text


def test_every_word_of_the_page_is_there_in_every_language() -> None:
    words = (PAGES / "words.js").read_text()
    languages = words[: words.index("\n};")].split("\n  },\n")
    keys = [set(re.findall(r'(\w+): "', each)) for each in languages]
    assert [len(each) > 20 for each in keys] == [True] * 6
    assert all(each == keys[0] for each in keys)
    assert set(re.findall(r'data-(?:say|label|hint)="(\w+)"', (PAGES / "index.html").read_text())) <= keys[0]


async def test_head_is_get_without_the_body_and_nothing_redirects(site: Site) -> None:
    for path in ("/", "/healthz", "/status", "/metrics", "/api/now"):
        answer = await site.http.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path
    assert (await site.http.get("/static", headers={"Host": "evil.example"})).status_code == 404
    assert (await site.http.post("/whep/")).status_code in (404, 405)
