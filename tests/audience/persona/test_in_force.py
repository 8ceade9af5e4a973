"""A persona may be edited while the show is on air; a file that goes bad changes nothing."""

import asyncio
import os

import numpy as np
import pytest
from until import until

from host_engine.audience.persona.in_force import PersonaInForce
from host_engine.document import Problems

GOOD = "name: Leo\nknowledge: [a.md]\nphrases:\n  bridge: {en: [One moment.]}\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "persona.yaml").write_text(GOOD)
    (tmp_path / "a.md").write_text("# Pots\nPots are made of clay.\n")
    return tmp_path


def changed(file, text, at):
    """Written anew, at another time: the clock of a file system may be coarse."""
    file.write_text(text)
    os.utime(file, ns=(at, at))


def test_a_changed_file_is_in_force_at_the_next_look(folder):
    persona = PersonaInForce(folder)
    assert not persona.look()
    changed(folder / "persona.yaml", GOOD.replace("One moment", "Let me see"), 10**18)
    assert persona.look()
    assert persona.phrase("bridge", "en") == ("Let me see.",)
    assert not persona.look()
    changed(folder / "a.md", "# Pots\nPots are made of glass.\n", 10**18)
    assert persona.look()
    assert persona.knowledge.passages[0].text == "Pots are made of glass."
    assert persona.status()["changes"] == 2


def test_a_file_that_goes_bad_leaves_the_old_one(folder, caplog):
    persona = PersonaInForce(folder)
    for at, bad in enumerate(("name: [", "", "name: <b>\n", GOOD.replace("a.md", "b.md"))):
        changed(folder / "persona.yaml", bad, 10**18 + at)
        assert not persona.look()
        assert persona.name == "Leo"
        assert persona.phrase("bridge", "en") == ("One moment.",)
        assert "persona.yaml:" in persona.status()["problems"][0]
    assert "The persona stays as it was" in caplog.text
    caplog.clear()
    assert not persona.look()
    assert not caplog.text, "the same problem is said once"
    (folder / "b.md").write_text("The note is there now.")
    assert persona.look()
    assert persona.status()["problems"] == []


def test_a_file_that_is_gone_leaves_the_old_one(folder):
    persona = PersonaInForce(folder)
    (folder / "persona.yaml").unlink()
    assert not persona.look()
    assert persona.name == "Leo"
    (folder / "a.md").unlink()
    assert not persona.look()
    assert persona.knowledge.find("what are pots made of")


def test_a_bad_file_at_the_start_is_told(folder):
    (folder / "persona.yaml").write_text("name: 7\nage: 30\n")
    with pytest.raises(Problems, match="age"):
        PersonaInForce(folder)


async def test_the_watch_learns_and_looks(folder):
    def vectors(texts):
        return np.ones((len(texts), 1), np.float32)

    persona = PersonaInForce(folder, vectors)
    watch = asyncio.create_task(persona.watch(0.01))
    await until(lambda: persona.knowledge.learnt)
    changed(folder / "persona.yaml", GOOD.replace("Leo", "Ann"), 10**18)
    await until(lambda: persona.name == "Ann" and persona.knowledge.learnt)
    watch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watch
