"""The platforms that an output can be added for at the console."""

from host_engine.channel.operators.console_at_work import platforms


def test_any_other_server_comes_first_and_each_says_how_a_stream_gets_in() -> None:
    listed = platforms()
    assert listed[0]["name"] == "custom"
    assert {"youtube", "twitch", "facebook", "tiktok", "douyin"} <= {each["name"] for each in listed}
    assert all(each["title"] and each["form"] and not each["form"].endswith(".") for each in listed)
    assert next(each for each in listed if each["name"] == "youtube")["url"].startswith("rtmps://")
    assert next(each for each in listed if each["name"] == "douyin")["url"] == ""  # each session has its own
