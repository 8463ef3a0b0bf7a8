# Two commands are enough: `make run` serves the demonstration county, `make test` runs every test.
# Each target prepares what it needs (scripts/prepare.sh) and costs nothing where that is done.

PORT ?= 8000
COUNTY_SIZE ?= 20000
DATA ?=
TESTS ?=
ONLY ?=

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench drill pictures words lock audit base dev browser

help: ## Show what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16
	@echo
	@echo '  make run PORT=8000 COUNTY_SIZE=20000   a made-up county of that many people'
	@echo '  make run DATA=folder                   a county of your own register files'
	@echo '  make test TESTS=tests/unit             a part of the tests only'

# The store lies outside the checkout (YINGJIN_STORE, or the user's data folder): see docs/adr/0002.
# ^C is how serving ends, so it is no error of make's.
run: base ## Set up, run the main job of a county, then serve it on 127.0.0.1
	@trap : INT; $(BIN)/yingjin up --port $(PORT) --county-size $(COUNTY_SIZE) $(if $(DATA),--data '$(DATA)') \
		|| { status=$$?; [ $$status -eq 130 ] || exit $$status; }

test: dev browser ## Run every test on SQLite and PostgreSQL, in a real browser
	@$(BIN)/python -m tests.support.suites $(TESTS)

# All of it runs, so that one look shows all that is broken.
check: dev ## Format, lint, types, imports, house rules, migrations in step
	@status=0; \
	look() { echo "== $$1"; shift; "$$@" || status=1; }; \
	look 'Format' $(BIN)/ruff format --check --output-format concise .; \
	look 'Lint' $(BIN)/ruff check --output-format concise .; \
	look 'Types of what decides' $(BIN)/mypy $$($(BIN)/python -m tests.support.deciding); \
	look 'Imports' $(BIN)/lint-imports --no-logo; \
	look 'House rules' $(BIN)/pytest tests/tidy; \
	exit $$status

fix: dev ## Format, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: dev browser ## Measure, print the tables and rewrite docs/benchmarks.md
	$(BIN)/python -m bench

drill: dev browser ## Do the drills at their full counts (hours) and rewrite docs/drills.md
	$(BIN)/python -m drill

pictures: dev browser ## Take the pictures of every page for docs (ONLY="gap bill" for some)
	$(BIN)/python -m pictures $(ONLY)

words: dev ## Write the English catalogue, and say which texts lack their English
	@$(BIN)/python -m tests.support.words

audit: dev ## Ask whether a locked package has a known hole (needs the network)
	@$(BIN)/python -m tests.support.known_holes

# Pins stay as they are where they may; remove a .txt to take the newest of all.
lock: dev ## Resolve requirements/*.in, with hashes and without any index address
	@cd requirements && for set in base dev; do \
		../$(BIN)/uv pip compile $$set.in -o $$set.txt --quiet --universal --generate-hashes \
			--no-header --python-version 3.11 --system-certs || exit 1; \
	done

base dev browser:
	@scripts/prepare.sh $@
