// The same could be had from compile() with PyCF_ONLY_AST, but that makes Python objects of the
// whole tree and reads them back, which takes longer than parsing does. Hence CPython's
// internal headers.
#include "runtime/compile_text.h"

#define Py_BUILD_CORE 1
extern "C" {
#include <internal/pycore_ast.h>
#include <internal/pycore_parser.h>
#include <internal/pycore_pyarena.h>
// From pycore_compile.h, which C++ cannot read.
PyCodeObject* _PyAST_Compile(struct _mod* mod, PyObject* filename, PyCompilerFlags* flags,
                             int optimize, struct _arena* arena);
}

#include <cstring>
#include <memory>

namespace krait {
namespace {

using Arena = std::unique_ptr<PyArena, decltype(&_PyArena_Free)>;

// The flags of `from __future__ import ...` among those of a code object: the trailing expression
// is compiled on its own and must see the future statements of the text it was cut from.
int future_flags(PyObject* code) {
  return reinterpret_cast<PyCodeObject*>(code)->co_flags & PyCF_MASK;
}

PyRef compile_tree(mod_ty tree, PyObject* filename, int flags, int optimize, PyArena* arena) {
  PyCompilerFlags compiler_flags = {flags, PY_MINOR_VERSION};
  return PyRef::steal(reinterpret_cast<PyObject*>(
      _PyAST_Compile(tree, filename, &compiler_flags, optimize, arena)));
}

}  // namespace

CompiledText compile_text(PyObject* source, PyObject* filename, int flags, int optimize) {
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(source, &size);
  if (text == nullptr) throw PyError{};
  if (std::strlen(text) != static_cast<size_t>(size)) {
    PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
    throw PyError{};
  }
  checked(PySys_Audit("compile", "OO", source, filename));
  Arena arena(_PyArena_New(), &_PyArena_Free);
  if (!arena) throw PyError{};
  flags |= PyCF_IGNORE_COOKIE | PyCF_SOURCE_IS_UTF8;
  PyCompilerFlags parser_flags = {flags, PY_MINOR_VERSION};
  mod_ty tree = _PyParser_ASTFromString(text, filename, Py_file_input, &parser_flags, arena.get());
  if (tree == nullptr) throw PyError{};

  CompiledText result;
  asdl_stmt_seq* body = tree->v.Module.body;
  stmt_ty last = asdl_seq_LEN(body) == 0 ? nullptr : asdl_seq_GET(body, asdl_seq_LEN(body) - 1);
  bool has_value = last != nullptr && last->kind == Expr_kind;
  if (has_value) body->size--;
  if (!has_value || body->size > 0) {
    result.body = compile_tree(tree, filename, flags, optimize, arena.get());
    flags |= future_flags(result.body.get());
  }
  if (has_value) {
    mod_ty value = _PyAST_Expression(last->v.Expr.value, arena.get());
    if (value == nullptr) throw PyError{};
    result.value = compile_tree(value, filename, flags, optimize, arena.get());
  }
  return result;
}

}  // namespace krait
