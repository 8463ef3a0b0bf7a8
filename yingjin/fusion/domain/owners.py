"""Which register a person's field is taken from: the first in its order that has a value (D5)."""

from collections.abc import Mapping

POVERTY, INSURANCE, HEALTH = "poverty", "insurance", "health"

# The order in which register persons stand for their person. The first founds the person's key.
REGISTERS = (POVERTY, INSURANCE, HEALTH)

OWNERS: Mapping[str, tuple[str, ...]] = {
    "name": (POVERTY, INSURANCE, HEALTH),
    # The insurer checks numbers against the police's and asks sex and birthday; the lists have neither.
    "identity_number": (INSURANCE, POVERTY, HEALTH),
    "born_on": (INSURANCE, HEALTH, POVERTY),
    "sex": (INSURANCE, HEALTH, POVERTY),
    "phone": (HEALTH, POVERTY, INSURANCE),
    # The poverty lists are gone through house by house each year.
    "region_code": (POVERTY, HEALTH, INSURANCE),
}
