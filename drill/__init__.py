"""What is too long for `make test`: the full counts, by `make drill`. Its table is kept in docs/drills.md."""
