"""An incremental constraint solver: one-way constraints with strengths, plans, chains and projections.

Written for this suite after the idea of the DeltaBlue benchmark: class hierarchies, polymorphic calls, small lists.
run() returns values that the solver must have propagated; wrong propagation raises.
"""

REQUIRED, STRONG, NORMAL, WEAK, WEAKEST = range(5)  # a smaller number is stronger


class Variable:
    def __init__(self, value):
        self.value = value
        self.constraints = []
        self.source = None
        self.mark = 0
        self.strength = WEAKEST
        self.stay = True


class Constraint:
    is_input = False

    def __init__(self, strength, planner):
        self.strength = strength
        self.planner = planner
        self.add_to_variables()
        overridden = self
        self.planner.mark += 1
        while overridden is not None:
            overridden = overridden.satisfy(planner.mark)

    def satisfy(self, mark):
        self.choose(mark)
        if not self.satisfied():
            if self.strength == REQUIRED:
                raise ValueError("a required constraint cannot be met")
            return None
        for variable in self.inputs():
            variable.mark = mark
        out = self.output()
        overridden = out.source
        if overridden is not None:
            overridden.drop()
        out.source = self
        if not self.planner.propagate(self, mark):
            raise ValueError("the constraints form a cycle")
        out.mark = mark
        return overridden

    def inputs_known(self, mark):
        return all(v.mark == mark or v.stay or v.source is None for v in self.inputs())

    def remove(self):
        if self.satisfied():
            self.planner.retract(self)
        else:
            self.remove_from_variables()


class OneVariable(Constraint):
    def __init__(self, variable, strength, planner):
        self.variable = variable
        self.on = False
        super().__init__(strength, planner)

    def add_to_variables(self):
        self.variable.constraints.append(self)

    def remove_from_variables(self):
        self.variable.constraints.remove(self)
        self.on = False

    def choose(self, mark):
        self.on = self.variable.mark != mark and self.strength < self.variable.strength

    def satisfied(self):
        return self.on

    def drop(self):
        self.on = False

    def inputs(self):
        return ()

    def output(self):
        return self.variable

    def update(self):
        self.variable.strength = self.strength
        self.variable.stay = not self.is_input
        if self.variable.stay:
            self.execute()


class Stay(OneVariable):
    def execute(self):
        pass


class Edit(OneVariable):
    is_input = True

    def execute(self):
        pass


class Equal(Constraint):
    def __init__(self, a, b, strength, planner):
        self.a = a
        self.b = b
        self.direction = 0
        super().__init__(strength, planner)

    def add_to_variables(self):
        self.a.constraints.append(self)
        self.b.constraints.append(self)

    def remove_from_variables(self):
        self.a.constraints.remove(self)
        self.b.constraints.remove(self)
        self.direction = 0

    def choose(self, mark):
        a, b = self.a, self.b
        forward = b.mark != mark and self.strength < b.strength
        backward = a.mark != mark and self.strength < a.strength
        if a.mark == mark:
            self.direction = 1 if forward else 0
        elif b.mark == mark:
            self.direction = -1 if backward else 0
        elif a.strength > b.strength:
            self.direction = -1 if backward else 0
        else:
            self.direction = 1 if forward else (-1 if backward else 0)

    def satisfied(self):
        return self.direction != 0

    def drop(self):
        self.direction = 0

    def input(self):
        return self.a if self.direction > 0 else self.b

    def inputs(self):
        return (self.input(),)

    def output(self):
        return self.b if self.direction > 0 else self.a

    def update(self):
        source, out = self.input(), self.output()
        out.strength = max(self.strength, source.strength)
        out.stay = source.stay
        if out.stay:
            self.execute()

    def execute(self):
        self.output().value = self.input().value


class Scaled(Equal):
    def __init__(self, a, scale, offset, b, strength, planner):
        self.scale = scale
        self.offset = offset
        super().__init__(a, b, strength, planner)

    def add_to_variables(self):
        super().add_to_variables()
        self.scale.constraints.append(self)
        self.offset.constraints.append(self)

    def inputs(self):
        return (self.input(), self.scale, self.offset)

    def update(self):
        source, out = self.input(), self.output()
        out.strength = max(self.strength, source.strength)
        out.stay = source.stay and self.scale.stay and self.offset.stay
        if out.stay:
            self.execute()

    def execute(self):
        if self.direction > 0:
            self.b.value = self.a.value * self.scale.value + self.offset.value
        else:
            self.a.value = (self.b.value - self.offset.value) // self.scale.value


class Planner:
    def __init__(self):
        self.mark = 0

    def propagate(self, start, mark):
        todo = [start]
        while todo:
            constraint = todo.pop()
            if constraint.output().mark == mark:
                start.drop()
                return False
            constraint.update()
            self.add_consumers(constraint.output(), todo)
        return True

    def add_consumers(self, variable, into):
        for constraint in variable.constraints:
            if constraint is not variable.source and constraint.satisfied():
                into.append(constraint)

    def retract(self, constraint):
        out = constraint.output()
        constraint.drop()
        constraint.remove_from_variables()
        unsatisfied = []
        out.source = None
        out.strength = WEAKEST
        out.stay = True
        todo = [out]
        while todo:
            variable = todo.pop()
            unsatisfied.extend(c for c in variable.constraints if not c.satisfied())
            consumers = []
            self.add_consumers(variable, consumers)
            for consumer in consumers:
                consumer.update()
                todo.append(consumer.output())
        for strength in range(REQUIRED, WEAKEST):
            for candidate in unsatisfied:
                if candidate.strength == strength:
                    self.mark += 1
                    again = candidate
                    while again is not None:
                        again = again.satisfy(self.mark)

    def plan(self, edit):
        self.mark += 1
        mark = self.mark
        steps = []
        todo = [edit]
        while todo:
            constraint = todo.pop()
            if constraint.output().mark != mark and constraint.inputs_known(mark):
                steps.append(constraint)
                constraint.output().mark = mark
                self.add_consumers(constraint.output(), todo)
        return steps


def set_by_edit(planner, variable, value):
    edit = Edit(variable, STRONG, planner)
    steps = planner.plan(edit)
    for _ in range(6):
        variable.value = value
        for step in steps:
            step.execute()
    edit.remove()


def chain(length):
    planner = Planner()
    variables = [Variable(0) for _ in range(length + 1)]
    for a, b in zip(variables, variables[1:]):
        Equal(a, b, REQUIRED, planner)
    Stay(variables[-1], NORMAL, planner)
    for value in range(5):
        set_by_edit(planner, variables[0], value)
        if variables[-1].value != value:
            raise AssertionError(f"the chain ends in {variables[-1].value}, expected {value}")
    return variables[-1].value


def projection(count):
    planner = Planner()
    scale, offset = Variable(10), Variable(1000)
    pairs = []
    for i in range(count):
        a, b = Variable(i), Variable(i)
        Stay(a, NORMAL, planner)
        Scaled(a, scale, offset, b, REQUIRED, planner)
        pairs.append((a, b))
    set_by_edit(planner, pairs[0][0], 17)
    if pairs[0][1].value != 1170:
        raise AssertionError(f"the projection is {pairs[0][1].value}, expected 1170")
    set_by_edit(planner, scale, 5)
    if any(b.value != a.value * 5 + 1000 for a, b in pairs):
        raise AssertionError("the new scale did not reach all projections")
    return sum(b.value for _, b in pairs)


def run(size=600):
    return chain(size), projection(size)
