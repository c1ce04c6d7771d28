# Sunday Paper: `make demo` shows it, `make test` checks it.
SHELL := /bin/bash
BIN := .venv/bin
export PYTHON
# Without bytecode each process compiles a thousand modules anew, which is most of its start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo demo-web test wheel-test manual sample picture moving-picture journeys lighthouse screenshots generated lock bench guards scores clean

help: ## What can be made.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: ## Install what is needed and print three sample issues, with no network.
	@tools/setup run
	@$(BIN)/sundaypaper demo

demo-web: ## Print the sample issues and serve them, with all that readers can do; mails go into a folder.
	@tools/setup run
	@$(BIN)/sundaypaper demo
	@$(BIN)/sundaypaper --root demo serve --show-mails

test: ## Install what is needed and run all checks and tests.
	@tools/setup dev
	@tools/chromium headless
	@tools/checks/setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	tools/checks/lint
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

wheel-test: ## Build the wheel, install it alone into a fresh place, and run demo, init, run and serve there.
	@tools/setup run
	$(BIN)/python tools/wheel_test.py

manual: ## Build the manual, docs/, as pages into dist/manual.
	@tools/setup dev
	$(BIN)/properdocs build --quiet
	@echo "dist/manual/index.html"

sample: ## Renew docs/sample from the demo.
	@tools/setup run
	@$(BIN)/sundaypaper demo
	rm -rf docs/sample && mkdir -p docs && cp -rL demo/output/site docs/sample

picture: ## Take the README's picture from docs/sample.
	@tools/setup dev
	@tools/chromium
	$(BIN)/python tools/picture.py

moving-picture: ## Record the README's moving picture of the demo, docs/demo.svg.
	@tools/setup dev
	$(BIN)/python tools/moving_picture.py

journeys: ## Walk docs/sample through the accessibility tree, into docs/accessibility.md.
	@tools/setup dev
	@tools/chromium
	$(BIN)/python tools/journeys.py

lighthouse: ## Score docs/sample with Lighthouse, into docs/lighthouse.md; takes a quarter of an hour.
	@tools/setup dev
	@tools/chromium
	@tools/checks/setup lighthouse
	$(BIN)/python tools/lighthouse.py

screenshots: ## Take the pictures of docs/screenshots from docs/sample.
	@tools/setup dev
	@tools/chromium
	@$(BIN)/sundaypaper demo >/dev/null
	$(BIN)/python tools/screenshots.py

generated: ## Renew the JSON schemas that ship with the package.
	@tools/setup dev
	$(BIN)/python tools/generate.py

lock: ## Renew the locked requirements, with hashes and without index lines.
	tools/lock

bench: ## Time hostile texts, kill the sender 50 times and runs 50 times, and measure the line on real weeks, where SUNDAYPAPER_DATA names them.
	@tools/setup dev
	$(BIN)/pytest -n 0 -m clock
	$(BIN)/python benchmarks/delivery_kill.py --kills 50 --seed 3
	$(BIN)/python benchmarks/run_kill.py --named 30 --random 20 --signals 2
	$(BIN)/python benchmarks/week.py

guards: ## Take each guard of tests/hard/guards.toml out, and demand that a test of it fails.
	@tools/setup dev
	@tools/chromium headless
	@tools/checks/setup
	$(BIN)/python tools/guards.py --jobs 2

scores: ## Measure how good it is, and fail where it got worse; RECORD=1 records new values.
	@tools/setup dev
	PYTHONPATH=benchmarks $(BIN)/python -m scores $(if $(RECORD),--record)

clean: ## Remove what make made; never feeds.yaml, databases or output.
	rm -rf .venv .tools tools/checks/node_modules tools/checks/lighthouse/node_modules demo .mypy_cache .ruff_cache .pytest_cache
