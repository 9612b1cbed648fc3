#!/bin/sh
# Makes .venv ready: a Python of 3.11 or newer, uv from the registry, what requirements.lock pins (hashes checked),
# and Verst itself, editable. Safe to run again; `make setup` runs it only when the lock or this file changed.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

good_python() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' >/dev/null 2>&1; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        good_python "$PYTHON" || fail "PYTHON=$PYTHON does not run or is older than 3.11; name one that is not"
        echo "$PYTHON"
        return
    fi
    for name in python3.13 python3.12 python3.11 python3; do
        if good_python "$name"; then echo "$name"; return; fi
    done
    fail "no Python 3.11 or newer found (tried python3.13, python3.12, python3.11, python3); install one, on Debian: apt-get install python3 python3-venv; or name it: make setup PYTHON=/path/to/python"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"; else return 1; fi
}

has_pip() { .venv/bin/python -m pip --version >/dev/null 2>&1; }

# Each way to get pip into .venv, from the usual one to the last resort.
make_environment() {
    if "$1" -m venv .venv >/dev/null 2>&1 && has_pip; then return; fi
    say "this Python cannot make a whole environment by itself (no ensurepip); trying without"
    rm -rf .venv
    "$1" -m venv --without-pip .venv || fail "python cannot make an environment; on Debian: apt-get install python3-venv"
    for wheel in /usr/share/python-wheels/pip-*.whl; do
        if [ -f "$wheel" ] && PYTHONPATH="$wheel" .venv/bin/python -m pip install --quiet --no-index "$wheel"; then return; fi
    done
    if "$1" -m pip --version >/dev/null 2>&1 && "$1" -m pip --python .venv/bin/python install --quiet uv; then return; fi
    if command -v uv >/dev/null 2>&1; then return; fi
    version=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    say "installing $version by apt-get"
    if { as_root apt-get install -y -qq "$version" || { as_root apt-get update -qq && as_root apt-get install -y -qq "$version"; }; } \
        >/dev/null 2>&1; then
        rm -rf .venv
        "$1" -m venv .venv && return
    fi
    fail "neither ensurepip, pip nor uv is here and apt-get may not be used; run: apt-get install $version"
}

find_uv() {
    if [ -x .venv/bin/uv ]; then echo .venv/bin/uv; return; fi
    if has_pip && .venv/bin/python -m pip install --quiet --disable-pip-version-check uv >&2; then echo .venv/bin/uv; return; fi
    command -v uv || true
}

# uv trusts its own list of authorities; where the machine keeps one, that one is meant.
if [ -z "${SSL_CERT_FILE:-}" ] && [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
fi

if ! good_python .venv/bin/python; then
    rm -rf .venv
    python=$(find_python)
    say "making .venv with $("$python" --version 2>&1) ($python)"
    make_environment "$python"
fi

uv=$(find_uv)
say "installing what requirements.lock pins"
if [ -n "$uv" ] && "$uv" pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock; then
    "$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    has_pip || fail "uv could not install and there is no pip; see the message above"
    say "uv could not; trying pip, which reads this machine's own pip settings"
    .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
fi
[ -x .venv/bin/verst ] || fail "installed, but .venv/bin/verst is missing; remove .venv and run make setup again"
touch .venv/ready
say "ready: .venv/bin/verst"
