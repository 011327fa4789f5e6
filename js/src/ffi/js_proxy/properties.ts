// An object's own properties as the items of a Python mapping: names as they are, nothing inherited.
import type { Border } from "../border";
import { writeResult } from "../wire/cell";
import type { KraitImports } from "../wire/contract.gen";
import { absent, done, readKept, truth, withKey } from "./arguments";

type PropertyImports = Pick<
  KraitImports,
  "krait_get_property" | "krait_set_property" | "krait_del_property" | "krait_has_property"
>;

export function propertyImports(b: Border): PropertyImports {
  return {
    krait_get_property(object, key) {
      b.crossings++;
      return withKey(b, key, (name) =>
        Object.hasOwn(object, name) ? writeResult(b, object[name], key, true) : absent(b, key),
      );
    },
    krait_set_property(object, key, value) {
      b.crossings++;
      return withKey(b, key, (name) => {
        const kept = readKept(b, value);
        // As an own property, also where the name is that of an inherited setter such as __proto__.
        if (Object.hasOwn(object, name)) object[name] = kept;
        else Object.defineProperty(object, name, { value: kept, writable: true, enumerable: true, configurable: true });
        return done(b, key);
      });
    },
    krait_del_property(object, key) {
      b.crossings++;
      return withKey(b, key, (name) => {
        if (!Object.hasOwn(object, name)) return absent(b, key);
        if (!Reflect.deleteProperty(object, name)) throw new TypeError(`Cannot delete property '${name}'`);
        return done(b, key);
      });
    },
    krait_has_property(object, key) {
      b.crossings++;
      return withKey(b, key, (name) => truth(b, key, Object.hasOwn(object, name)));
    },
  };
}
