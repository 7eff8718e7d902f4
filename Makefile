# What people type. Everything runs in .venv, which is made from requirements.lock at the first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOPOLOGY ?= shared
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-with-brokers test-beside check bench schemas lock format simulate scenarios faults handlers gateway clean

demo: $(VENV)/.ready
	$(BIN)/collabbus demo --topology $(TOPOLOGY) $(if $(ONCE),--once)

test: check
	$(MAKE) --no-print-directory -j 2 test-with-brokers test-beside

# Tests with brokers wait most of the time, so others run beside them; what those print comes at their end.
CAMPAIGNS := tests/faults tests/handlers tests/deploy
test-with-brokers:
	$(BIN)/python -m pytest tests -m kafka $(addprefix --ignore=,$(CAMPAIGNS))
test-beside:
	@( $(BIN)/python -m pytest $(CAMPAIGNS) -m kafka; campaigns=$$?; \
		nice -n 5 $(BIN)/python -m pytest tests -m "not kafka" $(addprefix --ignore=,$(QUICK)) && \
		exit $$campaigns ) >.beside.log 2>&1; code=$$?; cat .beside.log; exit $$code

QUICK := tests/link tests/model tests/test_contracts.py tests/test_schemas.py tests/test_drawing.py \
	tests/test_docs.py

# What is quick: format, lint, types, generated code, contracts, core tests, 300 seeds.
check: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python schemas/generate.py --check
	$(BIN)/python deploy/grafana/generate.py --check
	$(BIN)/collabbus contracts check
	$(BIN)/python -m pytest -q $(QUICK)
	$(BIN)/collabbus simulate --seeds 300

bench: $(VENV)/.ready
	$(BIN)/python -m benchmarks

# Every story of the trade, on the core alone; ON=kafka for real brokers.
scenarios: $(VENV)/.ready
	$(BIN)/collabbus scenario run --all --on $(or $(ON),simulator)

# Longer than what `make test` has time for.
simulate: $(VENV)/.ready
	$(BIN)/collabbus simulate --seeds $(or $(SEEDS),20000)
faults: $(VENV)/.ready
	$(BIN)/python -m tests.faults.campaign --minutes $(or $(MINUTES),30)

handlers: $(VENV)/.ready
	HANDLER_EVENTS=$(or $(EVENTS),2000) $(BIN)/python -m pytest -q tests/handlers/test_host.py

# Requests made up from the OpenAPI document, other ones each time.
gateway: $(VENV)/.ready
	HYPOTHESIS=random GATEWAY_EXAMPLES=$(or $(EXAMPLES),200) \
		$(BIN)/python -m pytest -q tests/gateway/test_schemathesis.py

schemas: $(VENV)/.ready
	$(BIN)/python schemas/generate.py $(if $(BASELINE),--baseline)

format: $(VENV)/.ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Writes the lock files: hashes, and no address of any index. The image gets what runs, and what builds it.
lock: $(VENV)/.ready
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --group dev --group bench \
		pyproject.toml -o requirements.lock
	echo hatchling | $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate -c requirements.lock \
		pyproject.toml - -o deploy/requirements.lock

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(VENV) .demo .scenarios .beside.log .mypy_cache .pytest_cache .ruff_cache .hypothesis
