"""Columns of rows, as PostgreSQL takes them."""

from yingjin.basics.arrays import ELEMENTS, array_of, one_value


def test_a_column_of_one_value_is_that_value():
    assert one_value([None, None]) == (None,)
    assert one_value([1, 1, 1]) == (1,)
    assert one_value([1, 2, 1]) is None
    assert one_value(["a", "b"]) is None


def test_texts_are_quoted_and_nothing_is_no_text():
    assert array_of(["a", 'b"\\', "{c,d}"], ELEMENTS["text"]) == '{"a","b\\"\\\\","{c,d}"}'
    assert array_of(["NULL", None, '"'], ELEMENTS["text"]) == '{"NULL",NULL,"\\""}'


def test_numbers_and_truth_stand_bare():
    assert array_of([1, None, -3], ELEMENTS["bigint"]) == "{1,NULL,-3}"
    assert array_of([True, False], ELEMENTS["boolean"]) == "{t,f}"
