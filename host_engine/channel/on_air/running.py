"""What runs: the parts of the engine that operators, catalogs, shops and OBS act upon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from host_engine.alarms import Alarms
from host_engine.channel.on_air.policies_at_work import PoliciesAtWork
from host_engine.channel.outputs.outputs_at_work import Outputs
from host_engine.channel.studio.catalog_in_force import CatalogInForce
from host_engine.channel.studio.studio import Studio
from host_engine.channel_file.config import Channel
from host_engine.clock import MediaClock
from host_engine.journal.journal import Journal
from host_engine.playout.report import Report
from host_engine.show.coverage import Coverage

if TYPE_CHECKING:
    from host_engine.channel.audience.audience_at_work import AudienceAtWork


@dataclass(frozen=True)
class Running:
    """The parts of the engine that operators act upon."""

    channel: Channel
    keys: Mapping[str, str]
    studio: Studio
    audience: AudienceAtWork | None
    journal: Journal
    report: Report
    coverage: Coverage
    alarms: Alarms
    clock: MediaClock
    now: Callable[[], datetime]
    outputs: Outputs
    in_force: CatalogInForce
    policies: PoliciesAtWork
