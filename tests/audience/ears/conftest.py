"""A toy of a Whisper for all tests of the ears: building one costs seconds."""

import pytest

from benchmarks.scripted_whisper import build

TOY_SAYS = "wie teuer ist die Kanne"


@pytest.fixture(scope="session")
def toy_whisper(tmp_path_factory):
    """The folder of a model that says one German sentence whatever it hears."""
    return build(tmp_path_factory.mktemp("whisper"), TOY_SAYS, language="de")
