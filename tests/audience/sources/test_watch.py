"""A watched chat, in virtual time: pauses that grow, silence, lag, gaps, floods, replies at the platform's pace."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from chat_watch import Watched, asked
from virtual import run

from host_engine.audience.message import Message
from host_engine.audience.source import Heard, SourceError, Tell
from host_engine.audience.sources.chats import Chats
from host_engine.audience.sources.intake import MOST, harmless
from host_engine.audience.sources.pace import Pace, Pacer
from host_engine.audience.sources.seen import Seen

EPOCH = 1_700_000_000.0
Script = Callable[[Tell, Callable[[], None]], Awaitable[None]]


class Scripted:
    """A source whose connections are scripts, one after another; the last one again and again."""

    quiet = 60.0
    pace = Pace(2, 10.0)

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.began: list[float] = []
        self.replies: list[tuple[float, str]] = []
        self.answer: bool | Exception = True

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        self.began.append(asyncio.get_running_loop().time())
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        await script(tell, alive)

    async def reply(self, message: Message, text: str) -> bool:
        self.replies.append((asyncio.get_running_loop().time(), text))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def fails(said: str = "no way in", final: bool = False, wait: float = 0.0) -> Script:
    async def script(tell: Tell, alive: Callable[[], None]) -> None:
        raise SourceError(said, final, wait)

    return script


def lives(seconds: float, said: str = "cut") -> Script:
    """Heartbeats every 10 s for so long, then the end."""

    async def script(tell: Tell, alive: Callable[[], None]) -> None:
        end = asyncio.get_running_loop().time() + seconds
        while (left := end - asyncio.get_running_loop().time()) > 0:
            alive()
            await asyncio.sleep(min(10.0, left))
        raise SourceError(said)

    return script


def says(*heard: Heard, for_ever: bool = True) -> Script:
    async def script(tell: Tell, alive: Callable[[], None]) -> None:
        alive()
        for each in heard:
            tell(each)
        while for_ever:
            await asyncio.sleep(10)
            alive()

    return script


def play(source: object, seconds: float, then: Callable[[Watched], None] = lambda made: None) -> Watched:
    """The source under watch for so many virtual seconds; `then` looks before it ends."""

    async def work() -> Watched:
        made = Watched(source, wall=lambda: EPOCH + asyncio.get_running_loop().time())
        task = asyncio.create_task(made.watch.run())
        await asyncio.sleep(seconds)
        then(made)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return made

    return run(work())


def pauses(source: Scripted) -> list[float]:
    return [round(b - a, 3) for a, b in zip(source.began, source.began[1:], strict=False)]


def test_pauses_double_up_to_half_a_minute():
    source = Scripted(fails())
    play(source, 200)
    assert pauses(source)[:8] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_pauses_differ_by_chance():
    async def work() -> list[float]:
        source = Scripted(fails())
        made = Watched(source)
        made.watch._chance = iter([0.0, 1.0, 0.25, 0.5] * 20).__next__
        task = asyncio.create_task(made.watch.run())
        await asyncio.sleep(5)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return pauses(source)

    assert run(work())[:3] == [0.4, 1.2, 1.8]


def test_after_a_while_of_health_the_first_pause_is_short_again():
    source = Scripted(fails(), fails(), fails(), lives(100), fails(), fails())
    play(source, 110)
    assert pauses(source) == [0.5, 1, 2, 100.5, 1, 2]


def test_a_source_says_when_it_makes_sense_to_try():
    source = Scripted(fails(wait=600.0))
    play(source, 1300)
    assert pauses(source) == [600, 600]


def test_what_no_try_mends_is_an_alarm_and_not_tried():
    source = Scripted(fails("the token is wrong", final=True))
    made = play(source, 100)
    assert len(source.began) == 1
    assert made.state == "refused"
    (alarm,) = made.alarms.raised
    assert alarm.name == "chat/chat/refused"
    assert "the token is wrong" in alarm.text


def test_silence_is_a_loss_and_its_gap_is_told():
    async def silent(tell: Tell, alive: Callable[[], None]) -> None:
        alive()
        await asyncio.sleep(10_000)

    source = Scripted(silent, lives(1000))

    def look(made: Watched) -> None:
        status = made.watch.status()
        (gap,) = status["gaps"]
        assert status["state"] == "live"
        assert gap["from"] == datetime.fromtimestamp(EPOCH, UTC)
        assert gap["to"] == gap["from"] + timedelta(seconds=60.5)
        assert status["reconnects"] == 1

    play(source, 100, look)
    assert source.began == [0, 60.5]


def test_an_absence_is_an_alarm_after_five_seconds_until_it_is_back():
    told: list[tuple[float, bool]] = []
    source = Scripted(lives(20), fails(), fails(), fails(), fails(), lives(500))

    async def work() -> None:
        made = Watched(source)
        now = asyncio.get_running_loop().time
        made.alarms.hooks.append(lambda alarm: told.append((now(), alarm.over)))
        task = asyncio.create_task(made.watch.run())
        await asyncio.sleep(30)
        assert made.raised == {"chat/chat/lost"}
        assert "no way in" in made.alarms.raised[0].text
        await asyncio.sleep(30)
        assert not made.raised
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(work())
    assert told == [(25.0, False), (35.5, True)]


def test_a_chat_that_never_comes_is_an_alarm_too():
    made = play(Scripted(fails()), 6)
    assert made.raised == {"chat/chat/lost"}
    assert list(made.watch.contact.gaps) == []


def test_a_short_drop_is_a_gap_but_no_alarm():
    made = play(Scripted(lives(20), lives(100)), 60)
    assert not made.raised
    assert len(made.watch.contact.gaps) == 1


def test_repeats_after_a_reconnection_are_dropped_by_their_id():
    one, two = Heard("one", "a", id="1"), Heard("two", "a", id="2")
    made = play(Scripted(says(one, one, for_ever=False), says(one, two)), 5)
    assert made.desk.texts == ["one", "two"]
    assert made.watch.repeated == 2


def test_a_flood_drops_the_oldest_and_counts_them():
    made = play(Scripted(says(*(Heard(f"{n}", "a") for n in range(MOST + 100)))), 10)
    assert made.desk.texts == [f"{n}" for n in range(100, MOST + 100)]
    assert made.watch._intake.dropped == 100


def lagging(late: Callable[[float], float], offset: float = 0.0) -> Script:
    """A message a second, sent by a clock that differs by `offset`, heard `late(time)` seconds later."""

    async def script(tell: Tell, alive: Callable[[], None]) -> None:
        while True:
            now = asyncio.get_running_loop().time()
            tell(Heard("?", "a", sent=EPOCH + now - late(now) + offset))
            await asyncio.sleep(1)

    return script


@pytest.mark.parametrize("offset", [0.0, -3600.0, 3600.0])
def test_lag_is_told_whatever_the_platforms_clock_says(offset):
    seen: list[float] = []
    source = Scripted(lagging(lambda now: 0.3 if now < 60 else 12.0, offset))
    play(source, 90, lambda made: seen.append(made.watch.status()["lag_s"]))
    assert seen == [11.7]
    assert len(source.began) == 1


def test_much_lag_is_an_alarm_and_connects_anew_but_seldom():
    source = Scripted(lagging(lambda now: 0.0 if now < 60 else 30.0))
    made = play(source, 250)
    assert len(source.began) == 2
    assert "late" in (made.alarms.raised[0].text)
    assert made.raised == {"chat/chat/lagging"}


def test_one_message_with_a_wild_time_is_no_lag():
    async def script(tell: Tell, alive: Callable[[], None]) -> None:
        for n in range(100):
            now = EPOCH + asyncio.get_running_loop().time()
            wild = {20: 0.0, 40: now + 4000, 60: now - 4000, 80: float("nan"), 90: 1e300}
            tell(Heard("?", "a", sent=wild.get(n, now)))
            await asyncio.sleep(1)

    seen: list[float] = []
    made = play(Scripted(script), 99, lambda made: seen.append(made.watch.status()["lag_s"]))
    assert seen == [0.0]
    assert not made.raised


def test_lag_is_not_known_without_messages():
    play(Scripted(lives(1000)), 10, lambda made: made.watch.status()["lag_s"] is None or pytest.fail("known"))


def test_a_source_that_fails_in_its_own_way_is_tried_again():
    async def broken(tell: Tell, alive: Callable[[], None]) -> None:
        raise ZeroDivisionError("a bug of its own")

    async def ends(tell: Tell, alive: Callable[[], None]) -> None:
        return

    async def gives_itself_up(tell: Tell, alive: Callable[[], None]) -> None:
        raise asyncio.CancelledError

    source = Scripted(broken, ends, gives_itself_up, says(Heard("hello", "a")))
    assert play(source, 10).desk.texts == ["hello"]


def test_a_source_that_will_not_end_is_left_behind_and_not_heard_any_more():
    async def stubborn(tell: Tell, alive: Callable[[], None]) -> None:
        alive()
        for _ in range(8):
            try:
                await asyncio.sleep(50)
            except asyncio.CancelledError:
                tell(Heard("from the grave", "a"))

    source = Scripted(stubborn, says(Heard("hello", "a")))
    source.quiet = 20.0
    assert play(source, 60).desk.texts == ["hello"]


def test_nonsense_that_a_source_tells_is_counted():
    def nonsense(tell: Tell) -> None:
        tell(None)
        tell("text")
        tell(Heard(1, "a"))
        tell(Heard("x", "a", kind="shout"))
        tell(Heard("x", "a", kind=[]))
        tell(Heard("\ud800?", "a" * 999, 7))

    async def script(tell: Tell, alive: Callable[[], None]) -> None:
        nonsense(tell)
        await asyncio.sleep(30)

    made = play(Scripted(script), 5)
    assert made.watch.nonsense == 5
    (heard,) = made.desk.heard
    assert (heard.text, len(heard.viewer_id), heard.viewer_name) == ("??", 200, "7")


def test_what_is_harmless_is_cut_to_size():
    heard = harmless(Heard("x" * 1_000_000, "i" * 500, "n" * 500, buyer=1, language="e" * 99, sent=float("inf")))
    sizes = len(heard.text), len(heard.viewer_id), len(heard.viewer_name), len(heard.language or "")
    assert (sizes, heard.buyer, heard.sent) == ((4000, 200, 200, 35), False, None)


def test_a_desk_that_fails_does_not_end_the_chat():
    made = Watched(Scripted(says(Heard("one", "a"), Heard("two", "a"))))

    async def work() -> None:
        task = asyncio.create_task(made.watch.run())
        made.watch._intake._hand = lambda heard: 1 / 0
        await asyncio.sleep(5)
        assert made.watch._intake.failed == 2
        assert made.state == "live"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(work())


async def test_a_source_may_tell_from_a_thread_of_its_own():
    """On a real loop: a virtual one does not wait for threads."""

    async def threaded(tell: Tell, alive: Callable[[], None]) -> None:
        threading.Thread(target=lambda: [tell(Heard(f"{n}", "a")) for n in range(5)], daemon=True).start()
        await asyncio.sleep(60)

    made = Watched(Scripted(threaded))
    task = asyncio.create_task(made.watch.run())
    async with asyncio.timeout(20):
        while len(made.desk.heard) < 5:
            await asyncio.sleep(0.005)
    assert made.desk.texts == [f"{n}" for n in range(5)]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


# Replies


def replying(source: Scripted, count: int, seconds: float, after: float = 1.0) -> Watched:
    async def work() -> Watched:
        made = Watched(source)
        task = asyncio.create_task(made.watch.run())
        await asyncio.sleep(after)
        for n in range(count):
            made.watch.reply(asked(), f"answer {n}")
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return made

    return run(work())


def test_replies_keep_the_platforms_pace():
    source = Scripted(lives(1000))
    made = replying(source, 5, 60)
    assert [at for at, _ in source.replies] == [1, 1, 11, 11, 21]
    assert [text for _, text in source.replies] == [f"answer {n}" for n in range(5)]
    assert made.watch.replies.sent == 5


def test_replies_that_wait_too_long_are_dropped():
    source = Scripted(lives(1000))
    made = replying(source, 60, 400)
    counts = made.watch.replies.status()
    assert counts["dropped"] == 60 - len(source.replies)
    assert counts["dropped"] > 10  # those beyond 50, and those older than two minutes
    assert max(at for at, _ in source.replies) <= 121


def test_replies_wait_for_a_chat_that_is_away():
    source = Scripted(fails(), fails(), lives(1000))
    replying(source, 1, 10, after=0.1)
    assert source.replies == [(1.5, "answer 0")]


def test_replies_that_fail_are_counted_and_told():
    source = Scripted(lives(1000))
    source.answer = SourceError("the account may not write")
    made = replying(source, 6, 60)
    assert made.watch.replies.status()["failed"] == 6
    assert made.watch.replies.error == "the account may not write"
    assert made.raised == {"chat/chat/replies"}
    assert made.state == "live"


def test_a_platform_that_takes_no_replies():
    source = Scripted(lives(1000))
    source.answer = False
    assert replying(source, 2, 60).watch.replies.impossible == 2


def test_a_reply_that_hangs_is_given_up():
    source = Scripted(lives(1000))

    async def hangs(message: Message, text: str) -> bool:
        await asyncio.sleep(10_000)
        return True

    source.reply = hangs
    assert replying(source, 1, 60).watch.replies.error == "no answer within 10 s"


def test_a_reply_goes_to_the_chat_that_the_question_came_from():
    async def work() -> None:
        one, two = Watched(Scripted(lives(100)), "one"), Watched(Scripted(lives(100)), "two")
        chats = Chats([one.watch, two.watch])
        assert list(chats.jobs) == ["chat/one", "chat/two"]
        assert chats.reply(asked(source="two"), "yes")
        assert not chats.reply(asked(source="page"), "yes")
        assert not chats.reply(asked(source="two"), " ")
        assert [each["replies"]["waiting"] for each in chats.status()] == [0, 1]

    run(work())


def test_a_pace_holds_in_every_window():
    async def work() -> list[float]:
        pacer, now, times = Pacer(Pace(3, 10.0)), asyncio.get_running_loop().time, []
        for n in range(10):
            await asyncio.sleep(4 if n == 2 else 0)
            await pacer.turn()
            times.append(now())
        return times

    times = run(work())
    assert all(later - earlier >= 10 for earlier, later in zip(times, times[3:], strict=False))


def test_ids_are_forgotten_in_the_end():
    seen = Seen(3)
    assert [seen.again(each) for each in ("a", "b", "a", "c", "d", "a", "b")] == [
        False, False, True, False, False, True, False,
    ]  # fmt: skip
    assert not seen.again("")
    assert not seen.again("")
