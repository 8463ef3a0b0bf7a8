"""
Fields that carry a promise: region codes sort by byte; what a stolen file must not tell is sealed (D5, D9).

* RegionCodeField, SortKeyField, BeginningField      searched by range, by byte on every database; they hide nothing
* NumberedField                      a row's own number, known before the row is written
* SealedField                        text that opens in its own row and column alone
* IdentityNumberField, PayloadField  the same for a number, and for what is kept as JSON
* BlindIndexField                    what a sealed text is found by, equality only
* PseudonymField                     a short word of a short list, the same for the same word, so that rows can be counted by it
* RowKeyField                        a row's key by its register, its words sealed and its numbers not
"""

from yingjin.basics.code_fields import BeginningField, RegionCodeField, SortKeyField
from yingjin.basics.keyed_fields import (
    BlindIndexField,
    PseudonymField,
    RowKeyField,
    as_written,
    blind_index,
    first_of,
    last_four,
)
from yingjin.basics.sealed_fields import (
    IdentityNumberField,
    NumberedField,
    PayloadField,
    SealedField,
)

__all__ = [
    "BlindIndexField",
    "IdentityNumberField",
    "NumberedField",
    "PayloadField",
    "PseudonymField",
    "BeginningField",
    "RegionCodeField",
    "RowKeyField",
    "SealedField",
    "SortKeyField",
    "as_written",
    "blind_index",
    "first_of",
    "last_four",
]
