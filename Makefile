# Two commands for a newcomer: make demo, make test. Everything is set up in .venv by what stands in requirements.lock.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
WORKERS ?= 2

.PHONY: demo test test-long check bench lock reference clean

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tandemplan needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

demo: .venv/ready  ## plan, audit, simulate and show the worked example
	$(BIN)/tandemplan plan examples/joint_plant --out runs/demo --time-limit 900
	$(BIN)/tandemplan audit runs/demo
	$(BIN)/tandemplan report runs/demo --to runs/demo.html
	$(BIN)/tandemplan simulate runs/demo --out runs/demo-simulation
	$(BIN)/tandemplan report runs/demo-simulation --to runs/demo-simulation.html

check: .venv/ready  ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check  ## everything that takes less than 15 minutes
	$(BIN)/pytest -n $(WORKERS) --doctest-modules src/tandemplan tests

test-long: .venv/ready  ## what takes longer: the worked example with all its scenarios, more random programmes
	$(BIN)/pytest -n $(WORKERS) -m long tests

.venv-bench/ready: requirements.lock benchmarks/requirements.lock
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements.lock --requirement benchmarks/requirements.lock
	touch $@

bench: .venv/ready .venv-bench/ready  ## measure, and write the figures to benchmarks/*.md
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/size.py
	$(BIN)/python benchmarks/lotsizing.py
	$(BIN)/python benchmarks/scaled.py
	$(BIN)/python benchmarks/scenarios.py
	$(BIN)/python benchmarks/draws.py
	$(BIN)/python benchmarks/calibration.py
	PYTHONPATH=src .venv-bench/bin/python benchmarks/layers.py
	PYTHONPATH=src .venv-bench/bin/python benchmarks/simulation.py

lock: .venv/ready  ## renew requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --group dev --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --constraint requirements.lock \
		--output-file benchmarks/requirements.lock benchmarks/requirements.in

reference: .venv/ready  ## renew the generated pages of docs/reference
	$(BIN)/python -m tandemplan.model.describe docs/reference
	$(BIN)/python -m tandemplan.model.checks > docs/reference/problems.md
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/formulation.py

clean:
	rm -rf .venv .venv-bench runs .mypy_cache .ruff_cache .pytest_cache .hypothesis
