"""Every page of the console has its pictures in docs, in both languages and at three widths, and none is left over."""

from collections import Counter

from django.urls import get_resolver

from pictures.gallery import PAGE, gallery
from pictures.pages import FOLDER, LANGUAGES, NOT_LOOKED_AT, SHOTS, WIDTHS
from pictures.papers import PAPERS_FOLDER, names
from yingjin.console.urls import urlpatterns

MEGABYTES_MOST = 15
ADDRESSES = {each.name for each in urlpatterns}


def test_every_address_is_looked_at_or_says_why_not():
    looked_at = {shot.shows for shot in SHOTS}
    assert ADDRESSES and ADDRESSES <= set(get_resolver().reverse_dict)
    assert not ADDRESSES - looked_at - NOT_LOOKED_AT.keys(), (
        "add a line to pictures/pages.py and `make pictures`"
    )
    assert not looked_at & NOT_LOOKED_AT.keys()
    assert not (looked_at | NOT_LOOKED_AT.keys()) - ADDRESSES, "there is no such address"


def test_every_page_is_seen_in_both_languages_and_at_every_width():
    seen = Counter(
        shot.shows for shot in SHOTS if shot.languages == LANGUAGES and shot.widths == WIDTHS
    ) + Counter(shot.shows for shot in SHOTS if len(shot.languages) == 1 and shot.widths == WIDTHS)
    assert not ADDRESSES - NOT_LOOKED_AT.keys() - seen.keys()


def test_every_picture_is_there_and_none_is_left_over():
    wanted = Counter(name for shot in SHOTS for name in shot.files())
    assert max(wanted.values()) == 1
    assert {path.name for path in PAPERS_FOLDER.iterdir()} == set(names())
    there = {path.name for path in FOLDER.iterdir()}
    assert sorted(wanted.keys() - there) == [], "`make pictures` takes them"
    assert sorted(there - wanted.keys()) == [], "no page is called so any more"


def test_pictures_stay_small_together():
    pictures = [*FOLDER.iterdir(), *PAPERS_FOLDER.iterdir()]
    assert sum(path.stat().st_size for path in pictures) <= MEGABYTES_MOST * 1024 * 1024


def test_the_list_of_pictures_names_each_of_them():
    assert PAGE.read_text(encoding="utf-8") == gallery(), "`make pictures` writes it"
