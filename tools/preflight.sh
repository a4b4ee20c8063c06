#!/bin/sh
# Asks for what the set-up cannot bring along, before it downloads gigabytes.
# Usage: tools/preflight.sh PYTHON 3.9 3.10 3.11
# (the interpreter, then the versions that the package set exists for)
python=$1; shift

fail() { echo "tmad: $*" >&2; exit 1; }

found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
    fail "'$python' is not a Python that runs here: install Python 3.11, then run \`make demo PYTHON=python3.11\`."
case " $* " in
    *" $found "*) ;;
    *) fail "'$python' is Python $found, and the tested packages need one of $*: run \`make demo PYTHON=python3.11\`." ;;
esac
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "Python $found came without its venv module: on Debian or Ubuntu run \`sudo apt install python$found-venv\`, then \`make demo\` again."

# torch compiles extensions with $CXX, or else with c++. Compiling one line also finds a compiler
# that lacks its headers, and a Python that lacks its own.
compiles() { echo "#include <$1>" | "${CXX:-c++}" -I "$include" -x c++ -fsyntax-only - 2>/dev/null; }
include=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
compiles vector ||
    fail "there is no working C++ compiler ('${CXX:-c++}') to build mmcv's operators with: on Debian or Ubuntu run \`sudo apt install g++\`, then \`make demo\` again."
compiles Python.h ||
    fail "Python $found came without its C headers, which building mmcv needs: on Debian or Ubuntu run \`sudo apt install python$found-dev\`, then \`make demo\` again."
