# Two commands are all that a newcomer needs: `make dashboard` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: dashboard test docs lint lock wheel clean

dashboard: $(READY)  ## set everything up and open the dashboard on El Salvador's data
	$(BIN)/territory dashboard slv

test: $(READY)  ## set everything up and pass the tests
	$(BIN)/python -m pytest -n 2

docs: $(READY)  ## the documentation as a site in build/site; open index.html, or serve the folder
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

lint: $(READY)  ## style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

wheel: $(READY)  ## dist/territory-*.whl, with the data inside
	$(BIN)/python -m build --wheel --no-isolation

lock:  ## renew requirements.lock (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-annotate \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
