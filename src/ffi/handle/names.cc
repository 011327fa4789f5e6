// The table from interned Python strings to name numbers: open addressing on the address, doubled
// at 2/3 load.
#include "ffi/handle/names.h"

#include <cstdlib>

#include "ffi/handle/py_ref.h"
#include "ffi/wire/contract.gen.h"

namespace krait {
namespace {

struct Entry {
  PyObject* text;
  uint32_t name;
};

constexpr uint32_t kMostNames = 1u << 16;
Entry* entries = nullptr;
uint32_t mask = 0;
uint32_t count = 0;

uint32_t home(PyObject* text) { return (reinterpret_cast<uintptr_t>(text) >> 3) * 2654435761u; }

void insert(Entry entry) {
  uint32_t i = home(entry.text) & mask;
  while (entries[i].text != nullptr) i = (i + 1) & mask;
  entries[i] = entry;
}

bool grow() {
  uint32_t old_size = entries == nullptr ? 0 : mask + 1;
  uint32_t size = old_size == 0 ? 512 : old_size * 2;
  Entry* old = entries;
  auto* fresh = static_cast<Entry*>(std::calloc(size, sizeof(Entry)));
  if (fresh == nullptr) return false;
  entries = fresh;
  mask = size - 1;
  for (uint32_t i = 0; i < old_size; i++) {
    if (old[i].text != nullptr) insert(old[i]);
  }
  std::free(old);
  return true;
}

}  // namespace

uint32_t find_js_name(PyObject* name) {
  if (!PyUnicode_CheckExact(name) || !PyUnicode_CHECK_INTERNED(name)) return kNoName;
  if (entries != nullptr) {
    for (uint32_t i = home(name) & mask; entries[i].text != nullptr; i = (i + 1) & mask) {
      if (entries[i].text == name) return entries[i].name;
    }
  }
  if (count >= kMostNames) return kNoName;
  if ((entries == nullptr || count * 3 >= (mask + 1) * 2) && !grow()) return kNoName;
  uint32_t number = ++count;
  insert({Py_NewRef(name), number});
  uint32_t kind = PyUnicode_KIND(name);
  uint32_t tag = kind == 1 ? kTagStr1 : kind == 2 ? kTagStr2 : kTagStr4;
  imports::define_name(number, tag, PyUnicode_DATA(name),
                       static_cast<uint32_t>(PyUnicode_GET_LENGTH(name)));
  return number;
}

}  // namespace krait
