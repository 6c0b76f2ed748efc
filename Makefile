# One command demonstrates, one checks and changes nothing, one fixes, one tests.
PYTHON ?= python3
BIN := .venv/bin
SERVE ?= 1
READY := .venv/.ready

.PHONY: demo test check fix messages benchmarks clean

# The packages of requirements.txt, the system's libraries and fonts, the compiled translations.
$(READY): requirements.txt config/system_packages.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m config.system_packages
	touch $@

demo: $(READY) messages
	$(BIN)/python -m config.demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(READY) messages
	$(BIN)/python -m config.system_packages --tests
	$(BIN)/python -m pytest -n 2 --dist load --maxschedchunk 1 -q

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

fix: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(READY)
	$(BIN)/python -m config.messages

# What benchmarks share, and does nothing by itself.
PARTS := scratch bare_rollup filled_country station_sheets typing_slips slip_measure stored_sheets load_client bare_urls bare_settings
benchmarks: $(READY)
	for file in $(filter-out $(PARTS:%=benchmarks/%.py),$(wildcard benchmarks/*.py)); do $(BIN)/python $$file || exit 1; done

clean:
	rm -rf var staticfiles
