# Every target that needs Python makes the virtual environment by itself; `make help` lists them.

PYTHON ?= python3
JOBS ?= auto
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.lock-stamp
LOCKER := build/locker
UV := uv==0.13.9
CONSUMERS := build/consumers

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The tests use every core by themselves; one step at a time keeps the output readable under `make -j`.
.NOTPARALLEL:
.PHONY: help build serve test test-slow test-all bench bench-nights bench-full peers-table hosts-table faults-table coverage-table bench-site lint audit soak reliability-table fmt lock lock-consumers consumers clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do \
		printf '%-14s  %s\n' "$$name" "$$what"; done

build: $(STAMP) ## fetch every gateway and write output/ (ARGS="--offline": from data/ alone)
	$(BIN)/python build.py $(ARGS)

serve: $(STAMP) ## serve output/ at http://127.0.0.1:8000/ (ARGS="--port 9000")
	$(BIN)/python build.py serve $(ARGS)

# Old measurements go first: an interrupted run must not add to the next one.
test: $(STAMP) ## run the fast tests; fails under 95 % branch coverage
	@rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/python -m coverage run -m pytest -n $(JOBS)
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

test-slow: $(STAMP) ## run the tests marked slow
	$(BIN)/python -m pytest -n $(JOBS) -m slow

# In one call of make a target runs once: `make lint test test-all` repeats nothing.
test-all: lint test test-slow ## run everything: lint, fast tests, slow tests

bench: $(STAMP) ## measure the program
	$(BIN)/python -m tests.bench $(ARGS)

bench-nights: $(STAMP) ## measure nights of 25,000 and 250,000 listings (about 15 minutes, 5 GB in GATELOG_BENCH_DIR)
	$(BIN)/python -m tests.bench.nights

peers-table: $(STAMP) $(CONSUMERS)/.lock-stamp ## measure what readers of other catalogs fetch (GATELOG_CAPTURES: a folder of captured answers)
	$(BIN)/python -m tests.bench.peers

hosts-table: $(STAMP) ## ask every host that is installed and write the table of docs/hosts.md
	$(BIN)/python -m tests.conformance

faults-table: $(STAMP) ## try every fault on every gateway and write the table of docs/faults.md
	$(BIN)/python -m tests.faults --table

coverage-table: $(STAMP) ## build the shipped catalog and write the table of docs/coverage.md
	$(BIN)/python -m tests.completeness

bench-full: $(STAMP) ## measure a million listings (about an hour, 30 GB in GATELOG_BENCH_DIR)
	$(BIN)/python -m tests.bench.million $(ARGS)

bench-site: $(STAMP) ## measure the website with lighthouse (needs node, npm and Chromium)
	$(BIN)/python -m tests.bench.site

lint: $(STAMP) ## check style, format, types, the direction of imports and the workflows
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/python -m mypy --python-version 3.10 clients/python/gatelog_client
	$(BIN)/lint-imports --no-logo
	$(BIN)/zizmor --quiet --offline --persona pedantic .github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml

audit: $(STAMP) ## look the locked versions up among known vulnerabilities (needs a network; CI does it)
	$(BIN)/python -m pip_audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements.lock

# Random faults from a seed: at most half an hour; `make test-slow` has a shorter one.
soak: $(STAMP) ## simulate 60 nights with faults (ARGS="--nights 10 --seed 3")
	$(BIN)/python -m tests.soak $(ARGS)

reliability-table: $(STAMP) ## try faults, kills, hostile strings and nights, and write the tables of docs/reliability.md
	$(BIN)/python -m tests.reliability $(ARGS)

fmt: $(STAMP) ## format the code and apply safe fixes
	$(BIN)/python -m ruff check --fix-only .
	$(BIN)/python -m ruff format .

# Versions stay unless pyproject.toml asks for others or ARGS=--upgrade.
lock: ## write requirements.lock again from pyproject.toml (ARGS=--upgrade: newest versions)
	$(PYTHON) -m venv --clear $(LOCKER)
	$(LOCKER)/bin/python -m pip install --quiet --disable-pip-version-check $(UV)
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(LOCKER)/bin/uv pip compile --quiet --universal \
		--python-version 3.11 --extra dev --extra publish --generate-hashes --no-annotate --no-emit-index-url \
		--output-file requirements.lock $(ARGS) pyproject.toml

lock-consumers: ## write tests/consumers/requirements.lock again (ARGS=--upgrade: newest versions)
	$(PYTHON) -m venv --clear $(LOCKER)
	$(LOCKER)/bin/python -m pip install --quiet --disable-pip-version-check $(UV)
	UV_CUSTOM_COMPILE_COMMAND="make lock-consumers" $(LOCKER)/bin/uv pip compile --quiet --universal \
		--python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url \
		--output-file tests/consumers/requirements.lock $(ARGS) pyproject.toml tests/consumers/requirements.in

consumers: $(CONSUMERS)/.lock-stamp ## make the environment of the tools that read our exports

$(CONSUMERS)/.lock-stamp: tests/consumers/requirements.lock
	rm -rf $(CONSUMERS)
	"$(PYTHON)" -m venv $(CONSUMERS)
	$(CONSUMERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

clean: ## remove the virtual environment, caches and measurements; data/ and output/ stay
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp comes last: an environment that was interrupted while it was made is made again.
$(STAMP): requirements.lock
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "Gatelog needs Python 3.11 or newer: $(PYTHON) was not found (make PYTHON=/path/to/python3)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Gatelog needs Python 3.11 or newer: $(PYTHON) is older (make PYTHON=/path/to/python3)." >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Gatelog needs Python's venv module: install it (on Debian: apt-get install python3-venv)." >&2; exit 1; }
	rm -rf $(VENV)
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@touch $@
