# 말벗: the two commands are `make talk` and `make test`; each works alone on a fresh machine with Python 3.11+.
# Variables: PYTHON=python3.12   which Python makes .venv
#            EXTRAS=torch        install torch although no GPU is found (several GB on Linux)
#            ARGS="--text"       passed to `companion talk`
PYTHON ?= python3
EXTRAS ?= auto
ARGS ?=
BIN := .venv/bin
# Where `companion models pull` puts the files; tests look for them in COMPANION_MODELS.
MODELS = $(or $(COMPANION_MODELS),$(or $(COMPANION_HOME),$(HOME)/.local/share/companion)/models)

.PHONY: .venv talk demo test check format lint types layers data unit bench lock clean models test-venv

talk: .venv models
	@$(BIN)/companion talk $(ARGS)

demo: .venv models
	@$(BIN)/companion talk --demo $(ARGS)

# Makes .venv with `companion` in it; costs milliseconds when nothing changed.
.venv:
	@$(PYTHON) scripts/environment.py $(EXTRAS)

models: .venv
	@$(BIN)/companion models pull

# What fails at once goes first; types and data are looked at beside the tests, so that no core waits.
test: test-venv
	@$(BIN)/companion models pull --profile embedded
	@$(MAKE) --no-print-directory lint layers
	@$(MAKE) --no-print-directory -j2 unit types data

test-venv:
	@$(PYTHON) scripts/environment.py test torch

check: lint types layers data

lint: test-venv
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: test-venv
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: test-venv
	$(BIN)/mypy

layers: test-venv
	$(BIN)/lint-imports --no-cache

# Every data file under prompts/ and models/ is whole, and every lock resolves from wheels alone.
data: test-venv
	$(BIN)/python scripts/check_data.py
	$(BIN)/python scripts/lock.py --check

# One thread a worker: there is a worker for every core, and threads that wait for one another spin.
unit: test-venv
	OMP_NUM_THREADS=1 COMPANION_MODELS='$(MODELS)' $(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

bench: test-venv
	$(BIN)/python scripts/bench_turn.py
	$(BIN)/python scripts/bench_voice.py

lock: test-venv
	$(BIN)/python scripts/lock.py

clean:
	rm -rf .venv dist build out .pytest_cache .mypy_cache .ruff_cache .hypothesis
