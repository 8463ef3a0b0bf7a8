"""Names of people and places read for searching."""

import pytest

from yingjin.registry.domain.pinyin import (
    Reading,
    read_person,
    read_place,
    readings_of_beginning,
    surname_of,
    typed,
)
from yingjin.registry.files import place_readings, surname_readings


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("单国强", "shanguoqiang", "sgq"),
        ("曾文", "zengwen", "zw"),
        ("仇英", "qiuying", "qy"),
        ("查良镛", "zhaliangyong", "zly"),
        ("解放", "xiefang", "xf"),
        ("任重", "renzhong", "rz"),
        ("区小红", "ouxiaohong", "oxh"),
        ("盖聂", "genie", "gn"),
        ("朴正", "piaozheng", "pz"),
        ("覃勇", "qinyong", "qy"),
        ("欧阳修", "ouyangxiu", "oyx"),
        ("单于明", "chanyuming", "cym"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("王 伟", "wangwei", "ww"),
        ("吕布", "lvbu", "lb"),
        ("单", "dan", "d"),
        ("", "", ""),
    ],
)
def test_a_person_is_read_with_the_reading_of_the_surname(name, full, initials):
    assert read_person(name, surname_readings()) == Reading(full, initials)


def test_a_name_with_an_interpunct_has_no_han_surname():
    assert read_person("单増·卓玛", surname_readings()).full.startswith("dan")
    assert read_person("曲比·阿乌", surname_readings()) == Reading("qubiawu", "qbaw")


def test_a_double_surname_comes_before_a_single_one():
    assert surname_of("单于明", surname_readings()) == "单于"
    assert surname_of("单国强", surname_readings()) == "单"
    assert surname_of("王伟", surname_readings()) == ""


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("六枝特区", "luzhitequ"),
        ("长顺县", "changshunxian"),
        ("长子县", "zhangzixian"),
        ("都匀市", "duyunshi"),
        ("赫章县", "hezhangxian"),
        ("重庆市", "chongqingshi"),
        ("单县", "shanxian"),
        ("乐清市", "yueqingshi"),
        ("吕梁市", "lvliangshi"),
        ("六盘水市", "liupanshuishi"),
        ("三都水族自治县", "sandushuizuzizhixian"),
        ("602库居民委员会", "602kujuminweiyuanhui"),
        ("（撤销）", "chexiao"),
    ],
)
def test_a_place_is_read_as_people_there_say_it(name, full):
    assert read_place(name, place_readings()).full == full


def test_initials_of_a_place_are_a_letter_a_syllable():
    assert read_place("六枝特区", place_readings()).initials == "lztq"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Lǚ Liáng", "lvliang"),
        ("lü'liang", "lvliang"),
        ("LYULIANG", "lvliang"),
        ("ｈｅｚｈａｎｇ", "hezhang"),
        (" 赫章 县 ", "赫章县"),
        ("Hè-zhāng", "hezhang"),
        ("...", ""),
    ],
)
def test_what_is_typed_is_made_like_what_is_stored(text, stored):
    assert typed(text) == stored


def test_every_special_reading_is_made_of_plain_syllables():
    for part, reading in (*surname_readings().items(), *place_readings().items()):
        syllables = reading.split()
        assert len(syllables) == len(part), part
        assert all(syllable.isascii() and syllable.isalpha() and syllable.islower() for syllable in syllables)


@pytest.mark.parametrize(
    "name",
    [
        "张三丰",
        "单雄信",
        "曾国藩",
        "乐大山",
        "欧阳修",
        "覃兴红",
        "重阳子",
        "阿西木呷",
        "解小龙",
        "仇和平",
        "A三",
    ],
)
def test_a_name_begins_as_one_of_the_readings_of_its_beginning(name):
    whole = read_person(name, surname_readings()).full
    for size in range(1, len(name) + 1):
        readings = readings_of_beginning(name[:size], surname_readings())
        assert any(whole.startswith(each) for each in readings), f"{name[:size]}: {readings}"
        assert len(readings) == len(set(readings)) <= 49
