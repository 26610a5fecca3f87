"""The same county with few products and with many, and pgbench's tables beside them."""

from __future__ import annotations

from django.db import connection

from benchmarks import goods
from benchmarks.ground import at
from benchmarks.measures.bench import Bench
from countyfair.kernel.actor import Actor
from countyfair.registers.places.actions import load_divisions
from countyfair.runtime import database
from countyfair.runtime.messages import compile_stale
from countyfair.runtime.postgres import server
from countyfair.surfaces.commands.sample.definition import FOLDER, sample_counties
from countyfair.surfaces.commands.sample.opening import open_county


def fill(bench: Bench) -> None:
    ground = bench.ground
    connection.settings_dict["OPTIONS"]["host"] = str(ground.home.sockets)
    connection.settings_dict.update(NAME=server.DATABASE, USER=server.ROLE, HOST="")
    bench.step("Making tables, a county, its people")
    compile_stale(FOLDER.parent.parent / "src")
    with at(ground, server.DATABASE):
        database.migrate()
        house = Actor.system("bench")
        load_divisions(house, folder=FOLDER.parent / "places", counties=[goods.COUNTY])
        for sample in sample_counties():
            if sample.code == goods.COUNTY:
                open_county(sample, step=lambda: None)
    for name, count in ((bench.few, bench.plan.few), (bench.many, bench.plan.many)):
        bench.step(f"Filling a shelf with {count:,} products")
        ground.copy(name, server.DATABASE)
        with ground.admin(name) as admin:
            goods.fill(admin, count)
    bench.step("Filling pgbench")
    ground.prepare_pgbench(bench.plan.scale)
    ground.settle(bench.few, bench.many, "pgbench")
