# Everything one does with Release Desk, from a fresh checkout. Needs Python 3.11 and make.
.DEFAULT_GOAL := help
SHELL := /bin/sh

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8008
BIN := .venv/bin
WORKERS ?= auto

.PHONY: help demo test lint check bench screenshots lock migration clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: .venv/.run ## serve the local workspace with Release Desk in it (PORT=8008)
	@PORT=$(PORT) $(BIN)/releasedesk demo

test: .venv/.dev ## run every check: style, types, layers, tests on SQLite and PostgreSQL, browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

lint: .venv/.dev ## mend what can be mended in style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev ## measure Release Desk beside the barest Bolt app
	$(BIN)/python -m bench

screenshots: .venv/.dev ## take the pictures of the README anew (needs chromium and an emoji font)
	SCREENSHOTS=docs/images $(BIN)/pytest tests/journeys/test_browser.py -q

lock: .venv/.dev ## resolve the lock files anew from pyproject.toml
	$(BIN)/pip install -q pip-tools
	$(BIN)/pip-compile $(COMPILE) --extra build -o requirements.lock pyproject.toml
	$(BIN)/pip-compile $(COMPILE) --extra build --extra dev -o requirements-dev.lock pyproject.toml
COMPILE := -q --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-options

migration: .venv/.dev ## write a migration from the tables (NAME="what it adds")
	@test -n "$(NAME)" || { echo 'Say what it adds: make migration NAME="owner of a package"'; exit 2; }
	@rm -f .migration.db*
	DATABASE_URL=sqlite:///.migration.db $(BIN)/releasedesk migrate
	DATABASE_URL=sqlite:///.migration.db $(BIN)/alembic revision --autogenerate -m "$(NAME)"
	@rm -f .migration.db*

clean: ## remove everything that make has made
	rm -rf .venv .bootstrap .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@ .venv/.run

# Debian splits venv off Python; where it is missing, virtualenv from PyPI makes the same.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: apt-get install python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 is needed; $(PYTHON) is older."; exit 1; }
	@$(PYTHON) -m venv .venv 2>/dev/null || { \
		rm -rf .venv && \
		$(PYTHON) -m pip install -q --target .bootstrap virtualenv && \
		PYTHONPATH=.bootstrap $(PYTHON) -m virtualenv -q .venv; }
