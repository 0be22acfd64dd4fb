# `make` lists what can be made; the work is in scripts/.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build chat model test-model test eval bench bench-operations bench-watch soak fuzz up down bench-mcp bench-pipeline fmt clean

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing: a MariaDB server, a C compiler, cmake
	@scripts/setup.sh

build: ## build target/release/oms
	@scripts/build.sh

chat: ## everything needed, then the conversation
	@scripts/chat.sh $(ARGS)

model: ## build the embedded language model's program and fetch its file (1.1 GB)
	@scripts/model.sh

test-model: ## what needs the embedded model: its program, its file, minutes
	@scripts/test-model.sh

test: ## every check, with the minutes of each part; PARTS="lint rust" runs only those
	@scripts/setup.sh
	@scripts/test.sh $(PARTS)

eval: ## the scripted questions alone, with their figures
	@scripts/build.sh
	@scripts/parts/60-evals.sh

bench: ## how fast and how large; writes BENCHMARKS.md
	@scripts/build.sh
	@. scripts/lib.sh; . scripts/cargo.sh; python3 scripts/bench.py $(ARGS)

soak: ## the bridge under two hours of traffic in five minutes, with fifty kills
	@scripts/build.sh
	@python3 scripts/bridge_load.py soak

fuzz: ## a minute of arbitrary text for the rules brain, and one of arbitrary SQL for the guard
	@scripts/fuzz.sh

up: ## the order pipeline in containers: storefront, three web servers, event hub, processor, database
	@scripts/pipeline/up.sh

down: ## stop the pipeline; its data stays
	@scripts/pipeline/down.sh

bench-mcp: ## the MCP server with DBHub beside it; ARGS=--record writes BENCHMARKS.md
	@scripts/build.sh
	@. scripts/lib.sh; . scripts/cargo.sh; OMS_BIN=$$CARGO_TARGET_DIR/release/oms python3 scripts/bench/mcp.py $(ARGS)

bench-pipeline: ## how many orders a second the pipeline takes
	@scripts/bench/pipeline.sh $(ARGS)

bench-operations: ## what operating costs beyond the programs that are called
	@scripts/build.sh
	@python3 scripts/bench/operations.py $(ARGS)

bench-watch: ## the pipeline's verdict while a part hangs, and a day of metrics; ARGS=--record writes BENCHMARKS.md
	@scripts/build.sh
	@scripts/bench/watch.sh $(ARGS)

fmt: ## format the Rust code
	@cargo fmt --all

clean: ## remove what was built in this folder
	@rm -rf target
