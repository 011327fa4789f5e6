"""Makes worlds for the resolver's benchmark:  worlds.py FOLDER

Writes FOLDER/world-N.json for N of 50, 100, 200, 400 and 800, and world-N-S.json for a few more seeds S: a world of N
projects, of which most are needed. Every project has 20 versions, and each version needs a few projects of higher numbers in versions around its own, such that version 11 of
everything is a solution; some of the newer versions contradict each other, so that there is something to go back on.
world-N-none.json is the same with one more requirement, which has no solution.
{"requirements": [...], "projects": {name: {version: [requirement, ...]}}}; seeds are fixed.
"""

import json
import random
import sys
from pathlib import Path

VERSIONS = 20
SOLUTION = 11


def world(needed, seed):
    choose = random.Random(seed)
    projects = {}
    for project in range(needed):
        versions = {}
        # A few projects are what everything depends on, as in life.
        targets = choose.sample(range(project + 1, needed), min(needed - project - 1, 4))
        if choose.random() < 0.3 and project < needed - 10:
            targets.append(needed - 1 - choose.randrange(5))
        for version in range(1, VERSIONS + 1):
            needs = []
            for target in dict.fromkeys(targets):
                lower = version - choose.randrange(1, 6) if version >= SOLUTION else version - 3
                upper = version + choose.randrange(0, 5) if version <= SOLUTION else version + choose.randrange(-3, 3)
                if version == SOLUTION:
                    lower, upper = min(lower, SOLUTION), max(upper, SOLUTION)
                lower = max(1, lower)
                needs.append(f'p{target}>={lower},<{max(upper, lower) + 1}')
            versions[str(version)] = needs
        projects[f'p{project}'] = versions
    roots = [f'p{n}' for n in range(min(needed, 3 + needed // 50))]
    return {'requirements': roots, 'projects': projects}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for needed in (50, 100, 200, 400, 800):
        for seed in range(1, 5):
            (folder / f'world-{needed}-{seed}.json').write_text(json.dumps(world(needed, needed + 1000 * seed)))
        made = world(needed, needed)
        (folder / f'world-{needed}.json').write_text(json.dumps(made))
        last = f'p{needed - 1}'
        made['projects']['never'] = {'1': [f'{last}<1']}
        made['requirements'].append('never')
        (folder / f'world-{needed}-none.json').write_text(json.dumps(made))


main()
