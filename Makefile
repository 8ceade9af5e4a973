# make run    installs what is needed and puts the demo channel on air
# make test   installs what the tests need and runs them all
.PHONY: run test lint bench clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CHANNEL ?= channel.yaml

# Debian packages are installed where that is possible (as root, or by sudo without a password); elsewhere it is said.
APT := $(shell command -v apt-get >/dev/null 2>&1 && { [ "$$(id -u)" = 0 ] && echo apt-get || { sudo -n true 2>/dev/null && echo sudo -n apt-get; }; })
RUN_PACKAGES  := libflite1 libegl1 libgl1 fonts-wqy-microhei
TEST_PACKAGES := $(RUN_PACKAGES) nginx-light libnginx-mod-rtmp ffmpeg chromium postgresql ngircd \
	janus obs-studio obs-plugins xvfb xauth libgl1-mesa-dri

define debian
	@missing=$$(for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || printf '%s ' $$package; done); \
	if [ -n "$$missing" ]; then \
	  if [ -n "$(APT)" ]; then \
	    echo "installing from Debian: $$missing"; \
	    $(APT) update -qq && DEBIAN_FRONTEND=noninteractive $(APT) install -y -qq --no-install-recommends $$missing >/dev/null; \
	  else echo "not installed, and no right to install it here: $$missing"; fi || \
	  echo "Debian's packages could not be installed; going on without: $$missing"; \
	fi
endef

run: $(VENV)/.run
	$(call debian,$(RUN_PACKAGES))
	$(BIN)/host-engine run $(CHANNEL)

# What is marked as `alone` runs after the others, with nothing beside it. Both runs remember what failed in one place.
test: $(VENV)/.test
	$(call debian,$(TEST_PACKAGES))
	@$(BIN)/python -m pytest --cache-clear -n 2 --dist loadfile -m 'not alone'; together=$$?; \
	$(BIN)/python -m pytest -m alone $$(grep -rl 'pytest\.mark\.alone' tests --include='test_*.py'); alone=$$?; \
	case "$$together $$alone" in \
	  "0 0") ;; \
	  [01]" "[01]) echo "What failed is tried once more by itself, as machines that are shared stumble:"; \
	    $(BIN)/python -m pytest --last-failed --last-failed-no-failures none;; \
	  *) exit 1;; \
	esac

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks all

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# Not compiled: most of what is installed is never imported, and what is compiles itself then. It halves the time.
$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --no-compile --editable .
	$(BIN)/python -m compileall -q host_engine  # an editable install leaves that out; it is half a second of a start
	touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --no-compile --editable '.[test]'
	touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache
