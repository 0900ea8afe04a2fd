# What one does with Serentak. Needs python3 (3.11 or newer, with venv), make and git, nothing else.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

PINS := --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 \
	--no-annotate

.DEFAULT_GOAL := help
.PHONY: help env env-dev check test format clean requirements

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

env: .venv/.installed ## the environment to run in
env-dev: .venv/.installed-dev ## the environment to work in

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Serentak needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.installed: requirements.txt pyproject.toml | .venv/bin/python
	@echo "Installing what Serentak needs …"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing what working on Serentak needs …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

check: env-dev ## style, types, house rules, missing migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test: env-dev ## every test
	@$(BIN)/pytest

format: env-dev ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## remove the environment and what tools left; data in var/ stays
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

requirements: env-dev ## pin anew, within the ranges of pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade $(PINS) --extra build -o requirements.txt pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade $(PINS) --extra build --extra dev -c requirements.txt \
		-o requirements-dev.txt pyproject.toml
