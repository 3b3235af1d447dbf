# The project's own commands; `make help` lists them.
PY ?= python3
PORT ?= 5000
T ?= tests
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help run test quick bench lint hooks lock vendor tables image-check
help:  ## the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/'

$(STAMP): requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PY) -m venv $(VENV)
	@echo "Installing what the portal needs (once)."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)  ## the demo on http://127.0.0.1:5000 (PORT=)
	@$(BIN)/portal demo --port $(PORT)

test: $(STAMP)  ## all tests, real parts included (T=tests/reviews: a part of them)
	@PATH="$(CURDIR)/$(BIN):$$PATH" tests/setup.sh
	@$(BIN)/python -m pytest -n 2 $(T)

quick: $(STAMP)  ## the tests that need no real part and no whole story (T=: a part of them)
	@$(BIN)/python -m pytest -n 2 --quick $(T)

hooks:  ## lint before every commit
	@git config core.hooksPath tools/hooks

bench: $(STAMP)  ## measure, and print the table of docs/performance.md
	@$(BIN)/python -m benchmarks

lint: $(STAMP)  ## formatting, lint, types, contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint templates --lint --quiet

lock:  ## pin every dependency by hash (needs uv)
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header -o requirements.txt pyproject.toml
	uv pip compile -q --universal --extra dev --generate-hashes --no-emit-index-url --no-header -o requirements-dev.txt pyproject.toml

vendor:  ## compile the theme again (needs npm)
	tools/vendor.sh

tables: $(STAMP)  ## write docs/lifecycles.md and docs/roles.md again
	@$(BIN)/python tools/tables.py

image-check:  ## prove the Dockerfile's steps in a clean folder
	@$(PY) tools/prove_dockerfile.py
