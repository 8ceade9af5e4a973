"""The examples of docs/commerce.md sign as the channel wants it, and its channel file is one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from host_engine.channel_file.operating import Operator
from host_engine.commerce.event import Told
from host_engine.commerce.signatures import SIGNATURE, TIMESTAMP, signed

DOC = (Path(__file__).parent.parent / "docs" / "commerce.md").read_text()
SECRET = "0123456789abcdef0123456789abcdef"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", DOC, re.DOTALL)


@pytest.fixture
def channel() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An address, and what came there."""
    came: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"state": "in_force"}')

        def log_message(self, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", came
        server.shutdown()


def check(came: list[tuple[dict[str, str], bytes]], type: str) -> None:
    ((headers, body),) = came
    assert signed([SECRET], int(headers[TIMESTAMP]), body, headers[SIGNATURE])
    assert headers["Content-Type"] == "application/json"
    assert Told.model_validate_json(body).root.type == type


def test_the_python_example(channel: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    (example,) = blocks("python")
    environment = {"SHOP_SECRET": SECRET, "CHANNEL": channel[0]}
    done = subprocess.run(
        [sys.executable, "-c", example], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == '{"state": "in_force"}\n', done.stderr
    check(channel[1], "price")


def test_the_shell_example(channel: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    if missing := [each for each in ("sh", "curl", "openssl", "sed", "date") if not shutil.which(each)]:
        pytest.skip(f"the example in the shell needs {', '.join(missing)}")
    (example,) = blocks("sh")
    environment = {"SHOP_SECRET": SECRET, "CHANNEL": channel[0], "PATH": "/usr/bin:/bin:/usr/local/bin"}
    done = subprocess.run(
        ["sh", "-ec", example], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == '{"state": "in_force"}', done.stderr
    check(channel[1], "sold_out")


def test_the_channel_files() -> None:
    found = [Operator.model_validate(yaml.safe_load(each)["operator"]).commerce for each in blocks("yaml")]
    assert found[0].secret_env == ["SHOP_SECRET"]
    assert found[0].thanks is not None
    assert found[1].shopify is not None
    assert found[1].shopify.products == {"39072856": "sencha"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"secret_env": "not a name, but a secret"}, "NAME of an environment variable"),
        ({"thanks": {"texts": ["{count} people watch!"]}}, "a number of orders"),
        ({"thanks": {"texts": ["{orders} orders"]}}, "no field {orders}"),
        ({"thanks": {"texts": []}}, "at least 1"),
    ],
)
def test_what_is_wrong_in_the_file(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Operator.model_validate({"commerce": wrong})
