# Everything a newcomer needs: `make run` and `make test`. The rest is for those who change things.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PINS   := requirements/build.txt requirements/run.txt
BUILD  := pyproject.toml hatch_build.py tools/frontend/package.json tools/frontend/package-lock.json
DEMO   ?= out/demo
PORT   ?= 8000

.PHONY: help run test fmt lint types bench lock clean pictures setup browser

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

run: $(VENV)/.run  ## set up, build the sample book, serve it and print the address
	$(BIN)/mutan demo $(DEMO) --port $(PORT)

test: lint types browser  ## set up, and pass every check and test
	$(BIN)/python -m pytest

fmt: $(VENV)/.dev  ## write the code as the house writes it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(VENV)/.dev  ## style and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev  ## mypy, strict on data, geo and carbon
	$(BIN)/mypy

bench: $(VENV)/.dev  ## ratios against other engines, in one run; writes out/bench
	$(BIN)/python -m benchmarks

pictures: $(VENV)/.dev browser  ## take the pictures of the README anew
	$(BIN)/python -m pytest tests/test_readme_pictures.py --pictures docs/pictures

setup: $(VENV)/.dev  ## everything that work on Mutan needs

browser: $(VENV)/.dev
	@sh tools/browser.sh $(BIN)/python

lock: $(VENV)/.dev  ## pin anew what is installed, with hashes
	$(BIN)/python tools/lock.py

clean:  ## forget the environment and what was made
	rm -rf $(VENV) .venv-bench out build dist maps/assets

$(BIN)/python:
	sh tools/venv.sh $(PYTHON) $(VENV)

$(VENV)/.run: $(PINS) $(BUILD) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
