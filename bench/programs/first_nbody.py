"""nbody as one frame at module level: no call leaves the frame between the first step and the last."""

x = [0.0, 4.841, 8.343, 12.894, 15.380]
y = [0.0, -1.160, 4.125, -15.111, -25.919]
z = [0.0, -0.1036, -0.4035, -0.2233, 0.1793]
u = [0.0, 0.6063, -1.0106, 1.0829, 0.9792]
v = [0.0, 2.8120, 1.8258, 0.8685, 0.5946]
w = [0.0, -0.0252, 0.0084, -0.0108, -0.0348]
m = [39.478, 0.0377, 0.01129, 0.001724, 0.002033]

dt = 0.01
for step in range(20000):
    for i in range(5):
        for j in range(i + 1, 5):
            dx = x[i] - x[j]
            dy = y[i] - y[j]
            dz = z[i] - z[j]
            pull = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            a = m[j] * pull
            b = m[i] * pull
            u[i] -= dx * a
            v[i] -= dy * a
            w[i] -= dz * a
            u[j] += dx * b
            v[j] += dy * b
            w[j] += dz * b
    for i in range(5):
        x[i] += dt * u[i]
        y[i] += dt * v[i]
        z[i] += dt * w[i]

round(sum(x) + sum(y) + sum(z), 9)
