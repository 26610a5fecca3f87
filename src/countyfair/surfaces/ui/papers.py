"""Papers that more than one surface prints: what stands on them, and how they are set."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Label:
    """What is stuck on a parcel, 76 by 130 millimetres; `ui/papers/label.html` draws it, on pages and as PDF.

    `goal` is the station where it is picked up, "" for one that goes to the door; `way` the places down
    to it. `qr` is the waybill's code; `origin_qr` a second one, which tells where the goods come from.
    Both are SVG, `origin_qr` is "" for none. `marks` are the brands that goods in it were sold under.
    """

    waybill: str
    number: str
    weight_g: int
    goal: str
    way: str
    name: str
    phone: str
    address: str
    note: str
    sender: str
    sender_phone: str
    qr: SafeString
    origin_qr: SafeString | str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    """What lies in a parcel, for who opens it, never a price; `ui/papers/slip.html` draws it.

    `goods` are (name, pack, number of packs). `name` and `greeting` are those of a gift, "" of any other.
    """

    number: str
    sender: str
    goods: tuple[tuple[str, str, int], ...]
    name: str = ""
    greeting: str = ""


def qr(text: str) -> SafeString:
    """A QR code as an SVG of the size that its box has."""
    drawn = segno.make(text, error="q", micro=False).svg_inline(scale=4, border=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308  (drawn from digits and letters of our own)


_FACES = '"Noto Sans CJK SC", "PingFang SC", "Noto Serif CJK SC", sans-serif'

#: A4, for what is read at a desk.
SHEET = f"""
@page {{ size: A4; margin: 18mm 16mm;
  @bottom-right {{ content: counter(page) " / " counter(pages); font-size: 8pt }} }}
body {{ font: 10pt/1.5 {_FACES}; color: #22150a }}
h1 {{ font-size: 16pt; margin: 0 0 4mm }} h2 {{ font-size: 12pt; margin: 6mm 0 2mm }}
table {{ width: 100%; border-collapse: collapse }} caption {{ display: none }}
th, td {{ text-align: start; padding: 1.2mm 2mm; border-bottom: 0.3pt solid #b9a48a; vertical-align: top }}
thead th {{ border-bottom: 1pt solid #22150a }} tr, .together {{ break-inside: avoid }}
.number {{ text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap }}
.soft {{ color: #6b5840 }}
.strong > * {{ font-weight: 700; border-top: 1pt solid #22150a }} .leaf + .leaf {{ break-before: page }}
.box {{ display: inline-block; width: 3.5mm; height: 3.5mm; border: 0.6pt solid #22150a }}
"""

#: The label's own paper, one to a page; sizes as the station's pages print it.
LABELS = f"""
@page {{ size: 76mm 130mm; margin: 3mm }}
body {{ margin: 0; font: 4mm/1.35 {_FACES}; color: #000 }} p {{ margin: 0 }}
.paper-label {{ height: 124mm; width: 70mm; position: relative; break-inside: avoid; overflow: hidden }}
.paper-label + .paper-label {{ break-before: page }}
.paper-label > * {{ margin-bottom: 2mm }} .paper-top {{ display: flex; gap: 3mm }}
.paper-qr {{ flex: none; width: 30mm; height: 30mm }}
.paper-qr svg {{ display: block; width: 100%; height: 100% }}
.paper-origin {{ display: flex; gap: 2mm; align-items: center; font-size: 3mm }}
.paper-origin .paper-qr {{ width: 20mm; height: 20mm }}
.paper-code {{ font-size: 5.4mm; font-weight: 700; white-space: nowrap }}
.paper-goal {{ font-size: 5.6mm; font-weight: 700; line-height: 1.2 }}
.paper-foot {{ position: absolute; bottom: 0; left: 0; right: 0; padding-top: 2mm;
  border-top: 0.3mm solid #000 }}
"""
