"""Every page has its help in both languages."""

import re

import pytest

from yingjin.console.help_texts import ALIASES, HELP, help_of
from yingjin.console.urls import urlpatterns

# Addresses that show no page of their own: files, answers to a form, and what stands before signing in.
NO_PAGE = frozenset(
    {
        "home", "present", "user_act", "change_password", "end_session", "end_others", "second_factor_begin",
        "second_factor_confirm", "second_factor_off", "gap_undo", "evidence", "letter_pdf", "letter_xlsx",
        "held_propose", "held_decide", "gaps_csv", "bill_json", "region_changes_csv", "import_land", "import_drop",
        "import_take_back", "import_undo", "import_marked", "language", "login", "login_code", "logout",
        "notices_read", "filter_save", "filter_change", "filter_delete", "help", "boundaries_use",
        "boundaries_take_back", "client_act", "export_again", "export_file", "household_code_revoke", "household_print", "household_code", "household_pdf", "slip_pdf", "summary_pdf",
    }
)  # fmt: skip
NAMES = sorted({pattern.name for pattern in urlpatterns} - NO_PAGE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_its_help_in_both_languages(name):
    zh, en = help_of(name, "zh"), help_of(name, "en")
    assert zh and en, f"Write yingjin/console/help/{name}.yaml, or name it in NO_PAGE if it is no page."
    assert zh.answers.startswith(("这一页", "这是")) and en.answers.startswith("This ")
    assert len(zh.words) == len(en.words) >= 1 and len(zh.todo) == len(en.todo) >= 1
    assert not CHINESE.search(en.answers + " ".join(en.todo))


def test_no_help_is_left_of_a_page_that_is_gone():
    written = {path.name.removesuffix(".yaml") for path in HELP.iterdir()}
    assert written <= {ALIASES.get(name, name) for name in NAMES}


def test_a_name_that_is_no_page_has_no_help():
    assert help_of("../models", "zh") is None
    assert help_of("nothing", "en") is None
