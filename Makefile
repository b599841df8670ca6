# Pullquote's commands. `make serve` and `make test` set up what they need first; `make help` lists them all.

PYTHON ?= python3.11
VENV ?= .venv
# PyTorch's CPU wheel index, where you have one: see install.sh. Empty: pip's usual sources.
export PULLQUOTE_TORCH_INDEX ?=

# For `make model`: the treebanks (EWT and GUM), and a folder to work in.
SHARED ?= ../shared
WORK ?= ../work

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
TRAINING := $(VENV)/.training-installed
.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: serve
serve: $(RUNTIME) ## Set up, and start the service on the embedded model (PULLQUOTE_HOST, PULLQUOTE_PORT)
	$(BIN)/pullquote serve

.PHONY: test
test: lint ## Set up, and run ruff, mypy, every test and the accuracy gate
	$(BIN)/python -m pytest $(TWO)
	$(BIN)/python -m benchmarks.gate

# Two processes, each file whole in one of them: what a module sets up is set up once.
TWO := -n 2 --dist loadfile
FAST := not model and not browser and not server and not ray and not fuzz and not training and not growth and not slow

.PHONY: test-fast
test-fast: $(DEV) ## Run the tests that need no model, server, browser, Ray or training
	$(BIN)/python -m pytest $(TWO) -m '$(FAST)'

.PHONY: lint
lint: $(DEV) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: audit
audit: $(DEV) ## Ask whether a version that is pinned has a known vulnerability, and whether every licence may be
	$(BIN)/python -m tests.audit
	$(BIN)/python -m tests.licences

.PHONY: format
format: $(DEV) ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: model
model: $(TRAINING) ## Train the embedded model again, in WORK, from the treebanks and news in SHARED; goes on where it was stopped (hours)
	$(BIN)/python -m training.run --work $(WORK) --shared $(SHARED)

.PHONY: clean
clean: ## Remove the environment and everything that can be made again
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): pyproject.toml constraints.txt install.sh | $(BIN)/python
	sh install.sh $(BIN)/python -e .
	@touch $@

$(DEV): pyproject.toml constraints.txt install.sh | $(BIN)/python
	sh install.sh $(BIN)/python -e '.[dev]'
	@touch $@ $(RUNTIME)

$(TRAINING): pyproject.toml constraints.txt install.sh | $(BIN)/python
	sh install.sh $(BIN)/python -e '.[training]'
	@touch $@ $(RUNTIME)
