// Calls of JS functions: all arguments in one array of cells on the stack, one crossing.
#include <cstdlib>

#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

// The frame of a call: a Reply, then argc cells, then kwargc pairs of cells (key, value).
// JavaScript knows this layout.
class CallFrame {
 public:
  CallFrame(PyObject* const* args, Py_ssize_t nargs, PyObject* kwnames)
      : kwargc_(kwnames == nullptr ? 0 : static_cast<uint32_t>(PyTuple_GET_SIZE(kwnames))),
        argc_(static_cast<uint32_t>(nargs)) {
    uint32_t wanted = argc_ + 2 * kwargc_;
    if (wanted > kInline) {
      more_ = static_cast<Reply*>(std::aligned_alloc(16, sizeof(Reply) + wanted * sizeof(Cell)));
      if (more_ == nullptr) throw std::bad_alloc();
      reply_ = more_;
    }
    reply_->cell = Cell{};
    Cell* cell = reinterpret_cast<Cell*>(reply_ + 1);
    for (uint32_t i = 0; i < argc_; i++) write(cell++, args[i]);
    for (uint32_t i = 0; i < kwargc_; i++) {
      write(cell++, PyTuple_GET_ITEM(kwnames, i));
      write(cell++, args[argc_ + i]);
    }
  }
  ~CallFrame() {
    if (scratch_ != nullptr) free_scratch();
    std::free(more_);
  }
  CallFrame(const CallFrame&) = delete;
  CallFrame& operator=(const CallFrame&) = delete;

  Reply* reply() { return reply_; }
  uint32_t argc() const { return argc_; }
  uint32_t kwargc() const { return kwargc_; }

 private:
  static constexpr uint32_t kInline = 8;
  struct Scratch {
    void* bytes;
    Scratch* next;
  };

  void write(Cell* cell, PyObject* value) {
    new (cell) Cell;
    // Only big ints need memory of their own: rare enough for a list.
    if (void* bytes = encode_argument(value, cell)) [[unlikely]] {
      scratch_ = new Scratch{bytes, scratch_};
    }
  }
  void free_scratch() {
    while (scratch_ != nullptr) {
      Scratch* next = scratch_->next;
      std::free(scratch_->bytes);
      delete scratch_;
      scratch_ = next;
    }
  }

  struct Inline {
    Reply reply;
    alignas(16) unsigned char cells[kInline * sizeof(Cell)];
  };
  Inline inline_;
  Reply* reply_ = &inline_.reply;
  Reply* more_ = nullptr;
  Scratch* scratch_ = nullptr;
  uint32_t kwargc_;
  uint32_t argc_;
};

// A proxy of a Python object for the time of a call, in which it is `this`.
class Receiver {
 public:
  explicit Receiver(PyObject* object) {
    Cell out;
    JsVal proxy = imports::make_proxy(object, py_flags(object), kProxyKindPlain, &out);
    proxy_ = JsRef(checked(proxy, out));
  }
  ~Receiver() {
    Cell out;
    (void)imports::destroy_proxy(proxy_.get(), &out);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  JsVal get() const { return proxy_.get(); }

 private:
  JsRef proxy_;
};

PyObject* call_function(const JsFields& js, JsVal receiver, CallFrame& frame) {
  JsVal value =
      imports::call(slot_get(js.slot), receiver, frame.reply(), frame.argc(), frame.kwargc());
  return decode_result(value, frame.reply()->cell).release();
}

}  // namespace

PyObject* js_proxy_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf,
                              PyObject* kwnames) {
  JsFields& js = own_fields(self);
  if (js.signature != nullptr) [[unlikely]] {
    return bound_call(self, args, PyVectorcall_NARGS(nargsf), kwnames);
  }
  return py_entry([&] {
    CallFrame frame(args, PyVectorcall_NARGS(nargsf), kwnames);
    if (js.bound == nullptr) return call_function(js, js_null(), frame);
    if (find_slot(js.bound) != 0) [[likely]] {
      return call_function(js, js_value(js.bound), frame);
    }
    Receiver receiver(js.bound);
    return call_function(js, receiver.get(), frame);
  });
}

PyObject* js_proxy_construct(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                             PyObject* kwnames) {
  if (own_fields(self).signature != nullptr) [[unlikely]] {
    return bound_construct(self, args, nargs, kwnames);
  }
  return py_entry([&] {
    CallFrame frame(args, nargs, kwnames);
    JsVal value = imports::construct(own_value(self), frame.reply(), frame.argc(), frame.kwargc());
    return decode_result(value, frame.reply()->cell).release();
  });
}

}  // namespace krait
