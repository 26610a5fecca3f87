"""What claims are shown as: one whole, a row of a list, those on an order. Read by `claims`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PhotoShown:
    """A picture of a claim: what its file is asked for by, and its size."""

    id: UUID
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ClaimStepShown:
    """One step of a claim's life."""

    verb: str
    after: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """What was answered. `proposed`, `bearer`, `why` are for staff: "" for a buyer.

    `replacement` is the order that goes out instead, if one does.
    """

    what: str
    amount_fen: int
    freight_fen: int
    said: str
    goods_back: bool
    proposed: str
    bearer: str
    why: str
    rules_version: int
    at: datetime
    actor: str
    replacement: UUID | None


@dataclass(frozen=True, slots=True)
class ClaimHead:
    """What a claim says of itself, of its line and of its order.

    `amount` is of the `sent` base units that were packed of the line, billed at `line_fen`.
    """

    id: UUID
    county: str
    order: UUID
    number: str
    line: UUID
    kind: str
    noticed: str
    packs: int
    amount: int
    unit: str
    wish: str
    state: str
    delivered_at: datetime
    begun_at: datetime
    asked_at: datetime | None
    closed_at: datetime | None
    erased_at: datetime | None
    currency: str
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    category: str
    quantity: int
    sent: int
    line_fen: int
    fulfilment: str
    origin_place: str
    destination: str
    good_packs: int | None
    bad_packs: int | None


@dataclass(frozen=True, slots=True)
class ClaimShown(ClaimHead):
    """A claim, whole. `words` and `photos` are its buyer's and theirs who may answer it, none for others.

    `verbs` are what this actor may do with it now.
    """

    words: str
    photos: tuple[PhotoShown, ...]
    steps: tuple[ClaimStepShown, ...]
    answers: tuple[AnswerShown, ...]
    is_buyer: bool
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in a list, nothing personal."""

    id: UUID
    order: UUID
    number: str
    kind: str
    state: str
    packs: int
    photos: int
    asked_at: datetime
    name_zh: str
    name_en: str
    label_zh: str
    label_en: str
    amount_fen: int
    bearer: str


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A claim on an order, in short: which line, how many packs of it."""

    id: UUID
    line: UUID
    kind: str
    packs: int
    state: str


@dataclass(frozen=True, slots=True)
class ClaimsOn:
    """The claims on an order, and until when each of its lines may be claimed; no lines where none may."""

    claims: tuple[ClaimedLine, ...]
    until: dict[UUID, datetime]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many claims of a county wait for an answer, and for how long the oldest does."""

    asked: int
    oldest: datetime | None
