"""Regions in the database: loaded once, read as a tree, followed through their changes of code."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from yingjin.basics.access import VILLAGE_DOCTOR, Robot
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.registry import files, queries
from yingjin.registry.actions import load_regions
from yingjin.registry.models import Region, RegionSuccession

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@dataclass
class Doctor:
    """Somebody who may look and nothing else."""

    username: str = "doctor"
    role: str = VILLAGE_DOCTOR


@pytest.fixture
def loaded():
    return load_regions(by=Robot(), at=AT, provinces=("52",))


def test_the_tables_hold_what_the_package_ships(loaded):
    held = dict(Region.objects.values_list("code", "name"))
    shipped = {row.code: row.name for level in files.PLURALS for row in files.regions_in("52", level)}
    shipped |= {
        row.code: row.name for level in ("province", "city", "county") for row in files.regions(level)
    }
    assert held == shipped
    assert RegionSuccession.objects.count() == len(files.successions())
    assert (loaded.regions, loaded.written, loaded.withdrawn) == (len(shipped), len(shipped), 0)


def test_the_current_division_has_its_known_numbers(loaded):
    now = Region.objects.filter(valid_to__isnull=True).exclude(code__in=files.statistical_units())
    assert {level: now.filter(level=level).count() for level in files.PLURALS} == {
        "province": 31,
        "city": 342,
        "county": 2_847,
        "township": 1_510,
        "village": 17_964,
    }


def test_a_second_load_writes_nothing(loaded):
    again = load_regions(by=Robot(), at=AT)
    assert (again.written, again.withdrawn, again.digest) == (0, 0, loaded.digest)
    assert AuditEvent.objects.filter(what="regions_loaded").count() == 1


def test_a_load_keeps_the_towns_of_provinces_held_before_and_adds_those_named(loaded):
    again = load_regions(by=Robot(), at=AT, provinces=("62",))
    assert again.withdrawn == 0
    assert again.written == len(files.regions_in("62", "township")) + len(files.regions_in("62", "village"))
    assert load_regions(by=Robot(), at=AT).written == 0


def test_a_town_of_another_province_is_known_without_being_held(loaded):
    assert not Region.objects.filter(code="441900003").exists()
    assert queries.region("441900003").name == "东城街道"
    assert queries.full_name("441900003") == "广东省东莞市东城街道"
    assert queries.parent("441900003").code == "4419"


def test_a_load_mends_what_differs_and_says_so(loaded):
    Region.objects.filter(code="520527").update(name="别名县")
    Region.objects.create(code="99", name="没有", level="province", pinyin="meiyou", initials="my")
    RegionSuccession.objects.filter(old_code="522428").delete()
    mended = load_regions(by=Robot(), at=AT)
    assert (mended.written, mended.withdrawn, mended.digest) == (1, 1, loaded.digest)
    assert Region.objects.get(code="520527").name == "赫章县"
    assert not Region.objects.filter(code="99").exists()
    assert [row.new_code for row in queries.successions_of("522428")] == ["520527"]
    assert AuditEvent.objects.filter(what="regions_loaded").count() == 2


def test_a_village_doctor_may_not_load_regions():
    with pytest.raises(NotAllowed):
        load_regions(by=Doctor(), at=AT)
    assert not Region.objects.exists()


def test_a_region_is_found_by_its_padded_code(loaded):
    for code in ("520527", "520527000", "520527000000", " 520527 "):
        assert queries.region(code).name == "赫章县"


def test_an_unknown_code_says_what_to_do(loaded):
    for code in ("529999", "", "赫章", "5205271"):
        with pytest.raises(queries.RegionNotFound) as refused:
            queries.region(code)
        assert f"代码 {code}" in refused.value.reason_zh
        assert "按地名查找" in refused.value.reason_zh
        assert refused.value.data == {"region_code": code}


def test_the_tree_is_walked_down_and_up(loaded):
    assert len(queries.children()) == 31
    assert [city.name for city in queries.children("52")][:2] == ["贵阳市", "六盘水市"]
    assert len(queries.children("520527")) == 30
    assert sum(len(queries.children(town.code)) for town in queries.children("520527")) == 481
    assert queries.children("520527001001") == []
    assert [above.name for above in queries.ancestors("520527001001")] == [
        "贵州省",
        "毕节市",
        "赫章县",
        "双河街道",
    ]
    assert queries.parent("520527").code == "5205"
    assert queries.parent("52") is None


def test_children_are_those_in_force(loaded):
    assert "520522" not in {county.code for county in queries.children("5205")}
    assert "520581" in {county.code for county in queries.children("5205")}


def test_names_are_spoken_from_the_province_down_without_nodes_of_the_tree(loaded):
    assert queries.full_name("520527001001") == "贵州省毕节市赫章县双河街道前河社区居民委员会"
    assert queries.full_name("110101") == "北京市东城区"
    assert queries.full_name("429004") == "湖北省仙桃市"
    assert queries.full_name("52") == "贵州省"


def test_many_names_are_read_at_once(loaded, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = queries.full_names(["520527", "110101", "999999"])
    assert names == {"520527": "贵州省毕节市赫章县", "110101": "北京市东城区"}
    assert queries.names_of(["5205", "99"]) == {"5205": "毕节市"}


def test_what_came_before_a_region_is_listed(loaded):
    assert [(row.old_code, row.on) for row in queries.successors_to("520527")] == [
        ("522428", date(2011, 1, 1))
    ]
    assert {row.old_code for row in queries.successors_to("140403")} == {"140402", "140411"}


def test_no_code_is_shorter_lived_than_the_places_under_it(loaded):
    lives = {row.code: row for row in Region.objects.all()}
    for code, row in lives.items():
        above = lives.get({12: code[:9], 9: code[:6], 6: code[:4], 4: code[:2]}.get(len(code), ""))
        if above is not None:
            assert above.valid_from is None or (row.valid_from and row.valid_from >= above.valid_from), code
            assert above.valid_to is None or (row.valid_to and row.valid_to <= above.valid_to), code
