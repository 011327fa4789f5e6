// What of the one PyThreadState belongs to a stack: exchanged when stacks are switched
// (stack_switch.cc).
//
// Must not run Python code: a switch is no place for it.
#pragma once

#include <Python.h>

#include "ffi/handle/entry.h"

struct _PyInterpreterFrame;

namespace krait {

// What libc++abi keeps about exceptions that are being handled.
struct CaughtExceptions {
  void* caught;
  unsigned uncaught;
};

// The parts of the thread state that belong to a stack while it does not run. Owns its references.
struct ThreadPart {
  Stack* suspendable;
  int depth;  // of Python calls; the limit may change meanwhile
  int c_recursion_remaining;
  int most_c_levels;
  int recursion_headroom;
  int tracing;
  int what_event;
  _PyInterpreterFrame* frame;
  PyObject* exception;
  _PyErr_StackItem* exc_info;
  PyObject* delete_later;
  PyObject* context;
  _PyStackChunk* chunk;
  PyObject** top;
  PyObject** limit;
  CaughtExceptions caught;
  PyObject* tasks;  // or null
};

// Takes the thread's parts; they must be installed again, or others in their place.
ThreadPart take_part(PyThreadState* thread);
// The thread state's own parts have been taken. Takes over the references of `part`.
void install_part(PyThreadState* thread, const ThreadPart& part);
// Lets go of the chunks of a stack that has ended. The thread keeps one for its next need, which
// spares most stacks an allocation.
void free_chunks(PyThreadState* thread);

// _share_current_tasks(dict): asyncio's {loop: task}, which every stack has an own version of.
PyObject* share_current_tasks(PyObject*, PyObject* tasks);

}  // namespace krait
