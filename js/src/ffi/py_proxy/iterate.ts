// Iteration of Python objects in JavaScript.
//
// Lists and tuples are walked by index, as Python's own iterator does, and fetched in batches: nothing can change a list
// while neither side of the border runs Python, which the counter of crossings tells. Everything else is asked for an
// iterator, and for one item a crossing.
import { argumentScratch, CELL, hasReturned, readArgument, readResult, writeArgument } from "../wire/cell";
import { Batch, PyFlags } from "../wire/contract.gen";
import { withArgument, withResult } from "./call";
import { proxyState, type ProxyState } from "./state";

/** One step of an iterator: next() or send(). */
export function step(s: ProxyState, value: unknown, sends: boolean): IteratorResult<unknown> {
  const b = s.border;
  const object = s.address();
  b.crossings++;
  const size = CELL + (sends ? argumentScratch(value) : 0);
  const cell = b.stackAlloc(size);
  try {
    let answer: unknown;
    if (sends) {
      writeArgument(b, value, cell, cell + CELL);
      answer = b.x.send(object, cell);
    } else {
      answer = b.x.next(object, cell);
    }
    const result = readResult(b, answer, cell);
    return { done: hasReturned(b, cell), value: result };
  } finally {
    b.stackRestore(cell + size);
  }
}

/** Walks an iterator of its own, which is given back at the end, also when the loop is left early. */
function* iterator(s: ProxyState): Generator<unknown, void, unknown> {
  const object = s.address();
  const iterator: any = withResult(s.border, (cell) => s.border.x.get_iter(object, cell));
  try {
    const state = proxyState(iterator)!;
    for (;;) {
      const { done, value } = step(state, undefined, false);
      if (done) return;
      yield value;
    }
  } finally {
    iterator.destroy();
  }
}

// Nothing in a batch becomes a proxy.
const NO_PROXIES: ProxyState[] = [];

/** Fetches up to `count` items from `index` on into `items`; how many, or -1 if the object is no list or tuple. */
function fetch(s: ProxyState, index: number, count: number, items: unknown[]): number {
  const b = s.border;
  const object = s.address();
  const batch = b.stackAlloc(Batch.MOST * CELL);
  try {
    b.crossings++;
    const got = b.x.get_items(object, index, batch, count);
    for (let i = 0; i < got; i++) items[i] = readArgument(b, batch + i * CELL, NO_PROXIES);
    return got;
  } finally {
    b.stackRestore(batch + Batch.MOST * CELL);
  }
}

const arrayIteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

class ListIterator {
  private index = 0;
  private at = 0;
  private epoch = -1;
  private wanted = 2;
  private ended = false;

  constructor(
    private readonly state: ProxyState,
    private readonly items: unknown[],
    private count: number,
  ) {
    this.epoch = state.border.crossings;
  }

  next(): IteratorResult<unknown> {
    const b = this.state.border;
    if (this.at < this.count && this.epoch === b.crossings) {
      this.index++;
      return { done: false, value: this.items[this.at++] };
    }
    if (this.ended) return { done: true, value: undefined };
    // A loop that calls Python for each item would read all but one of them in vain.
    this.wanted = this.epoch === b.crossings ? Math.min(this.wanted * 2, Batch.MOST) : 1;
    this.count = fetch(this.state, this.index, this.wanted, this.items);
    this.at = 0;
    if (this.count <= 0) return this.single();
    this.epoch = b.crossings;
    this.index++;
    return { done: false, value: this.items[this.at++] };
  }

  /** The next item in a crossing of its own, or the end. */
  private single(): IteratorResult<unknown> {
    const s = this.state;
    const b = s.border;
    const object = s.address();
    if (this.index >= b.x.quick_length(object)) {
      this.ended = true;
      return { done: true, value: undefined };
    }
    const value = withArgument(b, this.index, (cell) => b.x.get_item(object, cell));
    this.epoch = b.crossings;
    this.index++;
    return { done: false, value };
  }

  return(value?: unknown): IteratorResult<unknown> {
    this.ended = true;
    this.count = 0;
    return { done: true, value };
  }
}
// An iterator as those of the language: iterable itself, with map(), filter() and the other helpers where there are any.
Object.setPrototypeOf(ListIterator.prototype, arrayIteratorPrototype);

/** What a proxy's Symbol.iterator answers. */
export function iterate(s: ProxyState): Iterator<unknown, unknown, unknown> {
  if (s.flags & PyFlags.SEQUENCE) {
    const items = new Array<unknown>(Batch.MOST);
    const count = fetch(s, 0, 1, items);
    if (count >= 0) return new ListIterator(s, items, count);
  }
  return iterator(s);
}
