"""Keep the data safe: a backup while the county works, a restore that proves itself, a rehearsal of an upgrade.

* invariants   what must be the same before and after: rows, sums of money, the head of the audit chain
* databases    a consistent copy of either database, and back
* marks        by which keys a backup was made
* folders      a backup as a folder: what is in it, whole or not at all
"""
