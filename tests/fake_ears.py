"""`python -m fake_ears`: a worker of the ears that behaves as FAKE_EARS says."""

from __future__ import annotations

import os
import sys
import threading
import time

from host_engine.audience.ears.aside import take_pipes
from host_engine.audience.ears.wire import Frame, packed, read

WAY = os.environ.get("FAKE_EARS", "")
HEARD = {"kind": "heard", "text": "how much is the tea", "language": "en", "no_speech": 0.0, "logprob": -0.1}
SURE = {"compression": 1.0, "sure": 1.0, "by": "fake", "took": 0.01}


def main() -> None:
    pipes, saying = take_pipes(), threading.Lock()

    def say(**said: object) -> None:
        with saying:
            pipes.said.write(packed(Frame(said)))
            pipes.said.flush()

    if WAY != "stops":
        threading.Thread(target=beat, args=[say], daemon=True).start()

    while frame := read(pipes.heard):
        match frame.kind, WAY:
            case "open", "dies at once":
                sys.exit(3)
            case "open", "never opens":
                pass
            case "open", _:
                say(kind="at_work", name="fake", why="a test", languages=["en"], fetching="")
            case "words", _:
                say(kind="words", wares=len(frame.body), lines=1, words=2, unsaid=[], left_out=0)
            case "hear", "dies":
                os._exit(9)
            case "hear", "garbage":
                os.write(pipes.said.fileno(), b"Segmentation fault (core dumped) and more of that")
            case "hear", "nonsense":
                say(kind="heard", id="?")
            case "hear", "stops" if not os.path.exists(os.environ["FAKE_EARS_ONCE"]):
                open(os.environ["FAKE_EARS_ONCE"], "w").close()
                time.sleep(600)
            case "hear", "beats but hangs":
                time.sleep(600)
            case "hear", "fails":
                say(kind="failed", id=frame.said["id"], why="out of memory")
            case "hear", _:
                say(**HEARD, **SURE, id=frame.said["id"])


def beat(say) -> None:  # type: ignore[no-untyped-def]
    while True:
        say(kind="alive")
        time.sleep(0.1)


main()
