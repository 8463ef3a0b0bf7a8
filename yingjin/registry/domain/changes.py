"""What may happen to a person by the poverty register."""

DIED = "died"
LEFT = "left"
RETURNED = "returned"
WORK_INSURED = "work_insured"
REFUSED = "refused"
