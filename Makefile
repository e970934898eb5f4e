# Needs Python 3.11 to 3.13 and make; everything else is installed into .venv.

python := .venv/bin/python
manage := $(python) manage.py
pip := $(python) -m pip install --quiet --disable-pip-version-check

# What a shell exported for another project must not reach this one.
unexport DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHOME PIP_USER PIP_TARGET PIP_PREFIX

.PHONY: help run demo test test-slow test-office test-readers test-browser test-worker endurance bench bench-nation bench-load backtest lint messages

help:
	@echo "make run          the site with the demonstration province, on 127.0.0.1:8000"
	@echo "make demo         the demonstration province and its conference workbook"
	@echo "make test         lint, migrations and the test suite"
	@echo "make test-slow    long runs of random sequences, migrations back and forward"
	@echo "make test-office  the workbook and the documents, opened in LibreOffice"
	@echo "make test-readers the workbooks in other readers: SheetJS, ExcelJS, a data frame"
	@echo "make test-browser the pages in a real browser, at three sizes"
	@echo "make test-worker  real workers, killed in the middle of a job"
	@echo "make endurance    site and worker killed a hundred times in the middle of real work"
	@echo "make bench        how far from the fastest possible: ratios"
	@echo "make bench-nation the same with the whole country in the database"
	@echo "make bench-load   fifty people reading and twenty typing at once"
	@echo "make backtest     how often the interval of the forecast holds the result"
	@echo "make lint         style and formatting"
	@echo "make messages     update and compile the Vietnamese texts"

run: .venv/run-time
	@mkdir -p var
	@$(manage) migrate --verbosity 0
	@$(manage) load_demo
	@$(manage) collectstatic --noinput --verbosity 0
	@echo
	@echo "http://127.0.0.1:8000  (stop with Ctrl+C)"
	@exec $(python) -m steering.serve --bind 127.0.0.1:8000

demo: .venv/run-time
	@mkdir -p var
	@$(manage) migrate --verbosity 0
	@$(manage) load_demo
	@$(manage) write_workbook conference --unit 14 --month 2023-12 --output var/conference-2023.xlsx

test: lint
	@$(manage) makemigrations --check --dry-run
	@HYPOTHESIS_PROFILE=ci $(python) -m pytest -n 2

test-slow: .venv/development
	@$(python) -m pytest -n 2 -m slow
	@HYPOTHESIS_PROFILE=long $(python) -m pytest -n 2 \
	    -m "hypothesis and not (slow or office or browser or worker or readers)"

test-office: .venv/development
	@$(python) -m pytest -m office

test-readers: .venv/development tests/readers/node_modules
	@$(python) -m pytest -m readers tests/readers

tests/readers/node_modules: tests/readers/package-lock.json
	@npm ci --prefix tests/readers --ignore-scripts --no-audit --no-fund --silent
	@touch $@

test-browser: .venv/development demo
	@$(python) -m pytest -n 2 -m browser tests/browser

test-worker: .venv/development
	@$(python) -m pytest -m worker tests/jobs tests/endurance tests/serving

endurance: .venv/development
	@$(python) -m tests.endurance --kills 100

bench: .venv/development demo
	@$(python) -m benchmarks

bench-nation: .venv/development
	@$(python) -m benchmarks.nation

bench-load: .venv/development demo
	@$(python) -m benchmarks.load

backtest: .venv/backtest demo
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(python) -m benchmarks.forecast

lint: .venv/development
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

messages: .venv/development
	@$(python) -m tests.messages

.venv/run-time: requirements.txt | .venv/bin/python
	@echo "Installing requirements.txt into .venv"
	@$(pip) -r requirements.txt
	@touch $@

.venv/development: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing requirements-dev.txt into .venv"
	@$(pip) -r requirements-dev.txt
	@touch $@

.venv/backtest: requirements-backtest.txt .venv/development
	@echo "Installing requirements-backtest.txt into .venv"
	@$(pip) -r requirements-backtest.txt
	@touch $@

.venv/bin/python:
	@found=; for python in python3.13 python3.12 python3.11 python3; do \
	    $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	        || continue; \
	    found=$$python; \
	    $$python -m venv --clear .venv >/dev/null 2>&1 && exit 0; \
	    rm -rf .venv; \
	done; \
	if [ -n "$$found" ]; then \
	    echo "$$found cannot make a virtual environment: on Debian or Ubuntu," \
	        "install python3-venv (as root: apt-get install python3-venv)." >&2; \
	else \
	    echo "Python 3.11, 3.12 or 3.13 is needed; none was found on the PATH." >&2; \
	fi; \
	exit 1
