# AnodePrint 负极碳迹. `make run` shows it, `make test` tries all of it; each step says what it does.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell .ci/find-python)
PACKAGES := service lca_models supplier_portal
PORT ?= 8000
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## Show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: run
run: install system ## Install what is missing, migrate, load the sample company into an empty database, serve
	@export ANODEPRINT_LOG_FORMAT=$${ANODEPRINT_LOG_FORMAT:-console} ANODEPRINT_LOG_LEVEL=$${ANODEPRINT_LOG_LEVEL:-WARNING}; \
	exec $(BIN)/anodeprint serve --with-sample --port $(PORT)

.PHONY: install
install: $(VENV)/.installed ## Virtual environment with pinned dependencies, byte-compiled

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "AnodePrint needs Python 3.11 or newer (python3 on the PATH, or make PYTHON=...)"; exit 1; }
	@.ci/system ensurepip:python3-venv -- $(PYTHON)
	@echo "Python: making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Python: installing pinned dependencies into $(VENV) (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Python: installing pinned development tools into $(VENV)"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

.PHONY: system
system: $(VENV)/.installed ## System libraries that PDF certificates need, through apt where that is allowed
	@test -e $(VENV)/.system || { .ci/system pdf -- $(BIN)/python && touch $(VENV)/.system; } || true

.PHONY: system-test
system-test: system
	@.ci/system chromium poppler-utils -- $(BIN)/python || { echo "Tests: the browser or PDF part may not run"; test -z "$${CI:-}"; }

.PHONY: test
test: $(VENV)/.installed-dev system-test ## The complete suite, but for the long runs
	@echo "Tests: on SQLite and a PostgreSQL of their own, $(JOBS) processes"
	@$(BIN)/python -m pytest -m "not long" -n $(JOBS) --dist loadfile $(ARGS)

.PHONY: test-long
test-long: $(VENV)/.installed-dev system-test ## Fuzz, kill and soak runs; takes an hour or so
	@$(BIN)/python -m pytest -m long $(ARGS)

.PHONY: check
check: $(VENV)/.installed-dev ## Lint, format, types, import contracts, templates, known vulnerabilities
	@echo "Check: lint";             $(BIN)/ruff check .
	@echo "Check: format";           $(BIN)/ruff format --check .
	@echo "Check: types";            $(BIN)/mypy
	@echo "Check: import contracts"; $(BIN)/lint-imports --no-logo
	@echo "Check: templates";        $(BIN)/djlint templates --lint --quiet
	@echo "Check: vulnerabilities";  .ci/audit $(BIN)/pip-audit

.PHONY: bench
bench: $(VENV)/.installed system ## Measure this machine beside the floors and targets; JSON into bench-results/
	@mkdir -p bench-results
	@for what in certificate jobs http checks allocation swaps ranking exchange measures; do $(BIN)/anodeprint bench $$what --output bench-results/$$what.json; done
	@$(BIN)/anodeprint bench lca --output bench-results/lca.json

.PHONY: docs
docs: $(VENV)/.installed-dev ## Renew the generated tables of the documents, then check the documents
	@$(BIN)/anodeprint model document docs/methodology.md
	@$(BIN)/python -m pytest -q -p no:randomly tests/architecture tests/lca_models/test_methodology.py

.PHONY: migrate
migrate: install ## Bring the database to this version
	@$(BIN)/anodeprint migrate

.PHONY: migration
migration: $(VENV)/.installed-dev ## Write a migration for changed tables: make migration NAME="Add a column"
	@$(BIN)/python -m service.migrations.generate "$(NAME)"

.PHONY: clean
clean: ## Remove the environment and caches; the data folder `var` stays
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
