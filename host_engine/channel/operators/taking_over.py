"""From a channel that runs to the take-over of its operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from host_engine.access.who import Audit
from host_engine.direction.happenings import Happenings
from host_engine.takeover.takeover import Air, Takeover

if TYPE_CHECKING:
    from host_engine.channel.on_air.running import Running


def make_takeover(running: Running, happenings: Happenings, audit: Audit) -> Takeover:
    """Who may speak in the host's place: everything that it acts upon, and its settings."""
    studio, settings = running.studio, running.channel.operator.takeover
    air = Air(
        running.channel.media,
        studio.playout,
        studio.operator,
        studio.rundown,
        language=lambda: studio.script.show.catalog.language,
        camera_size=lambda: studio.picture.camera_size,
        expect=studio.picture.expect,
        muted=lambda: studio.program.muted,
    )
    longest = 60 * settings.longest
    made = Takeover(air, happenings.tell, audit, running.now, cameras=settings.camera, longest=longest)
    studio.stamp.recorded.append(lambda: made.who is not None)
    return made
