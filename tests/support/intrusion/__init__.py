"""The intruder: every address and operation there is, asked by everybody, with keys of others, and every answer read.

* county     two counties' people, and work of both desks that names itself
* readers    who asks: each role in each county, by page and by API, and nobody
* hidden     what tells of whom, and who may be told: worked out from the tables, not by the product's own queries
* doors      the addresses, from the table of addresses itself
* keys       which keys each kind of address takes, and whose they are
* asking     requests: plausible questions with the wrong keys
* answers    an answer as text, whatever it is: page, JSON, CSV, workbook, PDF
* walk       asks, and tells what came out that must not
"""
