// The methods of JsBuffer: bytes between JavaScript's buffers and Python's, and to and from files.
//
// Each copies the bytes once over the border; regular files of Python's io are filled and read by
// JavaScript, where their bytes are, so that there is no other copy. Sizes are compared in bytes;
// items keep their bytes, whatever the types of the two buffers call them.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include "ffi/convert/deep.h"
#include "ffi/convert/to_js.h"
#include "ffi/js_proxy/js_proxy.h"

namespace krait {
namespace {

// A Python buffer of any layout. `bytes` are its bytes in C order: its own, or room for them.
class Bytes {
 public:
  Bytes(PyObject* object, int flags) {
    checked(PyObject_GetBuffer(object, &view_, flags));
    bytes_ = view_.buf;
    if (PyBuffer_IsContiguous(&view_, 'C')) return;
    bytes_ = scratch_ = std::malloc(static_cast<size_t>(view_.len) + 1);
    if (scratch_ == nullptr) {
      PyBuffer_Release(&view_);
      throw std::bad_alloc();
    }
  }
  ~Bytes() {
    std::free(scratch_);
    PyBuffer_Release(&view_);
  }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  void* bytes() const { return bytes_; }
  Py_ssize_t size() const { return view_.len; }
  void gather() {
    if (scratch_) checked(PyBuffer_ToContiguous(scratch_, &view_, view_.len, 'C'));
  }
  void scatter() {
    if (scratch_) checked(PyBuffer_FromContiguous(&view_, scratch_, view_.len, 'C'));
  }

 private:
  Py_buffer view_;
  void* bytes_;
  void* scratch_ = nullptr;
};

Py_ssize_t size_of(PyObject* self) {
  PyRef size = describe_js(js_value(self), kDescribeBufferSize);
  Py_ssize_t length = PyLong_AsSsize_t(size.get());
  if (length < 0) throw PyError{};
  return length;
}

void transfer(PyObject* self, void* bytes, Py_ssize_t size, uint32_t direction) {
  Reply out;
  checked(
      imports::buffer_bytes(js_value(self), bytes, static_cast<uint32_t>(size), direction, &out),
      out.cell);
}

PyRef bytes_of(PyObject* self) {
  Py_ssize_t size = size_of(self);
  PyRef bytes = PyRef::steal(PyBytes_FromStringAndSize(nullptr, size));
  transfer(self, PyBytes_AS_STRING(bytes.get()), size, kBufferBytesAllToPython);
  return bytes;
}

PyObject* assign(PyObject* self, PyObject* source) {
  return py_entry([&] {
    Bytes from(source, PyBUF_FULL_RO);
    Py_ssize_t size = size_of(self);
    if (from.size() != size) {
      raise(PyExc_ValueError,
            "cannot assign a %.200s of %zd bytes to a JavaScript buffer of %zd bytes: expected "
            "the same size",
            Py_TYPE(source)->tp_name, from.size(), size);
    }
    from.gather();
    transfer(self, from.bytes(), size, kBufferBytesAllFromPython);
    return Py_NewRef(Py_None);
  });
}

PyObject* assign_to(PyObject* self, PyObject* target) {
  return py_entry([&] {
    Bytes to(target, PyBUF_FULL);
    Py_ssize_t size = size_of(self);
    if (to.size() != size) {
      raise(PyExc_ValueError,
            "cannot assign a JavaScript buffer of %zd bytes to a %.200s of %zd bytes: expected "
            "the same size",
            size, Py_TYPE(target)->tp_name, to.size());
    }
    transfer(self, to.bytes(), size, kBufferBytesAllToPython);
    to.scatter();
    return Py_NewRef(Py_None);
  });
}

PyObject* to_bytes(PyObject* self, PyObject*) {
  return py_entry([&] { return bytes_of(self).release(); });
}

PyObject* to_memoryview(PyObject* self, PyObject*) {
  return py_entry([&] { return deep_to_py(js_value(self), self, -1, nullptr).release(); });
}

PyObject* to_string(PyObject* self, PyObject* args, PyObject* kwargs) {
  static const char* names[] = {"encoding", nullptr};
  PyObject* encoding = Py_None;
  if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|O:to_string", const_cast<char**>(names),
                                   &encoding)) {
    return nullptr;
  }
  return py_entry([&] {
    if (encoding != Py_None && !PyUnicode_Check(encoding)) {
      raise(PyExc_TypeError, "to_string: encoding is %R, expected a str or None", encoding);
    }
    Reply out;
    ArgumentCell name(encoding);
    out.cell = *name.get();
    JsVal text = imports::buffer_text(js_value(self), &out);
    if (out.cell.tag == kTagAbsent) {
      raise(PyExc_ValueError, "the JavaScript buffer of %zd bytes is no valid %.100s text",
            size_of(self), encoding == Py_None ? "utf8" : PyUnicode_AsUTF8(encoding));
    }
    return decode_result(checked(text, out.cell), out.cell).release();
  });
}

// The layer of a file that takes bytes: a text file's buffer.
PyRef binary_layer(PyObject* file) {
  PyObject* found = nullptr;
  if (PyObject_HasAttrString(file, "encoding") != 0) {
    checked(PyObject_GetOptionalAttrString(file, "buffer", &found));
  }
  return found == nullptr ? PyRef::borrow(file) : PyRef::steal(found);
}

bool is_type(PyObject* object, const char* name) {
  return std::strcmp(Py_TYPE(object)->tp_name, name) == 0;
}

// The descriptor of a binary file of the io module itself that is open for what `able` asks; -1 of
// all others, whose methods do as they like.
int descriptor_of(PyObject* layer, const char* able) {
  PyRef raw = PyRef::borrow(layer);
  if (is_type(layer, "_io.BufferedReader") || is_type(layer, "_io.BufferedWriter") ||
      is_type(layer, "_io.BufferedRandom")) {
    raw = PyRef::steal(PyObject_GetAttrString(layer, "raw"));
  }
  if (!is_type(raw.get(), "_io.FileIO")) return -1;
  PyRef answer = PyRef::steal(PyObject_CallMethod(layer, able, nullptr));
  if (answer.get() != Py_True) return -1;
  PyRef descriptor = PyRef::steal(PyObject_CallMethod(raw.get(), "fileno", nullptr));
  int number = static_cast<int>(PyLong_AsLong(descriptor.get()));
  if (number == -1 && PyErr_Occurred()) throw PyError{};
  return number;
}

// Lets JavaScript copy between the buffer and the file. How many bytes; -1 if it cannot.
int32_t copy_file(PyObject* self, int descriptor, uint32_t direction, double position) {
  Reply out;
  out.cell.tag = kTagDouble;
  out.cell.f64 = position;
  checked(imports::file_bytes(js_value(self), descriptor, direction, &out), out.cell);
  if (out.cell.tag == kTagAbsent) return -1;
  if (out.cell.i32 < 0) {
    errno = -out.cell.i32;
    PyErr_SetFromErrno(PyExc_OSError);
    throw PyError{};
  }
  return out.cell.i32;
}

bool write_directly(PyObject* self, PyObject* layer, uint32_t direction) {
  int descriptor = descriptor_of(layer, "writable");
  if (descriptor < 0) return false;
  PyRef::steal(PyObject_CallMethod(layer, "flush", nullptr));
  if (copy_file(self, descriptor, direction, 0) < 0) return false;
  PyRef::steal(PyObject_CallMethod(layer, "tell", nullptr));  // a buffered file looks again
  return true;
}

bool read_directly(PyObject* self, PyObject* layer) {
  int descriptor = descriptor_of(layer, "readable");
  if (descriptor < 0) return false;
  PyRef seekable = PyRef::steal(PyObject_CallMethod(layer, "seekable", nullptr));
  if (seekable.get() != Py_True) return false;
  PyRef::steal(PyObject_CallMethod(layer, "flush", nullptr));
  PyRef position = PyRef::steal(PyObject_CallMethod(layer, "tell", nullptr));
  double from = PyLong_AsDouble(position.get());
  if (PyErr_Occurred()) throw PyError{};
  int32_t count = copy_file(self, descriptor, kFileBytesRead, from);
  if (count < 0) return false;
  PyRef::steal(PyObject_CallMethod(layer, "seek", "L", static_cast<long long>(from) + count));
  return true;
}

PyObject* write_file(PyObject* self, PyObject* file, uint32_t direction) {
  return py_entry([&] {
    PyRef layer = binary_layer(file);
    if (layer.get() != file) PyRef::steal(PyObject_CallMethod(file, "flush", nullptr));
    if (write_directly(self, layer.get(), direction)) return Py_NewRef(Py_None);
    PyRef bytes = bytes_of(self);
    PyRef rest = PyRef::steal(PyMemoryView_FromObject(bytes.get()));
    for (Py_ssize_t left = PyBytes_GET_SIZE(bytes.get()); left > 0;) {
      // A raw file may take a part.
      PyRef count = PyRef::steal(PyObject_CallMethod(layer.get(), "write", "O", rest.get()));
      Py_ssize_t written = count.get() == Py_None ? 0 : PyLong_AsSsize_t(count.get());
      if (PyErr_Occurred()) throw PyError{};
      if (written <= 0 || written > left) {
        raise(PyExc_OSError, "to_file: write() of %R took %zd of %zd bytes", file, written, left);
      }
      left -= written;
      if (left > 0) rest = PyRef::steal(PySequence_GetSlice(rest.get(), written, written + left));
    }
    return Py_NewRef(Py_None);
  });
}

PyObject* to_file(PyObject* self, PyObject* file) {
  return write_file(self, file, kFileBytesWrite);
}

PyObject* into_file(PyObject* self, PyObject* file) {
  return write_file(self, file, kFileBytesGive);
}

PyObject* from_file(PyObject* self, PyObject* file) {
  return py_entry([&] {
    PyRef layer = binary_layer(file);
    if (read_directly(self, layer.get())) return Py_NewRef(Py_None);
    Py_ssize_t size = size_of(self);
    PyRef bytes = PyRef::steal(PyByteArray_FromStringAndSize(nullptr, size));
    PyRef count = PyRef::steal(PyObject_CallMethod(layer.get(), "readinto", "O", bytes.get()));
    Py_ssize_t read = count.get() == Py_None ? 0 : PyLong_AsSsize_t(count.get());
    if (PyErr_Occurred()) throw PyError{};
    if (read < 0 || read > PyByteArray_GET_SIZE(bytes.get())) {
      raise(PyExc_OSError, "from_file: readinto() of %R gave %zd bytes, expected at most %zd", file,
            read, size);
    }
    transfer(self, PyByteArray_AS_STRING(bytes.get()), read, kBufferBytesStartFromPython);
    return Py_NewRef(Py_None);
  });
}

}  // namespace

PyMethodDef js_buffer_methods[] = {
    {"assign", assign, METH_O,
     "assign(buffer, /)\n--\n\n"
     "Copies the bytes of a Python buffer, which must be as many, into the JavaScript buffer."},
    {"assign_to", assign_to, METH_O,
     "assign_to(buffer, /)\n--\n\n"
     "Copies the bytes of the JavaScript buffer into a writable Python buffer of that size."},
    {"to_bytes", to_bytes, METH_NOARGS,
     "to_bytes($self, /)\n--\n\nA copy of the buffer's bytes, as bytes."},
    {"to_memoryview", to_memoryview, METH_NOARGS,
     "to_memoryview($self, /)\n--\n\n"
     "A copy of the buffer, as a memoryview with items of the array's type."},
    {"to_string", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(to_string)),
     METH_VARARGS | METH_KEYWORDS,
     "to_string($self, /, encoding=None)\n--\n\n"
     "The text that the bytes are in an encoding that JavaScript's TextDecoder knows; UTF-8\n"
     "when it is None. ValueError when they are no such text."},
    {"to_file", to_file, METH_O,
     "to_file(file, /)\n--\n\nWrites all bytes of the buffer to a file, at its position."},
    {"from_file", from_file, METH_O,
     "from_file(file, /)\n--\n\n"
     "Reads a chunk of at most the buffer's size from a file into the start of the buffer."},
    {"_into_file", into_file, METH_O,
     "_into_file(file, /)\n--\n\n"
     "As to_file(), but the file may keep the buffer itself, which must not be used afterwards."},
    {},
};

}  // namespace krait
