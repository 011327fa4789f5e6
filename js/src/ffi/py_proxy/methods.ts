// How the methods of proxies are written down: as descriptors, which classes.ts puts together into prototypes.
import { kState, type ProxyState } from "./state";

export type Methods = Record<PropertyKey, PropertyDescriptor>;
export const method = (value: Function): PropertyDescriptor => ({ value, writable: true, configurable: true });
export const getter = (get: () => unknown): PropertyDescriptor => ({ get, configurable: true });

/** The state of a method's receiver. */
export function stateOf(proxy: any): ProxyState {
  const state = proxy?.[kState];
  if (state === undefined) throw new TypeError("this method expects a PyProxy as its receiver");
  return state;
}
