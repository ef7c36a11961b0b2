# Everything a person runs here: `make help` lists it.
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Of `make bench`: raw text (the sample text where it is not there), and MB for altedic, for the slow peers, and for 1x of scaling.
BENCH_DATA ?= ../shared/data/raw
BENCH_MB ?= 200
BENCH_PEER_MB ?= 20
BENCH_BASE_MB ?= 20
# Synthetic signatures, for 1x: 10x of a million takes 5 GB of disk and most of an hour.
BENCH_DOCUMENTS ?= 100000
# Folders of `altedic langid collect`; without them languages are not benchmarked.
BENCH_LANGID_TEXT ?=

FUZZ_S ?= 3600
FUZZ_TARGETS := measure normalise parts redact json_lines model
HOST = $(shell rustc -vV | sed -n 's/host: //p')

.PHONY: help setup demo test check lint fmt bench fuzz sanitize wheel clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: $(STAMP) ## a virtual environment with altedic in it (implied by demo and test)

$(STAMP): pyproject.toml kernel/Cargo.toml kernel/Cargo.lock $(wildcard kernel/src/*.rs kernel/src/*/*.rs)
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust (Debian: apt-get install cargo, or rustup), then run make again" >&2; exit 3; }
	@command -v python3 >/dev/null || { echo "python3 (3.11 or newer) is missing: install it, then run make again" >&2; exit 3; }
	@if command -v uv >/dev/null; then \
	  test -x $(BIN)/python || uv venv --quiet --seed $(VENV); \
	  uv pip install --quiet --python $(BIN)/python --reinstall-package altedic -e '.[dev]'; \
	else \
	  test -x $(BIN)/python || python3 -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@# Over the fasttext that can only predict (docs/decisions/0001-dependencies.md): the same files, and training.
	@if command -v uv >/dev/null; then \
	  uv pip install --quiet --python $(BIN)/python --reinstall --no-deps fasttext-numpy2-wheel; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps fasttext-numpy2-wheel; \
	fi
	@touch $(STAMP)

demo: $(STAMP) ## the main job, end to end, on the sample text: releases/demo
	@$(BIN)/altedic demo --out releases/demo

test: $(STAMP) ## all tests: the kernel's own, then all others
	@cargo test --quiet --release --manifest-path kernel/Cargo.toml
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: $(STAMP) ## linters and types: ruff, mypy --strict, rustfmt, clippy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p altedic
	cargo fmt --manifest-path kernel/Cargo.toml --check
	cargo clippy --quiet --manifest-path kernel/Cargo.toml --release -- -D warnings

lint: check ## the same as check

fmt: $(STAMP) ## bring all code into form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .
	cargo fmt --manifest-path kernel/Cargo.toml

bench: $(STAMP) ## all benchmarks, half an hour on two cores that do nothing else: docs/benchmarks.md
	@mkdir -p build/bench
	$(BIN)/python benchmarks/kernel_passes.py > build/bench/kernel_passes.json
	$(BIN)/python benchmarks/fused_pass.py --data $(BENCH_DATA) > build/bench/fused_pass.json
	$(BIN)/python benchmarks/language_model.py --data $(BENCH_DATA) > build/bench/language_model.json
	$(if $(BENCH_LANGID_TEXT),$(BIN)/python benchmarks/langid.py $(BENCH_LANGID_TEXT:%=--text %) > build/bench/langid.json)
	$(BIN)/python benchmarks/decide_anew.py --data $(BENCH_DATA) --mb $(BENCH_MB) > build/bench/decide_anew.json
	$(BIN)/python benchmarks/incremental.py --data $(BENCH_DATA) --mb $(BENCH_MB) > build/bench/incremental.json
	$(BIN)/python benchmarks/dedup_quality.py --data $(BENCH_DATA) > build/bench/dedup_quality.json
	$(BIN)/python benchmarks/dedup_scale.py --documents $(BENCH_DOCUMENTS) > build/bench/dedup_scale.json
	$(BIN)/python benchmarks/scaling.py --data $(BENCH_DATA) --mb $(BENCH_BASE_MB) > build/bench/scaling.json
	$(BIN)/python benchmarks/throughput.py --data $(BENCH_DATA) --mb $(BENCH_MB) --peer-mb $(BENCH_PEER_MB) > build/bench/throughput.json
	$(BIN)/python benchmarks/write_page.py

fuzz: ## fuzz the kernel for FUZZ_S seconds, an equal part for each target (nightly Rust, cargo-fuzz): kernel/fuzz/README.md
	@cargo fuzz --version >/dev/null 2>&1 || { echo "cargo-fuzz is missing: cargo install cargo-fuzz --locked, then run make again" >&2; exit 3; }
	cd kernel && for target in $(FUZZ_TARGETS); do \
	  case $$target in json_lines|model) seeds=fuzz/seeds/$$target ;; *) seeds="fuzz/seeds/text ../corpora/sample/texts" ;; esac; \
	  mkdir -p fuzz/corpus/$$target fuzz/findings/$$target && \
	  cargo +nightly fuzz run $$target fuzz/corpus/$$target fuzz/findings/$$target $$seeds -- \
	    -dict=fuzz/dictionary.txt -artifact_prefix=fuzz/findings/$$target/ -max_len=4096 -timeout=20 -print_final_stats=1 \
	    -rss_limit_mb=2048 -malloc_limit_mb=64 \
	    -max_total_time=$$(( $(FUZZ_S) / $(words $(FUZZ_TARGETS)) )) || exit 1; \
	done

sanitize: ## the kernel's tests and checks under AddressSanitizer and Miri (nightly Rust)
	cd kernel && RUSTFLAGS=-Zsanitizer=address cargo +nightly test --no-default-features \
	  --lib --test checks --target $(HOST) --target-dir target/sanitize
	cd kernel && MIRIFLAGS=-Zmiri-disable-isolation cargo +nightly miri test --no-default-features --lib --test checks

wheel: $(STAMP) ## wheel and source distribution, in dist/
	$(BIN)/python -m pip --version >/dev/null 2>&1 || uv pip install --quiet --python $(BIN)/python pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	$(BIN)/python -m build --outdir dist .

clean: ## remove all that make made, but for releases
	rm -rf $(VENV) build dist kernel/target .mypy_cache .ruff_cache .pytest_cache src/*.egg-info src/altedic/*.so
