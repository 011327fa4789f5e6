"""Queens on a board: recursion with sets and lists, and the same with bits of an int."""


def with_sets(n):
    columns, down, up = set(), set(), set()

    def place(row):
        if row == n:
            return 1
        found = 0
        for column in range(n):
            if column in columns or row - column in down or row + column in up:
                continue
            columns.add(column)
            down.add(row - column)
            up.add(row + column)
            found += place(row + 1)
            columns.remove(column)
            down.remove(row - column)
            up.remove(row + column)
        return found
    return place(0)


def with_bits(n, columns=0, down=0, up=0):
    full = (1 << n) - 1
    if columns == full:
        return 1
    found = 0
    free = full & ~(columns | down | up)
    while free:
        bit = free & -free
        free ^= bit
        found += with_bits(n, columns | bit, (down | bit) << 1, (up | bit) >> 1)
    return found


def run():
    return with_sets(8), with_bits(10)
