"""The main job's stages in order: land, link, hold, settle, find dues, audit the published figures."""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from os.path import commonprefix
from pathlib import Path
from time import monotonic, process_time
from typing import Any
from uuid import UUID

from yingjin.basics.access import Robot
from yingjin.basics.database import count_for_the_planner
from yingjin.basics.progress import track
from yingjin.care import actions as care
from yingjin.care.files import disease_list
from yingjin.fusion import actions as fusion_actions
from yingjin.fusion import queries as fusion
from yingjin.fusion.actions.tally import LandTally
from yingjin.insight import actions as insight
from yingjin.insight import figures
from yingjin.insight.queries.days import latest_found_day
from yingjin.jobs.run_county import hold
from yingjin.policy.domain.compiling import Rulebook
from yingjin.policy.domain.facts import CategoryHeld, PersonFacts
from yingjin.registry.actions import facts
from yingjin.registry.queries import persons as registry
from yingjin.settlement import actions as settlement
from yingjin.settlement import queries as bills

COUNTY_DIGITS, CITY_DIGITS = 6, 4
SETTLEMENT = "settlement"
Track = Callable[..., Iterator[Any]]
BORROWED = (
    "borrowed"  # noted of a run over demonstration data: later ones over the same database do as it did
)
FEW = 10  # a county with less than a tenth of the largest one's people is no county of the registers


@dataclass
class Stage:
    """One stage as it went: what it counted, and what it took."""

    name_zh: str
    name_en: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Course:
    """One run of the main job over a folder: who, when, by which rulebook; its stages as they end.

    `county_code` is the rulebook's county, `home` the region where the people of the registers live: a county, or what
    several have in common. With `borrows`, in demonstration data alone, the other counties of a prefecture are
    settled by this county's rulebook: each bill's numbers are `assumed`.
    """

    folder: Path
    book: Rulebook
    county_code: str
    at: datetime
    on: date | None = None
    by: Any = field(default_factory=Robot)
    stages: list[Stage] = field(default_factory=list)
    home: str = ""
    borrows: bool = False
    of_import: bool = False
    track: Track = track
    begin: Callable[[str], None] = lambda stage: None

    @property
    def has_law(self) -> bool:
        """Say whether the rulebook is of the people's own county: another county's law would give wrong money."""
        return self.home.startswith(self.county_code) or self.lends

    @property
    def lends(self) -> bool:
        """Say whether other counties of the prefecture borrow the rulebook."""
        return self.borrows and self.home == self.county_code[: len(self.home)] != self.county_code

    @property
    def title_zh(self) -> str:
        """Return the rulebook's title as pages show it."""
        title = self.book.contents.title.zh
        return f"{title}（同市别的县借用，assumed）" if self.lends else title

    @contextmanager
    def stage(self, name_zh: str, name_en: str) -> Iterator[Stage]:
        """Time one stage and keep it when it ends well; the next one's queries are planned by what it left.

        Planned by tables as they were when empty, one query of the dues took minutes on PostgreSQL.
        """
        stage = Stage(name_zh, name_en)
        self.begin(name_en)
        wall, cpu = monotonic(), process_time()
        yield stage
        count_for_the_planner()
        stage.seconds, stage.cpu_seconds = monotonic() - wall, process_time() - cpu
        self.stages.append(stage)


def hold_facts(course: Course) -> None:
    """Bring every part's tables to what the landed rows say, facilities and illness before the bills."""
    diseases = disease_list()
    by, at = course.by, course.at
    regions, births = registry.regions_and_births()
    known = hold.Known(
        persons={register: fusion.persons_of(register) for register in ("poverty", "insurance", "health")},
        regions=regions,
        births=births,
    )
    ill = list(hold.conditions(known, diseases))
    confirmed = {(each["person_id"], each["disease"]) for each in ill}
    with course.stage("归户归档", "hold") as stage:
        steps: Sequence[tuple[str, Callable[[], Any]]] = (
            (
                "facilities",
                lambda: facts.hold_facilities(hold.facilities(course.county_code[:4]), by=by, at=at),
            ),
            ("households", lambda: facts.hold_households(*hold.households(known), by=by, at=at)),
            ("categories", lambda: facts.hold_categories(hold.categories(known), by=by, at=at)),
            ("changes", lambda: facts.hold_changes(hold.changes(known), by=by, at=at)),
            ("conditions", lambda: care.hold_conditions(ill, by=by, at=at)),
            ("undone", lambda: settlement.follow_undone(fusion.heirs_of_undone(SETTLEMENT), by=by, at=at)),
            ("bills", lambda: _hold_insured(course, known, confirmed)),
            ("treatments", lambda: _hold_treatments(course, known)),
            ("contracts", lambda: care.hold_contracts(hold.contracts(known), by=by, at=at)),
        )
        for name, step in course.track(steps, "归户归档 hold"):
            stage.counts[name] = step().written
        if not stage.counts["undone"]:
            del stage.counts["undone"]
        stage.counts["persons"] = len(known.regions)


def _hold_insured(course: Course, known: hold.Known, confirmed: Collection[tuple[UUID, str]]) -> Any:
    enrolled: dict[UUID, set[int]] = defaultdict(set)
    enrolments = hold.noting_years(hold.enrolments(known), enrolled)
    settlement.hold_enrolments(enrolments, by=course.by, at=course.at)
    ground = hold.BillGround(
        facilities=registry.facilities(),
        deaths=registry.deaths(),
        enrolled=enrolled,
        diseases=disease_list(),
        confirmed=confirmed,
        county_code=course.county_code,
        borrows=course.lends,
        in_force_from=course.book.contents.valid.valid_from,
    )
    return settlement.hold_bills(hold.bills(known, ground), by=course.by, at=course.at)


def _hold_treatments(course: Course, known: hold.Known) -> Any:
    drafts = hold.treatments(known, disease_list(), registry.facilities())
    return care.hold_treatments(drafts, by=course.by, at=course.at)


def settle(course: Course) -> None:
    """Replay every person-year in batches, each kept or not at all; nothing where the rulebook is not theirs."""
    if not course.has_law:
        return
    with course.stage("按年重放结算", "settle") as stage:
        replaying = settlement.replay_years(
            persons=person_facts,
            book=course.book,
            incomplete=fusion.refused_person_years(),
            by=course.by,
            at=course.at,
        )
        batches = bills.replay_batches(settlement.YEARS_A_TRANSACTION)
        tally = deque(course.track(replaying, "结算 settle", total=batches), maxlen=1).pop()
        stage.counts = {
            "bills": tally.bills,
            "person_years": tally.person_years,
            "changed": tally.changed,
            "held": tally.held,
            "incomplete": tally.incomplete,
        }


def person_facts(keys: Sequence[UUID]) -> Mapping[UUID, PersonFacts]:
    """Return what the rulebook needs to know of some people."""
    return {
        key: PersonFacts(str(key), born_on, tuple(CategoryHeld(*each) for each in held))
        for key, (born_on, held) in registry.births_and_categories(keys).items()
    }


def find_dues(course: Course) -> insight.FindTally | None:
    """Find the four dues on the day asked, by default the last discharge day in the data; never the clock's.

    A day found before is not gone back behind: when the bills of its last days were undone, it is found again.
    """
    on = course.on or max(filter(None, (bills.last_discharge_day(), _day_turned(course))), default=None)
    if on is None:
        return None
    with course.stage("找四应缺口", "find dues") as stage:
        book = course.book if course.has_law else None
        tally = insight.find_dues(
            on=on,
            region_code=course.home,
            by=course.by,
            at=course.at,
            rulebook=book,
            title_zh=course.title_zh,
        )
        stage.counts = dict(tally.counts)
    return tally


def _day_turned(course: Course) -> date | None:
    """Return the day the gaps stand by, when an import is landed or undone; a folder's own data say their day."""
    return latest_found_day() if course.of_import else None


def land(course: Course, landing: Any = None) -> LandTally:
    """Land every file of the folder, link people across the registers, and see which county they are of."""
    with course.stage("收登记册", "land") as stage:
        tally = fusion_actions.land(
            folder=course.folder,
            county_code=course.county_code,
            by=course.by,
            at=course.at,
            track=course.track,
            landing=landing,
        )
        stage.counts = dict(tally.counts)
    _link(course)
    return tally


def take_back(course: Course) -> None:
    """Read the registers' people from the rows in force again, after an import was undone, and link them."""
    _link(course)


def _link(course: Course) -> None:
    """Read whom the registers' rows in force mean, and link them into persons."""
    with course.stage("认人", "link") as stage:
        fusion_actions.refresh_register_persons(
            county_code=course.county_code, by=course.by, at=course.at, track=course.track
        )
        stage.counts = dict(fusion_actions.link(by=course.by, at=course.at).counts)
    course.home = home(course)


def derive(course: Course) -> insight.FindTally | None:
    """Bring everything that is worked out from the landed rows to them: facts, person-years, dues."""
    hold_facts(course)
    settle(course)
    return find_dues(course)


def home(course: Course) -> str:
    """Return where the people live: the county of most, or what the counties borrowing its rules have in common."""
    counties = registry.people_by_region(COUNTY_DIGITS).most_common()
    if not counties:
        return course.county_code
    course.borrows = course.borrows or fusion.finished_with(BORROWED)
    if not course.borrows:
        return counties[0][0]
    many = [code for code, people in counties if people >= counties[0][1] / FEW]
    return commonprefix(many)[: COUNTY_DIGITS if len(many) == 1 else CITY_DIGITS]


def audit_figures(course: Course) -> figures.Summary:
    """Check the published figures against each other."""
    with course.stage("核公布数", "audit figures") as stage:
        summary = figures.summary()
        stage.counts = {"identities": summary.identities, "broken": summary.identities_broken}
    return summary


def finish(
    course: Course, landed: LandTally, found: insight.FindTally | None, made_by: Mapping[str, str]
) -> None:
    """Keep the summary of a run that ended well; from now on the same files need not be run again."""
    summary = {
        **made_by,
        "stages": [[each.name_en, round(each.seconds, 1), each.counts] for each in course.stages],
        "on": found.on.isoformat() if found else "",
        BORROWED: course.borrows,
    }
    fusion_actions.finish_landing(landing=landed.landing, summary=summary, by=course.by, at=course.at)
