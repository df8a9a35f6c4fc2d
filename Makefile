# Wuzha: `make run` starts a demonstration centre, `make test` checks everything. Both make and use .venv here.

PYTHON_HERE := .venv/bin/python
WORKERS ?= 2
ARGS ?=
COMPILE_TEXTS = @$(PYTHON_HERE) -m wuzha.messages compile

.DEFAULT_GOAL := help
.PHONY: help run test lint rows messages screenshots crash-test bench bench-trace bench-chase \
	environment-run environment-dev environment-bench chromium

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: environment-run ## start a demonstration centre with a simulated country; Ctrl-C ends it
	$(COMPILE_TEXTS)
	@.venv/bin/wuzha run --demo $(ARGS)

test: environment-dev chromium lint ## check style, types and architecture, run every test
	$(COMPILE_TEXTS)
	@$(PYTHON_HERE) -m pytest -n $(WORKERS) $(ARGS)

lint: environment-dev ## check style and types
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check --quiet || { .venv/bin/ruff format --check; exit 1; }
	@.venv/bin/mypy wuzha

rows: environment-dev ## print each row of the requirements with the tests that prove it
	@$(PYTHON_HERE) -m tests.rows

messages: environment-dev ## gather the texts of the program for translation and check the Chinese ones
	@$(PYTHON_HERE) -m wuzha.messages extract
	@$(PYTHON_HERE) -m wuzha.messages check

screenshots: environment-dev chromium ## take the README's pictures anew
	$(COMPILE_TEXTS)
	@$(PYTHON_HERE) -m tools.screenshots $(ARGS)

crash-test: environment-dev ## kill worker, pages and PostgreSQL during a drill, 50 times, and audit it
	$(COMPILE_TEXTS)
	@$(PYTHON_HERE) -m wuzha.commands.crash_test $(ARGS)

bench: environment-bench ## measure the speed from report to order and from answer to next orders
	$(COMPILE_TEXTS)
	@.venv/bin/wuzha bench $(ARGS)

bench-trace: environment-bench ## measure the tracing engine beside other ways to trace
	@.venv/bin/wuzha bench trace $(ARGS)

bench-chase: environment-bench ## measure the chase through the partner protocol
	$(COMPILE_TEXTS)
	@.venv/bin/wuzha bench chase $(ARGS)

environment-run environment-dev environment-bench:
	@tools/environment.sh $(@:environment-%=%)

chromium:
	@tools/chromium.sh
