#!/usr/bin/env bash
# Prepare what a make target needs, and do nothing where it is there already.
#
#   scripts/prepare.sh base     the virtual environment with what the product runs on
#   scripts/prepare.sh dev      the same and what checks and tests need
#   scripts/prepare.sh browser  PostgreSQL, Chromium, its driver's library, nginx and a Chinese font, for the tests
#
# Debian as root: missing packages are installed. Anywhere else: they are named, and we stop.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
log=$(mktemp "${TMPDIR:-/tmp}/yingjin-prepare.XXXXXX")
trap 'rm -f "$log"' EXIT

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$@"
    exit 1
}

# Run a command without its noise; show all of it when it fails. It does not inherit the lock below: a service that an
# installation starts would hold it for ever.
quietly() {
    if ! "$@" >"$log" 2>&1 9>&-; then
        cat "$log" >&2
        stop "Failed: $*"
    fi
}

may_install() { [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_packages() {
    if ! may_install; then
        stop "Missing: $*. Install them with this system's package manager (these are Debian's names), then run make again."
    fi
    say "Installing with apt-get: $* ..."
    quietly apt-get update
    quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The system's own Python comes first: one put before it on PATH may lack modules or be another version.
find_python() {
    local candidate
    for candidate in ${PYTHON:-/usr/bin/python3.11 python3.11 /usr/bin/python3 python3 python3.12 python3.13}; do
        if command -v "$candidate" >/dev/null && is_recent "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    stop "Python 3.11 or later is needed; found only: $(python3 --version 2>&1 || true). Install it, or name it: make PYTHON=/path/to/python3.11"
}

prepare_venv() {
    local python
    if [ -x "$venv/bin/python" ] && is_recent "$venv/bin/python"; then return; fi
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_packages python3-venv
    fi
    say "Making the virtual environment $venv with $("$python" --version) ..."
    rm -rf "$venv"
    quietly "$python" -m venv "$venv"
}

# A stamp holds the hash of what was installed, so that a changed lock file is installed again.
wanted() { cat "requirements/$1.txt" pyproject.toml | sha256sum | cut -d ' ' -f 1; }

prepare_packages() {
    local set=$1 stamp=$venv/installed-$1
    prepare_venv
    if [ "$(cat "$stamp" 2>/dev/null)" = "$(wanted "$set")" ]; then return; fi
    say "Installing the locked packages of requirements/$set.txt ..."
    quietly "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --require-hashes -r "requirements/$set.txt"
    quietly "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
    wanted "$set" >"$stamp"
}

has_initdb() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_chromium() { [ -x "${YINGJIN_CHROMIUM:-/usr/bin/chromium}" ] || command -v chromium >/dev/null; }
# The driver of Chromium that comes with Playwright needs it, and a small Debian has it not.
has_libatomic() { [ "$(uname)" != Linux ] || compgen -G '/usr/lib*/libatomic.so.1' >/dev/null || compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null; }
# The guide for a county's server is followed by a test, its nginx and systemd files by those programs themselves.
has_nginx() { [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; }
has_systemd_analyze() { [ "$(uname)" != Linux ] || [ -x /usr/bin/systemd-analyze ] || command -v systemd-analyze >/dev/null; }
has_chinese_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }

prepare_browser() {
    local missing=()
    has_initdb || missing+=(postgresql)
    has_chromium || missing+=(chromium)
    has_libatomic || missing+=(libatomic1)
    has_nginx || missing+=(nginx-light)
    has_systemd_analyze || missing+=(systemd)
    has_chinese_font || missing+=(fontconfig fonts-noto-cjk)
    if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; fi
}

# Two makes at once would install over each other.
if command -v flock >/dev/null; then
    exec 9<requirements
    flock 9
fi
case ${1:-} in
    base | dev) prepare_packages "$1" ;;
    browser) prepare_browser ;;
    *) stop "usage: scripts/prepare.sh base|dev|browser" ;;
esac
