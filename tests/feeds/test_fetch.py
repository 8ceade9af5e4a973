"""What may be fetched: nothing from inside, nothing endless, and no way round it by names, redirects or rebinding."""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from feeds.picture_server import PictureServer, picture_server

from host_engine.feeds.addresses import is_public
from host_engine.feeds.fetch import Fetcher, FetchError

PUBLIC = "93.184.216.34"


@pytest.fixture
def server() -> Iterator[PictureServer]:
    with picture_server() as found:
        yield found


def loopback(host: str, port: int) -> list[str]:
    """The test's own resolver: every name of a shop lies on this machine."""
    return ["127.0.0.1"] if host.endswith(".example") else [host]


def fetcher() -> Fetcher:
    """One that takes 127.0.0.1 for a public address, and nothing else."""
    return Fetcher(look_up=loopback, permitted=lambda address: address == "127.0.0.1")


def get(address: str, with_: Fetcher | None = None, largest: int = 1000, seconds: float = 20) -> bytes:
    box = io.BytesIO()
    (with_ or fetcher()).fetch(address, box, largest, seconds)
    return box.getvalue()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.0.0.1", False), ("127.1.2.3", False),
        ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False),
        ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("fd00:ec2::254", False),
        ("::ffff:127.0.0.1", False), ("::ffff:169.254.169.254", False), (f"::ffff:{PUBLIC}", True),
        ("::127.0.0.1", False), ("64:ff9b::7f00:1", False), ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::", False),
        ("fec0::1", False), ("ff02::1", False), ("168.63.129.16", False), ("100.100.100.200", False),
        ("192.0.2.1", False), ("240.0.0.1", False), ("not an address", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://127.0.0.1/x", "no address of the public internet"),
        ("http://localhost/x", "no address of the public internet"),
        ("http://[::1]/x", "no address of the public internet"),
        ("http://[::ffff:10.0.0.1]/x", "no address of the public internet"),
        ("http://169.254.169.254/latest/meta-data/", "no address of the public internet"),
        ("http://2130706433/x", "no address of the public internet|no host"),
        ("http://0x7f.1/x", "no address of the public internet|no host"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://shop.example/x", "only http and https"),
        ("gopher://127.0.0.1/x", "only http and https"),
        ("http://user:secret@shop.example/x", "holds a password"),
        ("http:///x", "names no host"),
        ("http://shop.example:99999/x", "cannot be fetched"),
        ("http://[bad/x", "cannot be fetched"),
    ],
)
def test_what_is_not_fetched(address: str, sentence: str) -> None:
    with pytest.raises(FetchError, match=sentence):
        get(address, Fetcher())


def test_a_picture_is_fetched_by_the_name_of_its_shop(server: PictureServer) -> None:
    server.serve("/a%20b.png?v=1", b"picture")
    assert get(server.url("/a b.png?v=1")) == b"picture"
    assert server.asked == [("/a%20b.png?v=1", f"shop.example:{server.port}")]


def test_a_name_that_leads_inside_is_refused_even_beside_a_public_one() -> None:
    for found in (["10.0.0.1"], [PUBLIC, "127.0.0.1"], ["::ffff:192.168.0.1"]):
        with pytest.raises(FetchError, match="leads to"):
            get("http://shop.example/x", Fetcher(look_up=lambda host, port, found=found: found))


def test_a_name_is_looked_up_once_and_the_answer_is_where_the_connection_goes(server: PictureServer) -> None:
    """A name server that answers differently the second time leads nowhere else."""
    server.serve("/x", b"picture")
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    assert get(server.url("/x"), Fetcher(look_up=rebinding, permitted=lambda it: it == "127.0.0.1")) == b"picture"
    assert asked == ["shop.example"]


def test_redirects_are_followed_and_checked_again(server: PictureServer) -> None:
    server.serve("/end", b"picture")
    server.redirect("/here", "/end")
    server.redirect("/there", server.url("/end", "cdn.example"))
    assert get(server.url("/here")) == get(server.url("/there")) == b"picture"
    for to, sentence in (
        ("http://10.0.0.1/x", "leads to 10.0.0.1"), ("file:///etc/passwd", "only http"), ("/round", "redirects more"),
    ):  # fmt: skip
        server.redirect("/round", to)
        with pytest.raises(FetchError, match=sentence):
            get(server.url("/round"))


def test_no_more_than_allowed_is_read(server: PictureServer) -> None:
    server.serve("/told", b"x" * 5000)

    def untold(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 1000)

    server.answers["/untold"] = untold
    with pytest.raises(FetchError, match="0 MB"):
        get(server.url("/told"))
    with pytest.raises(FetchError, match="more than"):
        get(server.url("/untold"))


def test_a_server_that_sends_drop_by_drop_is_left_in_time(server: PictureServer) -> None:
    gone = threading.Event()

    def drops(request: http.server.BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not gone.wait(0.05):
            request.wfile.write(b"X-Drop: 1\r\n")

    server.answers["/drops"] = drops
    with pytest.raises(FetchError, match=r"time is over|took more than|cannot be fetched"):
        get(server.url("/drops"), seconds=0.5)
    gone.set()


def test_what_a_server_does_wrong_is_a_sentence(server: PictureServer) -> None:
    def garbage(request: http.server.BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"\x00\x01garbage\r\n\r\n")

    def short(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "500")
        request.end_headers()
        request.wfile.write(b"x")

    server.answers |= {"/garbage": garbage, "/short": short}
    for path in ("/garbage", "/short", "/missing"):
        with pytest.raises(FetchError, match=r"cannot be fetched|broke off|404"):
            get(server.url(path))
    with pytest.raises(FetchError, match=r"certificate or TLS|cannot be fetched"):
        get(server.url("/x").replace("http://", "https://"))


def test_a_certificate_must_be_that_of_the_name_that_was_asked_for(server: PictureServer, tmp_path: Path) -> None:
    """Though the connection goes to an address, the name is what the certificate is checked against."""
    server.serve("/x", b"picture")
    certificate = certified(tmp_path, "shop.example")
    server.encrypt(certificate)
    trusting = fetcher()
    trusting.trust.load_verify_locations(certificate)
    assert get(server.url("/x").replace("http:", "https:"), trusting) == b"picture"
    with pytest.raises(FetchError, match="certificate or TLS"):
        get(server.url("/x", "other.example").replace("http:", "https:"), trusting)
    with pytest.raises(FetchError, match="certificate or TLS"):
        get(server.url("/x").replace("http:", "https:"))


def certified(folder: Path, name: str) -> Path:
    """A key and its own certificate for a name, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_an_intranet_is_reached_where_somebody_says_so(server: PictureServer) -> None:
    server.serve("/x", b"picture")
    assert get(server.url("/x", "127.0.0.1"), Fetcher(private=True)) == b"picture"
