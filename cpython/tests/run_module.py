"""Runs one of CPython's own test modules inside the interpreter under test:  run_module.py test.test_json

Started by run_in_dist.mjs or by a plain link. Prints one line a test: "@test STATUS ID TEXT" (tab-separated; STATUS is ok, fail, error,
skip, expected or unexpected), and "@done COUNT" at the end, so that the caller can tell a crash from an end.
"""

import fnmatch
import importlib
import sys
import time
import unittest


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.worst = {}
        self.subtest_failed = set()

    def say(self, status, test, text=""):
        text = " ".join(str(text).split())[:300]
        print(f"@test\t{status}\t{test.id().removeprefix('test.')}\t{text}", flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.failed_subtests = []

    def addSuccess(self, test):
        self.say("ok", test)

    def addFailure(self, test, error):
        self.say("fail", test, f"{error[0].__name__}: {error[1]}")

    def addError(self, test, error):
        self.say("error", test, f"{error[0].__name__}: {error[1]}")

    def addSkip(self, test, reason):
        self.say("skip", test, reason)

    def addExpectedFailure(self, test, error):
        self.say("expected", test)

    def addUnexpectedSuccess(self, test):
        self.say("unexpected", test)

    def addSubTest(self, test, subtest, error):
        # unittest calls addSuccess for the test only if no subtest failed; one line for the first failure is enough.
        if error is not None and not self.failed_subtests:
            self.failed_subtests.append(subtest)
            self.say("fail", test, f"{subtest._subDescription()}: {error[0].__name__}: {error[1]}")


def use_loop_without_sockets():
    """Lets asyncio's tests make event loops: the default one wakes itself through a socket pair, which is not there."""
    import asyncio.selector_events
    import selectors

    class Selector(selectors.SelectSelector):
        def select(self, timeout=None):
            if not self.get_map():
                if timeout is not None and timeout > 0:
                    time.sleep(timeout)
                return []
            return super().select(timeout)

    def make_self_pipe(loop):
        loop._ssock = loop._csock = None

    # In the class that all loops here share: tests make them under several names.
    base = asyncio.selector_events.BaseSelectorEventLoop
    base._make_self_pipe = make_self_pipe
    base._close_self_pipe = base._write_to_self = lambda loop: None
    selectors.DefaultSelector = Selector
    # krait's own loop cannot wait for a coroutine to end, which these tests do all the time, and it counts as running whenever
    # Python runs. What is tested here is asyncio itself, on its own loop; tests/api tests krait's.
    asyncio._set_running_loop(None)
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    importlib.reload(asyncio.runners)
    asyncio.run, asyncio.Runner = asyncio.runners.run, asyncio.runners.Runner


def main(name, skip_ids):
    from test import support

    support.verbose = False
    support.use_resources = ["cpu", "decimal"]
    if name.startswith("test.test_asyncio"):
        # The package skips itself where there are no sockets; the modules that are asked for here use none, or few.
        support.has_socket_support = True
        use_loop_without_sockets()
    result = Result()

    def tests_of(suite):
        for item in suite:
            if isinstance(item, unittest.TestSuite):
                yield from tests_of(item)
            else:
                yield item

    class Suite(unittest.TestSuite):
        """Says "skip" for tests that would end the process; the list of exceptions names them."""

        def addTest(self, test):
            if isinstance(test, unittest.TestCase) and any(fnmatch.fnmatchcase(test.id().removeprefix("test."), p) for p in skip_ids):
                result.say("crash", test)
            else:
                super().addTest(test)

    loader = unittest.TestLoader()
    loader.suiteClass = Suite
    try:
        suite = loader.loadTestsFromName(name)
    except unittest.SkipTest as reason:
        print(f"@test\tskip\t{name.removeprefix('test.')}\t{reason}")
        print("@done\t1", flush=True)
        return
    for error in loader.errors:
        print(error, file=sys.stderr)
    suite.run(result)
    print(f"@done\t{result.testsRun}", flush=True)
