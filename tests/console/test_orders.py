"""An order of the console goes the way of any other client: with the session of whoever gave it."""

import asyncio

from fastapi import FastAPI, HTTPException, Request

from host_engine.console.orders import Orders, part


def page(cookie: str = "session=anna") -> Request:
    headers = [(b"host", b"127.0.0.1:8080"), (b"cookie", cookie.encode()), (b"x-forwarded-for", b"192.0.2.7")]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/console/", "headers": headers}
    return Request(scope | {"client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8080)})


def api() -> FastAPI:
    app = FastAPI()

    @app.post("/api/say")
    async def say(request: Request) -> dict:
        return {"body": await request.json(), "cookies": request.cookies, "headers": dict(request.headers)}

    @app.delete("/api/say/{id}", status_code=204)
    async def withdraw(id: str) -> None:
        if id != "a/b c":
            raise HTTPException(404, "There is no such order.")

    return app


async def test_an_order_brings_the_session_and_says_where_it_comes_from():
    orders = Orders(api(), asyncio.get_running_loop(), page())
    answered = await orders.order("POST", "/api/say", {"text": "Grüße", "when": "now"})
    assert answered.done
    assert answered.body["body"] == {"text": "Grüße", "when": "now"}
    assert answered.body["cookies"] == {"session": "anna"}
    headers = answered.body["headers"]
    assert headers["origin"] == "http://127.0.0.1:8080"
    assert headers["x-requested-with"]
    assert headers["x-forwarded-for"] == "192.0.2.7"


async def test_a_refusal_is_a_sentence_and_names_stay_one_part_of_the_path():
    orders = Orders(api(), asyncio.get_running_loop(), page())
    gone = await orders.order("DELETE", f"/api/say/{part('x')}")
    assert not gone.done
    assert gone.sentence == "There is no such order."
    nothing = await orders.order("GET", "/nowhere")
    assert (nothing.status, nothing.sentence) == (404, "Not Found")
    assert part("a/b c?#") == "a%2Fb%20c%3F%23"
