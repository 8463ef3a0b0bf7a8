"""Which queries each role is answered, by hand."""

# The rights of each role as a table: a query that is added, and a role, must be entered here.
FIGURES_ALONE = {"overview", "region"}
READS = {"gap", "gaps", "gap_rows", "gap_week", "evidence_seen"}
WORKS = {"gap_keys", "gap_keys_of", "last_acts", "told_changes"}
DECIDES = {"held_bills", "held_bill", "bill_of_decision"}
WRITES = {"letters", "letter"}
EVERYTHING = FIGURES_ALONE | READS | {"person", "household", "bill", "quality", "find"}
FOR_EVERYBODY = {"as_of", "place_path", "places_below", "notices", "unread", "saved_filters"}
QUOTES = {"quote", "window_person"}
UNMASKS = {"masked_numbers", "unmasked"}
MAY_ASK = {
    "village_doctor": EVERYTHING | UNMASKS | WORKS,
    "township_officer": EVERYTHING | UNMASKS | WORKS,
    "county_officer": EVERYTHING | UNMASKS | WORKS | DECIDES | WRITES | QUOTES | {"looks"},
    "auditor": EVERYTHING | {"looks"},
    "prefecture_reader": FIGURES_ALONE,
    "province_reader": FIGURES_ALONE,
    "insurance_officer": {"person", "household", "bill", "find"} | READS | WORKS | DECIDES | UNMASKS | QUOTES,
    "civil_affairs_officer": {"person", "household", "find"} | READS | WORKS,
    "revitalisation_officer": {"person", "household", "find"} | READS | WORKS,
    "cashier": {"bill", "find", "window"} | UNMASKS | QUOTES,
    "administrator": set(),
}
