# `make demo` sets up $(LIB_VENV), the library alone; `make test` and all else $(VENV), with the plug.
# Each step of the set-up leaves a stamp: done steps are skipped, an interrupted set-up goes on.
STACK    ?= reference
PYTHON   ?= python3
VENV     ?= .venv$(patsubst %,-%,$(filter-out reference,$(STACK)))
DOCS_VENV ?= .venv-docs
MAX_JOBS ?= $(shell getconf _NPROCESSORS_ONLN)

# A stack is a file requirements/$(STACK).txt and the Pythons that its packages exist for.
PYTHONS_reference := 3.9 3.10 3.11
PYTHONS_modern    := 3.12
PYTHONS_mmagic    := 3.9 3.10 3.11
PACKAGES := requirements/$(STACK).txt
ifeq ($(wildcard $(PACKAGES)),)
$(error there is no package set '$(STACK)'; the sets are: $(basename $(notdir $(wildcard requirements/*.txt))))
endif

RUN := PATH="$(abspath $(VENV))/bin:$$PATH"
PIP := $(VENV)/bin/python -m pip -qq --disable-pip-version-check

# mmcv has no wheel on the registry; tools/mmcv_cxx, -O1 and -g0 make its build several times as
# fast. With the GPUs hidden it builds for the CPU and needs no nvcc; on a GPU our own CARAFE stands
# in for mmcv's kernel.
BUILD_MMCV := $(RUN) CUDA_VISIBLE_DEVICES= MMCV_WITH_OPS=1 MAX_JOBS=$(MAX_JOBS) CFLAGS="-O1 -g0" CXXFLAGS="-O1 -g0" \
              REAL_CXX="$$CXX" CXX="$(abspath tools/mmcv_cxx)" $(PIP) install --no-build-isolation -c $(PACKAGES) mmcv

LIB_VENV ?= .venv-library
LIB_PIP := $(LIB_VENV)/bin/python -m pip -q --disable-pip-version-check
# For a machine without a GPU, PyTorch's index of CPU builds: a tenth of the download
TORCH_INDEX ?=
DEMO_OUT := demo/out/coffee.png

.PHONY: help demo demo-train test test-all test-host test-web lint docs env clean
help:
	@echo 'make demo    set up the library in $(LIB_VENV), fill a hole in a sample photograph'
	@echo 'make test    set up all in $(VENV), run the tests but for the slow ones'
	@echo 'make test-all  the same, all tests'
	@echo 'make test-host  set up all in $(VENV), run the tests of the plug but for the slow ones (STACK=mmagic: under mmagic)'
	@echo 'make test-web  set up $(VENV), run the tests of the brush page, in Chromium'
	@echo 'make demo-train  set up $(VENV), train briefly on the sample photographs, test, paint'
	@echo 'make lint    set up $(VENV), check style (ruff), types (mypy) and who imports whom (import-linter)'
	@echo 'make docs    build docs/ into docs/_build/html, with Sphinx in an environment of its own, $(DOCS_VENV)'
	@echo 'make env     set up $(VENV) only: 2.6 GB to download, 5.5 GB on the disk, 5 to 30 minutes the first time'
	@echo 'make clean   remove what training, building and the demo wrote ($(VENV) stays; rm -r $(VENV) removes it)'
	@echo 'PYTHON=...   the Python to start from: for $(VENV) $(PYTHONS_$(STACK)), for the library 3.9 or later'
	@echo 'STACK=...    the package set: $(basename $(notdir $(wildcard requirements/*.txt)))'

# The library alone: no compiler, no OpenMMLab.
demo: $(LIB_VENV)/stamp.library
	@mkdir -p $(dir $(DEMO_OUT))
	@$(LIB_VENV)/bin/tmad inpaint demo/photos/coffee.jpg demo/masks/coffee.png -o $(DEMO_OUT)
	@echo 'The spoon is gone: look at $(abspath $(DEMO_OUT))'

$(LIB_VENV)/stamp.library: pyproject.toml setup.cfg setup.py tmad_mmedit/version.py
	@echo 'The library and what it needs, in $(LIB_VENV) (torch is most of it)'
	@$(PYTHON) -m venv --clear $(LIB_VENV)
	@$(if $(TORCH_INDEX),$(LIB_PIP) install torch --index-url $(TORCH_INDEX))
	@$(LIB_PIP) install -e .
	@touch $@

demo-train: env
	@$(RUN) tools/demo_train.sh

test: env
	@$(RUN) python -m pytest -m 'not slow'

test-all: env
	@$(RUN) python -m pytest

# The plug alone: with another host, STACK=mmagic.
test-host: env
	@$(RUN) python -m pytest -m 'host and not slow'

# `make test` skips what needs a browser where there is none; this says so.
test-web: env
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
	    { echo "tmad: there is no Chromium to test the page in: on Debian or Ubuntu run \`sudo apt install chromium\`." >&2; exit 1; }
	@$(RUN) python -c 'import gradio, playwright' || \
	    { echo "tmad: gradio or Playwright is missing in $(VENV): they need Python 3.10 or later." >&2; exit 1; }
	@$(RUN) python -m pytest tests/test_web

lint: env
	@$(RUN) ruff check .
	@$(RUN) mypy
	@$(RUN) lint-imports

# Sphinx needs nothing of $(VENV), and may ask for other versions. Warnings are errors; a broken link
# between the pages, or to a file of the checkout, is one.
docs: $(DOCS_VENV)/stamp.docs
	@$(DOCS_VENV)/bin/python -m sphinx --fail-on-warning --keep-going -q -c docs . docs/_build/html
	@echo "The pages are in $(abspath docs/_build/html/docs/index.html)"

$(DOCS_VENV)/stamp.docs: docs/requirements.txt
	@$(PYTHON) -m venv --clear $(DOCS_VENV)
	@$(DOCS_VENV)/bin/python -m pip -qq --disable-pip-version-check install -r docs/requirements.txt
	@touch $@

# A later `pip install` in the environment may have broken it. Without the stamp, the next run
# installs again what is missing.
env: $(VENV)/stamp.project
	@$(VENV)/bin/python tools/check_environment.py --quick || { rm -f $(VENV)/stamp.torch; exit 1; }

$(VENV)/stamp.venv:
	@tools/preflight.sh $(PYTHON) $(STACK) $(PYTHONS_$(STACK))
	@echo "[1/4] Python environment in $(VENV)"
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/stamp.torch: $(VENV)/stamp.venv $(PACKAGES)
	@echo "[2/4] torch and its CUDA libraries (2.3 GB to download, then a minute or two to unpack)"
	@$(PIP) install -c $(PACKAGES) torch torchvision numpy setuptools wheel ninja psutil
	@touch $@

# pip keeps the mmcv it once built, for whichever torch that was: one that does not load is built
# anew.
$(VENV)/stamp.mmcv: $(VENV)/stamp.torch
	@echo "[3/4] mmcv with its compiled operators (3 to 17 minutes of compiling, without output; pip keeps the result for the next time)"
	@$(BUILD_MMCV)
	@$(VENV)/bin/python -c 'import mmcv.ops' 2>/dev/null || \
	    { echo "      the mmcv that pip had kept does not fit this torch: compiling it"; $(BUILD_MMCV) --force-reinstall --no-deps --no-cache-dir; }
	@touch $@

$(VENV)/stamp.project: $(VENV)/stamp.mmcv pyproject.toml setup.cfg setup.py tmad_mmedit/version.py
	@echo "[4/4] MMEditing or MMagic, mim, this project (0.3 GB to download)"
	@$(PIP) install -r $(PACKAGES)
	@$(PIP) install --no-deps -e .
	@$(VENV)/bin/python tools/check_environment.py
	@touch $@

clean:
	rm -rf work_dirs build dist demo/out docs/_build .pytest_cache .ruff_cache .mypy_cache *.egg-info
	find tmad_mmedit configs tools tests -name __pycache__ -prune -exec rm -r {} +
