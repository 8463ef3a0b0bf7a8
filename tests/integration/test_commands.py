"""The commands as people run them, in a place of their own."""

import re
from urllib.request import urlopen

import pytest

from tests.support.ports import free_port, wait_for_port


@pytest.mark.parametrize(
    "command",
    [
        "up",
        "run-county",
        "serve",
        "settle",
        "audit-figures",
        "make-county",
        "templates",
        "add-user",
        "doctor",
    ],
)
def test_every_command_says_what_it_takes(place, command):
    assert "usage: yingjin" in place.do(command, "--help")


def test_without_a_command_the_commands_are_listed(place):
    said = place.do()
    assert "run-county" in said and "settle" in said


def test_the_doctor_finds_a_new_place_well_once_it_has_tables(place):
    assert place.run("doctor").returncode == 2
    place.do("add-user", "xian", "--role", "county_officer", "--region", "520527")
    said = place.do("doctor")
    assert "缺" not in said.replace("缺口", "")


def test_a_user_is_added_and_the_password_printed_once(place):
    said = place.do("add-user", "xian", "--role", "county_officer", "--region", "520527")
    assert re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", said) and "赫章县" in said
    again = place.run("add-user", "xian", "--role", "county_officer", "--region", "520527")
    assert again.returncode == 2 and "已经有了" in again.stderr


def test_whoever_is_there_types_the_own_password(place):
    words = ("add-user", "xian", "--role", "county_officer", "--region", "520527", "--own-password")
    for typed, said in (("", "没有输入密码"), ("short", "新密码太短"), ("12345678901", "新密码只有数字")):
        refused = place.run(*words, typed=typed)
        assert refused.returncode == 2 and said in refused.stderr, refused.stderr
    done = place.run(*words, typed="山清水秀-2026-春\n")
    assert done.returncode == 0 and "山清水秀" not in done.stdout, done.stderr


def test_a_region_that_does_not_exist_is_refused(place):
    refused = place.run("add-user", "xian", "--role", "county_officer", "--region", "999999")
    assert refused.returncode == 2 and "999999" in refused.stderr


def test_a_folder_that_is_not_there_is_refused_in_words(place):
    refused = place.run("run-county", place.inputs / "nothing")
    assert refused.returncode == 2 and "没有文件夹" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_county_too_large_or_small_is_refused_before_anything_is_written(place):
    refused = place.run("up", "--county-size", 5)
    assert refused.returncode == 2 and "1,000" in refused.stderr


def test_the_console_serves_this_machine_only_while_demonstration_users_exist(place):
    place.do("add-user", "xian", "--role", "county_officer", "--region", "520527", "--demonstration")
    refused = place.run("serve", "--address", "0.0.0.0", "--port", free_port())
    assert refused.returncode == 2 and "127.0.0.1" in refused.stderr


def test_the_console_answers_to_the_address_it_is_told_to_serve(place):
    port = free_port()
    server = place.start("serve", "--address", "127.0.0.2", "--port", port)
    place.servers.append(server)
    wait_for_port(port, server=server, address="127.0.0.2")
    with urlopen(f"http://127.0.0.2:{port}/login/") as answer:
        assert answer.status == 200


def test_a_data_folder_that_cannot_be_made_is_told_in_words(place):
    stopped = place.run("doctor", YINGJIN_STORE="/proc/nowhere/store")
    assert stopped.returncode == 2 and "/proc/nowhere" in stopped.stderr and "Traceback" not in stopped.stderr


def test_a_database_that_does_not_answer_is_told_in_words(place):
    (place.store / "yingjin.sqlite3").mkdir(parents=True)
    stopped = place.run("serve", "--port", free_port(), YINGJIN_DATABASE_URL="")
    assert stopped.returncode == 2 and "数据库用不了" in stopped.stderr and "Traceback" not in stopped.stderr
