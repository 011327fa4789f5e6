// The tape: a nested value as flat words in linear memory, so that a deep conversion crosses the
// border once.
//
// A value is one word (opcode and operand, see TapeOp in contract.def), sometimes with words behind
// it; a container is followed by its items. Doubles lie in a pool of their own, aligned for
// JavaScript's Float64Array. All text lies in one blob without separators: JavaScript decodes it
// once and cuts it with substring(). The blob is Latin-1 until a wider character comes, then
// UTF-16. Keys of dicts are deduplicated by address. This file only writes words; what becomes
// which word is convert/deep_to_js.cc.
#pragma once

#include <Python.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "ffi/wire/contract.gen.h"

namespace krait {

// A growable array of plain values; the storage is taken as it is by JavaScript.
template <typename T>
class Pool {
 public:
  Pool() = default;
  ~Pool() { std::free(items_); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  T* extend(uint32_t count) {
    if (count > capacity_ - size_) grow(count);
    T* at = items_ + size_;
    size_ += count;
    return at;
  }
  void push(T item) { *extend(1) = item; }
  uint32_t size() const { return size_; }
  T* data() { return items_; }
  T& operator[](uint32_t i) { return items_[i]; }
  void clear() { size_ = 0; }

 private:
  void grow(uint32_t count) {
    uint64_t wanted = static_cast<uint64_t>(size_) + count;
    if (wanted < capacity_ * uint64_t{2}) wanted = capacity_ * uint64_t{2};
    if (wanted < 64) wanted = 64;
    if (wanted * sizeof(T) > 0x7FFFFFFF) throw std::bad_alloc();
    auto* bigger = static_cast<T*>(std::realloc(items_, wanted * sizeof(T)));
    if (bigger == nullptr) throw std::bad_alloc();
    items_ = bigger;
    capacity_ = static_cast<uint32_t>(wanted);
  }

  T* items_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
};

// From addresses to small numbers: open addressing, doubled at half load.
class AddressMap {
 public:
  AddressMap() = default;
  ~AddressMap() { std::free(entries_); }
  AddressMap(const AddressMap&) = delete;
  AddressMap& operator=(const AddressMap&) = delete;

  // The number stored for the address; if there is none, stores `fresh` and answers -1.
  int64_t find_or_insert(const void* address, uint32_t fresh) {
    if (count_ * 2 >= size_) grow();
    uint32_t i = home(address);
    for (; entries_[i].address != nullptr; i = (i + 1) & (size_ - 1)) {
      if (entries_[i].address == address) return entries_[i].number;
    }
    entries_[i] = {address, fresh};
    count_++;
    return -1;
  }

 private:
  struct Entry {
    const void* address;
    uint32_t number;
  };
  uint32_t home(const void* address) const {
    return ((reinterpret_cast<uintptr_t>(address) >> 3) * 2654435761u) & (size_ - 1);
  }
  void grow() {
    Entry* old = entries_;
    uint32_t old_size = size_;
    size_ = old_size == 0 ? 64 : old_size * 2;
    entries_ = static_cast<Entry*>(std::calloc(size_, sizeof(Entry)));
    if (entries_ == nullptr) {
      entries_ = old;
      size_ = old_size;
      throw std::bad_alloc();
    }
    for (uint32_t n = 0; n < old_size; n++) {
      if (old[n].address == nullptr) continue;
      uint32_t i = home(old[n].address);
      while (entries_[i].address != nullptr) i = (i + 1) & (size_ - 1);
      entries_[i] = old[n];
    }
    std::free(old);
  }

  Entry* entries_ = nullptr;
  uint32_t size_ = 0;
  uint32_t count_ = 0;
};

class Tape {
 public:
  void op(TapeOp code, uint32_t operand) { words.push(code | operand << 4); }
  void word(uint32_t value) { words.push(value); }

  void integer(int32_t value) {
    if (value >= -(1 << 27) && value < (1 << 27)) {
      op(kTapeOpSmall, static_cast<uint32_t>(value));
    } else {
      number(value);
    }
  }
  void number(double value) {
    op(kTapeOpDouble, doubles.size());
    doubles.push(value);
  }
  // Appends a str to the blob and answers its length in UTF-16 units.
  uint32_t append_text(PyObject* text);

  // The blob as a cell of text.
  Cell blob_cell();

  Pool<uint32_t> words;
  Pool<double> doubles;

 private:
  void widen();

  Pool<uint8_t> narrow_;
  Pool<char16_t> wide_;
  bool is_wide_ = false;
  bool is_ascii_ = true;
};

}  // namespace krait
