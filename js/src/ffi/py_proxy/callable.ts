// Calls of a PyProxy in all their forms: key words, surplus arguments dropped, `this` passed on, arguments bound.
import { callPromising } from "../stack_switch";
import { callPython } from "./call";
import { method, type Methods, stateOf } from "./methods";
import { newProxy, proxyState, type ProxyState, variant } from "./state";

interface CallOptions {
  relaxed?: boolean;
  kwargs?: boolean;
  promising?: boolean;
}

/** An object literal, also one of another realm, or one without prototype. */
function isPlain(object: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(object);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && "hasOwnProperty" in prototype);
}

function call(s: ProxyState, args: unknown[], { relaxed, kwargs, promising }: CallOptions): unknown {
  let names: string[] | null = null;
  let values: unknown[] | null = null;
  if (kwargs) {
    if (args.length === 0)
      throw new TypeError("callKwargs requires at least one argument (the key word argument object)");
    const keywords: any = args[args.length - 1];
    if (typeof keywords !== "object" || keywords === null || !isPlain(keywords))
      throw new TypeError("kwargs argument is not an object");
    args = args.slice(0, -1);
    names = Object.keys(keywords);
    values = Object.values(keywords);
  }
  if (s.bound !== null) args = [...s.bound.args, ...args];
  const b = s.border;
  const object = s.address();
  const enter = promising ? callPromising : callPython;
  if (!relaxed) return enter(b, object, args, names, values);
  const relaxedCall = b.helper("pyodide.code", "relaxed_call");
  const itself: any = wrapState(s);
  try {
    return enter(b, proxyState(relaxedCall)!.address(), [itself, ...args], names, values);
  } finally {
    itself.destroy();
  }
}

// relaxed_call wants the function itself as its first argument.
function wrapState(s: ProxyState): unknown {
  s.border.x.incref(s.address());
  return newProxy(s.border, s.address(), s.flags, false);
}

export const callable: Methods = {
  callKwargs: method(function (this: any, ...args: unknown[]) {
    return call(stateOf(this), args, { kwargs: true });
  }),
  callRelaxed: method(function (this: any, ...args: unknown[]) {
    return call(stateOf(this), args, { relaxed: true });
  }),
  callKwargsRelaxed: method(function (this: any, ...args: unknown[]) {
    return call(stateOf(this), args, { relaxed: true, kwargs: true });
  }),
  callWithOptions: method(function (this: any, options: CallOptions, ...args: unknown[]) {
    return call(stateOf(this), args, options ?? {});
  }),
  callPromising: method(function (this: any, ...args: unknown[]) {
    return call(stateOf(this), args, { promising: true });
  }),
  callPromisingKwargs: method(function (this: any, ...args: unknown[]) {
    return call(stateOf(this), args, { promising: true, kwargs: true });
  }),
  // `call` and `apply` are Function.prototype's.
  bind: method(function (this: any, self: unknown, ...args: unknown[]): unknown {
    const s = stateOf(this);
    const before = s.bound;
    const bound = before === null ? { self, args } : { self: before.self, args: [...before.args, ...args] };
    return variant(this, s, { bound });
  }),
  captureThis: method(function (this: any): unknown {
    return variant(this, stateOf(this), { captureThis: true });
  }),
  // Function.prototype's would answer for themselves, or throw; traps.ts looks for attributes of these names.
  name: { value: undefined, configurable: true },
  length: { value: undefined, configurable: true },
  arguments: { value: undefined, configurable: true },
  caller: { value: undefined, configurable: true },
};
