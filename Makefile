# `make help` lists what can be done. Needs Python 3.11 or newer; everything else is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
PACKAGES := shared console services/membership services/meetings services/practices services/notifications
SCHOOLS ?=
S ?=
URL ?=

.DEFAULT_GOAL := help
.PHONY: help install demo tour up test test-rest test-all test-long test-composed chaos fuzz bench docs lint format lock compose-up compose-down clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: .venv/installed ## Create .venv with everything in it

.venv/installed: requirements/dev.lock requirements/build.lock $(PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Halqa needs Python 3.11 or newer: make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (about a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(PACKAGES:%=-e ./%)
	@touch $@

demo: install ## Start everything here, take the tour of the main job, leave it running (Ctrl-C stops)
	@$(BIN)/halqa demo $(if $(SCHOOLS),--schools $(SCHOOLS))

tour: install ## The same, stopping at the end; URL=http://127.0.0.1:8100 for a composed system, SCHOOLS=file.csv
	@$(BIN)/halqa tour $(if $(URL),--url $(URL)) $(if $(SCHOOLS),--schools $(SCHOOLS))

up: install ## Start everything here, empty
	@$(BIN)/halqa up

test: install ## Run the tests, or those of S=meetings, S=membership/planning; says loudly what it could not test
	@$(BIN)/python -m pytest -n 3 --dist worksteal --databases one $(if $(S),tests/$(S)) $(ARGS)

test-rest: install ## What make test leaves out: the other database where none differs, and what takes minutes
	@$(BIN)/python -m pytest -n 3 --dist worksteal --databases other $(ARGS)
	@$(MAKE) --no-print-directory test-long

test-all: test test-rest ## Everything but the composed system

test-long: install ## What takes minutes: journeys of the whole system (killed, archived, erased, formed), everything asked by everybody, sabotage
	@$(BIN)/python -m pytest -m long -n 2 tests/journeys tests/fuzz tests/chaos $(ARGS)

test-composed: install ## Tests of the composed system, which compose-up has started: containers are killed
	@$(BIN)/python -m pytest -m composed -s tests/journeys/test_composed.py

chaos: install ## Kill processes, servers and lines for minutes, then count every event (SECONDS=, KILLS=, SEED=, ARGS=--help)
	@PYTHONPATH=tests $(BIN)/python -m chaos $(if $(SECONDS),--seconds $(SECONDS)) $(if $(KILLS),--kills $(KILLS)) \
		$(if $(SEED),--seed $(SEED)) $(ARGS)

fuzz: install ## Ask all services everything as everybody, rightly and wrongly, by schemathesis (CASES=, SEED=, ARGS=--help)
	@PYTHONPATH=tests $(BIN)/python -m fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED)) $(ARGS)

bench: install .venv/bench/installed ## Measure ours beside Kombu, Celery, FastStream, bare Flask (ARGS=--help tells more)
	@$(BIN)/python -m benchmarks $(ARGS)

.venv/bench/installed: requirements/bench.lock
	@test -x .venv/bench/bin/python || $(BIN)/python -m venv .venv/bench
	@echo "Installing what to measure against into .venv/bench ..."
	@.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	@touch $@

docs: install ## Write what documents say from the tables of the code: what services hear, the page of letters
	@PYTHONPATH=tests $(BIN)/python -m architecture.generated

lint: install ## Style, formatting, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: install ## Put the code in shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: install ## Write requirements/*.lock anew from the pyproject files (UPGRADE=1 takes newer versions)
	@sh requirements/lock.sh $(if $(UPGRADE),--upgrade)

compose-up: ## Start the composed system: PostgreSQL, RabbitMQ, eight containers of ours, gateway on 8100
	docker compose up --build --wait

compose-down: ## Stop the composed system and delete its volumes
	docker compose down --volumes

clean: ## Delete .venv and all that the embedded system has kept
	rm -rf .venv var
