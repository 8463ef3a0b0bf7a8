"""A demonstration county: made-up people in real villages, written as the files a real county would bring.

Read in this order:

* people          what a person, household, stay … of the county is
* population      households that fit the census
* poverty         who is in the poverty register, with which categories and changes
* illness, stays  confirmed illnesses; stays and visits with their cost
* payments        what the rulebook gives, and what the payers reported
* registers       who stands in which register, under which number, with which slips
* rows, writing   the files; `truth` what is really so
"""
