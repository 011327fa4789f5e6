"""Points of the Mandelbrot set on a grid: a tight float loop, with a complex twin on a coarser grid."""


def count_real(size, limit):
    inside = 0
    for row in range(size):
        ci = 2.0 * row / size - 1.0
        for column in range(size):
            cr = 3.0 * column / size - 2.0
            zr = zi = 0.0
            for _ in range(limit):
                r2 = zr * zr
                i2 = zi * zi
                if r2 + i2 > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = r2 - i2 + cr
            else:
                inside += 1
    return inside


def count_complex(size, limit):
    inside = 0
    for row in range(size):
        for column in range(size):
            c = complex(3.0 * column / size - 2.0, 2.0 * row / size - 1.0)
            z = 0j
            for _ in range(limit):
                if abs(z) > 2.0:
                    break
                z = z * z + c
            else:
                inside += 1
    return inside


def run():
    return count_real(110, 50), count_complex(45, 50)
