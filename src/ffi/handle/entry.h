// The guards at the two doors of the border: py_entry where CPython calls us, js_entry where
// JavaScript does.
//
// They hold the only catch blocks of ffi and runtime. Inside, a failure is a C++ exception: PyError
// (the Python error indicator is set) or JsError (a JS value was thrown). Outside, it is CPython's
// null or a cell with the tag THROWN. The guards are not noexcept: an exit() unwinds through them
// as a foreign exception.
#pragma once

#include <Python.h>

#include <algorithm>
#include <new>
#include <utility>

#include "ffi/handle/js_ref.h"
#include "ffi/handle/py_ref.h"
#include "ffi/handle/stack_room.h"
#include "ffi/wire/contract.gen.h"

// Of CPython's patch 0004, which is among its internal headers: what c_recursion_remaining does not
// grow beyond.
extern "C" int _Py_MostCLevels;

namespace krait {

// A JS value that was thrown, and the Python traceback of the way it has come so far, or null.
struct JsError {
  JsRef value;
  PyRef traceback;
};

// Implemented in js_proxy/js_exception.cc, the only way upwards from here.
// Sets the error indicator from a thrown JS value.
void set_js_error(const JsError& error);
// Takes the error indicator and writes it into a THROWN cell; returns the val that goes with it.
JsVal take_py_error(Cell* out);

// Throws if the cell says that the operation failed; else passes the val on.
[[noreturn]] void throw_from_cell(JsVal value, const Cell& cell);
inline JsVal checked(JsVal value, const Cell& cell) {
  if (cell.tag == kTagThrown) [[unlikely]]
    throw_from_cell(value, cell);
  return value;
}

// The stack that Python can suspend now (runtime/stack_switch.h): null unless nothing but wasm lies
// between here and its promising entry. Every ordinary entry hides the stack below it.
class Stack;
extern Stack* suspendable_stack;

// JavaScript can be reached from C code that has given up the thread state (a write to a stream
// does, around the system call), and call Python from there. For the time of such a call the thread
// state is taken back.
class Attached {
 public:
  Attached() : below_(std::exchange(suspendable_stack, nullptr)) {
    if (PyThreadState_GetUnchecked() == nullptr) [[unlikely]] {
      PyEval_RestoreThread(main_thread);
      restored_ = true;
    }
  }
  ~Attached() {
    if (restored_) PyEval_SaveThread();
    suspendable_stack = below_;
  }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

  // The one thread there is; set when the interpreter has been started.
  static PyThreadState* main_thread;

 private:
  Stack* below_;
  bool restored_ = false;
};

// Do Python functions wait below, for the JavaScript that called or is answered?
inline bool python_waits() { return PyThreadState_Get()->current_frame != nullptr; }

// What an entry counts anew and sets back. Should a RangeError unwind CPython's functions all the
// same (stack_room.h), some engines run C++ destructors (not V8, whose full stack wasm cannot
// catch): this one sets back what such functions count and point to, so that the interpreter goes
// on from where it was entered. What they owned is lost.
class Unwinding {
 public:
  explicit Unwinding(int levels)
      : thread_(PyThreadState_Get()),
        frame_(thread_->current_frame),
        exc_info_(thread_->exc_info),
        py_recursion_(thread_->py_recursion_remaining),
        c_recursion_(thread_->c_recursion_remaining),
        most_levels_(_Py_MostCLevels),
        headroom_(thread_->recursion_headroom) {
    thread_->c_recursion_remaining = levels;
    _Py_MostCLevels = std::max(levels, _Py_C_LEVELS_AT_ONCE);
  }
  ~Unwinding() {
    thread_->c_recursion_remaining = c_recursion_;
    _Py_MostCLevels = most_levels_;
    if (ended_) [[likely]]
      return;
    thread_->current_frame = frame_;
    thread_->exc_info = exc_info_;
    thread_->py_recursion_remaining = py_recursion_;
    thread_->recursion_headroom = headroom_;
  }
  Unwinding(const Unwinding&) = delete;
  Unwinding& operator=(const Unwinding&) = delete;
  // The call came to its end: passes its answer on.
  JsVal end(JsVal value) {
    ended_ = true;
    return value;
  }

 private:
  PyThreadState* thread_;
  _PyInterpreterFrame* frame_;
  _PyErr_StackItem* exc_info_;
  int py_recursion_;
  int c_recursion_;
  int most_levels_;
  int headroom_;
  bool ended_ = false;
};

// Runs the body of an entry from CPython; `failed` is the answer when an error is set.
template <typename Body, typename Result>
Result guard_py_entry(Body body, Result failed) {
  try {
    return body();
  } catch (const PyError&) {
  } catch (const JsError& error) {
    set_js_error(error);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
  return failed;
}

template <typename Body>
PyObject* py_entry(Body body) {
  return guard_py_entry<Body, PyObject*>(body, nullptr);
}

// For slots that answer a status: -1 when an error is set.
template <typename Body>
auto py_entry_status(Body body) -> decltype(body()) {
  return guard_py_entry<Body, decltype(body())>(body, -1);
}

// Runs the body of an entry from JavaScript, which has made sure of the thread state and of room
// for so many levels of C recursion.
template <typename Body>
JsVal guard_js_entry(Cell* out, int levels, Body body) {
  Unwinding unwinding(levels);
  js_epoch++;
  try {
    return unwinding.end(body());
  } catch (const PyError&) {
    return unwinding.end(take_py_error(out));
  } catch (const JsError& error) {
    out->tag = kTagThrown;
    out->aux = 0;
    out->u32 = {reinterpret_cast<uintptr_t>(error.traceback.clone().release()), 0};
    return unwinding.end(error.value.get());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return unwinding.end(take_py_error(out));
  }
}

template <typename Body>
JsVal js_entry(Cell* out, const Room& room, Body body) {
  need_room(room);
  Attached attached;
  return guard_js_entry(out, room.levels, body);
}
template <typename Body>
JsVal js_entry(Cell* out, Body body) {
  return js_entry(out, kEntryRoom, body);
}

// The guard of an entry that has no cell to answer in.
class BareEntry {
 public:
  explicit BareEntry(const Room& room = kEntryRoom) : asked_(room), unwinding_(room.levels) {}

 private:
  struct Asked {
    explicit Asked(const Room& room) { need_room(room); }
  };
  Asked asked_;
  Attached attached_;
  Unwinding unwinding_;
};

}  // namespace krait
