"""`python -m benchmarks.listening FILE`: an RTMP server that writes down when each packet of sound came.

Prints its port; ends with its stdin. FILE gets a line for each packet: time.monotonic() and the body in hex.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from benchmarks.lines import ROOT
from benchmarks.loopback import end_with_parent
from host_engine.outputs import chunks, flv

sys.path.append(str(ROOT / "tests"))

from scripted_rtmp import Peer, scripted

LARGEST = 1 << 22  # bytes of a picture; the engine itself never takes so much


async def main(file: Path) -> None:
    chunks.LARGEST_MESSAGE = LARGEST
    with file.open("w", buffering=1) as out:

        async def listen(peer: Peer) -> None:
            await peer.accept()
            while True:
                message = await peer.message(flv.AUDIO)
                out.write(f"{time.monotonic()} {message.body.hex()}\n")

        async with scripted(listen) as port:
            print(port, flush=True)
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main(Path(sys.argv[1])))
