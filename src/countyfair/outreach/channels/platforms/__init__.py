"""Outside platforms: a folder each, of one shape (`shape.Platform`), found by their name in this table."""

from __future__ import annotations

from countyfair.outreach.channels.platforms import douyin, kuaishou, pinduoduo, sheet, taobao
from countyfair.outreach.channels.platforms.shape import Platform

PLATFORMS: dict[str, Platform] = {
    one.PLATFORM.name: one.PLATFORM for one in (taobao, pinduoduo, douyin, kuaishou, sheet)
}
