"""What cpython/smoke runs: one line of each library that the prefix is made of, checked against a known answer."""

import bz2, ctypes, datetime, decimal, hashlib, json, lzma, math, sqlite3, sys, sysconfig, unicodedata, zlib, zoneinfo
import xml.etree.ElementTree as ElementTree

assert json.loads(json.dumps({"a": [1, 2.5, None]})) == {"a": [1, 2.5, None]}
data = b"krait " * 1000
for codec in (zlib, bz2, lzma):
    assert codec.decompress(codec.compress(data)) == data, codec
db = sqlite3.connect(":memory:")
assert db.execute("select json_extract('{\"x\": 7}', '$.x'), sqrt(16.0)").fetchone() == (7, 4.0)
db.execute("create virtual table words using fts5(w)")
assert str(decimal.Decimal(1) / 7) == "0.1428571428571428571428571429"
assert decimal.Decimal.__module__ == "decimal" and "_decimal" in sys.modules
assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442")
for name in ("md5", "sha1", "sha224", "sha384", "sha512", "sha3_256", "blake2b", "blake2s"):
    hashlib.new(name, b"x").hexdigest()
values = (ctypes.c_int * 4)(4, 2, 3, 1)
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
assert compare(lambda a, b: a[0] - b[0])(values, ctypes.pointer(ctypes.c_int(1))) == 3
assert ElementTree.fromstring("<a><b>x</b></a>").find("b").text == "x"
assert unicodedata.name("é") == "LATIN SMALL LETTER E WITH ACUTE"
assert zoneinfo.ZoneInfo and datetime.datetime(2025, 1, 1).weekday() == 2
assert math.isclose(math.gamma(5), 24)


def deep(n):
    return n and deep(n - 1)


try:
    deep(10**6)
except RecursionError:
    pass
else:
    raise AssertionError("no RecursionError")

assert sys.platform == "emscripten", sys.platform
print(sys.version, sysconfig.get_platform(), sysconfig.get_config_var("EXT_SUFFIX"), sys._emscripten_info)
print("smoke: ok")
