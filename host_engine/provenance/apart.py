"""Files are signed in a process of their own: it reads and writes them whole, and a channel must not feel it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from host_engine.provenance.certificate import Identity

COMMAND = [sys.executable, "-m", "host_engine.provenance.signing"]
LONGEST = 3600.0  # seconds in which a file is signed, or it never will be


def sign_apart(path: Path, who: Identity, timestamps: str | None) -> str | None:
    """Sign a file; what went wrong, a sentence, or None. Blocks until it is done. The key is never in an argument."""
    try:
        done = subprocess.run(
            COMMAND,
            input=_order([path], who, timestamps),
            capture_output=True,
            start_new_session=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it was not done after {LONGEST:.0f} seconds"
    try:
        error = json.loads(done.stdout)["error"]
    except (ValueError, KeyError, TypeError):
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return f"the process that signs ended with {done.returncode}: {last}"
    return None if error is None else str(error)


def leave_to_sign(paths: Sequence[Path], who: Identity, timestamps: str | None) -> None:
    """Have files signed by a process that outlives this one. Does not wait for it."""
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True)
    assert child.stdin
    with child.stdin as told:
        told.write(_order(paths, who, timestamps))


def _order(paths: Sequence[Path], who: Identity, timestamps: str | None) -> bytes:
    said = {"files": [str(each) for each in paths], "algorithm": who.algorithm, "chain": who.chain, "key": who.key}
    return json.dumps(said | {"timestamps": timestamps}).encode()
