// ConversionError from JavaScript: the Python exception, raised where JavaScript finds the reason.
import type { Border } from "../border";

/** Makes the PythonError for pyodide.ffi.ConversionError(message). */
export function conversionError(b: Border, message: string): Error {
  return b.makeConversionError(message);
}
