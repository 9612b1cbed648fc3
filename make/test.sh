#!/bin/bash
# Every check, one after another; all of them run even when one fails. Pytest comes last so that its closing line does.
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
    local name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed+=("$name")
}

sh make/browser.sh
check "style" ruff check .
check "format" ruff format --check .
check "types" mypy
check "floors" lint-imports --no-cache
check "shelves" bash -c "verst shelves >/dev/null"
check "tests" pytest -n "${TEST_WORKERS:-2}" "$@"

if [ ${#failed[@]} -gt 0 ]; then
    printf 'failed: %s\n' "${failed[*]}" >&2
    exit 1
fi
