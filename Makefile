# What people run. Needs python3 (3.11 or newer) and make; everything else is installed into .venv.

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
# Tests run on every processor there is.
PYTEST := $(BIN)/python -m pytest
CHANGED := $(BIN)/.installed
CHANGED_DEV := $(BIN)/.installed-dev

# Trust whom the system trusts: houses with a proxy of their own add its certificate there.
export UV_SYSTEM_CERTS ?= true

# Where there is no home to write to, what is downloaded is kept with the installation.
ifneq ($(shell test -w "$${XDG_CACHE_HOME:-$$HOME}" && echo yes),yes)
export UV_CACHE_DIR ?= $(CURDIR)/.venv/cache
export PIP_NO_CACHE_DIR ?= 1
endif

.PHONY: run install test chaos e2e fuzz shots bench lint lint-style lint-format lint-types lint-floors lint-migrations lint-translations messages lock clean

## run: start everything on http://localhost:$PORT (8000); Ctrl-C stops all of it
run: $(CHANGED)
	@exec $(BIN)/python manage.py up

## install: everything that is written beside the code, so that whoever runs the parts needs no right to; starts nothing
install: $(CHANGED)
	@$(BIN)/python -m compileall -q -x '/\.venv/' .
	@$(BIN)/python -m common.translations

## test: the test suite on real servers of its own
test: $(CHANGED_DEV)
	@$(PYTEST) -n logical --dist loadscope

## chaos: tests that kill what is running, one after the other
chaos: $(CHANGED_DEV)
	@$(PYTEST) tests/chaos --timeout 600

## e2e: tests in a real browser (Chromium)
e2e: $(CHANGED_DEV)
	@$(PYTEST) tests/e2e --timeout 600

## fuzz: every operation of the API from its own description, EXAMPLES=200 requests each, and every input of every page
fuzz: $(CHANGED_DEV)
	@$(PYTEST) tests/fuzz -s --timeout 1800

## shots: every page as a picture, in shots/; PAGES="overview plan" makes only those
shots: $(CHANGED_DEV)
	@$(BIN)/python -m tests.e2e.shots $(PAGES)

## bench: every figure beside its reference, into docs/figures.md; CHECK=1 fails below the aims, ONLY="ledger" measures less
bench: $(CHANGED_DEV)
	@ONLY="$(ONLY)" CHECK="$(CHECK)" $(BIN)/python -m bench

## lint: style, types, floors, migrations, translations
lint: lint-style lint-format lint-types lint-floors lint-migrations lint-translations

lint-style: $(CHANGED_DEV)
	$(BIN)/ruff check .

lint-format: $(CHANGED_DEV)
	$(BIN)/ruff format --check .

lint-types: $(CHANGED_DEV)
	$(BIN)/mypy .

lint-floors: $(CHANGED_DEV)
	$(BIN)/lint-imports

lint-migrations: $(CHANGED_DEV)
	$(BIN)/python manage.py makemigrations --check --dry-run

lint-translations: $(CHANGED_DEV)
	$(BIN)/python manage.py check_translations

## messages: put new texts into the catalogs, and say what is not translated
messages: $(CHANGED_DEV)
	$(BIN)/python manage.py check_translations --write

## lock: requirements.txt and requirements-dev.txt anew from the .in files
lock: $(CHANGED_DEV)
	$(BIN)/uv pip compile --universal --python-version 3.11 --quiet --no-header --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --quiet --no-header --no-emit-index-url --no-emit-find-links requirements-dev.in -c requirements.txt -o requirements-dev.txt

## clean: forget the installation, not the data
clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Holdfast needs Python 3.11 or newer: name one, as in PYTHON=/opt/python3.12/bin/python3 make run")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# uv takes seconds where pip takes minutes; pip knows mirrors that only its own configuration names.
$(CHANGED): requirements.txt | $(BIN)/uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r $< || $(BIN)/python -m pip install --quiet -r $<
	@touch $@

$(CHANGED_DEV): requirements-dev.txt $(CHANGED)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode -r $< || $(BIN)/python -m pip install --quiet -r $<
	@touch $@
