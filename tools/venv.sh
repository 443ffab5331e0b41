#!/bin/sh
# Makes the environment: venv.sh PYTHON FOLDER. Debian keeps the venv module in a package of its own.
set -eu
python=$1 folder=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$python" --version) is too old: Mutan needs Python 3.11 or newer. Try: make PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    . "$(dirname "$0")/apt.sh"
    install_packages "$package"
fi
exec "$python" -m venv "$folder"
