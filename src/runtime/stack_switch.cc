// Stack switching with JS Promise Integration (JSPI).
//
// The engine keeps the wasm frames: a call through WebAssembly.promising(krait_call_promising) runs
// on a stack of its own, and when it calls the import `wait`, which JavaScript has wrapped in
// WebAssembly.Suspending, that stack is put aside and the caller is given a promise. When the
// promise that `wait` returned is settled, the engine takes the stack up again, from a microtask.
//
// What the engine knows nothing of is kept here, in a Stack:
//
// * The C stack. Data whose address is taken lies in linear memory, below __stack_pointer, and all
//   stacks share that one region. A stack owns the bytes from where it was entered down to
//   __stack_pointer. Suspending copies them into the heap and gives the region back to whoever runs
//   next; resuming copies them to the same addresses, since pointers into them are about.
// * The thread state. There is one PyThreadState; the fields of it that describe a stack (frames,
// the
//   chunks that frames lie in, exceptions being handled, depths, context) are exchanged, as
//   greenlet does it. So is asyncio's notion of the current task.
// * The exceptions that C++ is handling (libc++abi's globals).
//
// "Others" is whoever entered or resumed a stack: its parts are put back when the stack leaves.
// When resumed this is the empty stack of a microtask, but nothing here relies on that: a host may
// run microtasks inside a call from wasm. Then the region is in use, and is saved for the time.
//
// Stacks suspend and end in any order. One that waits for a promise that never settles lives as
// long as the interpreter. Restore story: a stack cannot be part of an image; stack_count() tells.
#include "runtime/stack_switch.h"

#include <emscripten/stack.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ffi/convert/to_js.h"
#include "ffi/convert/to_py.h"
#include "ffi/handle/entry.h"
#include "ffi/js_proxy/js_proxy.h"
#include "ffi/py_proxy/call_object.h"
#include "runtime/thread_part.h"

#define Py_BUILD_CORE 1
extern "C" {
#include <internal/pycore_frame.h>
}

namespace krait {
namespace {

// Room for bytes of the C stack. It only grows: a stack that waits once mostly waits again.
class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { std::free(bytes_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  bool reserve(size_t size) {
    if (size <= capacity_) return true;
    void* bytes = std::realloc(bytes_, size);
    if (bytes == nullptr) return false;
    bytes_ = bytes;
    capacity_ = size;
    return true;
  }
  void save(uintptr_t from, uintptr_t to) {
    if (!reserve(to - from)) Py_FatalError("no memory to switch stacks");
    std::memcpy(bytes_, reinterpret_cast<void*>(from), to - from);
  }
  void restore(uintptr_t from, uintptr_t to) const {
    std::memcpy(reinterpret_cast<void*>(from), bytes_, to - from);
  }

 private:
  void* bytes_ = nullptr;
  size_t capacity_ = 0;
};

uint32_t stacks_alive = 0;

}  // namespace

class Stack {
 public:
  // `entry`: __stack_pointer at the promising entry. The caller is the first of the others.
  explicit Stack(uintptr_t entry) : floor_(entry), entry_(entry) { stacks_alive++; }
  ~Stack() { stacks_alive--; }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  void begin();
  void prepare();
  uintptr_t out(uintptr_t pointer);
  uintptr_t in(uintptr_t pointer);
  uintptr_t end();

  static constexpr size_t floor_offset() { return offsetof(Stack, floor_); }

 private:
  PyThreadState* take_thread();
  uintptr_t yield_to_others(PyThreadState* thread);

  // A frame whose `previous` lies on the C stack, and what that is.
  struct Link {
    _PyInterpreterFrame* frame;
    _PyInterpreterFrame* previous;
  };

  // __stack_pointer of the one that does not run, of the stack and the others. The first field:
  // assembly reads it.
  uintptr_t floor_;
  uintptr_t entry_;
  _PyErr_StackItem bottom_ = {};
  ThreadPart own_;
  ThreadPart others_;
  // The others had given up the thread state.
  bool others_detached_ = false;
  Buffer segment_;
  // What the others have where this stack runs.
  Buffer under_;
  bool has_under_ = false;
  std::vector<Link> links_;
};

PyThreadState* Stack::take_thread() {
  others_detached_ = PyThreadState_GetUnchecked() == nullptr;
  if (others_detached_) PyEval_RestoreThread(Attached::main_thread);
  return PyThreadState_Get();
}

void Stack::begin() {
  PyThreadState* thread = take_thread();
  if (thread->context == nullptr)
    thread->context = PyContext_New();  // as CPython does on first use
  others_ = take_part(thread);
  // Depths and context go on; all that points into the others' stack begins anew.
  ThreadPart fresh = others_;
  fresh.suspendable = this;
  fresh.tracing = 0;
  fresh.what_event = -1;
  fresh.frame = nullptr;
  fresh.exception = nullptr;
  fresh.exc_info = &bottom_;
  fresh.delete_later = nullptr;
  fresh.context = Py_XNewRef(others_.context);
  fresh.chunk = nullptr;
  fresh.top = fresh.limit = nullptr;
  fresh.caught = {};
  fresh.tasks = nullptr;
  install_part(thread, fresh);
}

// Gets the memory for out(), which cannot fail any more. Throws std::bad_alloc.
void Stack::prepare() {
  constexpr size_t kFramesInBetween = 4096;
  if (!segment_.reserve(entry_ - emscripten_stack_get_current() + kFramesInBetween)) {
    throw std::bad_alloc();
  }
  // A frame object's f_back may be read while the stack is suspended, but the entry frames of the
  // eval loop lie on the C stack, where there is other data then: they are left out for the time.
  links_.clear();
  for (_PyInterpreterFrame* frame = PyThreadState_Get()->current_frame; frame != nullptr;
       frame = frame->previous) {
    if (frame->owner == FRAME_OWNED_BY_CSTACK) continue;
    _PyInterpreterFrame* previous = frame->previous;
    if (previous != nullptr && previous->owner == FRAME_OWNED_BY_CSTACK) {
      links_.push_back({frame, previous});
    }
  }
}

// Puts the others back. Runs below both stacks, whose memory it writes.
uintptr_t Stack::yield_to_others(PyThreadState* thread) {
  install_part(thread, others_);
  uintptr_t pointer = floor_;
  if (has_under_) under_.restore(pointer, entry_);
  has_under_ = false;
  if (others_detached_) PyEval_SaveThread();
  return pointer;
}

// This stack has been left with its __stack_pointer at `pointer`. The answer: that of the others.
uintptr_t Stack::out(uintptr_t pointer) {
  for (const Link& link : links_) {
    _PyInterpreterFrame* complete = link.previous;
    while (complete != nullptr && complete->owner == FRAME_OWNED_BY_CSTACK) {
      complete = complete->previous;
    }
    link.frame->previous = complete;
  }
  segment_.save(pointer, entry_);
  PyThreadState* thread = PyThreadState_Get();
  own_ = take_part(thread);
  uintptr_t next = yield_to_others(thread);
  floor_ = pointer;
  return next;
}

// The engine has taken this stack up again; __stack_pointer is that of the others. The answer: its
// own.
uintptr_t Stack::in(uintptr_t pointer) {
  PyThreadState* thread = take_thread();
  others_ = take_part(thread);
  if (pointer < entry_) {
    under_.save(pointer, entry_);
    has_under_ = true;
  }
  segment_.restore(floor_, entry_);
  for (const Link& link : links_) link.frame->previous = link.previous;
  install_part(thread, own_);
  js_epoch++;
  return std::exchange(floor_, pointer);
}

// All frames of this stack are gone.
uintptr_t Stack::end() {
  PyThreadState* thread = PyThreadState_Get();
  Py_CLEAR(thread->context);
  Py_CLEAR(thread->current_exception);
  free_chunks(thread);
  return yield_to_others(thread);
}

// In assembly, since between leaving a stack and taking it up again no compiled code may touch the
// C stack: a local could lie in memory that is not there. `wait` is called from here only.
//
// Each of krait_stack_{out,in,end} writes to the memory of both stacks, so it runs below both:
// with __stack_pointer at the lower one of its own and `floor_`, which is at offset 0 of the Stack.
static_assert(Stack::floor_offset() == 0);
asm(R"(
  .globaltype __stack_pointer, i32
  .functype krait_wait (i32, externref) -> ()
  .import_module krait_wait, krait
  .import_name krait_wait, krait_wait
  .functype krait_stack_begin (i32, i32, i32, i32, i32) -> (i32)
  .functype krait_stack_out (i32, i32) -> (i32)
  .functype krait_stack_in (i32, i32) -> (i32)
  .functype krait_stack_end (i32, i32) -> (i32)

  .section .text.krait_run_below,"",@
  .hidden krait_run_below
  .type krait_run_below,@function
# Sets __stack_pointer to the lower of itself and the floor; answers what it was.
krait_run_below:
  .functype krait_run_below (i32) -> (i32)
  .local i32, i32
  global.get __stack_pointer
  local.tee 1
  local.get 0
  i32.load 0
  local.tee 2
  local.get 1
  local.get 2
  i32.lt_u
  i32.select
  global.set __stack_pointer
  local.get 1
  end_function

  .section .text.krait_suspend,"",@
  .hidden krait_suspend
  .globl krait_suspend
  .type krait_suspend,@function
# 0 when the promise has been settled, 1 when the engine refused to suspend.
krait_suspend:
  .functype krait_suspend (i32, externref) -> (i32)
  .local i32
  local.get 0
  local.get 0
  call krait_run_below
  call krait_stack_out
  global.set __stack_pointer
  try
  local.get 0
  local.get 1
  call krait_wait
  catch_all
  i32.const 1
  local.set 2
  end_try
  local.get 0
  local.get 0
  call krait_run_below
  call krait_stack_in
  global.set __stack_pointer
  local.get 2
  end_function

  .section .text.krait_call_promising,"",@
  .globl krait_call_promising
  .export_name krait_call_promising, krait_call_promising
  .type krait_call_promising,@function
krait_call_promising:
  .functype krait_call_promising (i32, i32, i32, i32) -> ()
  .local i32
  global.get __stack_pointer
  local.get 0
  local.get 1
  local.get 2
  local.get 3
  call krait_stack_begin
  local.tee 4
  i32.eqz
  if
  return
  end_if
  local.get 4
  local.get 4
  call krait_run_below
  call krait_stack_end
  global.set __stack_pointer
  end_function
)");

extern "C" {

uint32_t krait_suspend(Stack* stack, JsVal promise);

// The whole life of a stack but for its end. The result is in the first cell; a JS value that goes
// with it is in a slot, since a promise would look into it. Null: there was no memory.
[[gnu::used]] Stack* krait_stack_begin(uintptr_t entry, PyObject* object, Cell* cells,
                                       uint32_t argc, uint32_t kwargc) {
  auto* stack = new (std::nothrow) Stack(entry);
  if (stack == nullptr) {
    guard_js_entry(cells, kEntryRoom.levels, []() -> JsVal { throw std::bad_alloc(); });
    return nullptr;
  }
  stack->begin();
  // An exit() unwinds through this frame, past the assembly that would end the stack.
  struct Unwound {
    Stack* stack;
    ~Unwound() {
      if (stack == nullptr) return;
      stack->end();
      delete stack;
    }
  } unwound{stack};
  // The proxy that the object belongs to may be destroyed before the call is over.
  PyRef callee = PyRef::borrow(object);
  JsVal value = guard_js_entry(cells, kPromisingRoom.levels,
                               [&] { return call_object(callee.get(), cells, argc, kwargc); });
  if (cells->tag == kTagJs || (cells->tag == kTagThrown && cells->aux == 0)) {
    cells->u32 = {slot_new(value), 0};
  }
  unwound.stack = nullptr;
  return stack;
}

[[gnu::used]] uintptr_t krait_stack_out(Stack* stack, uintptr_t pointer) {
  return stack->out(pointer);
}
[[gnu::used]] uintptr_t krait_stack_in(Stack* stack, uintptr_t pointer) {
  return stack->in(pointer);
}
[[gnu::used]] uintptr_t krait_stack_end(Stack* stack, uintptr_t) {
  uintptr_t pointer = stack->end();
  delete stack;
  return pointer;
}

uint32_t krait_stack_count() { return stacks_alive; }

}  // extern "C"

namespace {

PyObject* plain_sleep = nullptr;
PyFunction waiting_sleep("_pyodide._run_sync", "sleep");

PyObject* sleep(PyObject*, PyObject* seconds) {
  return py_entry([&] {
    PyObject* function = suspendable_stack == nullptr ? plain_sleep : waiting_sleep.get();
    return PyRef::steal(PyObject_CallOneArg(function, seconds)).release();
  });
}

PyMethodDef sleep_method = {
    "sleep", sleep, METH_O,
    "sleep(object, /)\n--\n\nsleep(seconds)\n\nDelay execution for a given number of seconds. The\n"
    "argument may be a floating-point number for subsecond precision. The event loop runs\n"
    "meanwhile if pyodide.ffi.can_run_sync()."};

}  // namespace

PyObject* can_run_sync(PyObject*, PyObject*) {
  return Py_NewRef(suspendable_stack == nullptr ? Py_False : Py_True);
}

PyObject* wait_for_promise(PyObject*, PyObject* promise) {
  return py_entry([&] {
    if (find_slot(promise) == 0) {
      raise(PyExc_TypeError, "_wait() expects a JsProxy, not %s", Py_TYPE(promise)->tp_name);
    }
    Stack* stack = suspendable_stack;
    if (stack == nullptr) raise(PyExc_RuntimeError, "Cannot stack switch here");
    stack->prepare();
    bool refused = krait_suspend(stack, js_value(promise)) != 0;
    Reply out;
    JsVal value = imports::outcome(stack, &out);
    if (refused) {
      raise(PyExc_RuntimeError,
            "Cannot stack switch because there is a JavaScript frame on the stack, between this "
            "call and the promising entry. Call Python from it with pyFunc.callPromising() and "
            "await the result.");
    }
    return decode_result(value, out.cell).release();
  });
}

void init_stack_switch(PyObject* module) {
  PyRef time = PyRef::steal(PyImport_ImportModule("time"));
  plain_sleep = PyRef::steal(PyObject_GetAttrString(time.get(), "sleep")).release();
  checked(PyModule_AddObjectRef(module, "_plain_sleep", plain_sleep));
  PyRef name = PyRef::steal(PyUnicode_FromString("time"));
  PyRef function = PyRef::steal(PyCFunction_NewEx(&sleep_method, nullptr, name.get()));
  checked(PyObject_SetAttrString(time.get(), "sleep", function.get()));
}

}  // namespace krait
