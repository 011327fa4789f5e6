"""Building text: join, f-strings, format, replace, split, slices, upper and lower, some of it not ASCII."""


def run(n=6000):
    parts = []
    text = ""
    for i in range(n):
        parts.append(f"{i:05d}:{i * 0.5:.2f}:{'even' if i % 2 == 0 else 'odd'!s:>6}")
        text += "%d-%s;" % (i, hex(i))
        if len(text) > 4000:
            text = text[-100:]
        parts.append("{0}|{name}".format(i, name="größe"[i % 5:]))
    joined = ",".join(parts)
    words = joined.replace("odd", "uneven").split(",")
    count = sum(1 for w in words if w.startswith("00") or w.endswith("e"))
    title = " ".join(w.strip().upper().title() for w in words[:2000])
    back = title[::-1].lower()
    return len(joined), count, len(title), back[:12], text[-12:], joined.find("05999"), back.encode().count(b"\xc3")
