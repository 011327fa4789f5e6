// What a reset does to the glue: memory, stack pointer, files and all else that Emscripten keeps in JavaScript become what they
// were when the core had just been instantiated. A library for Emscripten's JS compiler (--js-library).
//
// Guarantees: works whatever state a program, or a trap in the middle of anything, has left behind: no code of the core runs.
// Must be called with nothing of the core on the stack. Side modules are reset by dynload.js.
addToLibrary({
  $kraitReset__deps: [
    '$FS',
    '$PIPEFS',
    '$SOCKFS',
    '$SYSCALLS',
    '$TTY',
    '$runtimeKeepaliveCounter',
    '$timers',
    'emscripten_get_sbrk_ptr',
  ],
  /**
   * `dataEnd`: where the static data of the core ends, and the stack begins. `runs`: address, length, address, ... of what is written
   * afterwards, ascending: clearing it would be work for nothing, and more than that where a program has not touched it yet.
   */
  $kraitReset: (dataEnd, runs) => {
    for (const timer of Object.keys(timers)) {
      clearTimeout(timers[timer].id);
      delete timers[timer];
    }
    // Sockets, and descriptors of the host, are given back; 0 to 2 lead to handlers that are the caller's.
    for (const stream of FS.streams) {
      if (!stream || stream.fd <= 2) continue;
      try {
        FS.close(stream);
      } catch (error) {
        // It belongs to a host that has gone, or was half closed. Nobody is left who could be told.
      }
    }
    Object.assign(FS, { root: null, mounts: [], devices: {}, streams: [], nextInode: 1, currentPath: '/', initialized: false, ignorePermissions: true, syncFSRequests: 0 });
    TTY.ttys = [];
    FS.staticInit();
    SOCKFS.root = FS.mount(SOCKFS, {}, null);
    PIPEFS.root = FS.mount(PIPEFS, {}, null);
    SYSCALLS.currentUmask = 0o22;
    ABORT = false;
    EXITSTATUS = undefined;
    runtimeKeepaliveCounter = 0;

    // Growing by nothing detaches the buffer: typed arrays that a program has kept do not see the memory of its successor.
    wasmMemory.grow(0);
    updateMemoryViews();
    // Memory beyond sbrk() was never touched. A program that went wild may have written there too.
    const heap = ___heap_base;
    let end = HEAPU32[_emscripten_get_sbrk_ptr() >>> 2];
    if (!(end >= heap && end <= HEAPU8.length)) end = HEAPU8.length;
    HEAPU8.fill(0, 0, dataEnd);
    let at = heap;
    for (let i = 0; i < runs.length; i += 2) {
      if (runs[i] < at) continue;
      HEAPU8.fill(0, at, runs[i]);
      at = runs[i] + runs[i + 1];
    }
    if (at < end) HEAPU8.fill(0, at, end);
    wasmExports['krait_init_memory']();
  },
});
