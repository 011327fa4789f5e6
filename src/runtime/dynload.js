// The dynamic loader, as one can live with it. A library for Emscripten's JS compiler (--js-library).
//
// Symbols: the main module exports next to nothing (tools/wasm_exports.mjs), and the glue has next to no JavaScript library
// (tools/glue_split.mjs). Where functions and data are is read from a file when the first side module is loaded or the first
// symbol looked up, and then each is looked for by its name when it is wanted; JavaScript libraries (WebGL, SDL, HTML5 events)
// are read when one of their functions is. Until then nothing is resolved that only a side module could want.
//
// Failures:
// Emscripten's loader aborts the program on an undefined symbol, forgets to undo a load that failed, so that every later one
// fails with it, and looks for a missing library beside the wasm file on the host. Here a failed load throws an Error that
// names all undefined symbols or the missing file (dlerror() and ImportError show it), leaves nothing behind, and libraries
// are only looked for in the file system that Python sees. The loader's functions are wrapped, not rewritten.
addToLibrary({
  // Its one variable has a name that no library uses: the text sees the glue's variables, and this one.
  $kraitEvaluate: (kraitText) => eval(kraitText),
  // Set by kraitDynload(); the glue calls it when the main module calls a function of the library (tools/glue_split.mjs).
  $kraitNeedLibrary: '() => {}',
  $kraitDynload__deps: [
    '$GOT',
    '$LDSO',
    '$addFunction',
    '$convertJsFunctionToWasm',
    '$freeTableIndexes',
    '$getMemory',
    '$updateTableMap',
    '$dlSetError',
    '$findLibraryFS',
    '$loadDynamicLibrary',
    '$loadWebAssemblyModule',
    '$functionsInTableMap',
    '$getDylinkMetadata',
    '$kraitEvaluate',
    '$kraitNeedLibrary',
    '$kraitReset',
    '$reportUndefinedSymbols',
    '$resolveGlobalSymbol',
    '$setWasmTableEntry',
    '$updateGOT',
    '$UTF8ToString',
    '$wasmTable',
    '_dlsym_js',
  ],
  $kraitDynload__postset: 'kraitDynload();',
  $kraitDynload: () => {
    const UNDEFINED = -1;
    // Of which functions the place in the table is known. Emscripten would go through all of the table at the first addFunction();
    // here the functions of the main module are entered when they are looked up, and no others are asked for.
    functionsInTableMap = new WeakMap();

    // Name -> index in the table, name -> address, names of the library; undefined until needSymbols().
    let functions;
    let data;
    let library;
    // What the main module hands on to side modules only, by functions like eglGetProcAddress(), has a place in the table from the
    // start, so that it has the same one in each process; it is filled with the library.
    const reserved = new Map();
    const HANDS_ON = /proc_?address/i;

    const read = (what) => {
      if (!Module[what]) throw new Error(`the symbols of the main module cannot be read: this loader has no ${what}`);
      return Module[what]();
    };
    const enterExports = () => {
      for (const [name, value] of Object.entries(wasmExports)) {
        if (Object.hasOwn(functions, name)) functionsInTableMap.set(value, functions[name]);
      }
    };
    const needSymbols = () => {
      if (functions) return;
      const symbols = read('kraitReadSymbols');
      library = new Set(symbols.library);
      ({ functions, data } = symbols);
      enterExports();
      Object.setPrototypeOf(wasmImports, new Proxy(Object.create(null), {
        has: (_, name) => isKnown(name),
        get: (_, name) => symbolOf(name),
      }));
    };

    let libraryLoaded = false;
    kraitNeedLibrary = () => {
      if (libraryLoaded) return;
      needSymbols();
      const text = read('kraitReadLibrary');
      try {
        kraitEvaluate(text);
      } catch (error) {
        throw new Error(`JavaScript functions that a side module needs (pyodide.library.js) cannot be evaluated here: ${error}`);
      }
      libraryLoaded = true;
      for (const [symbol, place] of reserved) {
        const found = wasmImports[symbol];
        setWasmTableEntry(place, convertJsFunctionToWasm(found, found.sig));
        functionsInTableMap.set(found, place);
      }
    };

    const addressOf = (name) => {
      if (!Object.hasOwn(functions, name)) return Object.hasOwn(data, name) ? data[name] : undefined;
      if (HANDS_ON.test(name)) kraitNeedLibrary();
      return functions[name];
    };
    const isKnown = (name) => Object.hasOwn(functions, name) || Object.hasOwn(data, name) || library.has(name);
    /** What wasmImports does not have yet; it has it from then on. */
    const symbolOf = (name) => {
      if (library.has(name)) {
        kraitNeedLibrary();
        return Object.hasOwn(wasmImports, name) ? wasmImports[name] : undefined;
      }
      const address = addressOf(name);
      if (address === undefined || !Object.hasOwn(functions, name)) return address === undefined ? undefined : (wasmImports[name] = address);
      const found = wasmTable.get(address);
      functionsInTableMap.set(found, address);
      return (wasmImports[name] = found);
    };

    // Module.wasmExports is what programs know: there the hidden functions are found by their names, as before.
    let exported;
    Object.defineProperty(Module, 'wasmExports', {
      configurable: true,
      enumerable: true,
      get: () => exported,
      set: (value) => {
        exported = value && Object.setPrototypeOf({ ...value }, new Proxy(Object.create(null), {
          has: (_, name) => typeof name == 'string' && (needSymbols(), Object.hasOwn(functions, name)),
          get: (_, name) => (typeof name == 'string' && (needSymbols(), Object.hasOwn(functions, name)) ? wasmTable.get(functions[name]) : undefined),
        }));
      },
    });

    // What a side module defines too stays the main module's, as if that had been searched first: types that are thrown
    // are told apart by their addresses.
    const update = updateGOT;
    updateGOT = (exports, replace) => {
      if (functions && !replace) {
        for (const symbol of Object.keys(exports)) {
          // JavaScript that is written in a side module may name any function of the glue.
          if (symbol === '__start_em_asm' || symbol.startsWith('__em_js__')) kraitNeedLibrary();
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
      try {
        needSymbols();
        // Symbols of the main module are looked for among the properties that are there already.
        if (LDSO.loadedLibsByHandle[handle]?.exports === wasmImports) symbolOf(UTF8ToString(symbol));
      } catch (error) {
        dlSetError(String(error));
        return 0;
      }
      return lookUp(handle, symbol, symbolIndex);
    };
    __dlsym_js.sig = lookUp.sig;

    // Images: where each side module lies, so that it can be put there again.
    let places = new Map();
    let place = {};
    let forced;
    // Resets: what the start has left, and where the table of the core itself ended.
    let start;
    let tableOfCore;
    const allocate = getMemory;
    getMemory = (size) => (place.memory = forced?.memory ?? allocate(size));
    const updateMap = updateTableMap;
    updateTableMap = (start, count) => {
      // A module without places of its own gets some for the functions that others take the address of.
      place.table = count ? start : wasmTable.length;
      updateMap(start, count);
    };
    // Modules that were compiled in advance, by the file (a node of the file system) whose content they come from.
    const compiled = new WeakMap();
    const nodeOf = (path) => FS.lookupPath(path, { follow: true }).node;
    const instantiate = loadWebAssemblyModule;
    loadWebAssemblyModule = (binary, flags, name, ...rest) => {
      let known;
      if (name?.includes('/') && FS.analyzePath(name).exists) {
        const node = nodeOf(name);
        const entry = compiled.get(node);
        // Nobody has written to the file since.
        if (entry !== undefined && entry.contents === node.contents && entry.mtime === node.mtime) known = entry.module;
        compiled.delete(node);
      }
      return instantiate(known ?? binary, flags, name, ...rest);
    };
    Module['kraitLibraries'] = {
      /**
       * Compiles the files of these paths, all at the same time and not on this thread: their first import has only to instantiate
       * them. (Chromium refuses to compile more than 8 MB on a page's own thread.) One that cannot be compiled is left to its import, which says why.
       */
      compile: async (paths) => {
        await Promise.allSettled(paths.map(async (path) => {
          const bytes = FS.readFile(path);
          const node = nodeOf(path);
          const { contents, mtime } = node;
          compiled.set(node, { contents, mtime, module: await WebAssembly.compile(bytes) });
        }));
      },
      /** Plain data about the side modules that are loaded, in the order of loading. */
      save: () => {
        const saved = [...places].filter(([name]) => LDSO.loadedLibsByName[name]).map(([name, { memory, table }]) => {
          const dso = LDSO.loadedLibsByName[name];
          const handles = Object.keys(LDSO.loadedLibsByHandle).filter((handle) => LDSO.loadedLibsByHandle[handle] === dso);
          return { name, memory, table, global: dso.global, refcount: dso.refcount === Infinity ? null : dso.refcount, handles: handles.map(Number) };
        });
        // Memory may hold addresses of functions of the JavaScript library.
        return libraryLoaded ? [{ javaScript: true }, ...saved] : saved;
      },
      /** Loads them again, before linear memory is replaced by the image's: what their start writes is overwritten. */
      restore: (saved) => {
        for (const { javaScript, name, memory, table, global, refcount, handles } of saved) {
          if (javaScript) {
            kraitNeedLibrary();
            continue;
          }
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
      /** Remembers what reset() comes back to. */
      started: () => {
        start = {
          table: wasmTable.length,
          places: new Map(places),
          imports: new Set(Object.keys(wasmImports)),
          addresses: Object.entries(GOT).map(([symbol, { value }]) => [symbol, value]),
          names: { ...LDSO.loadedLibsByName },
          handles: { ...LDSO.loadedLibsByHandle },
          libraries: Object.values(LDSO.loadedLibsByName).map((dso) => [dso, { ...dso }]),
        };
      },
      /** Forgets the side modules that were loaded since. Those that came with an image stay: their code has no state of its own. */
      reset: () => {
        places = new Map(start.places);
        forced = undefined;
        place = {};
        for (const symbol of Object.keys(wasmImports)) {
          if (!start.imports.has(symbol) && !library?.has(symbol)) delete wasmImports[symbol];
        }
        const addresses = new Map(start.addresses);
        for (const symbol of Object.keys(GOT)) {
          if (addresses.has(symbol)) GOT[symbol].value = addresses.get(symbol);
          else delete GOT[symbol];
        }
        LDSO.loadedLibsByName = { ...start.names };
        LDSO.loadedLibsByHandle = { ...start.handles };
        for (const [dso, facts] of start.libraries) Object.assign(dso, facts);
        shortenTable(start.table);
        freeTableIndexes = [];
        functionsInTableMap = new WeakMap();
        if (functions) enterExports();
        if (libraryLoaded) for (const [symbol, place] of reserved) functionsInTableMap.set(wasmImports[symbol], place);
        for (let i = tableOfCore; i < start.table; i++) {
          const entry = wasmTable.get(i);
          if (entry) functionsInTableMap.set(entry, i);
        }
      },
    };
    Module['kraitReset'] = kraitReset;

    // A table cannot shrink. What a reset has freed is given out again, so that a side module gets the place that it would have in a
    // new process, and loading and resetting in turns does not fill the table. Everybody in JavaScript asks for `length` and `grow`.
    const { prototype } = WebAssembly.Table;
    const wholeLength = () => Object.getOwnPropertyDescriptor(prototype, 'length').get.call(wasmTable);
    let shortened;
    const shortenTable = (length) => {
      for (let i = wasmTable.length - 1; i >= length; i--) wasmTable.set(i, null);
      if (shortened === undefined && length === wholeLength()) return;
      if (shortened === undefined) {
        Object.defineProperty(wasmTable, 'length', { configurable: true, get: () => shortened });
        wasmTable.grow = (count) => {
          const before = shortened;
          const more = before + count - wholeLength();
          if (more > 0) prototype.grow.call(wasmTable, more);
          shortened += count;
          return before;
        };
      }
      shortened = length;
    };

    const readMetadata = getDylinkMetadata;
    getDylinkMetadata = (binary) => {
      if (!(binary instanceof WebAssembly.Module) && !(binary[0] === 0 && binary[1] === 0x61 && binary[2] === 0x73 && binary[3] === 0x6d)) {
        const found = [...binary.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
        throw new Error(`the file is no WebAssembly module: it begins with the bytes ${found || 'of nothing'}, expected 00 61 73 6d`);
      }
      return readMetadata(binary);
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
      // /usr/lib: packages of a lock file that are shared libraries.
      const found = find(name, rpath) ?? find(name, { ...rpath, paths: ['/usr/lib'] });
      if (found !== undefined || !runtimeInitialized) return found;
      const parent = rpath?.parentLibPath;
      const looked = rpath?.paths?.length ? `, looked in its RPATH ${rpath.paths.join(':')}` : '';
      throw new Error(`library not found: ${name}${parent ? ` (needed by ${parent}${looked})` : ''}`);
    };

    reportUndefinedSymbols = () => {
      const missing = [];
      for (const [symbol, entry] of Object.entries(GOT)) {
        if (entry.value != UNDEFINED) continue;
        const known = functions && addressOf(symbol);
        if (known !== undefined) {
          entry.value = known;
          continue;
        }
        const value = resolveGlobalSymbol(symbol, true).sym;
        if (typeof value == 'function') entry.value = addFunction(value, value.sig);
        else if (typeof value == 'number') entry.value = value;
        else if (typeof value?.value == 'number') entry.value = value.value;
        else if (!entry.required) entry.value = 0; // a weak symbol may stay undefined: it is null
        else missing.push(symbol);
      }
      if (!functions) {
        // At the start, and tools/glue_split.mjs has seen that the library has them.
        const first = wasmTable.grow(missing.length);
        missing.forEach((symbol, i) => {
          GOT[symbol].value = first + i;
          reserved.set(symbol, first + i);
        });
        tableOfCore = wasmTable.length;
        return;
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
