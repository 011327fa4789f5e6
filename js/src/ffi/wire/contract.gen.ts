// Generated from src/ffi/wire/contract.def by tools/contract/generate.mjs. Do not edit.
// The TypeScript face of the border. `val` is a JavaScript value, everything else a number (addresses are unsigned).

// What a Cell holds (16 bytes: u32 tag, u32 aux, 8 bytes of payload).
export const enum Tag {
  UNDEFINED = 0, // undefined <-> None
  NULL = 1, // null <-> jsnull
  BOOL = 2, // aux: 0 or 1
  INT = 3, // payload: i32
  DOUBLE = 4, // payload: f64; from JS an integral safe value becomes an int
  STR1 = 5, // payload: u32 address, u32 length; one byte per code point (Latin-1). aux: StrAux. Results of exports come as JS instead
  STR2 = 6, // UTF-16 code units; surrogate pairs join when they become Python text, lone ones stay
  STR4 = 7, // UCS-4, to JS only
  BIGINT = 8, // payload: u32 address, u32 count of 32-bit little-endian limbs. aux: 1 = negative, 2 = the receiver frees the limbs
  JS = 9, // a JS object. aux: JsFlags. Results: the val beside the cell. Arguments from JS: payload slot, owned by the receiver; to JS: slot, borrowed
  PY = 10, // payload: u32 PyObject*, u32 PyFlags. To JS: a new reference. From JS: borrowed unless aux is 1
  THROWN = 11, // the operation failed. The val is what was thrown, and payload its traceback so far or 0; or aux 1: payload is a Python exception. New references
  ABSENT = 12, // no such attribute, key or next item
  SAME = 13, // the method that JavaScript has a proxy of already
}

export const enum StrAux {
  OWNED = 1, // the receiver frees the bytes
  ASCII = 2, // all below 0x80
}

// How an iteration answers: the cell's value is the return value rather than an item.
export const enum Step {
  RETURNED = -2147483648, // in aux
}

// What a JS object can do, found once per prototype where that is safe.
export const enum JsFlags {
  CALLABLE = 1,
  ARRAY = 2, // Array.isArray
  TYPED_ARRAY = 4, // ArrayBuffer view that is not a DataView
  BUFFER = 8, // ArrayBuffer, SharedArrayBuffer or any view
  HAS_LENGTH = 16, // a number in `length` or `size`
  HAS_GET = 32,
  HAS_SET = 64,
  HAS_HAS = 128,
  HAS_INCLUDES = 256,
  ITERABLE = 512,
  ITERATOR = 1024,
  PROMISE = 2048,
  ERROR = 4096,
  GENERATOR = 8192,
  ASYNC_ITERABLE = 16384,
  ASYNC_ITERATOR = 32768,
  ASYNC_GENERATOR = 65536,
  DISPOSABLE = 131072,
  ASYNC_DISPOSABLE = 262144,
  ARRAY_LIKE = 524288, // iterable with a length: indexable, but no Array
  CLASS = 1048576, // a function written as `class`
  DOUBLE_PROXY = 2097152, // a PyProxy
  WEAK_REF = 4194304,
  ONCE = 8388608, // a PyProxy that create_once_callable made
  DOM_ELEMENT = 16777216,
  RESPONSE = 33554432, // of fetch()
  PLAIN = 67108864, // its prototype is Object.prototype, or it has none
  OBJECT_MAP = 134217728, // Python only: a view of the object's own properties as a mapping
  HEREDITARY = 268435456, // Python only: the view's plain objects and arrays are such views too
}

// What a Python object can do, found once per type.
export const enum PyFlags {
  LENGTH = 1,
  GET = 2,
  SET = 4,
  CONTAINS = 8,
  ITERABLE = 16,
  ITERATOR = 32,
  CALLABLE = 64,
  AWAITABLE = 128,
  BUFFER = 256,
  GENERATOR = 512,
  ASYNC_ITERABLE = 1024,
  ASYNC_ITERATOR = 2048,
  ASYNC_GENERATOR = 4096,
  SEQUENCE = 8192,
  MUTABLE_SEQUENCE = 16384,
  DICT = 32768,
}

// Words of a tape (see wire/tape.h): opcode in the low 4 bits, operand in the upper 28.
// The same words serve both directions; where they differ, "to JS" and "to Python" say how.
export const enum TapeOp {
  SMALL = 0, // operand: signed 28-bit integer
  DOUBLE = 1, // operand: index into the pool of doubles
  STR = 2, // operand: length of the next string of the blob, in UTF-16 units
  KEY = 3, // operand: number of a string that the tape has defined with NEWKEY
  NEWKEY = 4, // operand: length of the next string of the blob; takes the next key number
  CONST = 5, // operand: TapeConst
  LIST = 6, // operand: count; that many values follow. Containers number themselves in the order of their opcodes
  DICT = 7, // operand: count << 1 | flag; that many key-value pairs follow. To JS, flag: keys may collide as property names. To Python: it defines the next shape
  SET = 8, // operand: count
  BACKREF = 9, // operand: number of a container met before
  PYTHON = 10, // a Python object with no counterpart, borrowed. operand: PyFlags; next words: PyObject*, levels left to convert
  SLOT = 11, // to JS: operand is a slot, borrowed. To Python: operand indexes the tape's slots; next word: JsFlags
  BIGINT = 12, // operand: count << 1 | negative; that many 32-bit limbs follow
  INTS = 13, // operand: count; that many raw i32 words follow: a list of small ints
  DOUBLES = 14, // to JS. operand: count; next word: start in the pool: a list of doubles
  SHAPED = 14, // to Python. operand: number of a shape: a dict with the keys of the one that defined it; only its values follow
  BUFFER = 15, // operand: struct format character; next words: to Python slot index and byte length; to JS address and byte length.
}

export const enum TapeConst {
  UNDEFINED = 0,
  NULL = 1,
  FALSE = 2,
  TRUE = 3,
}

// Options of a deep conversion.
export const enum ConvertFlags {
  PYPROXIES = 1, // make proxies of what has no counterpart (else ConversionError)
  IN_PIECES = 2, // hooks look at single objects: the tape is the object as a PYTHON word, for JavaScript to ask for pieces
  PIECE = 4, // one container; the objects in it are PYTHON words
}

// The hooks of a deep conversion to JS: an array of cells in this order, UNDEFINED where there is none.
export const enum Hook {
  DICT_CONVERTER = 0,
  DEFAULT_CONVERTER = 1,
  EAGER_CONVERTER = 2,
  PYPROXIES = 3, // an Array that collects the proxies made
  CONVERSION = 4, // the Conversion that asks for a PIECE
  COUNT = 5,
}

// A tape that flatten() wrote, as u32 words at the address it answers with; freed by the reader in one piece.
export const enum FlatHeader {
  WORDS = 0, // address of the tape's words
  DOUBLES = 1, // address of the pool of doubles
  BLOB = 2, // address of the blob's characters
  BLOB_UNIT = 3, // bytes per character of the blob: 1 or 2
  SLOTS = 4, // address of the slots, owned by the reader
  SLOT_COUNT = 5,
  SIZE = 6,
}

// What `describe` tells.
export const enum Describe {
  TO_STRING = 0,
  TYPEOF = 1,
  CONSTRUCTOR_NAME = 2,
  ERROR_NAME = 3,
  ERROR_MESSAGE = 4,
  ERROR_STACK = 5,
  ERROR_TEXT = 8, // `Name: message`, also for thrown values that are no errors
  BUFFER_SIZE = 7, // bytes, as a number
}

// What `keys` lists.
export const enum Keys {
  DIR = 0, // own and inherited property names, identifiers only
  OWN = 1, // Object.keys
  VALUES = 2, // Object.values
  ENTRIES = 3, // Object.entries
}

// What get_iterator walks over.
export const enum Iterate {
  ITEMS = 0,
  KEYS = 1, // keys() if there is one, as Python walks a mapping
  ASYNC = 2, // Symbol.asyncIterator
}

// What `array_op` does.
export const enum ArrayOp {
  REPEAT = 0, // a new Array of `times` copies
  REPEAT_IN_PLACE = 1,
  REVERSE = 2, // in place
}

// What `buffer_bytes` does with the first `size` bytes of the buffer, or with all of them.
export const enum BufferBytes {
  ALL_TO_PYTHON = 0, // the buffer must have `size` bytes
  ALL_FROM_PYTHON = 1, // the same
  START_FROM_PYTHON = 2, // the buffer may be longer
}

// What `file_bytes` does between a buffer and an open file, without Python's memory in between. The answer is a number of
// bytes, or -errno; ABSENT when the descriptor's file is no regular one.
export const enum FileBytes {
  WRITE = 0, // all of the buffer, at the file's position
  GIVE = 1, // the same; an empty file in memory may keep the buffer as its contents
  READ = 2, // at most the buffer's size, from the position that `out` comes with; the file's own stays
}

// A Python buffer that get_buffer() took, as u32 words at the address it answers with. Sizes and strides are in bytes.
export const enum BufferInfo {
  DATA = 0, // the lowest byte that an item has
  EXTENT = 1, // bytes from there to behind the highest one
  START = 2, // bytes from DATA to the first item
  BYTES = 3, // of all items
  ITEMSIZE = 4,
  NDIM = 5,
  SHAPE = 6, // address of NDIM words
  STRIDES = 7, // address of NDIM signed words
  FORMAT = 8, // address and length of the struct format
  FORMAT_LENGTH = 9,
  READONLY = 10,
  C_CONTIGUOUS = 11,
  F_CONTIGUOUS = 12,
  SIZE = 13,
}

// How `resume` goes on with a generator.
export const enum Resume {
  SEND = 0,
  THROW = 1,
  RETURN = 2,
  ASYNC = 4, // the generator is an async one: the result is its promise
}

// A batch of items (get_items): cells, then text that cells point to. From Python, text stays where it is.
export const enum Batch {
  MOST = 32, // items
  TEXT = 4096, // bytes of text
}

// What create_proxy asks of a new PyProxy.
export const enum ProxyKind {
  PLAIN = 0,
  CAPTURE_THIS = 1,
  ROUNDTRIP = 2,
  ONCE = 4,
  PROMISING = 8, // JavaScript's calls of it answer with promises, and Python can wait inside them
}

/** The import module `krait`: what JavaScript does for wasm. */
export interface KraitImports {
  krait_define_name(name: number, tag: number, bytes: number, length: number): void;
  krait_text(tag: number, bytes: number, length: number, aux: number): any;
  krait_get_attr(object: any, name: number, out: number): any;
  krait_get_attr_text(object: any, name: number, out: number): any;
  krait_set_attr(object: any, name: number, value: number): any;
  krait_del_attr(object: any, name: number): any;
  krait_call(callee: any, self: any, cells: number, argc: number, kwargc: number): any;
  krait_construct(constructor: any, cells: number, argc: number, kwargc: number): any;
  krait_get_index(object: any, index: number, out: number): any;
  krait_set_index(object: any, index: number, value: number): any;
  krait_get_item(object: any, key: number): any;
  krait_set_item(object: any, key: number, value: number): any;
  krait_del_item(object: any, key: number): any;
  krait_contains(object: any, key: number): any;
  krait_quick_length(object: any): number;
  krait_length(object: any, out: number): any;
  krait_get_iterator(object: any, over: number, out: number): any;
  krait_next(iterator: any, out: number): any;
  krait_resume(generator: any, how: number, value: number, out: number): any;
  krait_equal(a: any, b: any): number;
  krait_has_room(blocks: number): number;
  krait_stack_full(): void;
  krait_identity(object: any): number;
  krait_truth(object: any): number;
  krait_describe(object: any, what: number, out: number): any;
  krait_keys(object: any, what: number, out: number): any;
  krait_build(words: number, doubles: number, blob: number, hooks: number, out: number): any;
  krait_settle(value: any, out: number): any;
  krait_flatten(object: any, depth: number, out: number): any;
  krait_make_proxy(object: number, flags: number, kind: number, out: number): any;
  krait_destroy_proxy(proxy: any, message: number): any;
  krait_destroy_proxies(array: any, out: number): any;
  krait_unwrap_proxy(proxy: any): number;
  krait_make_error(message: any, out: number): any;
  krait_error_cause(error: any, out: number): any;
  krait_run_js(source: number, out: number): any;
  krait_splice(array: any, start: number, count: number, items: number, itemCount: number, out: number): any;
  krait_slice(array: any, start: number, count: number, step: number, out: number): any;
  krait_array_op(array: any, what: number, times: number, out: number): any;
  krait_get_items(array: any, index: number, batch: number, count: number): number;
  krait_get_property(object: any, key: number): any;
  krait_set_property(object: any, key: number, value: number): any;
  krait_del_property(object: any, key: number): any;
  krait_has_property(object: any, key: number): any;
  krait_then(promise: any, resolve: number, reject: number, out: number): any;
  krait_dispose(object: any, asynchronously: number, out: number): any;
  krait_weak_ref(object: any, out: number): any;
  krait_buffer_bytes(buffer: any, target: number, size: number, direction: number, out: number): any;
  krait_buffer_text(buffer: any, encoding: number): any;
  krait_wait(stack: number, promise: any): void;
  krait_outcome(stack: number, out: number): any;
  krait_file_bytes(buffer: any, descriptor: number, direction: number, out: number): any;
}

/** What wasm exports, there under the prefix `krait_`. */
export interface KraitExports {
  warm_up(): void;
  dig(blocks: number, never: number): void;
  need_promising_room(): void;
  epoch(): number;
  start(config: number): any;
  slot_new(value: any): number;
  slot_get(slot: number): any;
  slot_free(slot: number): void;
  clear_free_memory(): void;
  data_end(): number;
  slot_count(): number;
  slot_capacity(): number;
  slot_next_free(slot: number): number;
  slots_regrow(): void;
  slot_refill(slot: number, value: any): void;
  stack_count(): number;
  alloc(size: number): number;
  free(bytes: number): void;
  discard(argument: number): void;
  intern(tag: number, bytes: number, length: number): number;
  new_str(length: number, maxCodePoint: number, out: number): number;
  incref(object: number): void;
  decref(object: number): void;
  get_attr(object: number, name: number, out: number): any;
  set_attr(object: number, name: number, value: number): any;
  del_attr(object: number, name: number, out: number): any;
  has_attr(object: number, name: number, out: number): any;
  dir(object: number, out: number): any;
  dict_keys(object: number, out: number): any;
  call(object: number, cells: number, argc: number, kwargc: number): any;
  call_promising(object: number, cells: number, argc: number, kwargc: number): void;
  get_item(object: number, key: number): any;
  set_item(object: number, key: number, value: number): any;
  del_item(object: number, key: number): any;
  contains(object: number, key: number): any;
  quick_length(object: number): number;
  length(object: number, out: number): any;
  get_items(sequence: number, index: number, batch: number, count: number): number;
  get_iter(object: number, out: number): any;
  next(iterator: number, out: number): any;
  send(generator: number, value: number): any;
  throw_in(generator: number, error: number, out: number): any;
  type_name(object: number, out: number): any;
  str(object: number, out: number): any;
  repr(object: number, out: number): any;
  import_module(name: number): any;
  to_js(object: number, depth: number, flags: number, hooks: number, out: number): any;
  from_js(value: number, hook: number, depth: number): any;
  exception_info(exception: number, type: number, message: number): any;
  exception_cause(exception: number, out: number): any;
  js_code(name: number, file: number, line: number): number;
  js_frame(traceback: number, code: number): number;
  js_frame_of(exception: number, code: number): void;
  globals(out: number): any;
  get_buffer(object: number, out: number): any;
  release_buffer(info: number): void;
  unpack(packed: number, length: number): number;
}

/** All exports, as `take` finds them under their names in wasm. */
export function takeExports(take: (name: string) => any): KraitExports {
  return {
    warm_up: take("krait_warm_up"),
    dig: take("krait_dig"),
    need_promising_room: take("krait_need_promising_room"),
    epoch: take("krait_epoch"),
    start: take("krait_start"),
    slot_new: take("krait_slot_new"),
    slot_get: take("krait_slot_get"),
    slot_free: take("krait_slot_free"),
    clear_free_memory: take("krait_clear_free_memory"),
    data_end: take("krait_data_end"),
    slot_count: take("krait_slot_count"),
    slot_capacity: take("krait_slot_capacity"),
    slot_next_free: take("krait_slot_next_free"),
    slots_regrow: take("krait_slots_regrow"),
    slot_refill: take("krait_slot_refill"),
    stack_count: take("krait_stack_count"),
    alloc: take("krait_alloc"),
    free: take("krait_free"),
    discard: take("krait_discard"),
    intern: take("krait_intern"),
    new_str: take("krait_new_str"),
    incref: take("krait_incref"),
    decref: take("krait_decref"),
    get_attr: take("krait_get_attr"),
    set_attr: take("krait_set_attr"),
    del_attr: take("krait_del_attr"),
    has_attr: take("krait_has_attr"),
    dir: take("krait_dir"),
    dict_keys: take("krait_dict_keys"),
    call: take("krait_call"),
    call_promising: take("krait_call_promising"),
    get_item: take("krait_get_item"),
    set_item: take("krait_set_item"),
    del_item: take("krait_del_item"),
    contains: take("krait_contains"),
    quick_length: take("krait_quick_length"),
    length: take("krait_length"),
    get_items: take("krait_get_items"),
    get_iter: take("krait_get_iter"),
    next: take("krait_next"),
    send: take("krait_send"),
    throw_in: take("krait_throw_in"),
    type_name: take("krait_type_name"),
    str: take("krait_str"),
    repr: take("krait_repr"),
    import_module: take("krait_import_module"),
    to_js: take("krait_to_js"),
    from_js: take("krait_from_js"),
    exception_info: take("krait_exception_info"),
    exception_cause: take("krait_exception_cause"),
    js_code: take("krait_js_code"),
    js_frame: take("krait_js_frame"),
    js_frame_of: take("krait_js_frame_of"),
    globals: take("krait_globals"),
    get_buffer: take("krait_get_buffer"),
    release_buffer: take("krait_release_buffer"),
    unpack: take("krait_unpack"),
  };
}
