"""Where offers are put up: in the house's own shop and stations, or on outside platforms."""

from __future__ import annotations

#: The house's own: what is ordered there is priced, promoted and paid for here.
OWN = ("shop", "station")
#: Shops on outside platforms, each named like its platform; `sheet` is any other that tells us by a sheet.
OUTSIDE = ("taobao", "pinduoduo", "douyin", "kuaishou", "sheet")
OUTLETS = OWN + OUTSIDE
