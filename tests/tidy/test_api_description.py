"""The committed description of the API is what the API does, and says every refusal."""

from yingjin.api.errors import PROBLEM
from yingjin.api.schema import PATH, described, written


def test_the_description_is_committed_as_it_is():
    assert PATH.read_text(encoding="utf-8") == written(), "Write it again: python -m yingjin.api.schema"


def test_every_operation_says_each_refusal_as_a_problem():
    schema = described()
    assert schema["openapi"].startswith("3.1")
    operations = [one for path in schema["paths"].values() for one in path.values()]
    assert len(operations) > 20
    for one in operations:
        refusals = {status: each for status, each in one["responses"].items() if int(status) >= 400}
        assert {"400", "422", "429", "500", "503"} <= refusals.keys(), one["operationId"]
        assert all(set(each["content"]) == {PROBLEM} for each in refusals.values()), one["operationId"]
