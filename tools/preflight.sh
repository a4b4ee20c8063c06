#!/bin/sh
# Asks for what the set-up cannot bring along, before it downloads gigabytes.
# Usage: tools/preflight.sh PYTHON STACK 3.9 3.10 3.11
# (the interpreter, the package set, then the versions that it exists for)
python=$1; stack=$2; shift 2
for newest; do :; done
mend="make demo STACK=$stack PYTHON=python$newest"

fail() { echo "tmad: $*" >&2; exit 1; }

found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) ||
    fail "'$python' is not a Python that runs here: install Python $newest, then run \`$mend\`."
[ "$stack $found" != 'reference 3.12' ] || mend='make demo STACK=modern'
case " $* " in
    *" $found "*) ;;
    *) fail "'$python' is Python $found, and the packages of the set '$stack' need one of $*: run \`$mend\`." ;;
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
