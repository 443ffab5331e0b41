#!/bin/sh
# Sees that the tests have a browser and Chinese fonts: browser.sh PYTHON
set -eu
. "$(dirname "$0")/apt.sh"
python=$1

missing=
command -v fc-list >/dev/null || missing="$missing fontconfig"
{ command -v fc-list >/dev/null && fc-list :lang=zh | grep -q .; } || missing="$missing fonts-noto-cjk"

found=
for name in chromium google-chrome google-chrome-stable chromium-browser; do
    # Ubuntu's chromium-browser is a stub that asks for a snap, so it must answer to count
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then found=$name; break; fi
done
if [ -z "$found" ] && ! "$python" tools/own_browser.py 2>/dev/null; then
    if apt-cache show chromium 2>/dev/null | grep -q '^Installed-Size: [0-9]\{5,\}' || grep -q '^ID=debian' /etc/os-release; then
        missing="$missing chromium"
    else
        # no browser as a Debian package here: the test library brings its own
        "$python" -m playwright install --with-deps chromium
    fi
fi
[ -z "$missing" ] || install_packages $missing
