PY ?= python3.11
B := .venv/bin
UVI := UV_PYTHON_DOWNLOADS=never $(B)/uv pip install -q --python $(B)/python
UVC := UV_PYTHON_DOWNLOADS=never $(B)/uv pip compile -q --no-header --generate-hashes --python $(B)/python pyproject.toml --group build

.DEFAULT_GOAL := help
.PHONY: help demo test test-long check bench docs lock clean

help: ## say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(B)/uv:
	@command -v $(PY) >/dev/null || { echo "bailiwick needs Python 3.11: install it, or say where it is with  make PY=/path/to/python3.11"; exit 2; }
	$(PY) -m venv .venv
	$(B)/python -m pip install -q --disable-pip-version-check uv==0.13.9

.venv/run.ok: run.lock pyproject.toml | $(B)/uv
	$(UVI) --require-hashes -r run.lock
	$(UVI) --no-deps --no-build-isolation -e .
	touch $@

.venv/dev.ok: dev.lock .venv/run.ok
	$(UVI) --require-hashes -r dev.lock
	touch $@

demo: .venv/run.ok ## appraise the first case: the answer on the terminal, the report and the map in out/
	$(B)/bailiwick appraise south-west-london-2018

test: .venv/dev.ok ## run lint, types, floors and every test that fits in twelve minutes
	$(B)/python -m pytest -q --junit-xml out/tests.xml

test-long: .venv/dev.ok ## run the whole suite at full size and say how long it took
	time $(B)/python -m pytest -q --long --durations=15

check: .venv/dev.ok ## run ruff, mypy and the floors only
	$(B)/ruff check .
	$(B)/mypy
	$(B)/lint-imports

bench: .venv/dev.ok ## print speed ratios against peers, side by side
	for file in benchmarks/*.py; do $(B)/python $$file; done

docs: .venv/dev.ok ## rewrite the generated reference pages
	$(B)/python -m bailiwick.publish.reference docs/reference

lock: $(B)/uv ## resolve the two hash-pinned lists of packages afresh
	$(UVC) -o run.lock
	$(UVC) --group dev -c run.lock -o dev.lock

clean: ## remove everything that was built
	rm -rf .venv out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
