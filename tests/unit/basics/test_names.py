import pytest

from yingjin.basics.names import same_name_key


@pytest.mark.parametrize(
    "other", ["阿西·木加", "阿西•木加", "阿西木加", " 阿西 木加", "阿西．木加", "阿西・木加"]
)
def test_spaces_and_interpuncts_do_not_part_a_name(other):
    assert same_name_key(other) == same_name_key("阿西・木加")


def test_other_characters_do():
    assert same_name_key("张三") != same_name_key("章三")
