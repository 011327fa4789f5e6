"""Times resolvelib on worlds that worlds.py made:  resolvelib_bench.py WORLD.json...

Uses the public interface that resolvelib documents, with packaging for versions and specifiers. Prints a line of JSON
per world, as resolve_bench.cc does. A run that takes more than LIMIT seconds is given up and said to be.
"""

import collections
import json
import signal
import sys
import time

try:
    import resolvelib
    from packaging.requirements import Requirement
    from packaging.version import Version
except ModuleNotFoundError:
    # pip has both in it: PYTHONPATH=pip-*.whl.
    from pip._vendor import resolvelib
    from pip._vendor.packaging.requirements import Requirement
    from pip._vendor.packaging.version import Version

LIMIT = 100

Candidate = collections.namedtuple('Candidate', 'name version')


class Provider(resolvelib.AbstractProvider):
    """Newest first; the package with fewest candidates, but those that caused the last conflict before."""

    def __init__(self, world):
        self.versions = {}
        self.dependencies = {}
        for name, versions in world['projects'].items():
            self.versions[name] = sorted(map(Version, versions), reverse=True)
            for version, needs in versions.items():
                self.dependencies[Candidate(name, Version(version))] = [Requirement(need) for need in needs]

    def identify(self, requirement_or_candidate):
        return requirement_or_candidate.name

    def get_preference(self, identifier, resolutions, candidates, information, backtrack_causes):
        is_cause = any(
            identifier == cause.requirement.name or (cause.parent and identifier == cause.parent.name)
            for cause in backtrack_causes
        )
        return not is_cause, sum(1 for _ in candidates[identifier])

    def find_matches(self, identifier, requirements, incompatibilities):
        wanted = [requirement.specifier for requirement in requirements[identifier]]
        excluded = {candidate.version for candidate in incompatibilities[identifier]}
        return [
            Candidate(identifier, version)
            for version in self.versions.get(identifier, [])
            if version not in excluded and all(version in specifier for specifier in wanted)
        ]

    def is_satisfied_by(self, requirement, candidate):
        return candidate.version in requirement.specifier

    def get_dependencies(self, candidate):
        return self.dependencies[candidate]


def give_up(number, frame):
    raise TimeoutError


def main():
    signal.signal(signal.SIGALRM, give_up)
    for path in sys.argv[1:]:
        with open(path) as file:
            world = json.load(file)
        provider = Provider(world)
        requirements = [Requirement(text) for text in world['requirements']]
        signal.alarm(LIMIT)
        begin = time.perf_counter()
        result = {'world': path}
        try:
            found = resolvelib.Resolver(provider, resolvelib.BaseReporter()).resolve(requirements, max_rounds=1000000)
            result['packages'] = len(found.mapping)
        except resolvelib.ResolutionImpossible:
            result['packages'] = 0
        except TimeoutError:
            result['given_up'] = True
        signal.alarm(0)
        result['ms'] = round((time.perf_counter() - begin) * 1000, 2)
        print(json.dumps(result), flush=True)


main()
