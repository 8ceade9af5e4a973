"""What has failed is left alone, longer each time, and may come back."""

from hypothesis import given
from hypothesis import strategies as st

from host_engine.rests import FIRST, MOST, Rests


@given(st.lists(st.booleans(), max_size=30))
def test_a_rest_doubles_up_to_its_limit_and_starts_anew_after_a_success(fails: list[bool]) -> None:
    now, expected, ill = 0.0, FIRST, False
    rests = Rests(lambda: now)
    for failed in fails:
        if failed:
            assert rests.fell("it", "because") == expected
            assert rests.resting("it")
            assert rests.reasons == {"it": "because"}
            now += expected
            expected, ill = min(2 * expected, MOST), True
        else:
            assert rests.well("it") == ill
            expected, ill = FIRST, False
        assert not rests.resting("it")


def test_to_be_well_is_news_once() -> None:
    rests = Rests(lambda: 0.0)
    rests.fell("it", "because")
    assert [rests.well("it"), rests.well("it"), rests.well("another")] == [True, False, False]
    assert not rests.reasons
