"""The people of a sample county in a season: staff, agents, households, and buyers from everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from countyfair.kernel.actor import Actor
from countyfair.kernel.place_code import Level
from countyfair.registers.people import actions as people
from countyfair.registers.people.queries import actor_of
from countyfair.registers.places import queries as places
from countyfair.registers.stations import actions as stations
from countyfair.registers.stations.queries import StationRow
from countyfair.registers.stations.queries import station as station_row
from countyfair.surfaces.commands.sample.definition import SampleCounty, Table
from countyfair.surfaces.commands.sample.standing import HOUSE, Ids
from countyfair.trade.orders.rules.contact import Contact

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
#: Buyers' made-up phones; 1990000 to 1990002 belong to the people of the sample counties.
BUYER_PHONES = 19_900_050_000
AGENT_PHONES = 19_900_040_000


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in one county. `agents` by station; a station without one is served by the centre."""

    county: str
    ids: Ids
    sample: SampleCounty
    agents: dict[str, UUID]
    staff: dict[str, UUID]
    destinations: tuple[str, ...]
    _actors: dict[UUID, Actor] = field(default_factory=dict)
    _counters: dict[str, StationRow] = field(default_factory=dict)

    def member(self, key: str) -> Actor:
        """A member of staff with the roles held."""
        return self._actor(self.staff[key])

    def agent(self, station: str) -> Actor:
        """Who works a station (its key in the sample), or else the centre's staff."""
        user = self.agents.get(station)
        return self._actor(user) if user is not None else self.member("packer")

    def _actor(self, user: UUID) -> Actor:
        """Read once: nobody's roles change in a season."""
        if user not in self._actors:
            self._actors[user] = actor_of(user)
        return self._actors[user]

    def station(self, key: str) -> UUID:
        return self.ids.of("station", key)

    def counter(self, key: str) -> StationRow:
        """A station with where it stands. Read once: none moves or closes in a season."""
        if key not in self._counters:
            self._counters[key] = station_row(self.station(key))
        return self._counters[key]

    def key_of(self, station: UUID) -> str:
        """The key of a station in the sample."""
        return next(
            str(entry["key"]) for entry in self.sample.stations if self.station(entry["key"]) == station
        )

    def buyer(self, chance: Random) -> Contact:
        """A made-up buyer."""
        name = f"样例·{chance.choice(SURNAMES)}{chance.choice(['女士', '先生'])}"
        phone = str(BUYER_PHONES + chance.randrange(10_000))
        return Contact(name, phone, f"样例路 {chance.randint(1, 200)} 号")


def gather(sample: SampleCounty, first_phone: int) -> Cast:
    """Take the sample's people on stage, and appoint an agent at each station that households use."""
    ids = Ids(sample.code)
    staff = {entry["key"]: ids.of("user", entry["key"]) for entry in sample.staff}
    agents = {entry["station"]: staff[entry["key"]] for entry in sample.staff if "station" in entry}
    used = sorted({entry["station"] for entry in sample.households} - set(agents))
    for number, key in enumerate(used):
        agents[key] = _appointed(sample, ids, key, first_phone + number)
    return Cast(sample.code, ids, sample, agents, staff, _destinations(sample.freight))


def _appointed(sample: SampleCounty, ids: Ids, station: str, phone: int) -> UUID:
    user = people.register_user(
        HOUSE, user_id=ids.of("user", f"agent:{station}"), phone=str(phone), name=f"样例·代办员{station}",
        phone_verified=True, is_sample=True,
    )  # fmt: skip
    stations.appoint_agent(HOUSE, station=ids.of("station", station), user=user)
    return user


def _destinations(freight: tuple[Table, ...]) -> tuple[str, ...]:
    """County codes that the freight table reaches, of every zone."""
    codes = [code for zone in freight for code in zone["destinations"]]
    found = [place.code for code in codes for place in places.subtree(code, level=Level.COUNTY)]
    return tuple(sorted({code for code in found if len(code) == 6}))
