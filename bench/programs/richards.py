"""A small operating system: a scheduler, devices and workers that send packets to each other.

Written for this suite after the idea of the Richards benchmark: many small methods, attribute reads and writes,
linked lists, dynamic dispatch. run() returns the counts of packets held and queued.
"""

DEVICE, WORK = 0, 1
IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)


class Packet:
    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0, 0, 0, 0]

    def append_to(self, queue):
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task:
    def __init__(self, system, ident, priority, queue, waiting):
        self.system = system
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.pending = queue is not None
        self.waiting = waiting
        self.held = False
        self.next = system.tasks
        system.tasks = self
        system.table[ident] = self

    def blocked(self):
        return self.held or (self.waiting and not self.pending)

    def receive(self, packet, sender):
        if self.queue is None:
            self.queue = packet
            self.pending = True
            if self.priority > sender.priority:
                return self
        else:
            packet.append_to(self.queue)
        return sender

    def resume(self):
        packet = None
        if self.waiting and self.pending:
            packet = self.queue
            self.queue = packet.link
            self.pending = self.queue is not None
            self.waiting = False
        return self.step(packet)

    def wait(self):
        self.waiting = True
        return self

    def send(self, packet):
        target = self.system.table[packet.owner]
        self.system.sent += 1
        packet.link = None
        packet.owner = self.ident
        return target.receive(packet, self)


class IdleTask(Task):
    def __init__(self, system, rounds):
        super().__init__(system, IDLE, 0, None, False)
        self.rounds = rounds
        self.control = 1

    def step(self, packet):
        self.rounds -= 1
        if self.rounds == 0:
            self.held = True
            self.system.holds += 1
            return self.next
        if self.control & 1 == 0:
            self.control //= 2
            return self.system.release(DEVICE_A, self)
        self.control = self.control // 2 ^ 0xD008
        return self.system.release(DEVICE_B, self)


class WorkTask(Task):
    def __init__(self, system, queue):
        super().__init__(system, WORKER, 1000, queue, True)
        self.target = HANDLER_A
        self.letter = 0

    def step(self, packet):
        if packet is None:
            return self.wait()
        self.target = HANDLER_B if self.target == HANDLER_A else HANDLER_A
        packet.owner = self.target
        packet.datum = 0
        for i in range(4):
            self.letter = self.letter % 26 + 1
            packet.data[i] = 64 + self.letter
        return self.send(packet)


class HandlerTask(Task):
    def __init__(self, system, ident, priority, queue):
        super().__init__(system, ident, priority, queue, True)
        self.work = None
        self.devices = None

    def step(self, packet):
        if packet is not None:
            if packet.kind == WORK:
                self.work = packet.append_to(self.work)
            else:
                self.devices = packet.append_to(self.devices)
        work = self.work
        if work is not None:
            count = work.datum
            if count >= 4:
                self.work = work.link
                return self.send(work)
            device = self.devices
            if device is not None:
                self.devices = device.link
                device.datum = work.data[count]
                work.datum = count + 1
                return self.send(device)
        return self.wait()


class DeviceTask(Task):
    def __init__(self, system, ident, priority):
        super().__init__(system, ident, priority, None, True)
        self.kept = None

    def step(self, packet):
        if packet is None:
            kept = self.kept
            if kept is None:
                return self.wait()
            self.kept = None
            return self.send(kept)
        self.kept = packet
        self.held = True
        self.system.holds += 1
        return self.next


class System:
    def __init__(self):
        self.tasks = None
        self.table = [None] * 6
        self.holds = 0
        self.sent = 0

    def release(self, ident, current):
        task = self.table[ident]
        task.held = False
        return task if task.priority > current.priority else current

    def schedule(self):
        task = self.tasks
        while task is not None:
            task = task.next if task.blocked() else task.resume()


def packets(owner, kind, count):
    queue = None
    for _ in range(count):
        queue = Packet(queue, owner, kind)
    return queue


def run(rounds=10000):
    system = System()
    IdleTask(system, rounds)
    WorkTask(system, packets(WORKER, WORK, 2))
    HandlerTask(system, HANDLER_A, 2000, packets(DEVICE_A, DEVICE, 3))
    HandlerTask(system, HANDLER_B, 3000, packets(DEVICE_B, DEVICE, 3))
    DeviceTask(system, DEVICE_A, 4000)
    DeviceTask(system, DEVICE_B, 5000)
    system.schedule()
    return system.holds, system.sent
