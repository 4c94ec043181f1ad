# Seamline: everything a fresh machine needs is Python 3.11 and make.
# `make help` lists the targets.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.installed
TOOLS  := $(VENV)/.tools
ARGS   ?=

# one thread per process: OpenMP threads that wait for each other slow small networks tenfold
export OMP_NUM_THREADS = 1

.DEFAULT_GOAL := help
.PHONY: help install tools train test test-slow lint format types layers bench house clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | \
	  awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

install: $(READY) ## create .venv and install seamline, without developers' tools (once)

tools: $(TOOLS) ## the same with the tools that check a change

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { \
	  echo "Seamline needs Python 3.11 or newer, and no python3 is on the PATH."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Seamline needs Python 3.11 or newer; $(PYTHON) is $$("$(PYTHON)" -V 2>&1)."; \
	  echo "Name another one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@echo "installing into $(VENV), once; a few minutes"
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e .
	@echo "compiling the simulation and the planner, once; about a minute"
	@for agent in atcs_match planner@moves:10; do \
	  rm -rf $(VENV)/first && $(BIN)/python -m experiments simulate plant=small pictures=false \
	  agent=$$agent hydra.run.dir=$(VENV)/first json=false > $(VENV)/first.txt 2>&1 || \
	  { cat $(VENV)/first.txt; exit 1; }; done
	@echo "done; try $(BIN)/seamline simulate orders=examples/orders.csv"
	@touch $(READY)

$(TOOLS): $(READY)
	@echo "installing the tools that check a change, once"
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e ".[dev]"
	@touch $(TOOLS)

train: $(READY) ## train PPO on the default scenario; ARGS="plant=small steps=20000" changes it
	$(BIN)/python experiments/train.py agent=ppo $(ARGS)

test: lint types layers ## all checks and the quick tests; ARGS goes to pytest
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

test-slow: $(TOOLS) ## the long proofs (learning, large random cases)
	$(BIN)/python -m pytest -m slow $(ARGS)

lint: $(TOOLS) ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(TOOLS) ## let ruff rewrite the files
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(TOOLS) ## mypy, strict on factory_env and agents
	$(BIN)/mypy

layers: $(TOOLS) ## import-linter: who may import whom
	$(BIN)/lint-imports

bench: $(TOOLS) ## measure speed on this machine
	$(BIN)/python benchmarks/speed.py $(ARGS)

house: $(TOOLS) ## count what keeps the code readable; ARGS="show=circles" lists the places
	$(BIN)/python benchmarks/house.py $(ARGS)

clean: ## remove .venv, caches and build outputs; run folders stay
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
