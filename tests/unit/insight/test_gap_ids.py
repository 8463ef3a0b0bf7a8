"""Keys of dues: yingjin/insight/domain/gap_ids.py."""

from uuid import UUID

from yingjin.insight.domain.gap_ids import gap_id, read_gap_id, subject_digest

PERSON = UUID("0b1d6f6e-6c1b-4f6c-9d57-2f0c1f1d7a11")


def test_a_key_can_be_taken_apart_again() -> None:
    read = read_gap_id(gap_id(PERSON, "treated", "食管癌"))
    assert read is not None
    assert read == (PERSON, "treated", subject_digest("食管癌"))


def test_dues_of_one_person_have_keys_of_their_own() -> None:
    dues = [
        ("insured", ""),
        ("contracted", ""),
        ("treated", "食管癌"),
        ("treated", "胃癌"),
        ("covered", "S1"),
    ]
    assert len({gap_id(PERSON, *due) for due in dues}) == len(dues)


def test_a_key_does_not_name_the_disease() -> None:
    assert "艾滋病机会感染" not in gap_id(PERSON, "treated", "艾滋病机会感染")


def test_what_is_no_key_is_read_as_none() -> None:
    for text in ("", "1", "a-b-c", f"{'z' * 32}-treated-00", f"{PERSON}-treated-00", f"{PERSON.hex}-treated"):
        assert read_gap_id(text) is None, text
