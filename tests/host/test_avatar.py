import numpy as np
import pytest

from host_engine.host.artwork import Artwork
from host_engine.host.avatar import NOTHING, DrawnAvatar
from host_engine.host.drawing import draw_host
from host_engine.host.features import Eyes, Features
from host_engine.host.mouths.shader import MouthShader
from host_engine.host.mouths.viseme import SHAPES
from host_engine.host.perform import Performer, Pose
from host_engine.host.plates import PixelPlates, Plates
from host_engine.host.torch_plates import Torch, TorchPlates
from host_engine.media import REST, Beat, Face, MouthShape

TALK = Face(MouthShape(0.5, 0.3, 0.0, 0.9, 0.5, 0.6), 0.5, True)
STRAIGHT = Pose()


@pytest.fixture(scope="module", params=["mira", "leo"])
def artwork(request: pytest.FixtureRequest) -> Artwork:
    palettes = {"mira": "coral", "leo": "navy"}
    return draw_host(request.param, palettes[request.param], 640)


def backdrop(artwork: Artwork, colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((artwork.height, artwork.width, 3), colour, np.uint8)


def picture(
    artwork: Artwork,
    face: Face,
    pose: Pose,
    colour: tuple[int, int, int] = (90, 160, 200),
    plates: Plates | None = None,
) -> np.ndarray:
    avatar = DrawnAvatar(artwork, plates=plates)
    avatar.stand_before(backdrop(artwork, colour))
    out = backdrop(artwork, (0, 0, 0))
    avatar.draw(face, pose, out)
    return out


def shader_of(artwork: Artwork) -> MouthShader:
    return MouthShader(artwork.mouth, artwork.anchors["mouth"], artwork.mouth_scale)


def test_a_batch_of_mouths_is_as_single_ones(artwork: Artwork) -> None:
    shader, shapes = shader_of(artwork), np.array(list(SHAPES.values()))
    batch = shader.paint(shapes)
    single = np.concatenate([shader.paint(shape[None]) for shape in shapes])
    assert np.array_equal(batch, single)
    assert batch.shape[1:] == (4, shader.box[3] - shader.box[1], shader.box[2] - shader.box[0])
    assert -1e-5 <= float(batch.min()) <= float(batch.max()) <= 1 + 1e-5
    assert bool((batch[:, :3] <= batch[:, 3:] + 1e-4).all())


def test_mouths_stay_inside_their_box(artwork: Artwork) -> None:
    painted = shader_of(artwork).paint(np.array([[1, w, r, 1, 1, s] for w in (-1, 1) for r in (0, 1) for s in (0, 1)]))
    alpha = painted[:, 3]
    for edge in (alpha[:, 0], alpha[:, -1], alpha[..., 0], alpha[..., -1]):
        assert float(edge.max()) < 0.02


def test_mouths_change_without_a_jump(artwork: Artwork) -> None:
    steps = np.linspace(0, 1, 101)
    shapes = np.array([[o, 0.3 - o, o, 0.9, 0.5, 0.7 - 0.5 * o] for o in steps])
    painted = shader_of(artwork).paint(shapes)
    assert float(abs(painted[1:] - painted[:-1]).mean((1, 2, 3)).max()) < 0.012


def test_visemes_look_different(artwork: Artwork) -> None:
    painted = shader_of(artwork).paint(np.array(list(SHAPES.values())))
    for k, one in enumerate(painted):
        for other in painted[k + 1 :]:
            assert float(abs(one - other).mean()) > 0.002


def test_shut_eyes_hide_the_iris(artwork: Artwork) -> None:
    eyes = Eyes([artwork.eyes["l"], artwork.eyes["r"]])

    def seen(openness: float) -> float:
        return float(abs(eyes.paint(openness, (-1, 0)) - eyes.paint(openness, (1, 0))).mean())

    assert seen(0.0) < 0.1 * seen(0.9)


def test_only_a_changed_face_is_painted(artwork: Artwork) -> None:
    features = Features(artwork)
    assert [len(features.paint(TALK, STRAIGHT)) for _ in range(2)] == [2, 0]
    assert features.paint(Face(REST), STRAIGHT)
    assert features.paint(Face(REST), STRAIGHT._replace(eye_open=0.2))
    assert features.paint(Face(REST), STRAIGHT._replace(eye_open=0.2, brow=1.0))


@pytest.mark.parametrize("pose", [STRAIGHT, Pose(eye_open=0.4, gaze=(0.7, -0.4), brow=0.6), Pose(gaze=(-1.0, 1.0))])
def test_numpy_and_torch_paint_the_same_face(artwork: Artwork, pose: Pose) -> None:
    by_numpy, by_torch = Features(artwork), Features(artwork, Torch("cpu"))
    for mouth in SHAPES.values():
        boxes = by_numpy.paint(Face(mouth), pose)
        assert boxes == by_torch.paint(Face(mouth), pose)
        difference = np.abs(by_numpy.texture - by_torch.texture.numpy())
        assert difference[:3].max() < 3  # of 255: OpenCV samples the iris in steps of 1/32 pixel
        assert difference[:3].mean() < 0.01
        assert difference[3].max() < 1e-4


def test_straight_she_is_the_layers_one_over_another(artwork: Artwork) -> None:
    expected = backdrop(artwork, (90, 160, 200)).astype(float)
    features = Features(artwork)
    features.paint(TALK, STRAIGHT)
    texture = features.texture[:, 24:-24, 24:-24].transpose(1, 2, 0)
    for layer in artwork.layers:
        if layer.name.startswith("brow"):
            continue
        colour, alpha = layer.picture[..., :3].astype(float), layer.picture[..., 3:] / 255
        if layer.name == "face":
            colour, alpha = texture[..., :3], 1 - texture[..., 3:]
        _lay(expected, colour, alpha, layer.x, layer.y)
        if layer.name == "body":
            for arm in artwork.arms["rest"]:
                _lay(expected, arm.layer.picture[..., :3], arm.layer.picture[..., 3:] / 255, arm.layer.x, arm.layer.y)
    assert np.abs(picture(artwork, TALK, STRAIGHT) - expected).max() <= 2


@pytest.mark.parametrize(
    "pose",
    [STRAIGHT, Pose(0.3, -0.15, 0.07, sway=0.1, lean=0.7, breath=0.6), Pose(-0.2, arm="wave", arm_amount=0.47)],
)
def test_torch_and_opencv_draw_the_same(artwork: Artwork, pose: Pose) -> None:
    by_torch = picture(artwork, TALK, pose, plates=TorchPlates("cpu")).astype(int)
    difference = np.abs(by_torch - picture(artwork, TALK, pose, plates=PixelPlates()))
    assert difference.max() <= 4
    assert np.percentile(difference, 99.9) <= 2
    assert difference.mean() < 0.15


def _lay(under: np.ndarray, colour: np.ndarray, alpha: np.ndarray, x: int, y: int) -> None:
    height, width = under.shape[:2]
    left, top = max(0, -x), max(0, -y)
    colour, alpha = (part[top : height - y, left : width - x] for part in (colour, alpha))
    place = under[y + top : y + top + len(colour), x + left : x + left + colour.shape[1]]
    place[:] = colour + place * (1 - alpha)


@pytest.mark.parametrize("pose", [Pose(0.35, 0.2, 0.08), Pose(-0.35, -0.2, -0.08), Pose(arm="wave", arm_amount=0.5)])
def test_edges_are_clean(artwork: Artwork, pose: Pose) -> None:
    black, white = (picture(artwork, TALK, pose, (c, c, c)).astype(int) for c in (0, 255))
    through = white - black
    assert through.min() >= -2
    assert (through.max(-1) - through.min(-1)).max() <= 3


@pytest.mark.parametrize("yaw", [-0.35, 0.35])
@pytest.mark.parametrize("pitch", [-0.2, 0.2])
@pytest.mark.parametrize("roll", [-0.08, 0.08])
def test_no_gap_between_head_and_neck(artwork: Artwork, yaw: float, pitch: float, roll: float) -> None:
    pose = Pose(yaw, pitch, roll, lean=1.0, breath=1.0)
    black, white = (picture(artwork, TALK, pose, (c, c, c)).astype(int) for c in (0, 255))
    chin, neck = artwork.anchors["chin"], artwork.anchors["neck"]
    half = round(0.025 * artwork.height)
    column = slice(round(neck.x) - half, round(neck.x) + half)
    assert (white - black)[round(chin.y - 60 * artwork.height / 960) : round(neck.y + 60), column].max() <= 2


def test_nothing_outside_the_box_is_written(artwork: Artwork) -> None:
    avatar, performer = DrawnAvatar(artwork), Performer(25)
    avatar.stand_before(backdrop(artwork, (90, 160, 200)))
    out = backdrop(artwork, (0, 0, 0))
    for n in range(60):
        before = out.copy()
        face = Face(TALK.mouth._replace(open=(n % 10) / 10), 0.5, True)
        x0, y0, x1, y1 = box = avatar.draw(face, performer.pose(n, Beat(np.zeros(1920, np.float32), face)), out)
        assert all(edge % 2 == 0 for edge in box)
        before[y0:y1, x0:x1] = out[y0:y1, x0:x1]
        assert np.array_equal(before, out)
    assert box != (0, 0, artwork.width, artwork.height)


def test_drawing_on_is_as_drawing_anew(artwork: Artwork) -> None:
    avatar, performer = DrawnAvatar(artwork), Performer(25)
    avatar.stand_before(backdrop(artwork, (90, 160, 200)))
    out = backdrop(artwork, (0, 0, 0))
    for n in range(80):
        pose = performer.pose(n, Beat(np.zeros(1920, np.float32), TALK))
        avatar.draw(TALK, pose, out)
    assert np.abs(out.astype(int) - picture(artwork, TALK, pose)).mean() < 0.8


def test_standing_still_costs_nothing(artwork: Artwork) -> None:
    avatar, out = DrawnAvatar(artwork), backdrop(artwork, (0, 0, 0))
    avatar.stand_before(out.copy())
    assert avatar.draw(TALK, STRAIGHT, out) == (0, 0, artwork.width, artwork.height)
    assert avatar.draw(TALK, STRAIGHT, out) == NOTHING
    other = out.copy()
    other[:] = 0
    assert avatar.draw(TALK, STRAIGHT, other) == (0, 0, artwork.width, artwork.height)
    assert np.array_equal(out, other)


def test_a_new_background_shows(artwork: Artwork) -> None:
    avatar, out = DrawnAvatar(artwork), backdrop(artwork, (0, 0, 0))
    avatar.stand_before(backdrop(artwork, (255, 0, 0)))
    avatar.draw(TALK, STRAIGHT, out)
    avatar.stand_before(backdrop(artwork, (0, 255, 0)))
    avatar.draw(TALK, STRAIGHT, out)
    assert out[0, 0].tolist() == [0, 255, 0]


def test_a_background_of_another_size_is_refused(artwork: Artwork) -> None:
    with pytest.raises(ValueError, match="background"):
        DrawnAvatar(artwork).stand_before(np.zeros((10, 10, 3), np.uint8))


@pytest.mark.parametrize("size", [(300, 640), (640, 500), (720, 900)])
def test_she_fits_any_window(artwork: Artwork, size: tuple[int, int]) -> None:
    avatar, (width, height) = DrawnAvatar(artwork, size=size), size
    background = np.full((height, width, 3), 120, np.uint8)
    avatar.stand_before(background)
    out = np.zeros_like(background)
    for pose in (STRAIGHT, Pose(0.2, 0.1, 0.05, arm="point", arm_amount=1.0)):
        avatar.draw(TALK, pose, out)
    assert (out[-1, width // 2] != 120).any()
