// Generated from contract.def by tools/contract/generate.mjs. Do not edit.
// The C++ face of the border: constants, what JavaScript implements, the names of what wasm exports.
#pragma once

#include <cstdint>

#include "ffi/wire/cell.h"

// clang-format off
namespace krait {

// What a Cell holds (16 bytes: u32 tag, u32 aux, 8 bytes of payload).
enum Tag : uint32_t {
  kTagUndefined = 0u,  // undefined <-> None
  kTagNull = 1u,  // null <-> jsnull
  kTagBool = 2u,  // aux: 0 or 1
  kTagInt = 3u,  // payload: i32
  kTagDouble = 4u,  // payload: f64; from JS an integral safe value becomes an int
  kTagStr1 = 5u,  // payload: u32 address, u32 length; one byte per code point (Latin-1). aux: StrAux. Results of exports come as JS instead
  kTagStr2 = 6u,  // UTF-16 code units; surrogate pairs join when they become Python text, lone ones stay
  kTagStr4 = 7u,  // UCS-4, to JS only
  kTagBigint = 8u,  // payload: u32 address, u32 count of 32-bit little-endian limbs. aux: 1 = negative, 2 = the receiver frees the limbs
  kTagJs = 9u,  // a JS object. aux: JsFlags. Results: the val beside the cell. Arguments from JS: payload slot, owned by the receiver; to JS: slot, borrowed
  kTagPy = 10u,  // payload: u32 PyObject*, u32 PyFlags. To JS: a new reference. From JS: borrowed unless aux is 1
  kTagThrown = 11u,  // the operation failed. The val is what was thrown, and payload its traceback so far or 0; or aux 1: payload is a Python exception. New references
  kTagAbsent = 12u,  // no such attribute, key or next item
  kTagSame = 13u,  // the method that JavaScript has a proxy of already
};

enum StrAux : uint32_t {
  kStrAuxOwned = 1u,  // the receiver frees the bytes
  kStrAuxAscii = 2u,  // all below 0x80
};

// How an iteration answers: the cell's value is the return value rather than an item.
enum Step : uint32_t {
  kStepReturned = 2147483648u,  // in aux
};

// What a JS object can do, found once per prototype where that is safe.
enum JsFlags : uint32_t {
  kJsFlagsCallable = 1u,
  kJsFlagsArray = 2u,  // Array.isArray
  kJsFlagsTypedArray = 4u,  // ArrayBuffer view that is not a DataView
  kJsFlagsBuffer = 8u,  // ArrayBuffer, SharedArrayBuffer or any view
  kJsFlagsHasLength = 16u,  // a number in `length` or `size`
  kJsFlagsHasGet = 32u,
  kJsFlagsHasSet = 64u,
  kJsFlagsHasHas = 128u,
  kJsFlagsHasIncludes = 256u,
  kJsFlagsIterable = 512u,
  kJsFlagsIterator = 1024u,
  kJsFlagsPromise = 2048u,
  kJsFlagsError = 4096u,
  kJsFlagsGenerator = 8192u,
  kJsFlagsAsyncIterable = 16384u,
  kJsFlagsAsyncIterator = 32768u,
  kJsFlagsAsyncGenerator = 65536u,
  kJsFlagsDisposable = 131072u,
  kJsFlagsAsyncDisposable = 262144u,
  kJsFlagsArrayLike = 524288u,  // iterable with a length: indexable, but no Array
  kJsFlagsClass = 1048576u,  // a function written as `class`
  kJsFlagsDoubleProxy = 2097152u,  // a PyProxy
  kJsFlagsWeakRef = 4194304u,
  kJsFlagsOnce = 8388608u,  // a PyProxy that create_once_callable made
  kJsFlagsDomElement = 16777216u,
  kJsFlagsResponse = 33554432u,  // of fetch()
  kJsFlagsPlain = 67108864u,  // its prototype is Object.prototype, or it has none
  kJsFlagsObjectMap = 134217728u,  // Python only: a view of the object's own properties as a mapping
  kJsFlagsHereditary = 268435456u,  // Python only: the view's plain objects and arrays are such views too
};

// What a Python object can do, found once per type.
enum PyFlags : uint32_t {
  kPyFlagsLength = 1u,
  kPyFlagsGet = 2u,
  kPyFlagsSet = 4u,
  kPyFlagsContains = 8u,
  kPyFlagsIterable = 16u,
  kPyFlagsIterator = 32u,
  kPyFlagsCallable = 64u,
  kPyFlagsAwaitable = 128u,
  kPyFlagsBuffer = 256u,
  kPyFlagsGenerator = 512u,
  kPyFlagsAsyncIterable = 1024u,
  kPyFlagsAsyncIterator = 2048u,
  kPyFlagsAsyncGenerator = 4096u,
  kPyFlagsSequence = 8192u,
  kPyFlagsMutableSequence = 16384u,
  kPyFlagsDict = 32768u,
};

// Words of a tape (see wire/tape.h): opcode in the low 4 bits, operand in the upper 28.
// The same words serve both directions; where they differ, "to JS" and "to Python" say how.
enum TapeOp : uint32_t {
  kTapeOpSmall = 0u,  // operand: signed 28-bit integer
  kTapeOpDouble = 1u,  // operand: index into the pool of doubles
  kTapeOpStr = 2u,  // operand: length of the next string of the blob, in UTF-16 units
  kTapeOpKey = 3u,  // operand: number of a string that the tape has defined with NEWKEY
  kTapeOpNewkey = 4u,  // operand: length of the next string of the blob; takes the next key number
  kTapeOpConst = 5u,  // operand: TapeConst
  kTapeOpList = 6u,  // operand: count; that many values follow. Containers number themselves in the order of their opcodes
  kTapeOpDict = 7u,  // operand: count << 1 | flag; that many key-value pairs follow. To JS, flag: keys may collide as property names. To Python: it defines the next shape
  kTapeOpSet = 8u,  // operand: count
  kTapeOpBackref = 9u,  // operand: number of a container met before
  kTapeOpPython = 10u,  // a Python object with no counterpart, borrowed. operand: PyFlags; next words: PyObject*, levels left to convert
  kTapeOpSlot = 11u,  // to JS: operand is a slot, borrowed. To Python: operand indexes the tape's slots; next word: JsFlags
  kTapeOpBigint = 12u,  // operand: count << 1 | negative; that many 32-bit limbs follow
  kTapeOpInts = 13u,  // operand: count; that many raw i32 words follow: a list of small ints
  kTapeOpDoubles = 14u,  // to JS. operand: count; next word: start in the pool: a list of doubles
  kTapeOpShaped = 14u,  // to Python. operand: number of a shape: a dict with the keys of the one that defined it; only its values follow
  kTapeOpBuffer = 15u,  // operand: struct format character; next words: to Python slot index and byte length; to JS address and byte length.
};

enum TapeConst : uint32_t {
  kTapeConstUndefined = 0u,
  kTapeConstNull = 1u,
  kTapeConstFalse = 2u,
  kTapeConstTrue = 3u,
};

// Options of a deep conversion.
enum ConvertFlags : uint32_t {
  kConvertFlagsPyproxies = 1u,  // make proxies of what has no counterpart (else ConversionError)
  kConvertFlagsInPieces = 2u,  // hooks look at single objects: the tape is the object as a PYTHON word, for JavaScript to ask for pieces
  kConvertFlagsPiece = 4u,  // one container; the objects in it are PYTHON words
};

// The hooks of a deep conversion to JS: an array of cells in this order, UNDEFINED where there is none.
enum Hook : uint32_t {
  kHookDictConverter = 0u,
  kHookDefaultConverter = 1u,
  kHookEagerConverter = 2u,
  kHookPyproxies = 3u,  // an Array that collects the proxies made
  kHookConversion = 4u,  // the Conversion that asks for a PIECE
  kHookCount = 5u,
};

// A tape that flatten() wrote, as u32 words at the address it answers with; freed by the reader in one piece.
enum FlatHeader : uint32_t {
  kFlatHeaderWords = 0u,  // address of the tape's words
  kFlatHeaderDoubles = 1u,  // address of the pool of doubles
  kFlatHeaderBlob = 2u,  // address of the blob's characters
  kFlatHeaderBlobUnit = 3u,  // bytes per character of the blob: 1 or 2
  kFlatHeaderSlots = 4u,  // address of the slots, owned by the reader
  kFlatHeaderSlotCount = 5u,
  kFlatHeaderSize = 6u,
};

// What `describe` tells.
enum Describe : uint32_t {
  kDescribeToString = 0u,
  kDescribeTypeof = 1u,
  kDescribeConstructorName = 2u,
  kDescribeErrorName = 3u,
  kDescribeErrorMessage = 4u,
  kDescribeErrorStack = 5u,
  kDescribeErrorText = 8u,  // `Name: message`, also for thrown values that are no errors
  kDescribeBufferSize = 7u,  // bytes, as a number
};

// What `keys` lists.
enum Keys : uint32_t {
  kKeysDir = 0u,  // own and inherited property names, identifiers only
  kKeysOwn = 1u,  // Object.keys
  kKeysValues = 2u,  // Object.values
  kKeysEntries = 3u,  // Object.entries
};

// What get_iterator walks over.
enum Iterate : uint32_t {
  kIterateItems = 0u,
  kIterateKeys = 1u,  // keys() if there is one, as Python walks a mapping
  kIterateAsync = 2u,  // Symbol.asyncIterator
};

// What `array_op` does.
enum ArrayOp : uint32_t {
  kArrayOpRepeat = 0u,  // a new Array of `times` copies
  kArrayOpRepeatInPlace = 1u,
  kArrayOpReverse = 2u,  // in place
};

// What `buffer_bytes` does with the first `size` bytes of the buffer, or with all of them.
enum BufferBytes : uint32_t {
  kBufferBytesAllToPython = 0u,  // the buffer must have `size` bytes
  kBufferBytesAllFromPython = 1u,  // the same
  kBufferBytesStartFromPython = 2u,  // the buffer may be longer
};

// What `file_bytes` does between a buffer and an open file, without Python's memory in between. The answer is a number of
// bytes, or -errno; ABSENT when the descriptor's file is no regular one.
enum FileBytes : uint32_t {
  kFileBytesWrite = 0u,  // all of the buffer, at the file's position
  kFileBytesGive = 1u,  // the same; an empty file in memory may keep the buffer as its contents
  kFileBytesRead = 2u,  // at most the buffer's size, from the position that `out` comes with; the file's own stays
};

// A Python buffer that get_buffer() took, as u32 words at the address it answers with. Sizes and strides are in bytes.
enum BufferInfo : uint32_t {
  kBufferInfoData = 0u,  // the lowest byte that an item has
  kBufferInfoExtent = 1u,  // bytes from there to behind the highest one
  kBufferInfoStart = 2u,  // bytes from DATA to the first item
  kBufferInfoBytes = 3u,  // of all items
  kBufferInfoItemsize = 4u,
  kBufferInfoNdim = 5u,
  kBufferInfoShape = 6u,  // address of NDIM words
  kBufferInfoStrides = 7u,  // address of NDIM signed words
  kBufferInfoFormat = 8u,  // address and length of the struct format
  kBufferInfoFormatLength = 9u,
  kBufferInfoReadonly = 10u,
  kBufferInfoCContiguous = 11u,
  kBufferInfoFContiguous = 12u,
  kBufferInfoSize = 13u,
};

// How `resume` goes on with a generator.
enum Resume : uint32_t {
  kResumeSend = 0u,
  kResumeThrow = 1u,
  kResumeReturn = 2u,
  kResumeAsync = 4u,  // the generator is an async one: the result is its promise
};

// A batch of items (get_items): cells, then text that cells point to. From Python, text stays where it is.
enum Batch : uint32_t {
  kBatchMost = 32u,  // items
  kBatchText = 4096u,  // bytes of text
};

// What create_proxy asks of a new PyProxy.
enum ProxyKind : uint32_t {
  kProxyKindPlain = 0u,
  kProxyKindCaptureThis = 1u,
  kProxyKindRoundtrip = 2u,
  kProxyKindOnce = 4u,
  kProxyKindPromising = 8u,  // JavaScript's calls of it answer with promises, and Python can wait inside them
};

// Counts the times that JavaScript may have run: what was read ahead from it is good as long as this stays the same.
extern uint32_t js_epoch;

namespace imports {

[[clang::import_module("krait"), clang::import_name("krait_define_name")]] void define_name(uint32_t name, uint32_t tag, const void* bytes, uint32_t length);
[[clang::import_module("krait"), clang::import_name("krait_text")]] JsVal text(uint32_t tag, const void* bytes, uint32_t length, uint32_t aux);
[[clang::import_module("krait"), clang::import_name("krait_equal")]] int32_t equal(JsVal a, JsVal b);
[[clang::import_module("krait"), clang::import_name("krait_has_room")]] int32_t has_room(uint32_t blocks);
[[clang::import_module("krait"), clang::import_name("krait_stack_full")]] void stack_full();
[[clang::import_module("krait"), clang::import_name("krait_identity")]] int32_t identity(JsVal object);
[[clang::import_module("krait"), clang::import_name("krait_get_items")]] int32_t get_items(JsVal array, int32_t index, const void* batch, uint32_t count);

namespace counted {

[[clang::import_module("krait"), clang::import_name("krait_get_attr")]] JsVal get_attr(JsVal object, uint32_t name, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_get_attr_text")]] JsVal get_attr_text(JsVal object, Cell* name, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_set_attr")]] JsVal set_attr(JsVal object, Cell* name, Cell* value);
[[clang::import_module("krait"), clang::import_name("krait_del_attr")]] JsVal del_attr(JsVal object, Cell* name);
[[clang::import_module("krait"), clang::import_name("krait_call")]] JsVal call(JsVal callee, JsVal self, Reply* cells, uint32_t argc, uint32_t kwargc);
[[clang::import_module("krait"), clang::import_name("krait_construct")]] JsVal construct(JsVal constructor, Reply* cells, uint32_t argc, uint32_t kwargc);
[[clang::import_module("krait"), clang::import_name("krait_get_index")]] JsVal get_index(JsVal object, int32_t index, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_set_index")]] JsVal set_index(JsVal object, int32_t index, Cell* value);
[[clang::import_module("krait"), clang::import_name("krait_get_item")]] JsVal get_item(JsVal object, Reply* key);
[[clang::import_module("krait"), clang::import_name("krait_set_item")]] JsVal set_item(JsVal object, Cell* key, Cell* value);
[[clang::import_module("krait"), clang::import_name("krait_del_item")]] JsVal del_item(JsVal object, Cell* key);
[[clang::import_module("krait"), clang::import_name("krait_contains")]] JsVal contains(JsVal object, Cell* key);
[[clang::import_module("krait"), clang::import_name("krait_quick_length")]] int32_t quick_length(JsVal object);
[[clang::import_module("krait"), clang::import_name("krait_length")]] JsVal length(JsVal object, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_get_iterator")]] JsVal get_iterator(JsVal object, uint32_t over, Cell* out);
[[clang::import_module("krait"), clang::import_name("krait_next")]] JsVal next(JsVal iterator, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_resume")]] JsVal resume(JsVal generator, uint32_t how, Cell* value, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_truth")]] int32_t truth(JsVal object);
[[clang::import_module("krait"), clang::import_name("krait_describe")]] JsVal describe(JsVal object, uint32_t what, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_keys")]] JsVal keys(JsVal object, uint32_t what, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_build")]] JsVal build(const void* words, const void* doubles, Cell* blob, Cell* hooks, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_settle")]] JsVal settle(JsVal value, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_flatten")]] JsVal flatten(JsVal object, int32_t depth, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_make_proxy")]] JsVal make_proxy(PyObject* object, uint32_t flags, uint32_t kind, Cell* out);
[[clang::import_module("krait"), clang::import_name("krait_destroy_proxy")]] JsVal destroy_proxy(JsVal proxy, Cell* message);
[[clang::import_module("krait"), clang::import_name("krait_destroy_proxies")]] JsVal destroy_proxies(JsVal array, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_unwrap_proxy")]] PyObject* unwrap_proxy(JsVal proxy);
[[clang::import_module("krait"), clang::import_name("krait_make_error")]] JsVal make_error(JsVal message, Cell* out);
[[clang::import_module("krait"), clang::import_name("krait_error_cause")]] JsVal error_cause(JsVal error, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_run_js")]] JsVal run_js(Cell* source, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_splice")]] JsVal splice(JsVal array, int32_t start, int32_t count, Cell* items, uint32_t item_count, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_slice")]] JsVal slice(JsVal array, int32_t start, int32_t count, int32_t step, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_array_op")]] JsVal array_op(JsVal array, uint32_t what, int32_t times, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_get_property")]] JsVal get_property(JsVal object, Reply* key);
[[clang::import_module("krait"), clang::import_name("krait_set_property")]] JsVal set_property(JsVal object, Cell* key, Cell* value);
[[clang::import_module("krait"), clang::import_name("krait_del_property")]] JsVal del_property(JsVal object, Cell* key);
[[clang::import_module("krait"), clang::import_name("krait_has_property")]] JsVal has_property(JsVal object, Cell* key);
[[clang::import_module("krait"), clang::import_name("krait_then")]] JsVal then(JsVal promise, PyObject* resolve, PyObject* reject, Cell* out);
[[clang::import_module("krait"), clang::import_name("krait_dispose")]] JsVal dispose(JsVal object, uint32_t asynchronously, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_weak_ref")]] JsVal weak_ref(JsVal object, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_buffer_bytes")]] JsVal buffer_bytes(JsVal buffer, const void* target, uint32_t size, uint32_t direction, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_buffer_text")]] JsVal buffer_text(JsVal buffer, Reply* encoding);
[[clang::import_module("krait"), clang::import_name("krait_outcome")]] JsVal outcome(const void* stack, Reply* out);
[[clang::import_module("krait"), clang::import_name("krait_file_bytes")]] JsVal file_bytes(JsVal buffer, int32_t descriptor, uint32_t direction, Reply* out);

}  // namespace counted

// Called by assembly only.
namespace suspending {

[[clang::import_module("krait"), clang::import_name("krait_wait")]] void wait(const void* stack, JsVal promise);

}  // namespace suspending

inline JsVal get_attr(JsVal object, uint32_t name, Reply* out) { js_epoch++; return counted::get_attr(object, name, out); }
inline JsVal get_attr_text(JsVal object, Cell* name, Reply* out) { js_epoch++; return counted::get_attr_text(object, name, out); }
inline JsVal set_attr(JsVal object, Cell* name, Cell* value) { js_epoch++; return counted::set_attr(object, name, value); }
inline JsVal del_attr(JsVal object, Cell* name) { js_epoch++; return counted::del_attr(object, name); }
inline JsVal call(JsVal callee, JsVal self, Reply* cells, uint32_t argc, uint32_t kwargc) { js_epoch++; return counted::call(callee, self, cells, argc, kwargc); }
inline JsVal construct(JsVal constructor, Reply* cells, uint32_t argc, uint32_t kwargc) { js_epoch++; return counted::construct(constructor, cells, argc, kwargc); }
inline JsVal get_index(JsVal object, int32_t index, Reply* out) { js_epoch++; return counted::get_index(object, index, out); }
inline JsVal set_index(JsVal object, int32_t index, Cell* value) { js_epoch++; return counted::set_index(object, index, value); }
inline JsVal get_item(JsVal object, Reply* key) { js_epoch++; return counted::get_item(object, key); }
inline JsVal set_item(JsVal object, Cell* key, Cell* value) { js_epoch++; return counted::set_item(object, key, value); }
inline JsVal del_item(JsVal object, Cell* key) { js_epoch++; return counted::del_item(object, key); }
inline JsVal contains(JsVal object, Cell* key) { js_epoch++; return counted::contains(object, key); }
inline int32_t quick_length(JsVal object) { js_epoch++; return counted::quick_length(object); }
inline JsVal length(JsVal object, Reply* out) { js_epoch++; return counted::length(object, out); }
inline JsVal get_iterator(JsVal object, uint32_t over, Cell* out) { js_epoch++; return counted::get_iterator(object, over, out); }
inline JsVal next(JsVal iterator, Reply* out) { js_epoch++; return counted::next(iterator, out); }
inline JsVal resume(JsVal generator, uint32_t how, Cell* value, Reply* out) { js_epoch++; return counted::resume(generator, how, value, out); }
inline int32_t truth(JsVal object) { js_epoch++; return counted::truth(object); }
inline JsVal describe(JsVal object, uint32_t what, Reply* out) { js_epoch++; return counted::describe(object, what, out); }
inline JsVal keys(JsVal object, uint32_t what, Reply* out) { js_epoch++; return counted::keys(object, what, out); }
inline JsVal build(const void* words, const void* doubles, Cell* blob, Cell* hooks, Reply* out) { js_epoch++; return counted::build(words, doubles, blob, hooks, out); }
inline JsVal settle(JsVal value, Reply* out) { js_epoch++; return counted::settle(value, out); }
inline JsVal flatten(JsVal object, int32_t depth, Reply* out) { js_epoch++; return counted::flatten(object, depth, out); }
inline JsVal make_proxy(PyObject* object, uint32_t flags, uint32_t kind, Cell* out) { js_epoch++; return counted::make_proxy(object, flags, kind, out); }
inline JsVal destroy_proxy(JsVal proxy, Cell* message) { js_epoch++; return counted::destroy_proxy(proxy, message); }
inline JsVal destroy_proxies(JsVal array, Reply* out) { js_epoch++; return counted::destroy_proxies(array, out); }
inline PyObject* unwrap_proxy(JsVal proxy) { js_epoch++; return counted::unwrap_proxy(proxy); }
inline JsVal make_error(JsVal message, Cell* out) { js_epoch++; return counted::make_error(message, out); }
inline JsVal error_cause(JsVal error, Reply* out) { js_epoch++; return counted::error_cause(error, out); }
inline JsVal run_js(Cell* source, Reply* out) { js_epoch++; return counted::run_js(source, out); }
inline JsVal splice(JsVal array, int32_t start, int32_t count, Cell* items, uint32_t item_count, Reply* out) { js_epoch++; return counted::splice(array, start, count, items, item_count, out); }
inline JsVal slice(JsVal array, int32_t start, int32_t count, int32_t step, Reply* out) { js_epoch++; return counted::slice(array, start, count, step, out); }
inline JsVal array_op(JsVal array, uint32_t what, int32_t times, Reply* out) { js_epoch++; return counted::array_op(array, what, times, out); }
inline JsVal get_property(JsVal object, Reply* key) { js_epoch++; return counted::get_property(object, key); }
inline JsVal set_property(JsVal object, Cell* key, Cell* value) { js_epoch++; return counted::set_property(object, key, value); }
inline JsVal del_property(JsVal object, Cell* key) { js_epoch++; return counted::del_property(object, key); }
inline JsVal has_property(JsVal object, Cell* key) { js_epoch++; return counted::has_property(object, key); }
inline JsVal then(JsVal promise, PyObject* resolve, PyObject* reject, Cell* out) { js_epoch++; return counted::then(promise, resolve, reject, out); }
inline JsVal dispose(JsVal object, uint32_t asynchronously, Reply* out) { js_epoch++; return counted::dispose(object, asynchronously, out); }
inline JsVal weak_ref(JsVal object, Reply* out) { js_epoch++; return counted::weak_ref(object, out); }
inline JsVal buffer_bytes(JsVal buffer, const void* target, uint32_t size, uint32_t direction, Reply* out) { js_epoch++; return counted::buffer_bytes(buffer, target, size, direction, out); }
inline JsVal buffer_text(JsVal buffer, Reply* encoding) { js_epoch++; return counted::buffer_text(buffer, encoding); }
inline JsVal outcome(const void* stack, Reply* out) { js_epoch++; return counted::outcome(stack, out); }
inline JsVal file_bytes(JsVal buffer, int32_t descriptor, uint32_t direction, Reply* out) { js_epoch++; return counted::file_bytes(buffer, descriptor, direction, out); }

}  // namespace imports

extern "C" {

[[gnu::used, gnu::visibility("default")]] void krait_warm_up();
[[gnu::used, gnu::visibility("default")]] void krait_dig(uint32_t blocks, void* never);
[[gnu::used, gnu::visibility("default")]] void krait_need_promising_room();
[[gnu::used, gnu::visibility("default")]] void* krait_epoch();
[[gnu::used, gnu::visibility("default")]] JsVal krait_start(Cell* config);
[[gnu::used, gnu::visibility("default")]] uint32_t krait_slot_new(JsVal value);
[[gnu::used, gnu::visibility("default")]] JsVal krait_slot_get(uint32_t slot);
[[gnu::used, gnu::visibility("default")]] void krait_slot_free(uint32_t slot);
[[gnu::used, gnu::visibility("default")]] void krait_clear_free_memory();
[[gnu::used, gnu::visibility("default")]] void* krait_data_end();
[[gnu::used, gnu::visibility("default")]] uint32_t krait_slot_count();
[[gnu::used, gnu::visibility("default")]] uint32_t krait_slot_capacity();
[[gnu::used, gnu::visibility("default")]] uint32_t krait_slot_next_free(uint32_t slot);
[[gnu::used, gnu::visibility("default")]] void krait_slots_regrow();
[[gnu::used, gnu::visibility("default")]] void krait_slot_refill(uint32_t slot, JsVal value);
[[gnu::used, gnu::visibility("default")]] uint32_t krait_stack_count();
[[gnu::used, gnu::visibility("default")]] void* krait_alloc(uint32_t size);
[[gnu::used, gnu::visibility("default")]] void krait_free(void* bytes);
[[gnu::used, gnu::visibility("default")]] void krait_discard(Cell* argument);
[[gnu::used, gnu::visibility("default")]] PyObject* krait_intern(uint32_t tag, void* bytes, uint32_t length);
[[gnu::used, gnu::visibility("default")]] void* krait_new_str(uint32_t length, uint32_t max_code_point, Cell* out);
[[gnu::used, gnu::visibility("default")]] void krait_incref(PyObject* object);
[[gnu::used, gnu::visibility("default")]] void krait_decref(PyObject* object);
[[gnu::used, gnu::visibility("default")]] JsVal krait_get_attr(PyObject* object, PyObject* name, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_set_attr(PyObject* object, PyObject* name, Cell* value);
[[gnu::used, gnu::visibility("default")]] JsVal krait_del_attr(PyObject* object, PyObject* name, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_has_attr(PyObject* object, PyObject* name, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_dir(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_dict_keys(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_call(PyObject* object, Cell* cells, uint32_t argc, uint32_t kwargc);
[[gnu::used, gnu::visibility("default")]] void krait_call_promising(PyObject* object, Cell* cells, uint32_t argc, uint32_t kwargc);
[[gnu::used, gnu::visibility("default")]] JsVal krait_get_item(PyObject* object, Cell* key);
[[gnu::used, gnu::visibility("default")]] JsVal krait_set_item(PyObject* object, Cell* key, Cell* value);
[[gnu::used, gnu::visibility("default")]] JsVal krait_del_item(PyObject* object, Cell* key);
[[gnu::used, gnu::visibility("default")]] JsVal krait_contains(PyObject* object, Cell* key);
[[gnu::used, gnu::visibility("default")]] int32_t krait_quick_length(PyObject* object);
[[gnu::used, gnu::visibility("default")]] JsVal krait_length(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] int32_t krait_get_items(PyObject* sequence, uint32_t index, void* batch, uint32_t count);
[[gnu::used, gnu::visibility("default")]] JsVal krait_get_iter(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_next(PyObject* iterator, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_send(PyObject* generator, Cell* value);
[[gnu::used, gnu::visibility("default")]] JsVal krait_throw_in(PyObject* generator, Cell* error, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_type_name(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_str(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_repr(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_import_module(Cell* name);
[[gnu::used, gnu::visibility("default")]] JsVal krait_to_js(PyObject* object, int32_t depth, uint32_t flags, Cell* hooks, Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_from_js(Cell* value, Cell* hook, int32_t depth);
[[gnu::used, gnu::visibility("default")]] JsVal krait_exception_info(PyObject* exception, Cell* type, Cell* message);
[[gnu::used, gnu::visibility("default")]] JsVal krait_exception_cause(PyObject* exception, Cell* out);
[[gnu::used, gnu::visibility("default")]] PyObject* krait_js_code(PyObject* name, PyObject* file, uint32_t line);
[[gnu::used, gnu::visibility("default")]] PyObject* krait_js_frame(PyObject* traceback, PyObject* code);
[[gnu::used, gnu::visibility("default")]] void krait_js_frame_of(PyObject* exception, PyObject* code);
[[gnu::used, gnu::visibility("default")]] JsVal krait_globals(Cell* out);
[[gnu::used, gnu::visibility("default")]] JsVal krait_get_buffer(PyObject* object, Cell* out);
[[gnu::used, gnu::visibility("default")]] void krait_release_buffer(void* info);
[[gnu::used, gnu::visibility("default")]] void* krait_unpack(void* packed, uint32_t length);

}  // extern "C"

}  // namespace krait
// clang-format on
