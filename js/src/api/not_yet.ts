// Parts of the API that are declared and planned, but not built. Calling one says so, in words that nobody can take for
// a fault of the program.

export function notYet(what: string): Error {
  return new Error(`krait does not have ${what} yet`);
}

export function notYetAsync(what: string): Promise<never> {
  return Promise.reject(notYet(what));
}
