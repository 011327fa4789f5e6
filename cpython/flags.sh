# The compiler flags of everything that ends up in the main module. Sourced by the build scripts, hashed into their keys.
#
# base_cflags are the platform's ABI (checklist A02): wasm exceptions in the legacy encoding and wasm setjmp, for every
# object, or unwinding would not pass through it. No -fPIC: the main module's objects do not need it.

base_cflags="-fwasm-exceptions -sSUPPORT_LONGJMP=wasm"
opt_cflags="-O3 -DNDEBUG"

# Programs that were run to record the profile decide what is laid out as hot and inlined (pgo/record, pgo/train.py). A profile of
# another patch release still fits most functions, so what no longer fits is no error.
profile_cflags="-Wno-profile-instr-unprofiled -Wno-profile-instr-out-of-date -Wno-backend-plugin"
