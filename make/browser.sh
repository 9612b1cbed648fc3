#!/bin/sh
# Puts a Chromium on the machine for the browser tests: only when there is none and apt-get may be used.
# Without one the browser tests say so and are skipped.
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
command -v apt-get >/dev/null 2>&1 || { echo "browser: no Chromium and no apt-get; browser tests will be skipped"; exit 0; }
if [ "$(id -u)" = 0 ]; then root=""; elif sudo -n true >/dev/null 2>&1; then root="sudo -n"; else
    echo "browser: no Chromium and no right to install it (apt-get install chromium); browser tests will be skipped"
    exit 0
fi
echo "browser: installing chromium by apt-get"
export DEBIAN_FRONTEND=noninteractive
install() { $root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; }
install || { $root apt-get update -qq >/dev/null 2>&1 && install; } || echo "browser: apt-get could not; browser tests will be skipped"
