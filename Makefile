# Pullquote's commands. `make serve` and `make test` install what they need; `make help` lists all.

PYTHON ?= python3.11
VENV ?= .venv
# Address of PyTorch's CPU wheel index (see install.sh). Empty: pip's default sources.
export PULLQUOTE_TORCH_INDEX ?=

# For `make model`: the folder with the corpora and treebanks, and the folder for intermediate files.
SHARED ?= ../shared
WORK ?= ../work

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
TRAINING := $(VENV)/.training-installed
CLIENTS := .venv-clients/.installed
S3 := .venv-s3/.installed
.DEFAULT_GOAL := help

# Containers often set it. Without compiled modules, each process that a test starts compiles all of them, and pytest
# rewrites all tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: serve
serve: $(RUNTIME) ## Install and start the service with the embedded model (PULLQUOTE_HOST, PULLQUOTE_PORT)
	$(BIN)/pullquote serve

.PHONY: test
test: $(DEV) $(S3) ## Install and run ruff, mypy, all tests and the accuracy gate
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@types=$$(mktemp); figures=$$(mktemp); $(BIN)/mypy >$$types 2>&1 & mypy=$$!; \
	$(BIN)/python -m benchmarks.gate --jobs 1 >$$figures 2>&1 & gate=$$!; \
	trap 'kill $$mypy $$gate 2>/dev/null; rm -f $$types $$figures' EXIT; trap 'exit 130' INT TERM; \
	$(BIN)/python -m pytest -n 3 $(FILES) -m 'not clients'; tests=$$?; \
	echo 'mypy and the accuracy gate (benchmarks.gate), which ran alongside the tests:'; \
	wait $$mypy; typed=$$?; cat $$types; wait $$gate; closed=$$?; cat $$figures; exit $$((tests + typed + closed))

.PHONY: contract
contract: $(DEV) $(CLIENTS) ## Build our clients, generate others from openapi.yaml, and call the service with them
	$(BIN)/python -m pytest -m clients tests/clients

# All tests of a file run in one process, so that module fixtures are created once. Files start in the order of
# tests/conftest.py, longest first. Three processes keep two cores busy: many tests wait for a server or a cluster.
FILES := --dist loadfile --no-loadscope-reorder
FAST := not clients and not model and not browser and not server and not ray and not spark and not fuzz and not training and not growth and not slow

.PHONY: test-fast
test-fast: $(DEV) ## Run the tests that need no model, server, browser, Ray, Spark or training
	$(BIN)/python -m pytest -n 2 $(FILES) -p no:schemathesis -m '$(FAST)'

.PHONY: lint
lint: $(DEV) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: audit
audit: $(DEV) ## Check the pinned versions for known vulnerabilities and disallowed licences
	$(BIN)/python -m tests.audit
	$(BIN)/python -m tests.licences

.PHONY: format
format: $(DEV) ## Format the code and apply lint fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: model
model: $(TRAINING) ## Train the embedded model in WORK from the data in SHARED; run it again to resume (hours)
	$(BIN)/python -m training.run --work $(WORK) --shared $(SHARED)

.PHONY: clean
clean: ## Remove the environment and all generated files
	rm -rf $(VENV) .venv-clients .venv-s3 tests/clients/node_modules build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
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

# So has the S3 server of the archive's tests. The tests are skipped without it.
$(S3): tests/archive/requirements.txt
	$(PYTHON) -m venv .venv-s3
	.venv-s3/bin/pip install --quiet --requirement tests/archive/requirements.txt
	@touch $@

# The generators have an environment of their own: what they need is no dependency of the service. Those of npm are left
# out where there is no npm, and their tests are skipped.
$(CLIENTS): tests/clients/requirements.txt tests/clients/package-lock.json
	$(PYTHON) -m venv .venv-clients
	.venv-clients/bin/pip install --quiet --requirement tests/clients/requirements.txt
	if command -v npm >/dev/null; then npm ci --prefix tests/clients; fi
	@touch $@
