"""Which pages are looked at, as whom, and which addresses are no page to look at.

A page that is added needs a line here and its pictures in docs: tests/tidy/test_pictures.py says so.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "pages"
LANGUAGES = ("zh", "en")
WIDTHS = (1440, 768, 360)
COUNTY, BARE = "county", "bare"
OFFICER, OTHER, DOCTOR, INSURANCE, CITY, CASHIER, AUDITOR, ADMINISTRATOR, NEWCOMER = (
    "xian", "erhao", "cunyi", "yibao", "shi", "shoufei", "shenji", "guanli", "xinlai",
)  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One page to look at: its picture's name, the address it shows, who looks, and where."""

    name: str
    shows: str
    who: str
    path: str  # what stands in braces is found by pictures.work
    before: str = ""  # what is done on it first: see pictures.taking
    place: str = COUNTY
    languages: tuple[str, ...] = LANGUAGES
    widths: tuple[int, ...] = WIDTHS
    scheme: str = "light"

    def files(self) -> list[str]:
        """Return the names of its pictures."""
        return [f"{self.name}-{each}-{width}.png" for each, width in product(self.languages, self.widths)]


def dark(name: str, shows: str, path: str) -> Shot:
    """Return a page as it looks at night, on a desk and on a phone."""
    return Shot(name, shows, OFFICER, path, languages=("zh",), widths=(1440, 360), scheme="dark")


def empty(name: str, shows: str, path: str, who: str = OFFICER) -> Shot:
    """Return a page before anything was landed: it says what to do."""
    return Shot(f"empty-{name}", shows, who, path, place=BARE, widths=(1440, 360))


def recovery_codes(language: str, who: str) -> Shot:
    """Return the codes shown once, to one person a language: the second step can be turned on but once."""
    way = "/account/second-factor/"
    return Shot("recovery-codes", "second_factor_confirm", who, way, "confirm_code", languages=(language,))


SHOTS = (
    Shot("login", "login", "", "/login/"),
    Shot("login-wrong", "login", "", "/login/", "wrong_password"),
    Shot("login-code", "login_code", "", "/login/", "password_of_two_steps"),
    Shot("overview", "overview", OFFICER, "/"),
    Shot("overview-township", "overview", OFFICER, "/?region={township}"),
    Shot("overview-city", "overview", CITY, "/"),
    Shot("checks", "checks", AUDITOR, "/checks/"),
    Shot("gaps", "gaps", OFFICER, "/gaps/"),
    Shot("gaps-doctor", "gaps", DOCTOR, "/gaps/?owner=village_doctor"),
    Shot("gap", "gaps", OFFICER, "/gaps/?due=contracted&gap={gap}"),
    Shot("gap-of-money", "gaps", OFFICER, "/gaps/?due=covered&gap={gap_of_money}"),
    Shot("gaps-none", "gaps", OFFICER, "/gaps/?age=0-29&status=excepted&due=covered"),
    Shot("gap-assign", "gap_act", OFFICER, "/gaps/act/?do=assign&gap={gap}&gap={gap_too}&seen={seen}"),
    Shot("gap-except", "gap_act", OFFICER, "/gaps/act/?do=except&gap={gap}&seen={seen}"),
    Shot("gap-letter", "gap_act", OFFICER, "/gaps/act/?do=letter&gap={gap}&gap={gap_too}&seen={seen}"),
    Shot("gap-changed", "gap_act", OFFICER, "/gaps/act/?do=work&gap={gap}&seen=0", "send"),
    Shot("gap-week", "gap_week", OFFICER, "/gaps/week/"),
    Shot("letters", "letters", OFFICER, "/letters/"),
    Shot("letter", "letter", OFFICER, "/letters/{letter}/"),
    Shot("held", "held", OFFICER, "/held/"),
    Shot("held-waiting", "held", OFFICER, "/held/?kind=waiting"),
    Shot("find", "find", OFFICER, "/find/"),
    Shot("found", "find", OFFICER, "/find/?q=li"),
    Shot("found-nobody", "find", OFFICER, "/find/?q=zzzz"),
    Shot("person", "person", OFFICER, "/persons/{person}/"),
    Shot("number", "number", OFFICER, "/persons/{person}/number/"),
    Shot("who-looked", "who_looked", AUDITOR, "/persons/{person}/looked/"),
    Shot("household", "household", OFFICER, "/households/{household}/"),
    Shot("bill", "bill", OFFICER, "/bills/{bill}/"),
    Shot("slip", "slip", OFFICER, "/bills/{bill}/slip/"),
    Shot("slip-large", "slip", OFFICER, "/bills/{bill}/slip/?large=1", widths=(1440, 360), languages=("zh",)),
    Shot("region", "regions", OFFICER, "/regions/"),
    Shot("region-city", "regions", CITY, "/regions/"),
    Shot("region-village", "region", OFFICER, "/regions/{village}/"),
    Shot("region-changes", "region_changes", OFFICER, "/regions/changes/?q=522428"),
    Shot("quality-files", "quality", OFFICER, "/quality/files/"),
    Shot("quality-refused", "quality", OFFICER, "/quality/refused/"),
    Shot("quality-unlinked", "quality", OFFICER, "/quality/unlinked/"),
    Shot("quality-disagreements", "quality", OFFICER, "/quality/disagreements/"),
    Shot("quality-held", "quality", OFFICER, "/quality/held/"),
    Shot("imports", "imports", OFFICER, "/imports/"),
    Shot("import-waiting", "import", OFFICER, "/imports/{waiting}/"),
    Shot("import-checked", "import", OFFICER, "/imports/{checked}/"),
    Shot("import-landed", "import", OFFICER, "/imports/{landed}/"),
    Shot("import-refused", "import", OFFICER, "/imports/{refused}/"),
    Shot("import-undone", "import", OFFICER, "/imports/{undone}/"),
    Shot("import-cancel", "import_cancel", OFFICER, "/imports/{waiting}/cancel/"),
    Shot("exports", "exports", OFFICER, "/exports/"),
    Shot("export-cancel", "export_cancel", OFFICER, "/exports/{queued}/cancel/"),
    Shot("export-new", "export_new", OFFICER, "/exports/new/?list=gaps&due=insured"),
    Shot("rules", "rules", OFFICER, "/rules/"),
    Shot("figures", "figures", OFFICER, "/figures/"),
    Shot("figure", "figure", OFFICER, "/figures/{figure}/"),
    Shot("notices", "notices", OFFICER, "/notices/"),
    Shot("filters", "filters", OFFICER, "/filters/?page=gaps&query=due%3Dinsured"),
    Shot("help", "help", OFFICER, "/help/gaps/"),
    Shot("help-open", "gaps", OFFICER, "/gaps/", "open_help", languages=("zh",), widths=(1440, 360)),
    Shot("menu-open", "gaps", OFFICER, "/gaps/", "open_menu", widths=(768, 360)),
    Shot("till", "till", CASHIER, "/window/"),
    Shot("quote", "quote", CASHIER, "/window/{patient}/?setting=inpatient&{stay}"),
    Shot("quote-new", "quote", CASHIER, "/window/{patient}/"),
    Shot("users", "users", ADMINISTRATOR, "/users/"),
    Shot("user", "user", ADMINISTRATOR, "/users/cunyi/"),
    Shot("user-add", "user_add", ADMINISTRATOR, "/users/add/"),
    Shot("user-password", "user_act", ADMINISTRATOR, "/users/zancun/", "reset_password"),
    Shot("clients", "clients", ADMINISTRATOR, "/clients/"),
    Shot("client-add", "client_add", ADMINISTRATOR, "/clients/add/"),
    Shot("client-secret", "client_act", ADMINISTRATOR, "/clients/", "renew_secret"),
    Shot("boundaries", "boundaries", ADMINISTRATOR, "/boundaries/"),
    Shot("choose-password", "change_password", NEWCOMER, "/account/password/"),
    Shot("account", "account", OFFICER, "/account/"),
    Shot("second-factor", "second_factor", AUDITOR, "/account/second-factor/"),
    recovery_codes("zh", "xiangcun"),
    recovery_codes("en", "minzheng"),
    Shot("day-not-found", "overview", OFFICER, "/?on=2020-02-02"),
    Shot("not-allowed", "users", OFFICER, "/users/"),
    Shot("not-found", "overview", OFFICER, "/nowhere/"),
    dark("overview-dark", "overview", "/"),
    dark("gap-dark", "gaps", "/gaps/?due=contracted&gap={gap}"),
    dark("person-dark", "person", "/persons/{person}/"),
    dark("bill-dark", "bill", "/bills/{bill}/"),
    dark("imports-dark", "imports", "/imports/"),
    empty("overview", "overview", "/"),
    empty("gaps", "gaps", "/gaps/"),
    empty("find", "find", "/find/"),
    empty("regions", "regions", "/regions/"),
    empty("imports", "imports", "/imports/"),
    empty("exports", "exports", "/exports/"),
    empty("notices", "notices", "/notices/"),
    empty("letters", "letters", "/letters/"),
    empty("held", "held", "/held/"),
    empty("filters", "filters", "/filters/"),
    empty("week", "gap_week", "/gaps/week/"),
    empty("quality", "quality", "/quality/refused/"),
    empty("checks", "checks", "/checks/", AUDITOR),
    empty("clients", "clients", "/clients/", ADMINISTRATOR),
    empty("boundaries", "boundaries", "/boundaries/", ADMINISTRATOR),
)

POSTED, FILE, LEADS_ON = (
    "asked by POST, shows no page of its own",
    "a file, not a page",
    "leads to another page",
)
NOT_LOOKED_AT = {
    **dict.fromkeys(
        (
            "boundaries_take_back", "boundaries_use", "end_others", "end_session", "export_again",
            "filter_change", "filter_delete", "filter_save", "gap_undo", "held_decide", "held_propose",
            "household_code_revoke", "household_print", "import_drop", "import_land", "import_take_back", "import_undo", "language",
            "logout", "notices_read", "present", "second_factor_begin", "second_factor_off",
        ),
        POSTED,
    ),
    **dict.fromkeys(
        (
            "bill_json", "evidence", "export_file", "household_pdf", "import_marked", "letter_pdf", "letter_xlsx",
            "region_changes_csv", "slip_pdf", "summary_pdf",
        ),
        FILE,
    ),
    "home": LEADS_ON,
    "household_code": LEADS_ON,
}  # fmt: skip
