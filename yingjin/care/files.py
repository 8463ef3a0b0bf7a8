"""The special-treatment list and the names of ICD-10 codes, shipped inside this package and read once."""

import csv
import gzip
import io
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from yingjin.care.domain.diseases import Disease, DiseaseList, Scope, clean

DATA = files("yingjin.care") / "data"


@cache
def disease_list() -> DiseaseList:
    """Read the list with its scopes, marks and the names of all codes."""
    shipped: dict[str, Any] = yaml.safe_load((DATA / "special_treatment.yaml").read_text(encoding="utf-8"))
    return DiseaseList(
        version=shipped["version"],
        diseases=tuple(Disease(**row | {"scope": Scope.read(row["scope"])}) for row in shipped["diseases"]),
        sensitive_scopes=tuple(Scope.read(row["scope"]) for row in shipped["sensitive"]),
        child_under_years=shipped["child"]["under_years"],
        names=icd_names(),
    )


@cache
def icd_names() -> dict[str, str]:
    """Read code and name of the ICD-10 medical-insurance edition 2.0."""
    text = gzip.decompress((DATA / "icd10_insurance_2.csv.gz").read_bytes()).decode("utf-8")
    return {clean(row["code"]): row["name"] for row in csv.DictReader(io.StringIO(text))}
