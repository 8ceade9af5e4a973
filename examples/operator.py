"""Directs a channel on air: says who you are and what is on air, goes to the next line, and tells what happens.

python examples/operator.py http://127.0.0.1:8080 he_TOKEN [take]      (a token: host-engine token make anna)
"""

import json
import sys
from typing import Any

import httpx


def main(address: str, token: str, order: str = "") -> None:
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=10) as channel:
        me, show = answer(channel.get("/api/session")), answer(channel.get("/api/show"))
        line = show["on_air"] or {"line": None, "text": "(nothing is said)"}
        print(f"{me['name']}, {me['role']}, at frame {show['frame']}: {line['text']}")
        with channel.stream("GET", "/api/events", timeout=60) as events:  # a heartbeat comes every 15 s
            if order == "take":  # 409 where another line is on air by now than the one you saw
                answer(channel.post("/api/take", json={"on_air": line["line"]}))
            for each in events.iter_lines():
                if each.startswith("data: "):
                    happening = json.loads(each.removeprefix("data: "))
                    print(happening["n"], happening["what"], json.dumps(happening["data"], ensure_ascii=False))


def answer(found: httpx.Response) -> Any:
    """What a route gave; the program ends with the sentence where it refused."""
    return sys.exit(found.json()["detail"]) if found.is_error else found.json()


if __name__ == "__main__":
    main(*sys.argv[1:])
