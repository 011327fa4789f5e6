"""What the profile for the optimised build is recorded from: a spread of ordinary Python, none of it taken from the benchmarks in bench/.

Each function does one kind of work for about the same small time; the loop at the end runs them all.
"""

import ast
import asyncio
import base64
import bisect
import collections
import configparser
import contextlib
import copy
import csv
import dataclasses
import datetime
import decimal
import difflib
import enum
import fractions
import functools
import hashlib
import heapq
import io
import itertools
import json
import math
import operator
import pickle
import random
import re
import sqlite3
import statistics
import string
import struct
import textwrap
import tokenize
import traceback
import typing
import xml.etree.ElementTree as ElementTree
import zlib

random.seed(7)
WORDS = [
    "".join(random.choice("etaoinshrdlu") for _ in range(random.randint(2, 9))) for _ in range(600)
]
TEXT = " ".join(random.choice(WORDS) for _ in range(3000))
SOURCE = io.StringIO(json.__doc__ + (json.dumps.__doc__ or "")).read()


def primes(limit=6000):
    sieve = bytearray([1]) * (limit + 1)
    sieve[0:2] = b"\0\0"
    for n in range(2, int(limit**0.5) + 1):
        if sieve[n]:
            sieve[n * n :: n] = bytes(len(range(n * n, limit + 1, n)))
    found = [n for n, flag in enumerate(sieve) if flag]
    slow = []
    for n in range(2, 600):
        for d in range(2, n):
            if d * d > n:
                slow.append(n)
                break
            if n % d == 0:
                break
        else:
            slow.append(n)
    return len(found) + len(slow)


def matrices(n=18):
    a = [[i * j % 7 + 0.5 for j in range(n)] for i in range(n)]
    b = [[(i + j) % 5 - 1.25 for j in range(n)] for i in range(n)]
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        row = a[i]
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += row[k] * b[k][j]
            c[i][j] = total
    for col in range(n):
        pivot = max(range(col, n), key=lambda r: abs(c[r][col]))
        c[col], c[pivot] = c[pivot], c[col]
        if abs(c[col][col]) < 1e-9:
            continue
        for r in range(col + 1, n):
            factor = c[r][col] / c[col][col]
            for k in range(col, n):
                c[r][k] -= factor * c[col][k]
    return sum(c[i][i] for i in range(n))


def life(size=28, steps=4):
    cells = {(x, y) for x in range(size) for y in range(size) if (x * 7 + y * 13) % 5 < 2}
    for _ in range(steps):
        near = collections.Counter(
            (x + dx, y + dy) for x, y in cells for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy
        )
        cells = {spot for spot, n in near.items() if n == 3 or n == 2 and spot in cells}
    return len(cells)


class Shape:
    count = 0

    def __init__(self, name):
        self.name = name
        Shape.count += 1

    def area(self):
        raise NotImplementedError

    @property
    def label(self):
        return f"{self.name}:{self.area():.2f}"

    def __lt__(self, other):
        return self.area() < other.area()

    def __repr__(self):
        return f"<{type(self).__name__} {self.label}>"


class Circle(Shape):
    def __init__(self, radius):
        super().__init__("circle")
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2


class Box(Shape):
    __slots__ = ("w", "h")

    def __init__(self, w, h):
        super().__init__("box")
        self.w = w
        self.h = h

    def area(self):
        return self.w * self.h

    @staticmethod
    def unit():
        return Box(1, 1)

    @classmethod
    def square(cls, side):
        return cls(side, side)


def objects():
    shapes = []
    for i in range(150):
        shapes.append(Circle(i % 9) if i % 2 else Box(i % 7, i % 5 + 1))
        shapes.append(Box.square(i % 4))
    shapes.append(Box.unit())
    shapes.sort()
    total = 0
    for shape in shapes:
        if isinstance(shape, Circle) and shape.radius > 3:
            total += len(shape.label)
        elif hasattr(shape, "w"):
            shape.w += 1
            total += shape.w
    return total, repr(shapes[0])


@dataclasses.dataclass(order=True)
class Item:
    price: float
    name: str = dataclasses.field(compare=False)
    tags: list = dataclasses.field(default_factory=list, compare=False)


class Colour(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 4


class Point(typing.NamedTuple):
    x: int
    y: int


def records():
    items = [Item(i * 37 % 101 / 3, WORDS[i % len(WORDS)], [i]) for i in range(200)]
    items.sort()
    grouped = collections.defaultdict(list)
    for item in items:
        grouped[item.name[0]].append(dataclasses.replace(item, price=item.price + 1))
    points = [Point(i, -i) for i in range(100)]
    total = sum(p.x * p.y for p in points)
    for p in points:
        x, y = p
        total += x - y
    total += sum(1 for i in range(100) if Colour(1 << i % 3) is Colour.GREEN)
    return total, copy.deepcopy(dict(grouped)).keys()


def words():
    counts = {}
    for word in TEXT.split():
        counts[word] = counts.get(word, 0) + 1
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:20]
    lines = []
    for word, n in top:
        lines.append("%-10s %5d %s" % (word, n, "*" * (n // 2)))
        lines.append("{:>10}|{:^7}|{!r}".format(word.title(), n, word[::-1]))
    out = "\n".join(lines).upper().replace("A", "4").translate(str.maketrans("EO", "30"))
    found = [w for w in counts if w.startswith("th") or w.endswith("er") or "oo" in w]
    return len(out) + len(found) + len(textwrap.fill(TEXT[:2000], 60)) + TEXT.count("the") + TEXT.find("zzz")


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, cb in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (ca != cb))
    return row[-1]


def distances():
    total = sum(edit_distance(WORDS[i], WORDS[i + 1]) for i in range(60))
    return total, difflib.SequenceMatcher(None, TEXT[:300], TEXT[100:400]).ratio()


def huffman():
    heap = [(n, i, ch) for i, (ch, n) in enumerate(collections.Counter(TEXT).items())]
    heapq.heapify(heap)
    serial = len(heap)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (a[0] + b[0], serial, (a, b)))
        serial += 1
    codes = {}

    def walk(node, code):
        if isinstance(node[2], tuple):
            walk(node[2][0], code + "0")
            walk(node[2][1], code + "1")
        else:
            codes[node[2]] = code or "0"

    walk(heap[0], "")
    bits = "".join([codes[ch] for ch in TEXT[:3000]])
    return len(bits) + int(bits[:64], 2)


def shortest_paths(n=120):
    graph = {i: [((i * k + 1) % n, k % 7 + 1) for k in (2, 3, 5, 11)] for i in range(n)}
    best = {0: 0}
    queue = [(0, 0)]
    while queue:
        cost, node = heapq.heappop(queue)
        if cost > best.get(node, math.inf):
            continue
        for other, weight in graph[node]:
            new = cost + weight
            if new < best.get(other, math.inf):
                best[other] = new
                heapq.heappush(queue, (new, other))
    order, seen, stack = [], set(), [0]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        order.append(node)
        stack.extend(other for other, _ in graph[node] if other not in seen)
    return sum(best.values()) + len(order)


def recursion():
    @functools.lru_cache(maxsize=None)
    def ways(n, k):
        if n == 0:
            return 1
        if n < 0 or k == 0:
            return 0
        return ways(n - k, k) + ways(n, k - 1)

    def hanoi(n, a, b, c):
        return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)

    def ackermann(m, n):
        if m == 0:
            return n + 1
        if n == 0:
            return ackermann(m - 1, 1)
        return ackermann(m - 1, ackermann(m, n - 1))

    return ways(60, 60) + hanoi(9, "a", "b", "c") + ackermann(2, 9)


def permuted(values):
    if len(values) <= 1:
        yield tuple(values)
        return
    for i, value in enumerate(values):
        for rest in permuted(values[:i] + values[i + 1 :]):
            yield (value, *rest)


def lazy():
    def squares():
        n = 0
        while True:
            received = yield n * n
            n = received if received is not None else n + 1

    source = squares()
    total = sum(itertools.islice(source, 400)) + source.send(5)
    pairs = zip(range(300), map(str, range(300)), itertools.cycle("abc"))
    total += sum(len(s) for i, s, c in pairs if i % 3 and c != "b")
    total += sum(1 for p in permuted([1, 2, 3, 4, 5]) if p[0] < p[-1])
    chunks = [list(g) for _, g in itertools.groupby(sorted(WORDS), key=operator.itemgetter(0))]
    total += len(chunks) + any(w == "zz" for w in WORDS) + all(len(w) > 1 for w in WORDS)
    return total + functools.reduce(operator.add, (x * 2 for x in range(200)), 0)


class Missing(Exception):
    pass


@contextlib.contextmanager
def logged(log):
    log.append("in")
    try:
        yield log
    finally:
        log.append("out")


def failures():
    log, caught = [], 0

    def find(table, key):
        try:
            return table[key]
        except KeyError as error:
            raise Missing(key) from error

    for i in range(150):
        try:
            with logged(log):
                if i % 3 == 0:
                    find({1: 2}, i + 2)
                elif i % 3 == 1:
                    int("x1")
                else:
                    [].pop()
        except Missing:
            caught += 1
        except (ValueError, IndexError) as error:
            caught += len(error.args)
    try:
        find({}, "nothing")
    except Missing:
        text = traceback.format_exc()
    return caught + len(log) + len(text)


def closures():
    def compose(*functions):
        def run(x):
            for f in functions:
                x = f(x)
            return x

        return run

    def traced(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs):
            wrapper.calls += 1
            return f(*args, **kwargs)

        wrapper.calls = 0
        return wrapper

    @traced
    def area(w, h=2, *, scale=1):
        return w * h * scale

    f = compose(lambda x: x + 1, lambda x: x * 2, functools.partial(pow, 2), str, len)
    total = sum(f(n % 12) for n in range(300))
    total += sum(area(n, scale=2) + area(n, n) + area(w=n, **{"h": 1}) for n in range(150))
    return total + area.calls


def integers():
    modulus = (1 << 127) - 1
    value = 3
    for i in range(120):
        value = pow(value, 65537, modulus) ^ i
    digits = str(math.factorial(180))
    bits = sum(n.bit_count() + (n << 3 & 0xFF) - (n >> 1) + n // 7 % 5 for n in range(2000))
    a, b = value, modulus - 2
    while b:
        a, b = b, a % b
    return bits + len(digits) + a + int(digits) % 97 + int.from_bytes(value.to_bytes(16, "big"), "little") % 11


def floats():
    def integrate(f, a, b, n):
        step = (b - a) / n
        total = f(a) + f(b)
        for i in range(1, n):
            total += f(a + i * step) * (4 if i % 2 else 2)
        return total * step / 3

    total = integrate(math.sin, 0, math.pi, 600) + integrate(lambda x: x**3 - 2 * x + 0.5, -1, 2, 600)
    x = 0.5
    for _ in range(1500):
        x = 3.7 * x * (1.0 - x)
    values = [math.sqrt(i) / (i + 1.0) for i in range(500)]
    spread = statistics.pstdev(values[:100]) + statistics.median(values)
    text = " ".join(f"{v:.3f}" for v in values) + " " + repr(values[7])
    return total + x + spread + math.fsum(map(float, text.split())) + round(total, 3) + abs(complex(3, 4) * 1j)


def money():
    with decimal.localcontext() as context:
        context.prec = 30
        total = decimal.Decimal("0.00")
        for i in range(200):
            total += (decimal.Decimal(i) * decimal.Decimal("1.075")).quantize(decimal.Decimal("0.01"))
    return total, sum((fractions.Fraction(1, n) for n in range(1, 30)), fractions.Fraction())


def dates():
    day = datetime.date(2024, 1, 31)
    moment = datetime.datetime(2024, 5, 17, 12, 30, tzinfo=datetime.timezone.utc)
    out = []
    for i in range(100):
        day += datetime.timedelta(days=i % 40)
        out.append(day.isoformat() + (moment + datetime.timedelta(minutes=i)).strftime(" %Y-%m-%d %H:%M"))
    return sum(datetime.datetime.fromisoformat(s[11:]).minute for s in out), min(out)


def formats():
    data = {"rows": [{"id": i, "name": WORDS[i], "ok": i % 2 == 0, "x": i / 3, "sub": {"k": None}} for i in range(60)], "é": "ü\n\"q\""}
    text = json.dumps(data, indent=1, sort_keys=True)
    again = json.loads(text)
    assert again == data
    blob = pickle.dumps(data)
    assert pickle.loads(blob)["rows"][3]["id"] == 3
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, ["id", "name", "x"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(data["rows"])
    rows = list(csv.DictReader(io.StringIO(sheet.getvalue())))
    tree = ElementTree.Element("root")
    for row in rows:
        ElementTree.SubElement(tree, "row", id=row["id"]).text = row["name"]
    xml = ElementTree.tostring(tree)
    ids = [int(node.get("id")) for node in ElementTree.fromstring(xml).iter("row")]
    settings = configparser.ConfigParser()
    settings.read_string("[a]\nx = 1\ny = %(x)s2\n")
    packed = b"".join(struct.pack("<iHd", i, i, i / 2) for i in ids)
    total = sum(a + b for a, b, _ in struct.iter_unpack("<iHd", packed))
    squeezed = base64.b64encode(zlib.compress(packed + xml))
    return total + len(squeezed) + settings.getint("a", "y") + hashlib.sha256(squeezed).digest()[0]


WORD = re.compile(r"\b(?P<head>[a-z])(\w*?)(er|ed|s)?\b")
ADDRESS = re.compile(r"([\w.+-]+)@([\w-]+)\.([a-z]{2,})", re.I)


def patterns():
    total = sum(len(m["head"]) + len(m.group(3) or "") for m in WORD.finditer(TEXT[:4000]))
    mail = " ".join(f"{w}.x@{w[::-1]}.org" for w in WORDS[:60])
    total += len(ADDRESS.findall(mail)) + len(ADDRESS.sub(r"\2 at \1", mail))
    scanner = re.compile(r"\s*(?:(\d+)|(.))")
    total += sum(1 for number, op in scanner.findall("12 + 3*(4-5)/67 " * 30) if number)
    return total + len(re.split(r"[ae]+", TEXT[:2000])) + len(string.Template("$a is $b").substitute(a=1, b=2))


def calculate(text):
    tokens = re.findall(r"\d+|[-+*/()]", text)
    position = 0

    def peek():
        return tokens[position] if position < len(tokens) else None

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def atom():
        token = take()
        if token == "(":
            value = total()
            take()
            return value
        return -atom() if token == "-" else int(token)

    def product():
        value = atom()
        while peek() in ("*", "/"):
            value = value * atom() if take() == "*" else value / (atom() or 1)
        return value

    def total():
        value = product()
        while peek() in ("+", "-"):
            value = value + product() if take() == "+" else value - product()
        return value

    return total()


def parsers():
    total = sum(calculate("(1+2)*3-4/(5+6)*7-(8*9)+10") for _ in range(25))
    source = "\n".join(f"def f{i}(a, b={i}, *c, **d):\n    return [x for x in a if x > b] or {{'k': c}}\n" for i in range(15))
    tree = ast.parse(source)
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    scope = {}
    exec(compile(tree, "made", "exec"), scope)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    match_total = 0
    for thing in ([1, 2], {"k": 3}, "text", 4, None, Point(1, 2)) * 20:
        match thing:
            case [a, b] if not isinstance(thing, Point):
                match_total += a + b
            case {"k": value}:
                match_total += value
            case str():
                match_total += 1
            case Point(x=1):
                match_total += 5
            case None | int():
                match_total += 2
    return total + len(names) + len(tokens) + match_total + len(scope["f3"]([1, 9]))


def tables():
    db = sqlite3.connect(":memory:")
    db.execute("create table t (id integer primary key, name text, x real)")
    db.executemany("insert into t (name, x) values (?, ?)", ((w, i / 3) for i, w in enumerate(WORDS[:200])))
    rows = db.execute("select substr(name, 1, 1) c, count(*), avg(x) from t group by c having count(*) > 2 order by 2 desc").fetchall()
    total = sum(n for _, n, _ in rows)
    for row_id, name in db.execute("select id, name from t where x > ? and name like ?", (10, "%e%")):
        total += row_id + len(name)
    db.close()
    return total


async def waiter(queue, log):
    while (item := await queue.get()) is not None:
        log.append(item)
        await asyncio.sleep(0)


class Agen:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return self.n


def run_coroutine(coroutine):
    """Steps a coroutine without a loop: there need not be one that can wait."""
    steps = 0
    try:
        while True:
            coroutine.send(None)
            steps += 1
    except StopIteration as done:
        return (done.value or 0) + steps


def waiting():
    async def leaf(n):
        await asyncio.sleep(0)
        return n

    async def main():
        total = 0
        for i in range(80):
            total += await leaf(i)
        async for n in Agen(60):
            total += n
        return total + sum([x async for x in Agen(30)])

    return run_coroutine(main())


def containers():
    recent = collections.deque(maxlen=50)
    ordered = collections.OrderedDict()
    chain = collections.ChainMap({"a": 1}, {"b": 2})
    keys = []
    for i in range(600):
        recent.append(i)
        if i % 3:
            recent.rotate(1)
        ordered[i % 40] = i
        ordered.move_to_end(i % 40)
        bisect.insort(keys, i * 7919 % 1009)
        if i % 5 == 0:
            recent.popleft()
    a, b = set(keys[:300]), frozenset(keys[200:500])
    merged = {**dict.fromkeys(a, 1), **{k: 2 for k in b}} | {"x": 3}
    first, *middle, last = keys
    swapped = {v: k for k, v in enumerate(middle)}
    grid = [[0] * 20 for _ in range(20)]
    for i in range(20):
        for j in range(20):
            grid[i][j] = grid[j][i - 1] + (i ^ j)
    del keys[10:20], merged["x"]
    return len(a & b) + len(a ^ b) + len(merged) + first + last + len(swapped) + chain["b"] + sum(map(sum, zip(*grid))) + sum(recent)


def bytes_work():
    data = bytearray(range(256)) * 8
    checksum = 0
    for byte in data:
        checksum = (checksum * 31 + byte) & 0xFFFFFFFF
    view = memoryview(data)[100:600]
    text = bytes(view).hex()
    chars = "".join(chr(97 + b % 26) for b in data)
    caesar = "".join([chr((ord(c) - 97 + 3) % 26 + 97) if c.isalpha() else c for c in chars])
    utf = ("äöü€😀" * 50).encode().decode().encode("utf-16").decode("utf-16")
    return checksum + len(bytes.fromhex(text)) + caesar.count("d") + len(utf) + zlib.crc32(data)


WORK = [
    primes, matrices, life, objects, records, words, distances, huffman, shortest_paths, recursion, lazy, failures, closures,
    integers, floats, money, dates, formats, patterns, parsers, tables, waiting, containers, bytes_work,
]

if __name__ == "__main__":
    for _ in range(12):
        for work in WORK:
            work()
    print("trained")
