"""`python -m host_engine.provenance.signing`: signs files, in a process of its own that stands aside.

The order is one JSON object on the standard input, so that no key is ever seen in a list of processes: `files`,
`algorithm`, `chain`, `key`, `timestamps`. Each file is answered by a line of JSON: `file`, and `error`, a sentence or
null. It goes on when nobody hears it any more: a channel that ends leaves its last file to it.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from host_engine.priority import stand_back
from host_engine.provenance.manifest import manifest
from host_engine.provenance.reading import read

MIME = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime"}
PART = ".signing"  # the end of the name of a file that is not whole yet
SPILL = 64  # megabytes of a copy from which on c2pa keeps it on the disk, not in memory
COPIES = 3  # times its size that signing a file may take on the disk, beside the file
BOX = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # the UUID of the box in which C2PA stands, near the start


def can_sign(path: Path) -> bool:
    """Whether C2PA has a place in files of that kind; in Matroska, FLV and MPEG-TS it has none."""
    return path.suffix.lower() in MIME


def parts(path: Path) -> Iterator[Path]:
    """The copies of a file that were begun, by whichever process."""
    return path.parent.glob(f".{glob.escape(path.name)}.*{PART}")


def signed(path: Path) -> bool:
    """Whether there is a manifest in the file already. Raises OSError."""
    with path.open("rb") as file:
        return BOX in file.read(512)


def sign(path: Path, algorithm: str, chain: str, key: str, timestamps: str | None, now: datetime) -> None:
    """Put a signed manifest into the file: a copy grows beside it and takes its place, with its time of change.

    Raises ValueError with a sentence where it cannot be signed, OSError where the disk does not take it. The file is
    then as it was. A file that is deleted meanwhile stays deleted.
    """
    import c2pa  # 23 MB of library that only this process loads

    growing = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    definition = manifest(read(path), path.name, now)
    _look_for_room(path)
    info = c2pa.C2paSignerInfo(algorithm.encode(), chain.encode(), key.encode(), timestamps)
    try:
        with c2pa.Signer.from_info(info) as signer, _quiet() as context, c2pa.Builder(definition, context) as builder:
            about = path.stat()
            with path.open("rb") as source, growing.open("x+b") as target:
                builder.sign(signer, MIME[path.suffix.lower()], source, target)
                target.flush()
                os.fsync(target.fileno())
        os.utime(growing, ns=(about.st_atime_ns, about.st_mtime_ns))
        growing.chmod(about.st_mode & 0o777)
        path.stat()  # deleted meanwhile, it must not come back
        growing.replace(path)
    except c2pa.C2paError as error:
        raise ValueError(f"C2PA does not take it: {error}") from error
    finally:
        growing.unlink(missing_ok=True)


def _look_for_room(path: Path) -> None:
    """So that a recording beside it does not find the disk full."""
    needed, free = COPIES * path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < needed:
        from host_engine.document.quantities import in_words  # for this sentence alone

        raise ValueError(f"signing takes {in_words(needed)} for a while, and only {in_words(free)} are free there")


def _quiet() -> Any:
    """Settings under which nothing is fetched from anywhere, and no picture is put into the manifest."""
    import c2pa

    return c2pa.Context.from_dict(
        {
            "verify": {"verify_after_sign": True, "verify_trust": False, "remote_manifest_fetch": False},
            "builder": {"thumbnail": {"enabled": False}},
            "core": {"backing_store_memory_threshold_in_mb": SPILL},
        }
    )


def main() -> None:
    """Do one order."""
    stand_back()
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")  # where memory is short, this goes and not the channel
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said = json.load(sys.stdin)
    for each in said["files"]:
        error = None
        try:
            os.environ["TMPDIR"] = str(Path(each).parent)  # c2pa keeps a copy there
            who = said["algorithm"], said["chain"], said["key"], said["timestamps"]
            sign(Path(each), *who, datetime.now(UTC))
        except (ValueError, OSError) as trouble:
            error = str(trouble)
        with contextlib.suppress(OSError):  # the channel has ended meanwhile
            print(json.dumps({"file": each, "error": error}), flush=True)


if __name__ == "__main__":
    main()
