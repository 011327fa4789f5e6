// The exchange of a stack's parts of the thread state, as greenlet does it for CPython 3.13.
#include "runtime/thread_part.h"

extern "C" {
// From pycore_obmalloc.h, which brings more than C++ can read.
void _PyObject_VirtualFree(void*, size_t size);
}

namespace krait {
namespace {

extern "C" CaughtExceptions* __cxa_get_globals();

// asyncio's {loop: current task}, once a loop has been made. Owned.
PyObject* current_tasks = nullptr;

}  // namespace

ThreadPart take_part(PyThreadState* thread) {
  ThreadPart part = {.suspendable = suspendable_stack,
                     .depth = thread->py_recursion_limit - thread->py_recursion_remaining,
                     .c_recursion_remaining = thread->c_recursion_remaining,
                     .most_c_levels = _Py_MostCLevels,
                     .recursion_headroom = thread->recursion_headroom,
                     .tracing = thread->tracing,
                     .what_event = thread->what_event,
                     .frame = thread->current_frame,
                     .exception = thread->current_exception,
                     .exc_info = thread->exc_info,
                     .delete_later = thread->delete_later,
                     .context = thread->context,
                     .chunk = thread->datastack_chunk,
                     .top = thread->datastack_top,
                     .limit = thread->datastack_limit,
                     .caught = *__cxa_get_globals(),
                     .tasks = nullptr};
  if (current_tasks != nullptr && PyDict_GET_SIZE(current_tasks) > 0) {
    part.tasks = PyDict_Copy(current_tasks);
    if (part.tasks == nullptr) Py_FatalError("no memory to switch stacks");
    PyDict_Clear(current_tasks);
  }
  return part;
}

void install_part(PyThreadState* thread, const ThreadPart& part) {
  suspendable_stack = part.suspendable;
  thread->py_recursion_remaining = thread->py_recursion_limit - part.depth;
  thread->c_recursion_remaining = part.c_recursion_remaining;
  _Py_MostCLevels = part.most_c_levels;
  thread->recursion_headroom = part.recursion_headroom;
  thread->tracing = part.tracing;
  thread->what_event = part.what_event;
  thread->current_frame = part.frame;
  thread->current_exception = part.exception;
  thread->exc_info = part.exc_info;
  thread->delete_later = part.delete_later;
  thread->context = part.context;
  thread->context_ver++;  // what ContextVars have cached is of another context
  thread->datastack_chunk = part.chunk;
  thread->datastack_top = part.top;
  thread->datastack_limit = part.limit;
  *__cxa_get_globals() = part.caught;
  if (part.tasks != nullptr) {
    if (PyDict_Update(current_tasks, part.tasks) < 0) Py_FatalError("no memory to switch stacks");
    Py_DECREF(part.tasks);
  }
}

void free_chunks(PyThreadState* thread) {
  _PyStackChunk* chunk = std::exchange(thread->datastack_chunk, nullptr);
  thread->datastack_top = thread->datastack_limit = nullptr;
  while (chunk != nullptr) {
    _PyStackChunk* previous = std::exchange(chunk->previous, nullptr);
    if (thread->datastack_cached_chunk == nullptr) {
      thread->datastack_cached_chunk = chunk;
    } else {
      _PyObject_VirtualFree(chunk, chunk->size);
    }
    chunk = previous;
  }
}

PyObject* share_current_tasks(PyObject*, PyObject* tasks) {
  return py_entry([&] {
    if (!PyDict_Check(tasks)) {
      raise(PyExc_TypeError, "_share_current_tasks() expects a dict, not %s",
            Py_TYPE(tasks)->tp_name);
    }
    Py_XSETREF(current_tasks, Py_NewRef(tasks));
    return Py_NewRef(Py_None);
  });
}

}  // namespace krait
