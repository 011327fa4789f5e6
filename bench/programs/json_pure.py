"""A JSON parser and writer in plain Python: character tests, slices, recursion, string methods."""

SPACE = " \t\r\n"
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
QUOTED = {value: "\\" + key for key, value in ESCAPES.items() if key != "/"}
NUMBER = frozenset("+-.eE0123456789")


class Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def peek(self):
        text, at = self.text, self.at
        while text[at] in SPACE:
            at += 1
        self.at = at
        return text[at]

    def value(self):
        c = self.peek()
        if c == "{":
            return self.object()
        if c == "[":
            return self.array()
        if c == '"':
            return self.string()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return self.number()

    def object(self):
        out = {}
        self.at += 1
        while self.peek() != "}":
            key = self.string()
            if self.peek() != ":":
                raise ValueError(f"expected ':' at {self.at}")
            self.at += 1
            out[key] = self.value()
            if self.peek() == ",":
                self.at += 1
        self.at += 1
        return out

    def array(self):
        out = []
        self.at += 1
        while self.peek() != "]":
            out.append(self.value())
            if self.peek() == ",":
                self.at += 1
        self.at += 1
        return out

    def string(self):
        self.peek()
        text = self.text
        at = start = self.at + 1
        parts = []
        while (c := text[at]) != '"':
            if c == "\\":
                parts.append(text[start:at])
                c = text[at + 1]
                if c == "u":
                    parts.append(chr(int(text[at + 2:at + 6], 16)))
                    at += 6
                else:
                    parts.append(ESCAPES[c])
                    at += 2
                start = at
            else:
                at += 1
        parts.append(text[start:at])
        self.at = at + 1
        return "".join(parts)

    def number(self):
        text = self.text
        at = start = self.at
        while at < len(text) and text[at] in NUMBER:
            at += 1
        self.at = at
        word = text[start:at]
        return float(word) if "." in word or "e" in word or "E" in word else int(word)


def write(value, out):
    if value is None:
        out.append("null")
    elif value is True:
        out.append("true")
    elif value is False:
        out.append("false")
    elif isinstance(value, str):
        out.append('"' + "".join([QUOTED.get(c, c) for c in value]) + '"')
    elif isinstance(value, (int, float)):
        out.append(repr(value))
    elif isinstance(value, dict):
        mark = "{"
        for key, item in value.items():
            out.append(mark)
            write(key, out)
            out.append(":")
            write(item, out)
            mark = ","
        out.append("}" if value else "{}")
    else:
        mark = "["
        for item in value:
            out.append(mark)
            write(item, out)
            mark = ","
        out.append("]" if value else "[]")


def run(n=250):
    document = [{"id": i, "name": f"item {i}", "price": i * 1.25, "tags": ["a", 'b"c"', "gr\u00f6\u00dfe"], "ok": i % 2 == 0,
                 "none": None, "nested": {"x": [i, -i, [i]], "y": {}}} for i in range(n)]
    out = []
    write(document, out)
    text = "".join(out)
    parsed = Parser(text + " ").value()
    if parsed != document:
        raise AssertionError("the parser did not give back what was written")
    return len(text), sum(ord(c) for c in text) % 65521
