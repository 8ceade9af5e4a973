import numpy as np
import pytest

from host_engine.host.artwork import Artwork
from host_engine.host.drawing import draw_host
from host_engine.host.perform import Pose
from host_engine.host.rig import LIMITS, Mesh, Part, Rig

STRAIGHT = Pose(brow=0.0, breath=0.0)
EXTREMES = [
    Pose(yaw=0.35, pitch=0.2, roll=0.08, sway=0.1, lean=1.0, breath=1.0),
    Pose(yaw=-0.35, pitch=-0.2, roll=-0.08, sway=-0.1, lean=-1.0),
    Pose(yaw=9.0, pitch=-9.0, roll=9.0, sway=9.0, lean=-9.0, arm_swing=9.0),
]


@pytest.fixture(scope="module", params=["mira", "leo"])
def artwork(request: pytest.FixtureRequest) -> Artwork:
    palettes = {"mira": "coral", "leo": "navy"}
    return draw_host(request.param, palettes[request.param], 640)


@pytest.fixture(scope="module")
def rig(artwork: Artwork) -> Rig:
    return Rig(artwork, (artwork.width, artwork.height))


def seen(rig: Rig, pose: Pose) -> list[tuple[Part, Mesh]]:
    return [(part, mesh) for part, mesh in zip(rig.parts, rig.meshes(pose), strict=True) if mesh]


def test_straight_is_as_drawn(rig: Rig) -> None:
    for part, mesh in seen(rig, STRAIGHT):
        x0, y0, x1, y1 = part.span
        corners = mesh.nodes[[0, 0, -1, -1], [0, -1, 0, -1]] + (part.layer.x, part.layer.y)
        assert corners == pytest.approx(np.array([(x0, y0), (x1, y0), (x0, y1), (x1, y1)]), abs=0.01), part.layer.name
        assert mesh.opacity == 1


def test_only_the_resting_arms_show_at_rest(rig: Rig, artwork: Artwork) -> None:
    arms = [part.arm for part, _ in seen(rig, STRAIGHT) if part.arm]
    assert [id(arm) for arm in arms] == [id(arm) for arm in artwork.arms["rest"]]


@pytest.mark.parametrize("pose", EXTREMES)
def test_boxes_hold_all_that_shows(rig: Rig, artwork: Artwork, pose: Pose) -> None:
    for part, mesh in seen(rig, pose):
        x0, y0, x1, y1 = mesh.box
        assert 0 <= x0 < x1 <= artwork.width
        assert 0 <= y0 < y1 <= artwork.height
        height, width = part.layer.picture.shape[:2]
        across = np.linspace(part.span[0], part.span[2], part.shape[1])
        down = np.linspace(part.span[1], part.span[3], part.shape[0])
        shows = ((mesh.nodes >= 0) & (mesh.nodes <= (width, height))).all(-1)
        rows, columns = np.nonzero(shows)
        assert ((across[columns] >= x0 - 1) & (across[columns] <= x1 + 1)).all(), part.layer.name
        assert ((down[rows] >= y0 - 1) & (down[rows] <= y1 + 1)).all(), part.layer.name


def test_poses_beyond_the_limits_are_held_at_them(rig: Rig) -> None:
    far, edge = rig.meshes(Pose(yaw=9.0, roll=-9.0)), rig.meshes(Pose(yaw=LIMITS["yaw"], roll=-LIMITS["roll"]))
    for a, b in zip(far, edge, strict=True):
        assert (a is None) == (b is None)
        assert a is None or b is None or np.array_equal(a.nodes, b.nodes)


def test_the_front_turns_further_than_the_face_and_the_back_the_other_way(rig: Rig) -> None:
    moved = {}
    for (part, straight), (_, turned) in zip(seen(rig, STRAIGHT), seen(rig, Pose(yaw=0.3)), strict=True):
        change = (straight.nodes - turned.nodes)[..., 0]
        moved[part.layer.name] = float(change.flat[np.abs(change).argmax()])
    assert moved["front"] > moved["face"] > 0 > moved["back"]
    assert moved["body"] == pytest.approx(0, abs=0.01)


def test_motion_is_continuous(rig: Rig) -> None:
    path = np.linspace(-1, 1, 41)
    last = None
    for share in path:
        pose = Pose(yaw=0.4 * share, pitch=0.2 * share, roll=0.1 * share, lean=share, sway=0.1 * share)
        now = [mesh.nodes for mesh in rig.meshes(pose) if mesh]
        if last:
            assert max(np.abs(a - b).max() for a, b in zip(now, last, strict=True)) < 4
        last = now


@pytest.mark.parametrize("gesture", ["wave", "point", "present"])
def test_a_gestures_arm_comes_before_the_resting_one_goes(rig: Rig, artwork: Artwork, gesture: str) -> None:
    taking_part = [arm for arm in artwork.arms[gesture] if not any(arm is rest for rest in artwork.arms["rest"])]
    assert taking_part
    for amount in np.linspace(0, 1, 33):
        opacity = {id(part.arm): mesh.opacity for part, mesh in seen(rig, Pose(arm=gesture, arm_amount=float(amount)))}
        for arm in taking_part:
            rest = next(other for other in artwork.arms["rest"] if other.side == arm.side)
            assert max(opacity.get(id(arm), 0), opacity.get(id(rest), 0)) == 1


def test_a_full_gesture_is_as_drawn(rig: Rig, artwork: Artwork) -> None:
    for part, mesh in seen(rig, Pose(arm="present", arm_amount=1.0)):
        if part.gesture == "present":
            corner = mesh.nodes[0, 0] + (part.layer.x, part.layer.y)
            assert corner == pytest.approx(part.span[:2], abs=0.01)
