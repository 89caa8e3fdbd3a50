# Everything starts here. `make` alone lists what there is; each target first sets up `.venv`, if that is out of date.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/relflow.stamp
WORKERS ?= 2
EXAMPLES ?= 5000
MINUTES ?= 5
CASES ?= 1000000
STORE ?= sqlite
DEMO ?=

.PHONY: help setup demo test cover check format bench fuzz soak docs pages scaffold lock clean sweep

help:  ## list the targets
	@sed -nE 's/^([a-z]+):[^#]*## (.*)$$/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: $(STAMP)  ## .venv with relflow (editable), all tools and plugins, as constraints.txt pins them
	@echo "ready: $(BIN)/relflow, $(BIN)/lint-imports, $(BIN)/pytest"

demo: $(STAMP)  ## decide about 2,357 real customers, run one complaint, write a report (DEMO="--lang zh" for Chinese)
	@echo "== relflow demo $(DEMO)"
	@$(BIN)/relflow demo $(DEMO)

test: $(STAMP)  ## all tests, on WORKERS=2 processes
	@echo "== tests, $(WORKERS) processes"
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal

cover: $(STAMP)  ## all tests with branch coverage
	@echo "== tests with coverage"
	@$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term

check: $(STAMP)  ## lint, format, types, layers and doors, module sizes and docstrings
	@echo "== ruff check"
	@$(BIN)/ruff check .
	@echo "== ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "== mypy --strict"
	@$(BIN)/mypy
	@echo "== import contracts"
	@$(BIN)/lint-imports --no-logo --no-cache
	@echo "== code contracts"
	@$(BIN)/pytest -q tests/contracts/test_code.py

format: $(STAMP)  ## rewrite the code as the checks want it
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

bench: $(STAMP)  ## measure start-up and speed, beside other engines where they install
	@echo "== other rule engines, for comparison"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[bench]' \
	  || echo "some did not install; what is missing is left out"
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

fuzz: $(STAMP)  ## the property tests with EXAMPLES=5000 examples each, then each fuzz target for MINUTES=5
	@echo "== property tests, $(EXAMPLES) examples each"
	@RELFLOW_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -n $(WORKERS) tests/properties
	@for target in $(patsubst tests/fuzz/%.py,%,$(wildcard tests/fuzz/*.py)); do \
	  echo "== fuzzing $$target for $(MINUTES) minutes"; \
	  $(BIN)/python -m "tests.fuzz.$$target" --seconds $$(($(MINUTES) * 60)) --seed $$RANDOM; \
	done

soak: $(STAMP)  ## kill workers and clients at random for MINUTES=5 on STORE=sqlite, clocks astray, and judge what is left
	@$(BIN)/python -m tests.faults --minutes $(MINUTES) --store $(STORE)
	@$(BIN)/python -m tests.faults.race --store $(STORE)

sweep: $(STAMP)  ## fire a due timer of each of CASES=1000000 cases: speed beside raw sqlite3, and whether memory stays flat
	@$(BIN)/python benchmarks/sweeps.py --cases $(CASES)

docs: $(STAMP)  ## run every example of README and docs
	@echo "== the examples of README.md and docs/"
	@$(BIN)/pytest README.md $$(test -d docs && echo docs)

pages: $(STAMP)  ## write the pages of docs/reference that come from the program itself
	@$(BIN)/python docs/generate.py

scaffold: $(STAMP)  ## begin a new check: module, test and page (NAME=odd-thing)
	@$(BIN)/python docs/new_check.py $(NAME)

lock: $(STAMP)  ## write constraints.txt anew from what .venv holds
	@{ echo '# What `make setup` installs, exactly. Renew with `make lock`.'; \
	   $(BIN)/pip freeze --exclude-editable --all | grep -viE '^(pip|setuptools|wheel|relflow[a-z-]*)==' | sort -f; } > constraints.new
	@mv constraints.new constraints.txt
	@echo "constraints.txt: $$(grep -c == constraints.txt) packages"

clean:  ## remove what tools wrote; .venv stays
	@rm -rf build dist out relflow-demo htmlcov .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	@echo "clean"

PLUGINS := $(wildcard plugins/*/pyproject.toml)

# The virtual environment is kept if its Python still runs: only what changed is installed.
$(STAMP): pyproject.toml constraints.txt $(PLUGINS)
	@if ! $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  found=; \
	  for candidate in "$${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do \
	    if [ -n "$$candidate" ] && "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then found=$$candidate; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "relflow needs Python 3.11 or newer with venv and found none; install it, or: make PYTHON=/path/to/python3.11" >&2; \
	    echo "(Debian, Ubuntu: apt install python3 python3-venv)" >&2; \
	    echo "relflow 需要带 venv 的 Python 3.11 或更新版本，未找到；请先安装，或运行：make PYTHON=/路径/python3.11" >&2; \
	    exit 2; \
	  fi; \
	  echo "== $(VENV) with $$($$found --version)"; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@echo "== packages into $(VENV), as constraints.txt pins them"
	@# what builds relflow, its plugins and lunar-python (which comes as source only)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling editables 'setuptools>=70.1' wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation \
	  -e '.[dev]' $(foreach plugin,$(PLUGINS),-e ./$(patsubst %/,%,$(dir $(plugin))))
	@# an editable install has no bytecode of its own; with it commands start as quickly as from a wheel
	@$(BIN)/python -m compileall -q src
	@touch $(STAMP)
