// The dynamic loader, as one can live with it. A library for Emscripten's JS compiler (--js-library).
//
// Symbols: the main module exports next to nothing (tools/wasm_exports.mjs); where its functions and data are is read from
// a file when the first side module is loaded or the first symbol looked up. Until then nothing is resolved that only a side
// module could want.
//
// Failures:
// Emscripten's loader aborts the program on an undefined symbol, forgets to undo a load that failed, so that every later one
// fails with it, and looks for a missing library beside the wasm file on the host. Here a failed load throws an Error that
// names all undefined symbols or the missing file (dlerror() and ImportError show it), leaves nothing behind, and libraries
// are only looked for in the file system that Python sees. The loader's functions are wrapped, not rewritten.
addToLibrary({
  $kraitDynload__deps: [
    '$GOT',
    '$LDSO',
    '$addFunction',
    '$convertJsFunctionToWasm',
    '$getMemory',
    '$updateTableMap',
    '$findLibraryFS',
    '$loadDynamicLibrary',
    '$mergeLibSymbols',
    '$reportUndefinedSymbols',
    '$resolveGlobalSymbol',
    '$updateGOT',
    '_dlsym_js',
  ],
  $kraitDynload__postset: 'kraitDynload();',
  $kraitDynload: () => {
    const UNDEFINED = -1;

    // Name -> index in the table, and name -> address; undefined until needSymbols().
    let functions;
    let data;
    const needSymbols = () => {
      if (functions) return;
      const read = Module['kraitReadSymbols'];
      if (!read) throw new Error('the list of symbols of the main module cannot be read: this loader has no kraitReadSymbols');
      ({ functions, data } = read());
      const exported = {};
      for (const name of Object.keys(functions)) exported[name] = wasmTable.get(functions[name]);
      mergeLibSymbols({ ...exported, ...data }, 'main');
      reportUndefinedSymbols();
    };
    const addressOf = (symbol) => (Object.hasOwn(functions, symbol) ? functions[symbol] : Object.hasOwn(data, symbol) ? data[symbol] : undefined);

    // What a side module defines too stays the main module's, as if that had been searched first: types that are thrown
    // are told apart by their addresses.
    const update = updateGOT;
    updateGOT = (exports, replace) => {
      if (functions && !replace) {
        for (const symbol of Object.keys(exports)) {
          const address = addressOf(symbol);
          if (address === undefined || (GOT[symbol] && GOT[symbol].value != UNDEFINED)) continue;
          GOT[symbol] ??= new WebAssembly.Global({ value: 'i32', mutable: true });
          GOT[symbol].value = address;
        }
      }
      update(exports, replace);
    };

    const lookUp = __dlsym_js;
    __dlsym_js = (handle, symbol, symbolIndex) => {
      needSymbols();
      return lookUp(handle, symbol, symbolIndex);
    };
    __dlsym_js.sig = lookUp.sig;

    // Images: where each side module lies, so that it can be put there again.
    const places = new Map();
    let place = {};
    let forced;
    const allocate = getMemory;
    getMemory = (size) => (place.memory = forced?.memory ?? allocate(size));
    const updateMap = updateTableMap;
    updateTableMap = (start, count) => {
      // A module without places of its own gets some for the functions that others take the address of.
      place.table = count ? start : wasmTable.length;
      updateMap(start, count);
    };
    Module['kraitLibraries'] = {
      /** Plain data about the side modules that are loaded, in the order of loading. */
      save: () =>
        [...places].filter(([name]) => LDSO.loadedLibsByName[name]).map(([name, { memory, table }]) => {
          const dso = LDSO.loadedLibsByName[name];
          const handles = Object.keys(LDSO.loadedLibsByHandle).filter((handle) => LDSO.loadedLibsByHandle[handle] === dso);
          return { name, memory, table, global: dso.global, refcount: dso.refcount === Infinity ? null : dso.refcount, handles: handles.map(Number) };
        }),
      /** Loads them again, before linear memory is replaced by the image's: what their start writes is overwritten. */
      restore: (saved) => {
        for (const { name, memory, table, global, refcount, handles } of saved) {
          needSymbols();
          const more = table === undefined ? 0 : table - wasmTable.length;
          if (more < 0) throw new Error(`the image has ${name} in a part of the function table that is taken already`);
          if (more > 0) wasmTable.grow(more);
          forced = { memory };
          try {
            // Without a handle: 0 is the main module's.
            loadDynamicLibrary(name, { global, nodelete: true, loadAsync: false }, global ? undefined : {});
          } finally {
            forced = undefined;
          }
          const dso = LDSO.loadedLibsByName[name];
          dso.refcount = refcount ?? Infinity;
          for (const handle of handles) LDSO.loadedLibsByHandle[handle] = dso;
        }
      },
    };

    const load = loadDynamicLibrary;
    loadDynamicLibrary = (name, flags, localScope, handle) => {
      needSymbols();
      const undo = (error) => {
        for (const table of [LDSO.loadedLibsByName, LDSO.loadedLibsByHandle]) {
          for (const key of Object.keys(table)) {
            if (table[key]?.exports === 'loading') delete table[key];
          }
        }
        // Whatever is undefined now was wanted by what has just failed: earlier loads ended with everything resolved.
        for (const symbol of Object.keys(GOT)) {
          if (GOT[symbol].value == UNDEFINED) delete GOT[symbol];
        }
        throw error;
      };
      try {
        const known = Object.hasOwn(LDSO.loadedLibsByName, name);
        place = {};
        const result = load(name, flags, localScope, handle);
        if (!known && !flags?.loadAsync) places.set(name, place);
        place = {};
        return flags?.loadAsync ? result.catch(undo) : result;
      } catch (error) {
        undo(error);
      }
    };

    const find = findLibraryFS;
    findLibraryFS = (name, rpath) => {
      const found = find(name, rpath);
      if (found !== undefined || !runtimeInitialized) return found;
      const parent = rpath?.parentLibPath;
      const looked = rpath?.paths?.length ? `, looked in its RPATH ${rpath.paths.join(':')}` : '';
      throw new Error(`library not found: ${name}${parent ? ` (needed by ${parent}${looked})` : ''}`);
    };

    // JavaScript functions of the graphics and sound libraries whose addresses the main module hands on to side modules only.
    const FOR_SIDE_MODULES = /^(emscripten_)?(gl|egl|al|alc)[A-Z]/;
    reportUndefinedSymbols = () => {
      const missing = [];
      for (const [symbol, entry] of Object.entries(GOT)) {
        if (entry.value != UNDEFINED) continue;
        if (!functions && FOR_SIDE_MODULES.test(symbol)) continue;
        const known = functions && addressOf(symbol);
        if (known !== undefined) {
          entry.value = known;
          continue;
        }
        const value = resolveGlobalSymbol(symbol, true).sym;
        if (!functions && typeof value == 'function' && value.sig) {
          // At start: addFunction() would look through the whole table, where a JavaScript function cannot be.
          entry.value = wasmTable.grow(1);
          wasmTable.set(entry.value, convertJsFunctionToWasm(value, value.sig));
        } else if (typeof value == 'function') entry.value = addFunction(value, value.sig);
        else if (typeof value == 'number') entry.value = value;
        else if (typeof value?.value == 'number') entry.value = value.value;
        else if (!entry.required) entry.value = 0; // a weak symbol may stay undefined: it is null
        else missing.push(symbol);
      }
      if (missing.length) throw new Error(`undefined symbol: ${missing.join(', ')}`);
    };

    // An undefined function is found out when it is called, as by lazy binding elsewhere: published wheels contain some that
    // never are. The call must say its name at least.
    const resolve = resolveGlobalSymbol;
    resolveGlobalSymbol = (symbol, direct) => {
      const result = resolve(symbol, direct);
      if (result.sym || direct) return result;
      const libraries = Object.values(LDSO.loadedLibsByName);
      const known = libraries.some(({ exports }) => exports === 'loading' || (exports && symbol in exports));
      if (!known) throw new Error(`undefined symbol: ${symbol} was called, and no loaded library defines it`);
      return result;
    };
  },
});

extraLibraryFuncs.push('$kraitDynload');
