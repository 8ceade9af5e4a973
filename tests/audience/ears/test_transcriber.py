import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
from spoken import RATE, speaker
from until import until

from host_engine.audience.ears.transcriber import EarsBusy, EarsLost, TranscriberProcess
from host_engine.audience.transcript import DeafError
from host_engine.show.catalog import load_catalog
from host_engine.supervise import supervise

ROOT = Path(__file__).parents[3]
SECOND = np.full(RATE, 0.1, np.float32)
TEA = load_catalog(ROOT / "product_catalogs" / "tea")


@contextlib.asynccontextmanager
async def at_work(ears):
    """Run under supervision, as in the engine, and end."""
    job = asyncio.create_task(supervise("ears", ears.run, first=0.05, longest=0.2))
    try:
        yield ears
    finally:
        job.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await job


def fake(monkeypatch, way, **about):
    monkeypatch.setenv("FAKE_EARS", way)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    return TranscriberProcess(module="fake_ears", **about)


async def ready(ears, seconds=60.0):
    await until(lambda: ears.status()["state"] == "ready", seconds)


async def test_an_utterance_is_heard_and_counted(monkeypatch):
    async with at_work(fake(monkeypatch, "well")) as ears:
        await ready(ears)
        said = await ears.hear(SECOND)
        assert (said.text, said.by, said.refused, said.seconds) == ("how much is the tea", "fake", "", 1.0)
        status = ears.status()
        assert (status["at_work"], status["heard"], status["waiting"], status["starts"]) == ("fake", 1, 0, 1)


async def test_utterances_wait_for_ears_that_are_starting(monkeypatch):
    async with at_work(fake(monkeypatch, "well")) as ears:
        await until(lambda: ears.status()["state"] == "starting")
        assert (await ears.hear(SECOND)).text == "how much is the tea"


async def test_nothing_is_silence_and_too_much_is_cut(monkeypatch):
    async with at_work(fake(monkeypatch, "well", longest=2.0)) as ears:
        await ready(ears)
        assert (await ears.hear(SECOND[:0])).refused == "silence"
        assert (await ears.hear(np.tile(SECOND, 60))).seconds == 3.0


@pytest.mark.parametrize("language", ["x" * 1_000_000, "\0", "en; rm -rf", "🫖", ""])
async def test_a_language_that_is_none_is_left_out(monkeypatch, language):
    async with at_work(fake(monkeypatch, "well")) as ears:
        await ready(ears)
        assert (await ears.hear(SECOND, language)).text == "how much is the tea"


async def test_what_cannot_be_told_costs_one_utterance_at_most(monkeypatch):
    ears = fake(monkeypatch, "well")
    ears.words(None)  # no catalog at all
    async with at_work(ears):
        await ready(ears)
        ears._catalog = object()
        ears._send_words()
        assert (await ears.hear(SECOND.astype(np.float64)[:, None])).text == "how much is the tea"


async def test_an_echo_is_refused(monkeypatch):
    ears = fake(monkeypatch, "well", on_air=lambda: ("And how much is the tea? It costs twelve pounds.",))
    async with at_work(ears):
        await ready(ears)
        assert (await ears.hear(SECOND)).refused == "echo"
        assert ears.status()["refused"] == {"echo": 1}


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("dies", "exit status 9"),
        ("garbage", "cannot be understood"),
        ("nonsense", "said nonsense"),
    ],
)
async def test_a_worker_that_goes_wrong_costs_one_utterance_and_is_started_again(monkeypatch, way, why):
    async with at_work(fake(monkeypatch, way)) as ears:
        await ready(ears)
        first = ears.status()["pid"]
        with pytest.raises(DeafError, match=why):
            await ears.hear(SECOND)
        monkeypatch.setenv("FAKE_EARS", "well")
        await until(lambda: ears.status()["starts"] >= 2 and ears.status()["state"] == "ready", 60)
        await until(lambda: not psutil.pid_exists(first), 20)
        with contextlib.suppress(DeafError):  # it may have been started before the way was changed
            await ears.hear(SECOND)
        await ready(ears)
        assert (await ears.hear(SECOND)).text == "how much is the tea"
        assert ears.status()["lost"] >= 1


async def test_one_that_says_nothing_any_more_is_ended_and_who_waits_is_heard_by_the_next(monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_EARS_ONCE", str(tmp_path / "once"))
    async with at_work(fake(monkeypatch, "stops", silent=1.0)) as ears:
        await ready(ears)
        lost, waits = (asyncio.create_task(ears.hear(SECOND)) for _ in range(2))
        with pytest.raises(DeafError, match="no sign of life"):
            await lost
        assert (await waits).text == "how much is the tea"


async def test_one_that_lives_but_hangs_misses_its_deadline(monkeypatch):
    async with at_work(fake(monkeypatch, "beats but hangs", deadline=lambda seconds: 0.5)) as ears:
        await ready(ears)
        with pytest.raises(DeafError, match="took too long"):
            await ears.hear(SECOND)


async def test_an_utterance_that_fails_harms_no_other(monkeypatch):
    async with at_work(fake(monkeypatch, "fails")) as ears:
        await ready(ears)
        for _ in range(2):
            with pytest.raises(DeafError, match="out of memory"):
                await ears.hear(SECOND)
        assert ears.status()["starts"] == 1


async def test_a_full_queue_refuses(monkeypatch):
    async with at_work(fake(monkeypatch, "beats but hangs")) as ears:
        await ready(ears)
        waiting = [asyncio.create_task(ears.hear(SECOND)) for _ in range(7)]
        await until(lambda: ears.status()["waiting"] == 7)
        with pytest.raises(EarsBusy, match="in a moment"):
            await ears.hear(SECOND)
        for each in waiting:  # viewers who went away are forgotten
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert ears.status()["waiting"] == 1


async def test_without_a_worker_one_is_told_at_once(monkeypatch):
    ears = fake(monkeypatch, "dies at once")
    with pytest.raises(DeafError, match="starting"):
        await ears.hear(SECOND)
    with pytest.raises(EarsLost, match="exit status 3"):
        await ears.run()
    with pytest.raises(DeafError, match="exit status 3"):
        await ears.hear(SECOND)
    assert ears.status()["state"] == "away"


async def test_a_language_that_is_not_understood_is_told_with_its_cure(monkeypatch):
    async with at_work(fake(monkeypatch, "well", language="de")) as ears:
        await ready(ears)
        with pytest.raises(DeafError, match="understands English only, not German"):
            await ears.hear(SECOND)
        assert (await ears.hear(SECOND, "en-GB")).text
        assert "multilingual Whisper model" in ears.status()["note"]


async def test_the_words_of_the_catalog_are_sent_now_and_to_each_new_worker(monkeypatch):
    ears = fake(monkeypatch, "dies")
    ears.words(TEA)
    async with at_work(ears):
        await until(lambda: ears.status()["shop"], 60)
        ears._shop = {}
        with pytest.raises(DeafError):
            await ears.hear(SECOND)
        await until(lambda: ears.status()["shop"], 60)


async def test_the_real_worker_hears_with_pocketsphinx_stands_aside_and_ends_at_once(tmp_path, monkeypatch):
    say = speaker()
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    ears = TranscriberProcess("auto", folder=tmp_path)
    ears.words(TEA)
    async with at_work(ears):
        await until(lambda: ears.status()["shop"] and ears.status()["state"] == "ready", 90)
        said = await ears.hear(say("How much is the Sencha green tea?"))
        assert "sencha" in said.text
        assert (said.by, said.language, said.refused) == ("pocketsphinx", "en", "")
        assert ears.status()["why"] == "auto: no Whisper model is on this machine"
        process = psutil.Process(ears.status()["pid"])
        assert process.nice() >= 10
        process.send_signal(signal.SIGTERM)
        await until(lambda: ears.status()["starts"] == 2, 20)
        process = psutil.Process(ears.status()["pid"] or os.getpid())
    await until(lambda: not psutil.pid_exists(process.pid) or process.pid == os.getpid(), 20)


async def test_the_real_worker_loads_a_whisper_model_from_a_folder(toy_whisper):
    ears = TranscriberProcess(f"whisper:./{toy_whisper.name}", folder=toy_whisper.parent)
    async with at_work(ears):
        await ready(ears, 90)
        said = await ears.hear(np.tile(SECOND, 3))
        assert (said.text, said.language, said.by) == ("wie teuer ist die Kanne", "de", "whisper:model")
        assert str(toy_whisper) in ears.status()["why"]


async def test_a_model_that_is_none_leaves_the_fallback_and_the_reason(tmp_path):
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_text("{}")
    async with at_work(TranscriberProcess(f"whisper:{folder}")) as ears:
        await ready(ears, 90)
        assert ears.status()["at_work"] == "pocketsphinx"
        assert f"{folder} cannot be used" in ears.status()["why"]


def alive(process):
    """Whether it runs: one that has ended may still be listed, where nobody asks how it ended."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


PARENT = """
import asyncio, sys
from pathlib import Path
from host_engine.audience.ears.transcriber import TranscriberProcess
async def main():
    ears = TranscriberProcess("pocketsphinx")
    job = asyncio.create_task(ears.run())
    while ears.status()["state"] != "ready":
        await asyncio.sleep(0.05)
    print(ears.status()["pid"], flush=True)
    await job
asyncio.run(main())
"""


def test_the_worker_ends_with_an_engine_that_was_killed():
    engine = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    worker = psutil.Process(int(engine.stdout.readline()))
    assert alive(worker)
    engine.kill()
    engine.wait()
    asyncio.run(until(lambda: not alive(worker), 20))
