# One command each: make demo, make test, make check, make bench. All set themselves up.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check trace format bench foreign pins frontend clean

demo: .venv/run.stamp ## set up and serve with a demo school
	$(BIN)/qianyue demo --serve --port $(PORT)

test: .venv/dev.stamp ## every test, on SQLite and PostgreSQL, in a real browser too
	@sh tests/tools.sh
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder $(ARGS)

check: .venv/dev.stamp ## format, lint, types, who imports whom, every diagram, the browser bundle
	$(MAKE) --no-print-directory -j 2 check-types check-words check-diagrams check-paths check-bundle

.PHONY: check-types check-words check-diagrams check-paths check-bundle
check-types: .venv/dev.stamp
	$(BIN)/mypy
check-words: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
check-diagrams: .venv/dev.stamp
	$(BIN)/qianyue check --patience 60 $$(find processes/diagrams -name '*.bpmn')
	$(BIN)/qianyue layout --check $$(find processes/diagrams -name '*.bpmn')
check-paths: .venv/dev.stamp
	$(BIN)/qianyue play
	$(BIN)/qianyue explore
check-bundle:
	sh frontend/compare.sh

trace: .venv/dev.stamp ## every requirement of the sources with the tests that show it
	@$(BIN)/python tests/trace.py

format: .venv/dev.stamp
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: .venv/dev.stamp ## side-by-side measurements, as ratios
	$(BIN)/qianyue bench

foreign: .venv/dev.stamp ## try a folder of diagrams by other tools: make foreign DIR=… [MANIFEST=…]
	@test -n "$(DIR)" || { echo "say which folder: make foreign DIR=…"; exit 2; }
	@$(BIN)/qianyue foreign "$(DIR)" $(if $(MANIFEST),--manifest "$(MANIFEST)") $(ARGS)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with make PYTHON=…"; exit 2; }
	$(PYTHON) -m venv .venv

.venv/run.stamp: constraints-run.txt pyproject.toml | .venv/bin/python
	@echo "Installing what running needs (about a minute) …"
	@$(PIP) install --require-hashes -r constraints-run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: constraints.txt pyproject.toml | .venv/bin/python
	@echo "Installing what running and testing need (about a minute) …"
	@$(PIP) install --require-hashes -r constraints.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.stamp

pins: ## renew the pinned versions (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --extra build pyproject.toml -o constraints-run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --extra build --extra dev pyproject.toml -o constraints.txt

frontend: ## rebuild the browser bundle kept in webapp/static/diagram (needs Node)
	cd frontend && npm ci --no-audit --no-fund && npm run build

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache test-results
