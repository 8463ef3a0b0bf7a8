"""Every text marked for translation has its English, and the catalogue Django reads is of the files people edit."""

from tests.support.words import COMPILED, asked, compiled, missing, written


def test_every_marked_text_has_its_english():
    lacking = missing()
    assert asked()
    assert not lacking, "\n".join(f"{place}: {text}" for text, place in lacking.items())


def test_the_compiled_catalogue_is_in_step():
    assert COMPILED.read_bytes() == compiled(), "Run `make words`."


def test_no_english_is_left_of_a_text_that_is_gone():
    assert not written().keys() - asked().keys()
