"""A row's key comes back as it was written, whatever somebody wrote, and never twice as the same."""

from hypothesis import example, given
from hypothesis import strategies as st

from yingjin.basics.keyed_fields import MARK
from yingjin.fusion.models import Row

KEY = Row._meta.get_field("key")
KEYS = st.text(alphabet="|~-1aA=王 ", max_size=12) | st.text(max_size=12)


def stored(key: str) -> str:
    return KEY.get_prep_value(key)


@given(KEYS)
@example("~5")
@example("1|~")
@example("A||~b")
@example("A||~b|王")
@example("|王")
@example("|~")
@example("||~")
def test_a_key_comes_back_as_it_was_written(key):
    assert KEY.from_db_value(stored(key), None, None) == key
    assert stored(key) in KEY.forms(key)


@given(KEYS, KEYS)
@example("~b", "||~b")
def test_other_keys_are_stored_otherwise(one, other):
    assert (stored(one) == stored(other)) == (one == other)


@given(KEYS)
def test_what_is_sealed_is_known_by_its_first_mark(key):
    """So a change of keys finds what needs the former one: see `resealing`."""
    kept = stored(key)
    if kept != key:
        assert kept.index(MARK) == kept.rindex(MARK)
