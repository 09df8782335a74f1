"""Writing a checked roster: COPY into a stage, then whole sets at once, all in one transaction."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from adapters.postgres import departed, log
from adapters.postgres.boards import MOST
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.personnel import put_elections, put_personnel
from domain.astray import Astray
from domain.log import GENESIS, Fact
from domain.roster import PeopleColumns, Roster
from domain.rules import RulePack
from domain.workload import WorkloadRules, role_loads


class RosterBook:
    """Writes rosters. Writing the same roster again changes nothing that a case can see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(
        self, roster: Roster, rules: RulePack, imported: Fact | None = None
    ) -> tuple[Astray, ...]:
        """Write the whole roster, or nothing; return who is on a surge and not where the roster says.

        Who imported it and when is said of every roster but a government's first, and told to the log: of whom it names
        no more, the mandates end with that. Raises ValueError where it is not said and somebody is missing.
        """
        government_id = roster.government.id
        async with self._database.writing() as connection:
            await _put_government(connection, roster)
            await queries.roster_lock(connection, government_id=government_id)
            await _put_units(connection, roster)
            missing = await _put_people(connection, government_id, roster.people)
            await _put_skills_and_leave(connection, roster)
            await put_personnel(connection, roster.government, roster.personnel)
            await _put_loads(connection, roster, rules)
            await _put_appointments(connection, roster)
            # Last, so that cases are told by the offices that stand from now on.
            await _tell(connection, government_id, missing, imported)
            rows = await queries.astray_on_surge(connection, government_id=government_id, most=MOST)
        return tuple(Astray(**dict(row)) for row in rows)


async def _tell(
    connection: Connection, government_id: str, missing: list[str], imported: Fact | None
) -> None:
    """Tell the log of a roster, and end the mandates of whom it names no more."""
    if imported is None:
        if missing:
            raise ValueError("somebody is on the roster no more, and it is not said who imported it")
        return
    told = replace(imported, data=imported.data | {"dropped": len(missing)})
    await log.append(connection, government_id, [told])
    await departed.of_roster(connection, missing, imported)


async def _put_government(connection: Connection, roster: Roster) -> None:
    government = roster.government
    await queries.put_government(
        connection,
        government_id=government.id,
        name=government.name,
        level=government.level,
        zone=government.zone,
        place=government.place,
        class_code=government.number_class,
        letterhead=list(government.letterhead),
        synthetic=government.synthetic,
        region_code=government.region_code,
        head_since=government.head_since,
    )
    await put_elections(connection, government)
    await queries.begin_log(connection, government_id=government.id, hash=GENESIS)


async def _put_units(connection: Connection, roster: Roster) -> None:
    units = roster.units
    await queries.put_units(
        connection,
        government_id=roster.government.id,
        codes=[unit.code for unit in units],
        names=[unit.name for unit in units],
        kinds=[unit.kind.value for unit in units],
        parents=[unit.parent for unit in units],
        lats=[unit.lat for unit in units],
        lons=[unit.lon for unit in units],
        criticals=[unit.critical for unit in units],
    )


async def _put_people(connection: Connection, government_id: str, people: PeopleColumns) -> list[str]:
    """Bring people over as they are, then put them in place; each step writes only what is not there already.

    Return who was on the roster until now, and is not any more.
    """
    await queries.stage_people(connection)
    await connection.copy_records_to_table("staged_people", records=people.rows(), columns=people.names())
    await queries.measure_stage(connection)
    for step in (
        queries.match_people,
        queries.put_positions,
        # What is known is changed before what is new is added: so the new is not looked at twice.
        queries.change_people,
    ):
        await step(connection, government_id=government_id)
    missing = await queries.rest_people(connection, government_id=government_id)
    for step in (queries.add_people, queries.change_identities, queries.add_identities):
        await step(connection, government_id=government_id)
    return [row["person_id"] for row in missing]


async def _put_skills_and_leave(connection: Connection, roster: Roster) -> None:
    skills = {
        "government_id": roster.government.id,
        "nips": [row.nip for row in roster.skills],
        "skills": [row.skill.value for row in roster.skills],
        "levels": [row.level for row in roster.skills],
        "expires": [row.expires for row in roster.skills],
    }
    await queries.drop_skills(connection, **skills)
    await queries.add_skills(connection, **skills)
    leave = {
        "government_id": roster.government.id,
        "nips": [row.nip for row in roster.leave],
        "kinds": [row.kind.value for row in roster.leave],
        "starts": [row.start for row in roster.leave],
        "ends": [row.end for row in roster.leave],
    }
    await queries.drop_absences(connection, **leave)
    await queries.add_absences(connection, **leave)


async def _put_loads(connection: Connection, roster: Roster, rules: RulePack) -> None:
    government_id = roster.government.id
    await queries.clear_workload(connection, government_id=government_id)
    await queries.put_workload(
        connection,
        government_id=government_id,
        units=[row.unit for row in roster.workload],
        roles=[row.role.value for row in roster.workload],
        tasks=[row.task for row in roster.workload],
        volumes=[float(row.volume) for row in roster.workload],
        minutes=[float(row.minutes_each) for row in roster.workload],
    )
    measure = WorkloadRules(int(rules.effective_minutes), Fraction(str(rules.lending_reserve)))
    minima = {(row.unit, row.role.value): row.minimum for row in roster.redlines}
    critical = roster.critical() if rules.lock_critical else frozenset()
    heads = roster.headcounts()
    loads = list(
        role_loads(heads, roster.workload, roster.redlines, None, measure, critical=critical).values()
    )
    told = {
        "government_id": government_id,
        "rule_pack": rules.id,
        "units": [load.unit for load in loads],
        "roles": [load.role for load in loads],
    }
    await queries.rest_unit_roles(connection, **told)
    await queries.put_unit_roles(
        connection,
        **told,
        headcounts=[load.headcount for load in loads],
        needs=[float(load.need or 0) for load in loads],
        redlines=[load.redline for load in loads],
        minima=[minima.get((load.unit, load.role), 0) for load in loads],
        lendables=[load.lendable for load in loads],
        criticals=[(load.unit, load.role) in critical for load in loads],
    )


async def _put_appointments(connection: Connection, roster: Roster) -> None:
    government_id = roster.government.id
    await queries.clear_appointments(connection, government_id=government_id)
    await queries.put_appointments(
        connection,
        government_id=government_id,
        nips=[row.nip for row in roster.appointments],
        capacities=[row.capacity.value for row in roster.appointments],
        units=[row.unit for row in roster.appointments],
        starts=[row.start for row in roster.appointments],
        ends=[row.end for row in roster.appointments],
    )
