// Symbols that not every engine has yet, under the names that polyfills register them by.

export const dispose: symbol = (Symbol as any).dispose ?? Symbol.for("Symbol.dispose");
export const asyncDispose: symbol = (Symbol as any).asyncDispose ?? Symbol.for("Symbol.asyncDispose");
