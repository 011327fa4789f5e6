// Failures of the dynamic loader, as one can live with them. A library for Emscripten's JS compiler (--js-library).
//
// Emscripten's loader aborts the program on an undefined symbol, forgets to undo a load that failed, so that every later one
// fails with it, and looks for a missing library beside the wasm file on the host. Here a failed load throws an Error that
// names all undefined symbols or the missing file (dlerror() and ImportError show it), leaves nothing behind, and libraries
// are only looked for in the file system that Python sees. The loader's functions are wrapped, not rewritten.
addToLibrary({
  $kraitDynload__deps: [
    '$GOT',
    '$LDSO',
    '$addFunction',
    '$findLibraryFS',
    '$loadDynamicLibrary',
    '$reportUndefinedSymbols',
    '$resolveGlobalSymbol',
  ],
  $kraitDynload__postset: 'kraitDynload();',
  $kraitDynload: () => {
    const UNDEFINED = -1;

    const load = loadDynamicLibrary;
    loadDynamicLibrary = (name, flags, localScope, handle) => {
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
        const result = load(name, flags, localScope, handle);
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

    reportUndefinedSymbols = () => {
      const missing = [];
      for (const [symbol, entry] of Object.entries(GOT)) {
        if (entry.value != UNDEFINED) continue;
        const value = resolveGlobalSymbol(symbol, true).sym;
        if (typeof value == 'function') entry.value = addFunction(value, value.sig);
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
