"""Python-to-Python calls: recursion, keyword and default arguments, *args, closures, lambdas."""


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def add(a, b=1, *, c=2):
    return a + b + c


def total(*values, **more):
    return len(values) + len(more)


def counter():
    count = 0

    def step(by):
        nonlocal count
        count += by
        return count
    return step


def run(rounds=18000):
    step = counter()
    twice = lambda value: value * 2
    out = 0
    for i in range(rounds):
        out += add(i) + add(i, 5) + add(a=i, c=3) + total(i, i, i, x=1) + total(*(i, i), **{"y": 2})
        step(twice(i))
    return fib(19), out, step(0)
