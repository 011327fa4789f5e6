# What the toolchain's scripts share: paths, pins, messages. Sourced, never run.
#
# Guarantees: sets repo, cache, pins, tool_root, em_cache, sources, wheels; defines say, die, pin_lines. Creates nothing but the cache folder.

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${KRAIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/krait}
mkdir -p "$cache/home"
cache=$(cd "$cache" && pwd -P)
pins=$repo/toolchain/pins
sources=$cache/sources

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "error: $*"; exit 1; }

# pin_lines KIND: the lines of that kind, without their first word, comments and empty lines.
pin_lines() { awk -v kind="$1" '$1 == kind { $1 = ""; sub(/^ /, ""); print }' "$pins" "$repo/toolchain/test_pins"; }

suite=$(pin_lines suite)
# A changed suite or package list makes a new root beside the old one, so that two checkouts can share a cache folder.
root_key=$( { pin_lines suite; pin_lines package; } | sha256sum | cut -c1-12)
tool_root=$cache/toolroot/$suite-$root_key
em_cache=$cache/emscripten/$root_key
wheels=$cache/wheels/$( { pin_lines suite; pin_lines wheel; pin_lines python; } | sha256sum | cut -c1-12)
if [ -n "${KRAIT_EMCC:-}" ]; then
  [ -x "$KRAIT_EMCC" ] || die "KRAIT_EMCC=$KRAIT_EMCC: expected the path of an executable emcc (>= 6.0)"
  em_cache=$cache/emscripten/own-$(printf %s "$KRAIT_EMCC" | sha256sum | cut -c1-12)
fi
