"""Generators: chains of them, yield from through a tree, send, and generator expressions."""


def numbers(n):
    for i in range(n):
        yield i


def only(predicate, values):
    for value in values:
        if predicate(value):
            yield value


def pairs(values):
    values = iter(values)
    for a in values:
        for b in values:
            yield a, b
            break


class Tree:
    def __init__(self, low, high):
        middle = (low + high) // 2
        self.value = middle
        self.left = Tree(low, middle) if low < middle else None
        self.right = Tree(middle + 1, high) if middle + 1 < high else None

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def average():
    total = count = 0
    value = yield 0
    while True:
        total += value
        count += 1
        value = yield total // count


def run(n=60000):
    chain = sum(a * b for a, b in pairs(only(lambda v: v % 3, numbers(n))))
    walked = 0
    for value in Tree(0, 12000):
        walked = (walked * 31 + value) % 1_000_003
    mean = average()
    next(mean)
    last = 0
    for i in range(n):
        last = mean.send(i)
    return chain, walked, last
