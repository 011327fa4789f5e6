"""The demo's work: reads tables of countries, regions, time zones, languages and Unicode characters, joins them in
SQLite, and sums them up.

Guarantees: touches nothing but the standard library and the folder it is given, so it runs in any Python:
`python3 demo/analysis.py FOLDER` prints the same result. `progress(stage, done, total)` is called between pieces of
work; in the demo it is a JavaScript function.
"""

import csv
import json
import re
import sqlite3
import statistics
from collections import Counter, defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

FILES = ["iso_3166-1.json", "iso_3166-2.json", "iso_639-3.json", "zone.tab", "UnicodeData.txt"]

# ISO 6709: +DDMM+DDDMM or +DDMMSS+DDDMMSS
COORDINATES = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?([+-])(\d{3})(\d\d)(\d\d)?")
HUNDREDTH = Decimal("0.01")
LANGUAGE_TYPES = {"A": "ancient", "C": "constructed", "E": "extinct", "H": "historical", "L": "living", "S": "special"}


def read_json(folder, name):
    with open(folder / name, encoding="utf-8") as file:
        (records,) = json.load(file).values()
    return records


def read_table(folder, name, delimiter):
    with open(folder / name, encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        yield from csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def degrees(sign, whole, minutes, seconds):
    """Exact decimal degrees: binary floats would round already here."""
    value = Decimal(whole) + Decimal(minutes) / 60 + Decimal(seconds or 0) / 3600
    return -value if sign == "-" else value


def latitude_of(text):
    found = COORDINATES.fullmatch(text)
    if not found:
        raise ValueError(f"coordinates {text!r}: expected +DDMM+DDDMM or +DDMMSS+DDDMMSS")
    return degrees(*found.group(1, 2, 3, 4))


def load(database, folder, progress):
    """Fills the tables country, subdivision, zone, letter and use (of a letter in a region's name)."""
    database.executescript("""
        create table country (code text primary key, name text not null);
        create table subdivision (code text primary key, country text not null references country, name text not null);
        create table zone (country text not null references country, name text not null, area text not null);
        create table letter (code integer primary key, name text not null, category text not null);
        create table use (letter integer not null references letter, country text not null, times integer not null);
    """)
    countries = read_json(folder, "iso_3166-1.json")
    database.executemany("insert into country values (?, ?)",
                         ((c["alpha_2"], c.get("common_name", c["name"])) for c in countries))
    progress("countries", 1, 5)

    subdivisions = read_json(folder, "iso_3166-2.json")
    database.executemany("insert into subdivision values (?, ?, ?)",
                         ((s["code"], s["code"].partition("-")[0], s["name"]) for s in subdivisions))
    progress("regions", 2, 5)

    latitudes = defaultdict(list)
    for country, coordinates, name, *_ in read_table(folder, "zone.tab", "\t"):
        area = name.partition("/")[0]
        latitudes[area].append(latitude_of(coordinates))
        database.execute("insert into zone values (?, ?, ?)", (country, name, area))
    progress("time zones", 3, 5)

    database.executemany("insert into letter values (?, ?, ?)",
                         ((int(row[0], 16), row[1], row[2]) for row in read_table(folder, "UnicodeData.txt", ";")))
    progress("characters", 4, 5)

    uses = defaultdict(Counter)
    for country, name in database.execute("select country, name from subdivision"):
        uses[country].update(c for c in name if not c.isascii())
    database.executemany("insert into use values (?, ?, ?)",
                         ((ord(c), country, times) for country, counts in uses.items() for c, times in counts.items()))
    progress("letters in names", 5, 5)
    return latitudes


def areas(database, latitudes):
    """One record for each area of the time zone names (Africa, Europe, ...); a country counts where most of its zones are."""
    database.execute("""
        create temp table home as select country, area from (
            select country, area, row_number() over (partition by country order by count(*) desc, min(rowid)) as place
            from zone group by country, area)
        where place = 1
    """)
    rows = database.execute("""
        select home.area, country.name, count(distinct subdivision.code),
               (select coalesce(sum(times), 0) from use where use.country = home.country)
        from home join country on country.code = home.country left join subdivision on subdivision.country = home.country
        group by home.country order by home.area, country.name
    """).fetchall()
    grouped = defaultdict(list)
    for area, *rest in rows:
        grouped[area].append(rest)
    zones = dict(database.execute("select area, count(distinct name) from zone group by area"))
    out = []
    for area, members in grouped.items():
        counts = [subdivisions for _, subdivisions, _ in members]
        mean = sum(latitudes[area]) / len(latitudes[area])
        most = sorted(members, key=lambda member: (-member[1], member[0]))[:3]
        out.append({
            "area": area,
            "countries": len(members),
            "zones": zones[area],
            "subdivisions": sum(counts),
            "median_subdivisions": statistics.median(counts),
            "deviation": round(statistics.pstdev(counts), 1),
            "mean_latitude": str(mean.quantize(HUNDREDTH, ROUND_HALF_EVEN)),
            "marked_letters": sum(letters for _, _, letters in members),
            "most": [{"country": name, "subdivisions": count} for name, count, _ in most],
        })
    return sorted(out, key=lambda record: -record["subdivisions"])


def letters(database, limit):
    rows = database.execute("""
        select letter.code, letter.name, sum(use.times) as total, count(*), json_group_array(distinct country.name)
        from use join letter on letter.code = use.letter join country on country.code = use.country
        where letter.category in ('Ll', 'Lu', 'Lo', 'Lm')
        group by letter.code order by total desc, letter.code limit ?
    """, (limit,))
    return [{"letter": chr(code), "name": name.capitalize(), "times": total, "countries": count,
             "examples": sorted(json.loads(names))[:3]} for code, name, total, count, names in rows]


def languages(folder):
    records = read_json(folder, "iso_639-3.json")
    lengths = [len(record["name"]) for record in records]
    kinds = Counter(LANGUAGE_TYPES.get(record["type"], record["type"]) for record in records)
    return {
        "total": len(records),
        "kinds": dict(kinds.most_common()),
        "name_length": {"mean": round(statistics.fmean(lengths), 2), "quartiles": statistics.quantiles(lengths, n=4)},
        "longest": max(records, key=lambda record: len(record["name"]))["name"],
    }


def analyse(folder, progress):
    folder = Path(folder)
    database = sqlite3.connect(":memory:")
    try:
        latitudes = load(database, folder, progress)
        count = {table: database.execute(f"select count(*) from {table}").fetchone()[0]
                 for table in ("country", "subdivision", "zone", "letter", "use")}
        # A join must not lose rows silently: these are the ones that found no partner.
        unmatched = {
            "subdivisions": database.execute(
                "select count(*) from subdivision left join country on country.code = country where country.code is null"
            ).fetchone()[0],
            "zones": database.execute(
                "select count(*) from zone left join country on country.code = country where country.code is null"
            ).fetchone()[0],
            "letters": database.execute(
                "select count(*) from use left join letter on letter.code = use.letter where letter.code is null"
            ).fetchone()[0],
        }
        return {"counts": count, "unmatched": unmatched, "areas": areas(database, latitudes),
                "letters": letters(database, 10), "languages": languages(folder)}
    finally:
        database.close()


if __name__ == "__main__":
    import sys
    print(json.dumps(analyse(sys.argv[1], lambda *_: None), indent=1, ensure_ascii=False))
