"""Fetching a trace from a running channel into a file."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

PATIENCE = 30.0  # seconds without a byte


class Fetched(NamedTuple):
    """What a trace that was fetched holds."""

    frames: int
    late: int


def fetch(url: str, seconds: float, path: Path) -> Fetched:
    """Write the last seconds of the channel at `url` to `path`, compressed where the name ends in .gz.

    Raises OSError with a sentence when there is no channel, it refuses, or the file cannot be written.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"'{url}' is no address of a channel; write it like http://127.0.0.1:8080")
    body = _get(f"{url.rstrip('/')}/api/trace?seconds={seconds:g}", url)
    try:
        about = json.loads(body)["otherData"]
        found = Fetched(int(about["frames"]), int(about["late"]))
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"what answers at {url} sent no whole trace; is it a host-engine channel?") from error
    path.write_bytes(gzip.compress(body, mtime=0) if path.suffix == ".gz" else body)
    return found


def _get(address: str, url: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as refused:
        raise OSError(f"{url} gave no trace: {_said(refused)}") from refused
    except urllib.error.URLError as error:
        raise OSError(f"no channel answers at {url}: {error.reason}; is it running, and is this its port?") from error
    except (OSError, HTTPException) as error:
        raise OSError(f"the channel at {url} stopped answering: {error}") from error


def _said(refused: urllib.error.HTTPError) -> str:
    """The sentence of an answer in problem+json, or the status."""
    try:
        return str(json.loads(refused.read())["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"HTTP {refused.code}"
