"""Outside platforms: a folder each, of one shape (`shape.Platform`), found by their name in this table."""

from __future__ import annotations

from countyfair.outreach.channels.platforms import pinduoduo
from countyfair.outreach.channels.platforms.shape import Platform

PLATFORMS: dict[str, Platform] = {one.name: one for one in (pinduoduo.PLATFORM,)}
