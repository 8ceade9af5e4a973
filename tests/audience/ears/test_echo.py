import pytest

from host_engine.audience.ears.echo import Echo

ON_AIR = (
    "The strainer is part of the pot, so there is no basket to lose.",
    "Our Sencha costs £11.90 today, instead of £14.00.",
    "Our Sencha costs eleven pounds ninety today, instead of fourteen pounds.",
    "Is the teapot dishwasher safe? Yes, it may go in the dishwasher.",
)


@pytest.mark.parametrize(
    "heard",
    [
        "the strainer is part of the pot so there is no basket to lose",
        "so there is no basket to lose",
        "the strange is part of the pot so there is no basket two lose",
        "our sensor costs eleven pounds ninety today instead of fourteen pounds",
        "no basket to lose our sencha costs 11.90 today",
    ],
)
def test_what_is_on_air_is_an_echo_even_misheard(heard):
    assert Echo(lambda: ON_AIR).repeats(heard)


@pytest.mark.parametrize(
    "heard",
    [
        "how much is the sencha",
        "is there a basket with the pot",
        "what does the teapot cost today",
        "can i put the kettle in the dishwasher",
        "thank you",
        "do you ship to germany",
        "",
    ],
)
def test_a_question_is_none(heard):
    assert not Echo(lambda: ON_AIR).repeats(heard)


def test_a_short_line_makes_no_echo_of_a_long_question():
    assert not Echo(lambda: ("Yes, it does.",)).repeats("yes it does look nice but what does it cost with shipping")
    assert not Echo().repeats("how much is the sencha")


def test_a_script_without_spaces_has_echoes_too():
    assert Echo(lambda: ("这款绿茶来自日本静冈，今天只要十二英镑。",)).repeats("这款绿茶来自日本静冈")
    assert not Echo(lambda: ("这款绿茶来自日本静冈，今天只要十二英镑。",)).repeats("红茶多少钱一罐")
