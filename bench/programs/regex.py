"""Regular expressions over a made-up log: match, groups, findall, sub with a function, split."""
import re

LINE = re.compile(r"^(?P<ip>\d{1,3}(?:\.\d{1,3}){3}) - (\w+) \[([^\]]+)\] \"(GET|POST) ([^ \"]+)\" (\d{3}) (\d+)$")
WORD = re.compile(r"\b[a-z]+(?:_[a-z]+)*\b", re.IGNORECASE)
PAIR = re.compile(r"(\w+)=(\d+)")
SPLIT = re.compile(r"\s*[;,]\s*")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def log(n):
    for i in range(n):
        yield (f'10.{i % 7}.{i % 256}.{i * 3 % 256} - user{i % 23} [2026-01-{i % 28 + 1:02d}] '
               f'"{"GET" if i % 3 else "POST"} /page/{i % 40}?a={i}&bc={i * 2}" {200 + i % 5 * 100} {i * 17}')


def run(n=2500):
    size = pages = 0
    for line in log(n):
        found = LINE.match(line)
        size += int(found[7])
        pages += len(PAIR.findall(found[5]))
    prose = "The quick_brown fox; jumps over, the lazy dog. Write to fox.brown+den@wood.example.org soon. " * 60
    words = len(WORD.findall(prose))
    swapped = WORD.sub(lambda m: m[0].capitalize() if len(m[0]) > 3 else m[0], prose)
    return size, pages, words, swapped[:20], len(SPLIT.split(prose)), len(EMAIL.findall(prose))
