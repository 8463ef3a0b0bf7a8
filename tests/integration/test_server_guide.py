"""The guide for a county's server, followed to the letter where one machine can: accounts, tables, serving, backup.

What the guide prints is what runs here; only the machine's own places (ports, folders, the name served) are put in.
"""

import re
import subprocess
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest

from tests.support.places import Place
from tests.support.postgres import Cluster
from tests.support.tree import ROOT

GUIDE = ROOT / "docs" / "使用手册" / "13-装在县里的服务器上.md"
DEPLOY = ROOT / "deploy"
PASSWORDS = {"OWNER_PASSWORD": "owner-of-tables", "APP_PASSWORD": "app", "BACKUP_PASSWORD": "backup"}
REFUSED = psycopg.errors.InsufficientPrivilege


def commands() -> list[str]:
    """Return the commands of the guide, one line each."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def named_files() -> set[str]:
    return {word for line in commands() for word in re.findall(r"deploy/[\w.-]+", line)}


def environment(name: str, port: int, store: Path) -> dict[str, str]:
    """Return an environment file of the guide with this machine's port, passwords and data folder."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for word, password in PASSWORDS.items():
        text = text.replace(word, password)
    text = text.replace(":5432/", f":{port}/").replace("/var/lib/yingjin", str(store))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL of its own: the accounts belong to the whole cluster."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def server(cluster: Cluster, tmp_path_factory):
    """The server as the guide builds it, up to its first administrator; and its three environments."""
    (line,) = [line for line in commands() if line.startswith("su postgres -c")]
    words = line.removeprefix('su postgres -c "').removesuffix('"')
    for word, password in PASSWORDS.items():
        words = words.replace(word, password)
    address = ["--host", "127.0.0.1", "--port", str(cluster.port), "--username", cluster.superuser]
    subprocess.run([*words.split(), *address], cwd=ROOT, check=True, capture_output=True)
    place = Place(tmp_path_factory.mktemp("server"))
    files = {
        name: environment(f"{name}.env", cluster.port, place.store) for name in ("web", "owner", "backup")
    }
    place.do(*started("yingjin-migrate.service"), **files["owner"])
    yield place, files
    place.stop_servers()


def started(unit: str) -> list[str]:
    """Return what a unit starts, after the program's name."""
    (line,) = re.findall(r"^ExecStart=(.*)$", (DEPLOY / unit).read_text(encoding="utf-8"), re.MULTILINE)
    program, *words = line.split()
    assert program == "/srv/yingjin/.venv/bin/yingjin"
    return words


def test_every_file_the_guide_names_is_there_and_named():
    assert {f"deploy/{path.name}" for path in DEPLOY.iterdir()} == named_files()


def test_the_administrator_is_added_as_the_guide_says(server):
    place, files = server
    (line,) = [line for line in commands() if "add-user" in line]
    said = place.do("add-user", *line.split(" add-user ")[1].split(), **files["web"])
    assert re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", said)


def test_the_console_serves_with_the_account_that_may_not_change_tables(server):
    place, files = server
    address = place.serve(**files["web"])
    request = Request(
        f"{address}/login/", headers={"Host": "yingjin.example.cn", "X-Forwarded-Proto": "https"}
    )
    with urlopen(request, timeout=30) as answer:
        assert answer.status == 200 and "max-age" in answer.headers["Strict-Transport-Security"]
    with pytest.raises(HTTPError) as other:
        urlopen(Request(f"{address}/login/", headers={"Host": "elsewhere.example.cn"}), timeout=30)
    with other.value as refused:
        assert refused.code == 400


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY yingjin_scope ON registry_person",
        "DROP TRIGGER basics_auditevent_no_update ON basics_auditevent",
        "ALTER TABLE basics_auditevent DISABLE TRIGGER ALL",
        "TRUNCATE basics_auditevent",
        "CREATE TABLE mine (one int)",
    ],
)
def test_the_console_s_account_can_take_no_protection_away(server, statement):
    _, files = server
    with psycopg.connect(files["web"]["YINGJIN_DATABASE_URL"]) as connection, pytest.raises(REFUSED):
        connection.execute(statement)


COUNTED = "SELECT reltuples::bigint, (SELECT count(*) FROM django_migrations) FROM pg_class WHERE relname = 'django_migrations'"
PLAINLY = """
import json
from yingjin.jobs import setup
setup.django()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("ANALYZE django_migrations")
print(json.dumps(None))
"""
COUNTING = """
import json
from yingjin.jobs import setup
setup.django()
from yingjin.basics.database import count_for_the_planner
count_for_the_planner()
print(json.dumps(None))
"""


def test_the_console_s_account_has_tables_counted_that_it_does_not_own(server, cluster):
    place, files = server
    with psycopg.connect(cluster.url("yingjin", user=cluster.superuser)) as connection:
        place.told(PLAINLY, **files["web"])
        (estimate, rows) = connection.execute(COUNTED).fetchone()
        assert estimate == -1 and rows > 20, "by itself the account may count nothing of others"
        connection.commit()
        place.told(COUNTING, **files["web"])
        (estimate, rows) = connection.execute(COUNTED).fetchone()
        assert estimate == rows


def test_the_backup_s_account_reads_everything_and_writes_nothing(server, tmp_path):
    place, files = server
    *words, folder = started("yingjin-backup.service")
    assert folder == "/var/backups/yingjin"
    assert "备份写好" in place.do(*words, tmp_path / "backups", **files["backup"])
    with psycopg.connect(files["backup"]["YINGJIN_DATABASE_URL"]) as connection, pytest.raises(REFUSED):
        connection.execute("DELETE FROM registry_region")


def test_the_doctor_finds_the_server_well(server):
    place, files = server
    assert "缺" not in place.do("doctor", **files["web"]).replace("缺口", "")


def test_nginx_takes_its_file(tmp_path):
    key, certificate = tmp_path / "certificate.key", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=yingjin.example.cn",
         "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/yingjin/", f"{tmp_path}/")
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_systemd_takes_the_units(tmp_path):
    program = tmp_path / "yingjin"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]:
        text = path.read_text(encoding="utf-8").replace("/srv/yingjin/.venv/bin/yingjin", str(program))
        text = text.replace("Requires=postgresql.service\n", "")  # not on every machine that runs the tests
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = [str(path) for path in tmp_path.glob("yingjin*.*")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and not done.stderr.strip(), done.stderr
