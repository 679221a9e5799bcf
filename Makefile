# make serve      install what is missing, build the page, serve it at http://127.0.0.1:8080 (PORT=...)
# make test       install what is missing, run every test
# make bench      speed beside real Alembic: the engine, and the page beside Alembic under Pyodide
# make size       compressed bytes of every file of the page
# make cases      ask real Alembic again and rewrite the expectations in tests/cases
# make faces      ask the real packages what they show and rewrite the list of what is missing, tests/faces.md
# make names      ask the real packages for their public names and rewrite the table of those that are missing
# make lessons    play every lesson, and write what real Alembic prints into the solutions of those named by LESSON=10
# make generated  write again the Rust files that are made from the real SQLAlchemy
# make oracle     as many random comparisons with real Alembic as you like: FIRST=5000 SEEDS=1000
# make fuzz       mutated projects, configurations, links and messages, for panics, hangs and growth: MINUTES=60
# make docs       the documentation as pages in target/docs; it is part of the page too
# make packages   the crate, the wheel and the npm package in target/packages, installed and tried
# make native     the program `limbeck` in target/release

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := serve

ENVIRONMENT := . scripts/environment.sh
# Runs what follows with a PostgreSQL server of its own.
POSTGRESQL := "$$LIMBECK_ORACLE_PYTHON" tests/oracle/postgresql.py
PORT ?= 8080
SEEDS ?= 300
FIRST ?= 1
MINUTES ?= 60
LESSON ?=
# Puts random projects to both programs; the script follows.
ASK := "$$LIMBECK_ORACLE_PYTHON" tests/oracle
COMPARISONS := $(addprefix compare-,graphs models commands operations operations-postgresql connections statements autogenerate autogenerate-postgresql sessions rewrites texts)
STEP = @printf '\n== %s\n'

.PHONY: serve page docs packages native test test-rust test-browser lint bench size cases lessons faces names generated fuzz oracle $(COMPARISONS) set-up-page set-up-test set-up-oracle set-up-packages

serve: page
	@node web/serve.mjs --port $(PORT)

page: set-up-page
	$(STEP) "building the page"
	$(ENVIRONMENT)
	trunk build --release

docs: set-up-page
	$(ENVIRONMENT)
	node web/hooks/documentation.mjs target/docs

packages: set-up-test set-up-packages page
	$(STEP) "packages, installed where nothing else is"
	$(ENVIRONMENT)
	python3 tests/packages.py --release --native "$$LIMBECK_TOOLS/maturin/bin/maturin" --page dist

native:
	cargo build --release --bin limbeck --example warm --example revision_map

set-up-page set-up-test set-up-oracle set-up-packages: set-up-%:
	@scripts/set-up.sh $*

test: set-up-test set-up-packages
	@$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory test-rust
	$(MAKE) --no-print-directory page
	$(MAKE) --no-print-directory test-browser

lint:
	$(STEP) "formatting and lints, host and wasm32"
	$(ENVIRONMENT)
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo clippy -p limbeck --lib --target wasm32-unknown-unknown -- -D warnings
	cargo clippy -p limbeck-page -p limbeck-worker --target wasm32-unknown-unknown -- -D warnings

test-rust:
	$(STEP) "tests of the engine, with real Alembic beside it"
	$(ENVIRONMENT)
	$(POSTGRESQL) cargo test --workspace
	$(STEP) "packages of this build, installed where nothing else is"
	python3 tests/packages.py --native "$$LIMBECK_TOOLS/maturin/bin/maturin"
	$(STEP) "every lesson, from its start to its last step"
	$(POSTGRESQL) target/debug/limbeck lessons web/lessons
	$(STEP) "generated files, written again"
	"$$LIMBECK_ORACLE_PYTHON" -B scripts/generate/generate.py --check
	$(STEP) "random revision graphs, command lines, operation scripts and models, put to both programs"
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(COMPARISONS)
	$(STEP) "mutated projects, configurations, links and messages, for a minute"
	cargo run -q -p limbeck-fuzz -- --seconds 60

# Each a few seeds of what `make oracle` does at length, with the program of this build.
compare-graphs:
	$(ENVIRONMENT)
	$(ASK)/revision_map.py target/debug/examples/revision_map 1 300

compare-models:
	$(ENVIRONMENT)
	rm -rf target/random-models
	$(ASK)/random_models.py 1 40 target/random-models
	$(ASK)/record_models.py target/random-models
	LIMBECK_MODELS=target/random-models cargo test --test models

compare-commands:
	$(ENVIRONMENT)
	$(ASK)/command_sequences.py target/debug/limbeck 1 40

compare-operations:
	$(ENVIRONMENT)
	$(ASK)/operations_fuzz.py --limbeck target/debug/limbeck --seeds 1:31

compare-operations-postgresql:
	$(ENVIRONMENT)
	$(ASK)/operations_fuzz.py --limbeck target/debug/limbeck --seeds 1:31 --postgresql psycopg
	$(ASK)/operations_fuzz.py --limbeck target/debug/limbeck --seeds 31:41 --postgresql psycopg2

compare-connections:
	$(ENVIRONMENT)
	$(ASK)/postgresql_connections.py target/debug/limbeck

compare-statements:
	$(ENVIRONMENT)
	$(ASK)/dialect_statements.py target/debug/limbeck 1 6
	$(ASK)/core_statements.py target/debug/limbeck 1 8

compare-autogenerate:
	$(ENVIRONMENT)
	$(ASK)/autogenerate_fuzz.py --limbeck target/debug/limbeck --seed 1 --cases 12

compare-autogenerate-postgresql:
	$(ENVIRONMENT)
	$(ASK)/autogenerate_fuzz.py --limbeck target/debug/limbeck --seed 1 --cases 8 --postgresql psycopg
	$(ASK)/inspection/compare.py --limbeck target/debug/limbeck

compare-sessions:
	$(ENVIRONMENT)
	$(ASK)/orm_sessions.py target/debug/limbeck 1 12

compare-rewrites:
	$(ENVIRONMENT)
	$(ASK)/rebase.py target/debug/limbeck 1 6
	$(ASK)/squash.py target/debug/limbeck 1 8

compare-texts:
	$(ENVIRONMENT)
	$(ASK)/regular_expressions.py target/debug/limbeck 1 4
	$(ASK)/toml_documents.py target/debug/limbeck 1 200
	$(ASK)/text_formatting.py target/debug/limbeck 1 4

test-browser:
	$(STEP) "tests of the documentation"
	$(ENVIRONMENT)
	node --test tests/documentation.test.mjs
	$(STEP) "the npm package of this page, in a site with nothing else"
	python3 tests/packages.py --page dist
	$(STEP) "tests of the page in Chromium"
	$(ENVIRONMENT)
	node tests/browser/run.mjs
	$(STEP) "what must work in every engine, in Chromium, Firefox and WebKit"
	node tests/browser/engines/run.mjs

bench: set-up-test native page
	$(ENVIRONMENT)
	"$$LIMBECK_ORACLE_PYTHON" tests/bench/engine.py
	node tests/bench/page.mjs
	node tests/bench/hectic.mjs

size: page
	@node scripts/size.mjs

cases: set-up-oracle
	$(ENVIRONMENT)
	$(POSTGRESQL) env LIMBECK_REWRITE=yes cargo test --test cases

lessons: set-up-oracle
	$(ENVIRONMENT)
	$(POSTGRESQL) cargo run -q --bin limbeck -- lessons web/lessons
	LIMBECK_REWRITE=yes LIMBECK_LESSON=$(LESSON) $(POSTGRESQL) cargo test --test lessons

faces: set-up-oracle
	$(ENVIRONMENT)
	LIMBECK_REWRITE=yes cargo test --test faces

names: set-up-oracle
	$(ENVIRONMENT)
	LIMBECK_REWRITE=yes cargo test --test names

generated: set-up-oracle
	$(ENVIRONMENT)
	"$$LIMBECK_ORACLE_PYTHON" -B scripts/generate/generate.py

fuzz:
	cargo run --release -p limbeck-fuzz -- --seconds $$((60 * $(MINUTES))) --first $(FIRST)

oracle: set-up-oracle native
	$(ENVIRONMENT)
	$(ASK)/revision_map.py target/release/examples/revision_map $(FIRST) $(SEEDS)
	rm -rf target/random-models
	$(ASK)/random_models.py $(FIRST) $(SEEDS) target/random-models
	$(ASK)/record_models.py target/random-models
	LIMBECK_MODELS=target/random-models cargo test --test models
	$(ASK)/command_sequences.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/operations_fuzz.py --limbeck target/release/limbeck --seeds $(FIRST):$$(($(FIRST) + $(SEEDS)))
	$(ASK)/operations_fuzz.py --limbeck target/release/limbeck --seeds $(FIRST):$$(($(FIRST) + $(SEEDS))) --postgresql psycopg
	$(ASK)/dialect_statements.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/core_statements.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/autogenerate_fuzz.py --limbeck target/release/limbeck --seed $(FIRST) --cases $(SEEDS)
	$(ASK)/autogenerate_fuzz.py --limbeck target/release/limbeck --seed $(FIRST) --cases $(SEEDS) --postgresql psycopg
	$(ASK)/orm_sessions.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/rebase.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/squash.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/regular_expressions.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/toml_documents.py target/release/limbeck $(FIRST) $(SEEDS)
	$(ASK)/text_formatting.py target/release/limbeck $(FIRST) $(SEEDS)
