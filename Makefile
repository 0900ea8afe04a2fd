# What one does with Serentak. Needs python3 (3.11 or newer, with venv), make and git, nothing else.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

PINS := --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 \
	--no-annotate

export DJANGO_SETTINGS_MODULE := serentak.config.settings

.DEFAULT_GOAL := help
.PHONY: help demo env env-dev browser check test test-cluster cluster bench calibration mutants pictures \
	slice format wheel clean requirements

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: env ## show Serentak with invented data (ARGS="--port 9000")
	@exec $(BIN)/serentak demo $(ARGS)

env: .venv/.installed ## the environment to run in
env-dev: .venv/.installed-dev ## the environment to work in

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Serentak needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …"; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.installed: requirements.txt pyproject.toml hatch_build.py | .venv/bin/python
	@echo "Installing what Serentak needs …"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing what working on Serentak needs …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

browser: ## the browser for the browser tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| command -v google-chrome >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Chromium for the browser tests …"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
		else \
			echo "The browser tests need Chromium. On Debian, as root: apt-get install chromium"; \
			exit 1; \
		fi; }

check: env-dev ## style, types, house rules, missing migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --lint --quiet src
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@[ -n "$$DATABASE_URL" ] || $(BIN)/serentak db start >/dev/null
	@$(BIN)/django-admin makemigrations --check --dry-run
	@$(BIN)/serentak messages check

test: env-dev browser ## every test (ARGS="-k word")
	@$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-cluster: env-dev cluster ## seven machines played on this one: kill and cut them off under load (root)
	@unshare --net $(BIN)/pytest -m cluster tests/cluster $(ARGS)

cluster: ## etcd and the web server in front, for the tests of several machines
	@command -v etcd >/dev/null && command -v caddy >/dev/null && command -v ip >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing etcd and Caddy for the tests of several machines …"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq \
				--no-install-recommends etcd-server caddy iproute2; \
		else \
			echo "These tests need etcd, Caddy and root. On Debian: apt-get install etcd-server caddy"; \
			exit 1; \
		fi; }

bench: env-dev ## measure, and print a table
	@$(BIN)/python bench/run.py $(ARGS)

calibration: env-dev ## play campaigns against the forecast (ARGS="--write": into the docs)
	@$(BIN)/python bench/calibration.py $(ARGS)

mutants: env-dev ## break rules on purpose; which faults does no test notice? (ARGS="desk")
	@$(BIN)/python bench/mutants.py $(ARGS)

pictures: env-dev browser ## take every screen of the demo
	@$(BIN)/python docs/pictures.py $(ARGS)

slice: env-dev ## lay down a new slice (NAME=security FOCUS=SECURITY)
	@[ -n "$$DATABASE_URL" ] || $(BIN)/serentak db start >/dev/null
	@$(BIN)/python tools/slice/make.py "$(NAME)" "$(FOCUS)"

format: env-dev ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel: env-dev ## build the package into dist/
	@$(BIN)/python -m hatchling build -t wheel

clean: ## remove the environment and what tools left; data in var/ stays
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

requirements: env-dev ## pin anew, within the ranges of pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade $(PINS) --extra build --extra patroni \
		-o requirements.txt pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade $(PINS) --extra build --extra patroni --extra dev \
		-c requirements.txt -o requirements-dev.txt pyproject.toml
