"""Landed rows and people for tests that begin after landing: made by the parts' own actions where one exists."""

from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from yingjin.basics.access import Robot
from yingjin.fusion.models import Landing, Row, SourceFile
from yingjin.registry.actions.persons import PersonDraft, hold_persons
from yingjin.settlement.actions import bill_key

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
VILLAGE = "520527102201"


def landed_row(kind: str = "settlement", number: str = "1") -> Row:
    """Land one bare row, for facts that must name the row they come from."""
    landing, _ = Landing.objects.get_or_create(inputs_digest="test", defaults={"started_at": AT})
    file, _ = SourceFile.objects.get_or_create(
        sha256="0" * 64,
        defaults={
            "landing": landing,
            "register": "test",
            "name": "test",
            "size_bytes": 0,
            "landed_at": AT,
            "status": "landed",
        },
    )
    count = Row.objects.count() + 1
    return Row.objects.create(
        file=file,
        register="test",
        kind=kind,
        row_number=count,
        number=number,
        key=f"{kind}-{count}",
        digest=f"{count:032d}",
        payload={},
        accepted=True,
        current=True,
        landed_at=AT,
    )


def somebody(number: str = "1", born_on: date = date(1970, 5, 6), region_code: str = VILLAGE) -> UUID:
    """Hold one person and return the key."""
    key = uuid5(NAMESPACE_URL, f"person-{number}")
    draft = PersonDraft(key, f"陈某{number}", "female", born_on, "", "", region_code, {"name": "insurance"})
    hold_persons([draft], by=Robot(), at=AT)
    return key


def bill_draft(
    bill_id: str, person: UUID, discharged_on: date, total_fen: int = 2_000_000, **facts: object
) -> dict:
    """Return one county-hospital stay as the main job hands it to the settlement part."""
    draft = {
        "key": bill_key(bill_id),
        "bill_id": bill_id,
        "person_id": person,
        "region_code": VILLAGE,
        "facility_code": "H1",
        "facility_name": "县人民医院",
        "setting": "inpatient",
        "level": "L2",
        "in_county": True,
        "designated": True,
        "public": True,
        "level_reported": "05",
        "level_differs": False,
        "admitted_on": discharged_on,
        "discharged_on": discharged_on,
        "diagnosis": "J18.900",
        "disease": "",
        "sensitive": False,
        "total_fen": total_fen,
        "out_of_scope_fen": 0,
        "reported_basic_fen": 0,
        "reported_critical_illness_fen": 0,
        "reported_assistance_fen": 0,
        "reported_own_fen": 0,
        "state": "counted",
        "cancels": "",
        "row_id": landed_row().pk,
    }
    return {**draft, **facts}
