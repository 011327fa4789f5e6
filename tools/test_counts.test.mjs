// The reader of test summaries, on what the runners really print.

import assert from 'node:assert/strict';
import test from 'node:test';
import { readCounts } from './test_counts.mjs';

const cases = [
  ['ours', 'noise\n12 passed, 3 failed\n', { passed: 12, failed: 3, skipped: 0 }],
  ['ours with skips and a word', 'cpython: 12 passed, 0 failed, 4 skipped\n', { passed: 12, failed: 0, skipped: 4 }],
  ['node spec', 'ℹ tests 7\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\n', { passed: 4, failed: 2, skipped: 1 }],
  ['node tap', '# tests 3\n# pass 3\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n', { passed: 3, failed: 0, skipped: 0 }],
  ['coloured node spec', '\x1b[34mℹ pass 2\x1b[39m\n\x1b[34mℹ fail 0\x1b[39m\n', { passed: 2, failed: 0, skipped: 0 }],
  [
    'GoogleTest',
    '[==========] 8 tests from 3 test suites ran. (19 ms total)\n[  PASSED  ] 6 tests.\n[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] A.B\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.C\n',
    { passed: 6, failed: 1, skipped: 1 },
  ],
  ['nothing', 'hello\n', undefined],
  ['a sentence that only mentions it', 'I saw 3 passed, 0 failed earlier\n', undefined],
];

for (const [name, text, expected] of cases) {
  test(name, () => assert.deepEqual(readCounts(text), expected));
}
