# Sunline. `make` alone lists what can be done.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# Where it is set, every program that a test starts would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

VENV ?= .venv
BIN := $(VENV)/bin
PACKAGES := callflows routing recordings_vault ivr phonesim rehearsals
# Three at once on two cores: while one test waits for a browser or another process, two others work.
SHARED := -n 3 --dist worksteal -q
PYTEST ?= $(SHARED) --durations=20 -rs

# A Python counts when it runs, is 3.11 or 3.12, and can make virtual environments.
SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))
CANDIDATES := python3.12 python3.11 python3 python $(wildcard $(HOME)/.pyenv/versions/3.1[12].*/bin/python)
PYTHON ?= $(shell for one in $(CANDIDATES); do "$$one" -c '$(SUITABLE)' >/dev/null 2>&1 && { echo "$$one"; break; }; done)

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet

.PHONY: help
help: ## what can be done
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/.runtime ## everything on this machine: two calls, then phones and pages to try (DEMO_EXIT=1 ends after the calls)
	@PATH="$(abspath $(BIN)):$$PATH" exec sunline demo

.PHONY: test
test: $(VENV)/.dev ## every check and every test but the slow forms: what the build runs
	@$(MAKE) --no-print-directory --jobs 2 --output-sync lint types imports bytecode
	@$(MAKE) --no-print-directory pytest

.PHONY: quick
quick: lint types imports $(VENV)/.dev ## style, types, and the tests nearest to what you changed, on SQLite: within a minute
	@files="$$($(BIN)/python -m tests.touched)"; \
	$(BIN)/python -m pytest $(SHARED) --database sqlite -m "not thorough and not faults and not browser" $$files

.PHONY: thorough
thorough: lint types imports $(VENV)/.dev ## `make test` and the slow forms of its tests: before a release
	@$(BIN)/python -m pytest $(PYTEST) -m "thorough or not thorough"

.PHONY: pytest
pytest: $(VENV)/.dev ## the tests alone, on SQLite and PostgreSQL (PYTEST="tests/house -x" for some)
	@$(BIN)/python -m pytest $(PYTEST)

# Where nothing is compiled yet, each process of the tests would rewrite the assertions of every module for itself. What
# is wrong with a module the tests tell.
.PHONY: bytecode
bytecode: $(VENV)/.dev
	@$(BIN)/python -m pytest --collect-only -q >/dev/null 2>&1 || true

.PHONY: lint
lint: $(VENV)/.dev ## style and common mistakes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: $(VENV)/.dev ## types, strictly
	@$(BIN)/mypy

.PHONY: imports
imports: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports

.PHONY: bench
bench: $(VENV)/.dev ## measurements, as a table of ratios
	@$(BIN)/python -m bench

.PHONY: format
format: $(VENV)/.dev ## mend style where that is safe
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: migration
migration: $(VENV)/.dev ## a new migration from the tables, m="what it does"
	@$(BIN)/python -m migrations "$(m)"

.PHONY: lock
lock: $(VENV)/.dev ## pin the newest versions that pyproject.toml allows
	@$(BIN)/$(LOCK) --upgrade --output-file requirements.lock
	@$(BIN)/$(LOCK) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock

.PHONY: setup
setup: $(VENV)/.dev ## the virtual environment .venv, for work on Sunline

.PHONY: clean
clean: ## remove what was made here; the data folder var/ stays
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say which lock file the environment was made from. Only the first line of a recipe needs a network.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.runtime

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "setup: Sunline needs Python 3.11 or 3.12 with the venv module, and none was found." \
		"Install one (on Debian: apt-get install python3 python3-venv) or say where: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c '$(SUITABLE)' || { echo "setup: $(PYTHON) is not Python 3.11 or 3.12 with the venv module." >&2; exit 1; }
	@echo "setup: $$("$(PYTHON)" --version) makes $(VENV)"
	@"$(PYTHON)" -m venv --clear $(VENV)

define install
echo "setup: installing $(1)"; \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(1) || { \
	echo "setup: the packages could not be installed. Is there a network? Read pip's words above and run make again." >&2; \
	exit 1; }; \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef
