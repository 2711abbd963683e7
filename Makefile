# Everything a newcomer needs: `make demo`, `make test`. Each target sets up what it needs first.
# Choose a Python with PYTHON=..., pass options on with ARGS=..., e.g. make test ARGS="-k joining".

# The system's own comes first: distributions build theirs optimised, version managers mostly do not,
# and that is a fifth of the engine's speed.
PYTHON ?= /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11
ARGS ?=

BIN := .venv/bin
READY := .venv/.ready
MODULES := web/node_modules/.package-lock.json
WEB := src/oncedesk/web/.built
PAGES := $(shell find web -name node_modules -prune -o -type f ! -name openapi.json ! -name schema.d.ts -print)
SOURCES := src tests tools

# The tests start hundreds of processes; without bytecode each would compile all it loads anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup web web-types browser screenshots demo bench test test-quick check check-types check-rest format clean wheel

help: ## List what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name about; do \
		printf '  make %-12s %s\n' "$$name" "$$about"; done

setup: $(READY) ## Install everything into .venv (the other targets do it by themselves)

web: $(WEB) ## Build the pages into the package (demo and test do it by themselves)

web-types: $(READY) ## Write the API's types for the pages anew, after a change of the API
	@$(BIN)/python tools/web.py types

browser: $(READY) ## Bring a Chromium for the browser tests, where that may be (test does it by itself)
	@$(BIN)/python tools/browser.py

wheel: $(WEB) ## Build the package, with the pages in it, into dist/
	$(BIN)/python -m hatchling build -t wheel

screenshots: $(WEB) browser ## Take the README's pictures anew, by the browser tests
	SCREENSHOTS=1 $(BIN)/pytest -q tests/browser
	$(BIN)/python tools/pictures.py

demo: $(WEB) ## Play one busy day of a marketplace, report, then serve it at 127.0.0.1:8484 (a new day each time)
	@$(BIN)/oncedesk demo $(ARGS)

bench: $(READY) ## Measure the engine: the first figures of the README
	@$(BIN)/oncedesk bench engine $(ARGS)

test: $(WEB) browser ## Run every test, on as many cores as there are
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

test-quick: $(WEB) ## Run the tests without the slow ones
	$(BIN)/pytest -m "not slow" $(ARGS)

check: check-types check-rest ## Lint, formatting, types, who imports whom, docs (with -j2 two at a time)

check-types: $(READY)
	$(BIN)/mypy --strict $(SOURCES)

check-rest: $(READY) $(MODULES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/web.py check
	$(BIN)/pytest -q tests/docs

format: $(READY) ## Format the code and mend what can be mended by itself
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/python tools/web.py format

clean: ## Remove what make brought: .venv, .tools, build results and caches (no data)
	rm -rf .venv .tools .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache dist build
	rm -rf web/node_modules src/oncedesk/web web/openapi.json web/src/api/schema.d.ts screenshots
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(WEB): $(READY) $(MODULES) $(PAGES) tools/web.py
	@$(BIN)/python tools/web.py build && touch $@

# Apart from what needs it, so that no two that run at the same time bring it.
$(MODULES): web/package-lock.json | $(READY)
	@$(BIN)/python tools/web.py install

# Made by the first of the named Pythons that will do; beyond 3.14 the embedded PostgreSQL has no wheels.
$(READY): pyproject.toml uv.lock tools/bootstrap.py
	@for python in $(PYTHON); do \
		if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; \
		then $$python tools/bootstrap.py && touch $@; exit; fi; \
	done; \
	echo "oncedesk set-up: none of these is a Python 3.11 to 3.14: $(PYTHON) (name one with make PYTHON=...)" >&2; \
	exit 1
