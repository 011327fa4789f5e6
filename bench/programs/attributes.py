"""Objects with inheritance, slots, properties, class attributes and bound methods."""


class Shape:
    count = 0
    unit = 1.0

    def __init__(self, name):
        self.name = name
        self.scale = 1
        Shape.count += 1

    @property
    def size(self):
        return self.area() * self.scale

    def grow(self, by):
        self.scale += by
        return self


class Box(Shape):
    def __init__(self, name, width, height):
        super().__init__(name)
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height * self.unit


class Square(Box):
    def __init__(self, name, width):
        super().__init__(name, width, width)

    def area(self):
        return self.width ** 2 * self.unit


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y


def run(rounds=160):
    Shape.count = 0
    total = 0.0
    here = Point(0, 0)
    for i in range(rounds):
        shapes = [Box("box", i, j) if j & 1 else Square("square", j) for j in range(60)]
        for shape in shapes:
            grow = shape.grow
            grow(1).grow(2)
            total += shape.size
            here = here + Point(shape.width, shape.height)
            if here == Point(-1, -1):
                raise AssertionError("a sum of natural numbers is negative")
            shape.name += "!"
    return total, here.x, here.y, Shape.count
