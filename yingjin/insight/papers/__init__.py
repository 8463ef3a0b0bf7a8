"""
What papers say: each function takes what its page shows, through the same query, and returns the data of its template.

* slips        what one bill comes to, for the patient
* households   one household with what each member is due, for its door
* regions      one place in figures, for a meeting

The templates lie beside them. Scope and hidden illness are the queries': nothing is read here that a page may not show.
"""
