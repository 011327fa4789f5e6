// Iteration of Python objects in JavaScript.
//
// Lists and tuples are walked by index, as Python's own iterator does, and fetched in batches: nothing can change a list
// while neither side of the border runs Python, which the counter of crossings tells. Everything else is asked for an
// iterator, and for one item a crossing.
//
// Proxies that were made for items are destroyed when the iteration has come to its end, by itself or by an error. Those of an
// iteration that was left early stay, and so do awaitables, which Promise.all() looks at only later. Who calls next() of a
// Python iterator gets proxies to keep.
import type { Border } from "../border";
import { CELL, hasReturned, readArgument, readResult, writeArgument } from "../wire/cell";
import { Batch, PyFlags } from "../wire/contract.gen";
import { withArgument, withResult } from "./call";
import { proxyState, type ProxyState } from "./state";

const EXHAUSTED =
  "This borrowed proxy was automatically destroyed when an iterator was exhausted. Try using the 'copy' method.";

/** The proxies that were made for items. It does not keep them from being collected. */
class Borrowed {
  private states: ProxyState[] = [];
  private room = 64;

  /** Takes note of an item. A proxy that was there before is one that create_proxy() made, or another runtime's. */
  add(item: unknown, b: Border): void {
    const state = proxyState(item);
    if (state === undefined || state.roundtrip || state.border !== b || state.flags & PyFlags.AWAITABLE) return;
    if (this.states.length >= this.room) {
      // An iteration without an end must not fill memory with what was destroyed or collected.
      this.states = this.states.filter((known) => known.live);
      this.room = Math.max(64, 2 * this.states.length);
    }
    this.states.push(state);
  }
  release(): void {
    for (const state of this.states.splice(0)) if (state.live) state.release(EXHAUSTED);
  }
}
const mayBeProxy = (item: unknown): boolean => typeof item === "object" || typeof item === "function";

/** One step of an iterator: next() or send(). */
export function step(s: ProxyState, value: unknown, sends: boolean, borrowed?: Borrowed): IteratorResult<unknown> {
  const b = s.border;
  const object = s.address();
  b.crossings++;
  const cell = b.stackAlloc(CELL);
  try {
    let answer: unknown;
    if (sends) {
      writeArgument(b, value, cell);
      answer = b.x.send(object, cell);
    } else {
      answer = b.x.next(object, cell);
    }
    const result = readResult(b, answer, cell);
    const done = hasReturned(b, cell);
    if (borrowed !== undefined && !done && mayBeProxy(result)) borrowed.add(result, b);
    return { done, value: result };
  } finally {
    b.stackRestore(cell + CELL);
  }
}

/** The next item; at the end, or an error, the borrowed proxies are destroyed. */
function next(s: ProxyState, borrowed: Borrowed): IteratorResult<unknown> {
  let done: boolean | undefined = true;
  try {
    const result = step(s, undefined, false, borrowed);
    done = result.done;
    return result;
  } finally {
    if (done) borrowed.release();
  }
}

/** Walks an iterator of its own, which is given back at the end, also when the loop is left early. */
function* iterator(s: ProxyState): Generator<unknown, void, unknown> {
  const object = s.address();
  const iterator: any = withResult(s.border, (cell) => s.border.x.get_iter(object, cell));
  const borrowed = new Borrowed();
  try {
    const state = proxyState(iterator)!;
    for (;;) {
      const { done, value } = next(state, borrowed);
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
  private borrowed: Borrowed | null = null;

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
      this.borrowed?.release();
      return { done: true, value: undefined };
    }
    const value = withArgument(b, this.index, (cell) => b.x.get_item(object, cell));
    if (mayBeProxy(value)) (this.borrowed ??= new Borrowed()).add(value, b);
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
