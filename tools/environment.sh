#!/bin/sh
# Makes .venv in the clone and installs requirements/<name>.txt into it, once: tools/environment.sh run|dev|bench|spark
#
# Every package is pinned with its hashes. A stamp keeps the hash of the requirements file, so that a second call ends
# at once. `uv` is used where it is there, else pip. The project itself is linked by two small files, because an
# editable install would fetch a build tool that no hash pins.
set -eu
cd "$(dirname "$0")/.."
name=$1
clone=$(pwd)
requirements=requirements/$name.txt
python=.venv/bin/python

choose_python() {
    for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
        [ -n "$candidate" ] || continue
        path=$(command -v "$candidate") || continue
        if "$path" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$path"
            return
        fi
    done
    echo "Python 3.11 or newer with its venv module is needed (on Debian: apt-get install python3 python3-venv)." >&2
    exit 1
}

# A working .venv is never emptied, whoever made it: another program may be running from it. Anew is made only one that
# is absent, whose Python does not run, or that was made here for a clone at another path (its scripts name that path).
made_for=$(cat .venv/.made 2>/dev/null || true)
if ! "$python" -c '' 2>/dev/null || { [ -n "$made_for" ] && [ "$made_for" != "$clone" ]; }; then
    chosen=$(choose_python)
    echo "Making .venv with $chosen"
    rm -rf .venv
    if command -v uv >/dev/null; then
        uv venv --quiet --python "$chosen" .venv
    else
        "$chosen" -m venv .venv
    fi
    echo "$clone" >.venv/.made
fi
command -v uv >/dev/null || "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null

stamp=.venv/.installed-$name
wanted="$("$python" -V) $(cksum <"$requirements")"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing $requirements"
    if command -v uv >/dev/null; then
        uv pip install --quiet --python "$python" --require-hashes --requirement "$requirements"
    else
        "$python" -m pip install --quiet --disable-pip-version-check --no-input \
            --require-hashes --requirement "$requirements"
    fi
    echo "$wanted" >"$stamp"
fi

if [ ! -x .venv/bin/wuzha ]; then
    packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo "$clone" >"$packages/wuzha.pth"
    cat >.venv/bin/wuzha <<SCRIPT
#!/bin/sh
exec "$clone/.venv/bin/python" -m wuzha.cli "\$@"
SCRIPT
    chmod +x .venv/bin/wuzha
fi
