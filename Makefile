# Two commands do all the set-up: `make run` and `make test`. They need Python 3.11 and nothing else of ours.

PORT ?= 8000
# Where the demo's own mail server listens: beside its port, so that two demos do not meet.
MAIL_PORT ?= $(shell expr $(PORT) + 25)
BIN := .venv/bin
PYTHON := $(BIN)/python

RUN_READY := .venv/.ready-to-run
DEVELOP_READY := .venv/.ready-to-develop

# One server for the whole demo, on this machine only; ap_log/settings.py explains each.
DEMO := PATH="$(CURDIR)/$(BIN):$$PATH" \
	AP_LOG_DEMO=1 \
	AP_LOG_DATABASE_URL=sqlite://var/demo.sqlite3 \
	AP_LOG_SEALING_KEYS=var/demo-sealing-keys.json \
	AP_LOG_ORIGIN=http://localhost:$(PORT) \
	AP_LOG_SMTP_URL=smtp://127.0.0.1:$(MAIL_PORT) \
	AP_LOG_HOST=127.0.0.1 \
	AP_LOG_PORT=$(PORT)

.DEFAULT_GOAL := help
.PHONY: help run build test lint unit browser torture soak bench mutants lock clean

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(RUN_READY) ## Start the demo at http://localhost:8000 (PORT=9000 for another port); Ctrl-C stops it
	@$(PYTHON) -m scripts.build_front_end
	@mkdir -p var
	@$(DEMO) honcho start --no-prefix release
	@$(DEMO) ap-log demo create
	@$(DEMO) honcho start web worker

build: $(RUN_READY) ## Build the front end into ap_log/static
	@$(PYTHON) -m scripts.build_front_end

test: $(DEVELOP_READY) ## Check everything: lint, types, layers, Python, TypeScript, both databases, a real browser
	@$(PYTHON) -m scripts.check

lint: $(DEVELOP_READY) ## Check format, lint, types and layers, without running anything
	@$(PYTHON) -m scripts.check lint

unit: $(DEVELOP_READY) ## Run the Python and TypeScript tests
	@$(PYTHON) -m scripts.check unit

browser: $(DEVELOP_READY) ## Run the tests in a real Chromium
	@$(PYTHON) -m scripts.check browser

torture: $(DEVELOP_READY) build ## Check for hours what `make test` checks in minutes: both databases, many histories
	@$(PYTHON) -m scripts.other_engines
	@AP_LOG_TEST_EVERY_ENGINE=1 AP_LOG_TEST_HISTORIES=10000 $(BIN)/pytest \
		-m "torture or not torture" --ignore=tests/browser --numprocesses=2 --dist=worksteal
	@AP_LOG_TEST_EVERY_ENGINE=1 $(BIN)/pytest -m "torture or not torture" tests/browser \
		--numprocesses=2 --dist=worksteal

soak: $(DEVELOP_READY) build ## Save ten thousand entries over a bad network, phones and server killed, and count
	@$(PYTHON) -m tests.torture.soak 10000

bench: $(DEVELOP_READY) build ## Measure speed and durability
	@$(PYTHON) -m bench

mutants: $(DEVELOP_READY) ## Break the policy engine on purpose and see that a test notices each time
	@nice $(PYTHON) -m bench.mutants

lock: $(DEVELOP_READY) ## Write the locks again after a change in pyproject.toml or a package.json
	@$(PYTHON) -m scripts.lock

clean: ## Remove everything that was made, the demo's data too
	rm -rf .venv node_modules bench/lighthouse/node_modules var dist ap_log/static web/src/generated test-results mutants
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(RUN_READY): requirements.lock pyproject.toml scripts/install
	@echo "Making the environment in .venv"
	@scripts/install requirements.lock
	@touch $@

$(DEVELOP_READY): requirements-dev.lock pyproject.toml scripts/install
	@echo "Making the developer's environment in .venv"
	@scripts/install requirements-dev.lock
	@touch $@ $(RUN_READY)
