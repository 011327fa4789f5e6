// Reads how many tests passed from what a test runner printed: GoogleTest, node's runner (spec or tap), or our own runners' closing
// line `N passed, N failed[, N skipped]`. Returns undefined when there is no such line; must not guess.

const ansi = /\x1b\[[0-9;]*m/g;

function last(text, pattern) {
  return [...text.matchAll(pattern)].at(-1);
}

/** { passed, failed, skipped } of the last summary in the text, or undefined. */
export function readCounts(text) {
  const plain = text.replace(ansi, '');
  const number = (match) => (match ? Number(match[1]) : 0);

  const own = last(plain, /^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm);
  if (own) return { passed: Number(own[1]), failed: Number(own[2]), skipped: Number(own[3] ?? 0) };

  const nodePass = last(plain, /^(?:ℹ|#) pass (\d+)$/gm);
  if (nodePass) {
    const field = (name) => number(last(plain, new RegExp(`^(?:ℹ|#) ${name} (\\d+)$`, 'gm')));
    return { passed: Number(nodePass[1]), failed: field('fail') + field('cancelled'), skipped: field('skipped') + field('todo') };
  }

  const gtest = last(plain, /^\[==========\] \d+ tests? from \d+ test suites? ran\./gm);
  if (gtest) {
    return {
      passed: number(last(plain, /^\[  PASSED  \] (\d+) tests?\./gm)),
      failed: number(last(plain, /^\[  FAILED  \] (\d+) tests?, listed below:/gm)),
      skipped: number(last(plain, /^\[  SKIPPED \] (\d+) tests?, listed below:/gm)),
    };
  }
  return undefined;
}
