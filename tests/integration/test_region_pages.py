"""The page of a region: the places below it from stored tallies, the people of a village, its outlines; read within scope."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.small_county import COUNTY, ON, VILLAGES, SmallCounty, reader
from yingjin.basics.access import VILLAGE_DOCTOR, Robot
from yingjin.basics.errors import NotAllowed, NotFound
from yingjin.basics.models import AuditEvent
from yingjin.console.pages import region as page_of_region
from yingjin.console.pages.places import Crumb, trail
from yingjin.insight import queries
from yingjin.insight.actions import find_dues
from yingjin.insight.boundaries import BadBoundaries, BoundariesInUse, take_back_boundaries, use_boundaries
from yingjin.insight.models import Boundary, BoundaryFile
from yingjin.insight.queries import kept
from yingjin.insight.queries.outlines import outlines_of
from yingjin.policy.rulebooks import load
from yingjin.registry import files

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
OFFICER, PREFECTURE, PROVINCE, ADMINISTRATOR = (
    "county_officer",
    "prefecture_reader",
    "province_reader",
    "administrator",
)


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch):
    monkeypatch.setattr(kept, "_memory", {})


@pytest.fixture
def county() -> SmallCounty:
    """A county with something lacking in two townships."""
    county = SmallCounty()
    for number, village in enumerate(VILLAGES):
        county.person(f"全{number}", village)
    county.person("缺保", VILLAGES[0], enrolled=False)
    county.person("缺签", VILLAGES[2], contracted=False)
    paid = county.person("住院", VILLAGES[2])
    county.stay(paid, "S1", date(2025, 5, 20), total_fen=1_000_000, out_of_scope_fen=100_000)
    county.stay(paid, "S2", date(2025, 6, 20), state="held_not_enrolled")
    county.household("H1", paid)
    county.hold()
    county.find()
    return county


def test_every_level_adds_up_to_the_one_above(county):
    for role, code in ((PROVINCE, "52"), (PREFECTURE, "5205"), (OFFICER, COUNTY), (OFFICER, VILLAGES[2][:9])):
        page = queries.region(reader(role, code[:6]), ON, code)
        known = [row for row in page.parts if row.known]
        assert page.whole.place.code == code and page.whole.persons >= 3
        assert sum(row.persons for row in known) == page.whole.persons
        assert sum(row.households for row in known) == page.whole.households
        assert sum(row.late for row in known) == page.whole.late
        assert sum(row.doubtful for row in known) == page.whole.doubtful
        for due, count in page.whole.dues.items():
            for status in ("done", "open", "unknown", "excepted"):
                parts = sum(getattr(row.dues[due], status) for row in known)
                assert parts == getattr(count, status), (code, due, status)


def test_its_figures_are_those_of_the_overview(county):
    overview = queries.overview(reader(OFFICER), ON)
    page = queries.region(reader(OFFICER), ON)
    assert list(page.whole.dues.values()) == overview.dues
    assert (page.whole.persons, page.whole.households, page.whole.late) == (
        overview.persons_in_base, overview.households_in_base, overview.late,
    )  # fmt: skip
    assert {row.place.code: row.lacking for row in page.parts} == {
        row.place.code: sum(row.lacking.values()) for row in overview.places
    }
    assert page.whole.quality == {"unlinked": 0, "disagreements": 0, "held": 1, "incomplete": 0}


def test_a_county_without_registers_is_unknown_and_a_township_without_people_is_empty(county):
    city = queries.region(reader(PREFECTURE, "5205"), ON)
    assert [row.place.code for row in city.parts if row.known] == [COUNTY]
    townships = queries.region(reader(OFFICER), ON).parts
    assert len(townships) == 30 and all(row.known for row in townships)
    assert {row.persons for row in townships} > {0}


def test_several_counties_add_up_to_their_prefecture_and_each_is_its_own(county):
    weining = files.villages_of("520526")[0].code
    for name, enrolled in (("威宁全", True), ("威宁缺", False)):
        county.person(name, weining, enrolled=enrolled)
    county.hold()
    find_dues(on=ON, region_code="5205", rulebook=load("hezhang"), by=Robot(), at=AT)
    city = queries.region(reader(PREFECTURE, "5205"), ON)
    known = {row.place.code: (row.persons, row.lacking) for row in city.parts if row.known}
    assert known == {COUNTY: (7, 3), "520526": (2, 1)}
    assert (city.whole.persons, city.whole.lacking) == (9, 4)
    province = queries.region(reader(PROVINCE, "52"), ON)
    assert [(row.place.code, row.persons) for row in province.parts if row.known] == [("5205", 9)]
    assert queries.region(reader(OFFICER, "520526"), ON).whole.persons == 2


def test_a_village_shows_its_people_to_those_who_may_see_people(county):
    village = VILLAGES[2]
    people = queries.region(reader(OFFICER), ON, village).people
    assert sorted(row.name for row in people.rows) == ["住院", "全2", "缺签"]
    assert [row.gaps for row in people.rows if row.name == "缺签"] == [["contracted"]]
    assert queries.region(reader(PREFECTURE, "5205"), ON, village).people is None
    assert queries.region(reader(OFFICER), ON, village[:9]).people is None


def test_nobody_opens_a_region_outside_their_own(county):
    doctor = reader(VILLAGE_DOCTOR, VILLAGES[0])
    for code in ("52", "5205", COUNTY, VILLAGES[0][:9], VILLAGES[2], "530101", "nowhere"):
        with pytest.raises(NotFound):
            queries.region(doctor, ON, code)
    assert queries.region(doctor, ON).whole.place.code == VILLAGES[0]
    for role in ("cashier", "insurance_officer", ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            queries.region(reader(role), ON)


def test_a_page_looks_tallies_up_and_its_queries_do_not_grow_with_places(county):
    counts = []
    for role, code in ((PREFECTURE, "5205"), (OFFICER, COUNTY), (OFFICER, VILLAGES[2][:9])):
        person = reader(role, code[:6])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            queries.region(person, ON, code)
        assert not any('"registry_person"' in query["sql"] for query in asked)
        counts.append(len(asked))
    assert max(counts) <= 5 and len(set(counts)) == 1


def test_the_way_is_the_same_on_every_page_and_opens_what_the_reader_may_see(county):
    officer = reader(OFFICER)
    place = queries.Place(VILLAGES[0], "村")
    way = trail(officer, place, Crumb("缺口"), on=ON)
    assert [step.label for step in way][:3] == ["贵州省", "毕节市", "赫章县"] and way[-1] == Crumb("缺口")
    assert [step.url for step in way] == [
        "", "", f"/regions/{COUNTY}/?on={ON}", f"/regions/{VILLAGES[0][:9]}/?on={ON}", f"/regions/{VILLAGES[0]}/?on={ON}", "",
    ]  # fmt: skip
    assert [step.url for step in trail(reader("insurance_officer"), place)] == [""] * 5


def square(west: float, south: float = 27.0) -> list[list[float]]:
    return [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]


def geojson(*codes: str) -> bytes:
    shapes = [
        {
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [square(105 + at / 10)]},
        }
        for at, code in enumerate(codes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": shapes}).encode()


def test_a_county_lies_among_its_neighbours_until_its_townships_have_outlines(county):
    page = queries.region(reader(OFFICER), ON)
    assert page_of_region.picture(page).shows == "among"
    towns = [row.place.code for row in page.parts]
    file = use_boundaries(
        name="C:\\乡镇.geojson", content=geojson(*towns[:3]), by=reader(ADMINISTRATOR), at=AT
    )
    drawn = page_of_region.picture(page)
    assert (drawn.shows, drawn.left_out) == ("below", len(towns) - 3)
    assert str(drawn.svg).count("<path") == 3
    lacking = {row.place.code: row.lacking for row in page.parts}
    assert all(f" {lacking[code]:,}<" in drawn.svg for code in towns[:3])
    take_back_boundaries(key=file.key, by=reader(ADMINISTRATOR), at=AT)
    assert page_of_region.picture(page).shows == "among"
    village = queries.region(reader(OFFICER), ON, VILLAGES[0])
    assert page_of_region.picture(village) is None
    events = AuditEvent.objects.filter(what__startswith="boundaries").order_by("number")
    assert [event.what for event in events] == ["boundaries_used", "boundaries_taken_back"]


def test_the_newest_file_goes_first_and_what_it_has_not_comes_from_before(county):
    by = reader(ADMINISTRATOR)
    shipped = outlines_of([COUNTY, "520526"])
    use_boundaries(name="a.json", content=geojson(COUNTY, "520526"), by=by, at=AT)
    newest = use_boundaries(name="b.json", content=geojson(COUNTY), by=by, at=AT.replace(year=AT.year + 1))
    now = outlines_of([COUNTY, "520526"])
    assert now[COUNTY][0][0] == (105.0, 27.0) and now["520526"][0][0] == (105.1, 27.0)
    take_back_boundaries(key=newest.key, by=by, at=AT)
    assert outlines_of(["520526"])["520526"] != shipped["520526"]
    with pytest.raises(NotFound):
        take_back_boundaries(key=newest.key, by=by, at=AT)


def test_a_file_with_anything_wrong_is_not_used_at_all_nor_by_whom_it_is_not_for(county):
    by = reader(ADMINISTRATOR)
    with pytest.raises(BadBoundaries) as refused:
        use_boundaries(name="a.json", content=geojson(COUNTY, "999999"), by=by, at=AT)
    assert [problem.feature for problem in refused.value.problems] == [2]
    assert not Boundary.objects.exists()
    use_boundaries(name="a.json", content=geojson(COUNTY), by=by, at=AT)
    with pytest.raises(BoundariesInUse):
        use_boundaries(name="again.json", content=geojson(COUNTY), by=by, at=AT)
    with pytest.raises(NotAllowed):
        use_boundaries(name="b.json", content=geojson("520526"), by=reader(OFFICER), at=AT)


def test_the_page_says_what_is_wrong_with_a_file_and_takes_back_what_is_in_use(county, client, settings):
    settings.SECOND_FACTOR = frozenset()
    client.force_login(reader(ADMINISTRATOR), backend="django.contrib.auth.backends.ModelBackend")
    wrong = client.post("/boundaries/use/", {"file": SimpleUploadedFile("a.json", geojson(COUNTY, "999999"))})
    assert wrong.status_code == 400
    assert "第 2 处：" in wrong.content.decode() and "999999" in wrong.content.decode()
    assert client.post("/boundaries/use/").status_code == 400
    good = client.post(
        "/boundaries/use/", {"file": SimpleUploadedFile("县.json", geojson(COUNTY))}, follow=True
    )
    assert "用着本地的 1 份轮廓文件" in good.content.decode()
    back = client.post(f"/boundaries/{BoundaryFile.objects.get().key}/back/", follow=True)
    assert "用的是随软件带的市县轮廓" in back.content.decode()
    client.force_login(reader(OFFICER), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/boundaries/").status_code == 403
    assert client.post("/boundaries/use/", {"file": SimpleUploadedFile("a.json", b"{}")}).status_code == 403
