#!/bin/bash
# clang-format over the C++ that people write:  tools/format.sh [--check]
#
# Without --check it rewrites the files in place; with it, it changes nothing and fails when one would change. Generated files
# (*.gen.h) are their generator's concern.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mapfile -t files < <(find src -name '*.gen.h' -prune -o \( -name '*.h' -o -name '*.cc' \) -print | sort)
mode=(-i)
[ "${1:-}" != --check ] || mode=(--dry-run --Werror)
exec toolchain/enter clang-format-21 "${mode[@]}" "${files[@]}"
