// Python buffers of any shape, made ready to be copied to JavaScript: in C order, little-endian.
//
// A buffer that is so already is read where it lies; others (strided, Fortran order, suboffsets,
// big-endian) are gathered into memory of our own first.
#pragma once

#include <Python.h>

#include "ffi/wire/tape.h"

namespace krait {

// What exporters may leave out.
inline const char* format_of(const Py_buffer& view) {
  return view.format == nullptr ? "B" : view.format;
}
inline Py_ssize_t length_of(const Py_buffer& view, int dimension) {
  return view.shape == nullptr ? view.len / view.itemsize : view.shape[dimension];
}

struct PackedBuffer {
  Py_buffer view;
  void* bytes = nullptr;     // view.buf, or `gathered`
  void* gathered = nullptr;  // owned
  char format = 'B';         // the struct character that says what an item is
};

// Buffers that stay taken until the conversion is over.
class PackedBuffers {
 public:
  PackedBuffers() = default;
  ~PackedBuffers();
  PackedBuffers(const PackedBuffers&) = delete;
  PackedBuffers& operator=(const PackedBuffers&) = delete;

  // False when the object does not give a buffer. Raises ConversionError when JavaScript has no
  // items of the buffer's format.
  bool take(PyObject* object);
  const PackedBuffer& last() { return *buffers_[buffers_.size() - 1]; }

 private:
  Pool<PackedBuffer*> buffers_;
};

}  // namespace krait
