// getBuffer(): a Python buffer that JavaScript looks into without a copy.
//
// The buffer stays taken, and the object alive, until release_buffer(). What JavaScript must know
// of it lies in front of the Py_buffer as words (BufferInfo in contract.def).
#include "ffi/convert/buffer.h"

#include <cstdlib>
#include <cstring>
#include <memory>

#include "ffi/convert/to_js.h"
#include "ffi/handle/entry.h"

namespace krait {
namespace {

struct TakenBuffer {
  uint32_t info[kBufferInfoSize];
  Py_buffer view;
  int32_t dimensions[2 * PyBUF_MAX_NDIM];  // the shape, then the strides
};

uint32_t address_of(const void* pointer) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}

// Fills in shape and strides, which exporters may leave out, and the bytes that items lie in.
void describe(TakenBuffer& taken) {
  const Py_buffer& view = taken.view;
  int32_t* shape = taken.dimensions;
  int32_t* strides = taken.dimensions + view.ndim;
  Py_ssize_t stride = view.itemsize;
  Py_ssize_t low = 0;
  Py_ssize_t high = view.itemsize;
  for (int i = view.ndim - 1; i >= 0; i--) {
    Py_ssize_t length = length_of(view, i);
    shape[i] = static_cast<int32_t>(length);
    strides[i] = static_cast<int32_t>(view.strides == nullptr ? stride : view.strides[i]);
    stride *= length;
    (strides[i] < 0 ? low : high) += strides[i] * (length - 1);
  }
  if (view.len == 0) low = high = 0;
  const char* format = format_of(view);
  uint32_t* info = taken.info;
  info[kBufferInfoData] = address_of(static_cast<char*>(view.buf) + low);
  info[kBufferInfoExtent] = static_cast<uint32_t>(high - low);
  info[kBufferInfoStart] = static_cast<uint32_t>(-low);
  info[kBufferInfoBytes] = static_cast<uint32_t>(view.len);
  info[kBufferInfoItemsize] = static_cast<uint32_t>(view.itemsize);
  info[kBufferInfoNdim] = static_cast<uint32_t>(view.ndim);
  info[kBufferInfoShape] = address_of(shape);
  info[kBufferInfoStrides] = address_of(strides);
  info[kBufferInfoFormat] = address_of(format);
  info[kBufferInfoFormatLength] = static_cast<uint32_t>(std::strlen(format));
  info[kBufferInfoReadonly] = view.readonly != 0;
  info[kBufferInfoCContiguous] = PyBuffer_IsContiguous(&view, 'C') != 0;
  info[kBufferInfoFContiguous] = PyBuffer_IsContiguous(&view, 'F') != 0;
}

}  // namespace

extern "C" {

JsVal krait_get_buffer(PyObject* object, Cell* out) {
  return js_entry(out, [&] {
    auto taken = std::make_unique<TakenBuffer>();
    // No suboffsets: JavaScript could not follow the pointers. The exporter says so.
    checked(PyObject_GetBuffer(object, &taken->view, PyBUF_RECORDS_RO));
    describe(*taken);
    out->tag = kTagInt;
    out->i32 = static_cast<int32_t>(address_of(taken.release()));
    return js_null();
  });
}

void krait_release_buffer(void* info) {
  Attached attached;
  auto* taken = static_cast<TakenBuffer*>(info);
  PyObject* error = PyErr_GetRaisedException();  // an exporter may run Python code
  PyBuffer_Release(&taken->view);
  PyErr_SetRaisedException(error);
  delete taken;
}

}  // extern "C"

}  // namespace krait
