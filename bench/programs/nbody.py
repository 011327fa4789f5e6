"""Planets pulling at each other: float arithmetic on local variables and list items.

run() returns the energy of the system after the steps, which shows that nothing was skipped.
"""

DAYS = 365.24
SUN = 39.47841760435743
# Position (x, y, z), velocity per day (x, y, z), mass in suns; rounded values of four outer planets.
BODIES = [
    (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    (4.841, -1.160, -0.1036, 0.001660, 0.007699, -0.0000690, 0.000955),
    (8.343, 4.125, -0.4035, -0.002767, 0.004999, 0.0000230, 0.000286),
    (12.894, -15.111, -0.2233, 0.002965, 0.002378, -0.0000297, 0.0000437),
    (15.380, -25.919, 0.1793, 0.002681, 0.001628, -0.0000952, 0.0000515),
]


def start():
    bodies = [[[x, y, z], [u * DAYS, v * DAYS, w * DAYS], m * SUN] for x, y, z, u, v, w, m in BODIES]
    for axis in range(3):
        bodies[0][1][axis] = -sum(v[axis] * m for _, v, m in bodies) / SUN
    return bodies


def advance(pairs, bodies, dt, steps):
    for _ in range(steps):
        for (p, v, m), (q, w, n) in pairs:
            x = p[0] - q[0]
            y = p[1] - q[1]
            z = p[2] - q[2]
            pull = dt * (x * x + y * y + z * z) ** -1.5
            a = n * pull
            b = m * pull
            v[0] -= x * a
            v[1] -= y * a
            v[2] -= z * a
            w[0] += x * b
            w[1] += y * b
            w[2] += z * b
        for p, v, _ in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def energy(pairs, bodies):
    total = 0.0
    for (p, _, m), (q, _, n) in pairs:
        total -= m * n / sum((a - b) ** 2 for a, b in zip(p, q)) ** 0.5
    for _, v, m in bodies:
        total += m * sum(a * a for a in v) / 2
    return total


def run(steps=4000):
    bodies = start()
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    advance(pairs, bodies, 0.01, steps)
    return round(energy(pairs, bodies), 9)
