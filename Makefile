# make run    set up and serve the board with the bundled archive on http://127.0.0.1:8080
# make test   set up and run every check
# make setup  set up only: .venv/bin/verst is there afterwards
# Everything stays in this folder (.venv) and in VERST_HOME.
.PHONY: run test setup docs bench lock screenshots clean
.DEFAULT_GOAL := help

PORT ?= 8080

.PHONY: help
help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml make/setup.sh
	@PYTHON="$(PYTHON)" sh make/setup.sh

run: setup
	@.venv/bin/verst up --port $(PORT)

test: setup
	@bash make/test.sh

docs: setup
	@.venv/bin/python -m docs.generate

bench: setup
	@.venv/bin/python -m bench

screenshots: setup
	@sh make/browser.sh
	@.venv/bin/python -m bench.screenshots

# Pins every package and its hashes again, for all platforms. Whichever registry it is made with, none is named in it.
lock: .venv/ready
	@.venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--group dev --custom-compile-command "make lock" --upgrade -o requirements.lock pyproject.toml

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
