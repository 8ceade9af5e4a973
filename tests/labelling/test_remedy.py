"""What is done about a label that is not seen, step by step, and how it ends."""

from __future__ import annotations

from host_engine.labelling.remedy import AGAIN, OVER, Look, Remedy, Step


class Told:
    """A remedy that is told of looks two seconds apart."""

    def __init__(self) -> None:
        self.remedy, self.at = Remedy(), 0.0

    def looks(self, *what: str, of: str = "programme", lowest: Step = Step.SLATE, human: bool = False) -> list[Step]:
        steps = []
        for each in what:
            self.at += 2
            look = Look(of, own=each == "own", forced=each != "none", human=human)
            steps.append(self.remedy.consider(look, self.at, lowest))
        return steps


def test_one_picture_without_a_label_is_no_reason_to_act() -> None:
    told = Told()
    assert set(told.looks("own", "none", "own", "none", "own", "own")) == {Step.NONE}


def test_each_step_gets_the_time_to_help() -> None:
    told = Told()
    steps = told.looks("none", "none", "none", "none", "none", "none")
    assert steps == [Step.NONE, Step.IN_PLACE, Step.IN_PLACE, Step.ELSEWHERE, Step.ELSEWHERE, Step.SLATE]
    assert told.remedy.cause == "programme"


def test_what_is_forced_stays_until_the_label_is_there_by_itself() -> None:
    told = Told()
    told.looks("none", "none")
    assert set(told.looks(*["forced"] * 50)) == {Step.IN_PLACE}
    assert told.looks(*["own"] * OVER)[-1] == Step.NONE


def test_the_show_is_tried_again_after_a_slate_each_time_later() -> None:
    told = Told()
    told.looks(*["none"] * 6)
    first = told.looks(*["own"] * 40)
    assert first.count(Step.SLATE) * 2 >= AGAIN - 4
    assert told.remedy.step == Step.NONE  # it was seen again and again
    told = Told()
    told.looks(*["none"] * 6)
    assert told.looks(*["own"] * 30)[-1] == Step.ELSEWHERE
    assert told.looks("none") == [Step.SLATE]
    assert told.looks(*["own"] * 50)[-1] == Step.SLATE
    assert Step.ELSEWHERE in told.looks(*["own"] * 12)


def test_a_human_is_not_taken_off_the_air() -> None:
    told = Told()
    assert told.looks(*["none"] * 20, human=True)[-1] == Step.ELSEWHERE
    assert told.remedy.helpless == {"programme"}


def test_a_rendition_does_not_bring_the_slate_on_all() -> None:
    told = Told()
    steps = []
    for _ in range(10):
        steps += told.looks("own")
        steps += told.looks("none", of="tall", lowest=Step.ELSEWHERE)
    assert steps[-1] == Step.ELSEWHERE
    assert told.remedy.helpless == {"tall"}
    told.remedy.forget("tall")
    assert told.remedy.step == Step.NONE
    assert not told.remedy.helpless


def test_whoever_ends_the_slate_by_hand_is_not_overruled() -> None:
    told = Told()
    told.looks(*["none"] * 6)
    told.remedy.ended_by_hand(told.at)
    assert set(told.looks(*["none"] * 20)) == {Step.ELSEWHERE}
    assert told.remedy.helpless == {"programme"}
    assert told.looks(*["own"] * OVER)[-1] == Step.NONE
    assert told.looks(*["none"] * 6)[-1] == Step.SLATE


def test_pictures_that_come_back_from_elsewhere_have_more_time() -> None:
    remedy = Remedy()
    steps = [remedy.consider(Look("obs", False, False, far=True), at) for at in (0, 2, 4, 5, 7, 9)]
    assert steps == [Step.NONE, Step.IN_PLACE, Step.IN_PLACE, Step.IN_PLACE, Step.IN_PLACE, Step.ELSEWHERE]
