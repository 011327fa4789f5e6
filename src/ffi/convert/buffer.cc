// Python buffers as the tape takes them (see buffer.h).
#include "ffi/convert/buffer.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "ffi/convert/deep.h"

namespace krait {
namespace {

// Bytes of an item; 0 when JavaScript has no array for the format.
Py_ssize_t size_of(char format) {
  switch (format) {
    case 'b':
    case 'B':
    case 'c':
    case '?':
    case 's':
      return 1;
    case 'h':
    case 'H':
      return 2;
    case 'i':
    case 'I':
    case 'l':
    case 'L':
    case 'n':
    case 'N':
    case 'P':
    case 'f':
      return 4;
    case 'q':
    case 'Q':
    case 'd':
      return 8;
    default:
      return 0;
  }
}

void swap_items(void* bytes, Py_ssize_t length, Py_ssize_t size) {
  auto* at = static_cast<char*>(bytes);
  for (char* end = at + length; at != end; at += size) {
    for (Py_ssize_t i = 0; i < size / 2; i++) std::swap(at[i], at[size - 1 - i]);
  }
}

void pack(PackedBuffer& buffer, PyObject* object) {
  const Py_buffer& view = buffer.view;
  const char* format = format_of(view);
  bool big = *format == '>' || *format == '!';
  const char* item = std::strchr("@=<>!", *format) && *format != 0 ? format + 1 : format;
  Py_ssize_t size = std::strlen(item) == 1 ? size_of(*item) : 0;
  if (size == 0 || size != view.itemsize) {
    raise(conversion_error,
          "No typed array holds the items of %.200s: their format is '%.200s' with %zd bytes, "
          "expected one of the characters ?cbBhHiIlLqQnNPfds",
          Py_TYPE(object)->tp_name, format, view.itemsize);
  }
  buffer.format = *item;
  buffer.bytes = view.buf;
  bool swapped = big && size > 1;
  if ((PyBuffer_IsContiguous(&view, 'C') && !swapped) || view.len == 0) return;
  buffer.gathered = std::malloc(static_cast<size_t>(view.len));
  if (buffer.gathered == nullptr) throw std::bad_alloc();
  checked(PyBuffer_ToContiguous(buffer.gathered, &view, view.len, 'C'));
  if (swapped) swap_items(buffer.gathered, view.len, size);
  buffer.bytes = buffer.gathered;
}

}  // namespace

PackedBuffers::~PackedBuffers() {
  for (uint32_t i = 0; i < buffers_.size(); i++) {
    PyBuffer_Release(&buffers_[i]->view);
    std::free(buffers_[i]->gathered);
    delete buffers_[i];
  }
}

bool PackedBuffers::take(PyObject* object) {
  auto* buffer = new PackedBuffer;
  if (PyObject_GetBuffer(object, &buffer->view, PyBUF_FULL_RO) < 0) {
    delete buffer;
    PyErr_Clear();
    return false;
  }
  buffers_.push(buffer);
  pack(*buffer, object);
  return true;
}

}  // namespace krait
