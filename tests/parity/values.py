"""Columns and their values: NULLs, ties, extremes, NaN, infinities, -0, empty strings, UTF-8.

A value is the text that PostgreSQL's input function reads, or None. Each column has a habit, so that
what a sum or a choice among equal values needs of it (expressions.py) is known of the whole column.
"""
import datetime
import re

from kinds import NUMBERS, WHOLE, element_of, is_array

TEXTS = ["", "a", "A", "b", "ab", "B", "zz", " a", "a ", "é", "日本", "😀", "ß", "it's", 'say "x"',
         "x,y",
         "\\N", "\\.x", "NULL", "10", "-7", "3.5", " 42 ", "1e3", "t", "false", "on", "ze\u0301",
         "2020-03-01T00:00:00Z", "1 day", "-01:30:00", "nan", "%s", "a\tb"]
# Texts that casts can read, most of them.
TEXTS_READ = {
    "numbers": ["0", "1", "-2", " 7 ", "10", "42", "-3", "3.25", "-0.5", "99999999999", "1e2", "+6"],
    "times": ["2020-03-01T00:00:00Z", "2020-02-29 12:30:00.25+00", "2020-02-29", "infinity",
              " 2020-03-02 01:00 ", "2019-12-31 23:59:59.999999-08", "2020-13-01", "20200301T040506Z",
              "0044-03-15 00:00:00+00 BC"],
    "spans": ["1 day", "-01:30:00", "2 hours 5 minutes", "P1DT2H", "1.5 days", "3 mons", "@ 1 minute",
              "90 sec", "1-2", "1 week ago", "00:00:00.0000005", "x"],
    "truths": ["t", "f", "true", "no", "on", "0", "1", "YES", " off ", "tr", "maybe"],
    "uuids": ["123e4567-e89b-12d3-a456-426614174000", "{123E4567E89B12D3A456426614174000}",
              "00000000-0000-0000-0000-000000000000", "ffffffffffffffffffffffffffffffff", "123e4567", "g"],
    "bytes": ["\\x00ff", "\\x", "", "abc", "a\\\\b", "\\001z", "\\xFg", "\\x 61 62", "é"],
    "lists": ["{}", "{1,2}", "{1,NULL, -3 }", "{ 7 }", "{a,b}", '{"x y","NULL",null}', '{"a\\"b"}', "{1,2", "1", "{,}"],
    "documents": ['{"n": 1, "l": [1, "a"]}', "[]", "7", '"a"', "null", '{"o": {"l": [true]}}', "{", "[1,2.50]", "tru",
                  ' {"n":-1.5e3 } ', '{"s": "\\u00e9"}'],
    "moods": ["sad", "calm", "glad", "Glad", "it's", "sad", "calm", "glad", "gla", " sad"],
}
# The labels of the enum that definitions have, in their order, which is not that of the letters.
MOODS = ["sad", "calm", "it's", "Glad", "glad", ""]
INT2_EXTREMES = [32767, -32768, 32766, 256, 0, -1]
INT4_EXTREMES = [2147483647, -2147483648, 2147483646, -2147483647, 65536, 0, -1]
INT8_EXTREMES = [9223372036854775807, -9223372036854775808, 4294967296, -2147483649, 2147483648, 0, 1]
FLOAT_EXTREMES = ["1.7976931348623157e+308", "-1.7976931348623157e+308", "5e-324", "2.2250738585072014e-308",
                  "0.1", "0.30000000000000004", "1e15", "1e16", "-1e-7", "123456789.12345678", "1e-5",
                  "9007199254740993", "1e22", "3.141592653589793", "-2147483648.5", "2.5", "0.5", "-0.5"]
FLOAT4_EXTREMES = ["3.4028235e+38", "-3.4028235e+38", "1e-45", "1.1754944e-38", "0.1", "16777216", "1e-7", "33.3",
                   "2.5"]
# No two are 2^63 microseconds apart: there PostgreSQL 15 wraps around, and Nowthen raises an error.
TIME_EXTREMES = ["infinity", "-infinity", "0001-01-01 00:00:00+00", "4714-11-24 00:00:00+00 BC",
                 "280000-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999999Z",
                 "2000-02-29 12:00:00+05:30", "1900-02-28 23:00:00-01", "0044-03-15 00:00:00+00 BC",
                 "2020-12-31 24:00:00+00", "1582-10-10 00:00:00+00"]
INTERVAL_EXTREMES = ["178000000 years", "-178000000 years", "2147483647 days", "1000000:00:00",
                     "-2562047787:00:54.775808", "1 mon -1 day 00:00:00.000001", "-1 year -2 days +3:00"]
DATE_EXTREMES = ["infinity", "-infinity", "0001-01-01", "4714-11-24 BC", "280000-12-31", "1969-12-31", "2000-02-29"]
UUIDS = ["123e4567-e89b-12d3-a456-426614174000",
         "A0EEBC99-9C0B4EF8-BB6D6BB9BD380A11", "00000000-0000-0000-0000-000000000000",
         "ffffffff-ffff-ffff-ffff-ffffffffffff", "{123e4567-e89b-12d3-a456-426614174001}"]
BYTES = ["\\x", "\\x00", "\\x00ff", "\\x6162", "ab", "\\001", "\\xC3A9", "a", "\\x0000"]
JSON_NUMBERS = ["0", "1", "-2", "7", "3.25", "1.0", "0.10", "1e2", "1E-3", "-1.5e+2", "12345678901234567890.5", "1e30",
                "2147483648", "-0", "9223372036854775807", "0.5", "2.5", "1e400", "99999"]
JSON_TEXTS = ['""', '"a"', '"b"', '"\\u00e9"', '"é"', '"\\ud83d\\ude00"', '"x\\ny\\t\\"\\\\"', '"\\/"', '"1"', '"1.50"',
              '"t"', '"2020-03-01"', '"\\u0001"', '"a b"', '"日本"', '"null"']
JSON_NAMES = ["n", "t", "s", "l", "o", "a b", "é", "", "nn", "N"]
HABITS = {
    "bool": ["plain"], "mood": ["plain"], "uuid": ["plain"], "bytea": ["plain"], "jsonb": ["plain"],
    "date": ["near", "near", "extreme"], "int2": ["small", "small", "extreme"],
    "float4": ["exact", "exact", "special", "wild"],
    "int4": ["small", "small", "medium", "extreme"],
    "int8": ["small", "medium", "extreme"], "numeric": ["money", "small", "long", "huge", "special"],
    "float8": ["exact", "exact", "special", "positive", "positive", "wild"],
    "text": ["words", "words", "numbers", "times", "spans", "truths", "moods", "uuids", "bytes",
             "lists", "documents", "documents"],
    "timestamptz": ["near", "near", "extreme"],
    "interval": ["clock", "days", "mixed", "extreme"],
}
UNIX = datetime.datetime(1970, 1, 1)


def time_text(us):
    """Microseconds since 1970 as PostgreSQL prints a timestamptz."""
    moment = UNIX + datetime.timedelta(microseconds=us)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction}+00"


class ArrayText(str):
    """An array as PostgreSQL prints one, and its elements."""

    def __new__(cls, elements):
        text = str.__new__(cls, "{" + ",".join(map(array_item, elements)) + "}")
        text.elements = elements
        return text


def array_item(text):
    if text is None:
        return "NULL"
    if text == "" or text.upper() == "NULL" or re.search(r'[\\"{},\s]', text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def document(rng, depth):
    """A JSON object whose members are most often of the kind that their names say."""
    makers = {"n": lambda: rng.choice(JSON_NUMBERS), "t": lambda: rng.choice(["true", "false"]),
              "s": lambda: rng.choice(JSON_TEXTS), "l": lambda: json_list(rng, depth - 1),
              "o": lambda: document(rng, depth - 1)}
    members = []
    for name in [n for n in JSON_NAMES if rng.random() < (0.8 if n in makers else 0.15)]:
        if depth <= 0 and name in "lo":
            continue
        value = makers[name]() if name in makers and rng.random() < 0.9 else json_any(rng, depth - 1)
        members.append(f'"{name}":{rng.choice(["", " "])}{value}')
    if members and rng.random() < 0.05:
        members.append(rng.choice(members).split(":")[0] + ": 5")  # of two, the last counts
    rng.shuffle(members)
    return "{" + rng.choice([",", ", "]).join(members) + "}"


def json_list(rng, depth):
    return "[" + ", ".join(json_any(rng, depth - 1) for _ in range(rng.choice([0, 1, 2, 3]))) + "]"


def json_any(rng, depth):
    drawn = rng.random()
    if depth > 0 and drawn < 0.3:
        return document(rng, depth) if drawn < 0.15 else json_list(rng, depth)
    return rng.choice(JSON_NUMBERS if drawn < 0.6 else JSON_TEXTS if drawn < 0.85 else ["null", "true", "false"])


class Column:
    def __init__(self, rng, name, type_, base_us, habit=None, is_not_null=False):
        self.name, self.type, self.base_us, self.is_not_null = name, type_, base_us, is_not_null
        self.items = Column(rng, name, element_of(type_), base_us) if is_array(type_) else None
        self.habit = habit or (self.items.habit if self.items else rng.choice(HABITS[type_]))
        self.null_part = 0.02 if is_not_null else rng.choice([0, 0.1, 0.1, 0.5])
        self.scale = {"money": 2, "small": rng.randint(0, 3), "long": 6, "huge": 20, "special": 1}.get(self.habit, 0)
        self.zero = rng.choice(["0", "-0"])
        if self.items:
            self.scale, self.zero = self.items.scale, self.items.zero
        self.recent = []
        self.computed = None  # of a view of events: the expression
        self.default = None  # the text of a DEFAULT
        self.known = None  # of a generated column: the expression

    def made(self):
        """The clause of the column that fills it where an event does not."""
        if self.known:
            return f" GENERATED ALWAYS AS ({self.known.text()}) STORED"
        return "" if self.default is None else " DEFAULT '" + self.default.replace("'", "''") + "'"

    @property
    def is_wild(self):
        return self.habit in ("extreme", "wild") and (
            self.type in ("float4", "float8", "interval", "timestamptz", "date"))

    @property
    def is_exact(self):
        return self.type in ("int2", "int4") or self.habit in ("exact", "special")

    def value(self, rng):
        if self.known:
            return "0"
        if rng.random() < self.null_part:
            return None
        if self.recent and rng.random() < 0.25:
            return rng.choice(self.recent)  # ties
        text = self.draw_array(rng) if self.items else getattr(self, f"draw_{self.type}")(rng)
        self.recent = (self.recent + [text])[-6:]
        return text

    def draw_array(self, rng):
        return ArrayText([self.items.value(rng) for _ in range(rng.choice([0, 1, 1, 2, 3, 5]))])

    def draw_bool(self, rng):
        return rng.choice(["true", "false"])

    def draw_uuid(self, rng):
        return rng.choice(UUIDS)

    def draw_bytea(self, rng):
        return rng.choice(BYTES)

    def draw_jsonb(self, rng):
        return document(rng, 2) if rng.random() < 0.9 else json_any(rng, 1)

    def draw_date(self, rng):
        if self.habit == "extreme" and rng.random() < 0.5:
            return rng.choice(DATE_EXTREMES)
        return time_text(self.base_us + rng.randint(-40, 40) * 86400 * 10**6)[:10]

    def draw_int2(self, rng):
        return str(self.integer(rng, INT2_EXTREMES, 100))

    def draw_int4(self, rng):
        return str(self.integer(rng, INT4_EXTREMES, 20000))

    def draw_int8(self, rng):
        return str(self.integer(rng, INT8_EXTREMES, 10**10))

    def integer(self, rng, extremes, medium):
        if self.habit == "extreme":
            return rng.choice(extremes)
        return rng.randint(-3, 5) if self.habit == "small" else rng.randint(-medium, medium)

    def draw_numeric(self, rng):
        if self.habit == "special" and rng.random() < 0.15:
            return rng.choice(["NaN", "Infinity", "-Infinity"])
        most = {"money": 10**6, "small": 40, "long": 10**11, "huge": 10**60, "special": 100}[self.habit]
        digits = rng.randint(-most, most)
        sign, digits = "-" if digits < 0 else "", f"{abs(digits):0{self.scale + 1}d}"
        return sign + (f"{digits[:-self.scale]}.{digits[-self.scale:]}" if self.scale else digits)

    def draw_float4(self, rng):
        if self.habit == "wild":
            return rng.choice(FLOAT4_EXTREMES + [self.zero, "NaN", "Infinity", "-Infinity"])
        if self.habit == "special" and rng.random() < 0.15:
            return rng.choice(["NaN", "Infinity", "-Infinity"])
        return repr(rng.randint(-1000, 1000) / 8).replace("-0.0", "0.0")

    def draw_float8(self, rng):
        if self.habit == "positive":
            return repr(rng.uniform(0.001, 10.0 ** rng.randint(0, 6)))
        if self.habit == "wild":
            return rng.choice(FLOAT_EXTREMES + [self.zero, "NaN", "Infinity", "-Infinity"])
        if self.habit == "special" and rng.random() < 0.15:
            return rng.choice(["NaN", "Infinity", "-Infinity"])
        most = rng.choice([20, 2**20])
        return repr(rng.randint(-most, most) / 8).replace("-0.0", "0.0")

    def draw_text(self, rng):
        return rng.choice(TEXTS_READ.get(self.habit, TEXTS))

    def draw_mood(self, rng):
        return rng.choice(MOODS)

    def draw_timestamptz(self, rng):
        if self.habit == "extreme" and rng.random() < 0.5:
            return rng.choice(TIME_EXTREMES)
        text = time_text(self.base_us + rng.choice([0, 1, -1, 10**6, 86400 * 10**6]) * rng.randint(0, 40))
        return rng.choice([text, text.replace(" ", "T").replace("+00", "Z"), text])

    def draw_interval(self, rng):
        n = rng.randint(-40, 40)
        if self.habit == "clock":
            sign = "-" if n < 0 else ""
            return f"{sign}{abs(n):02d}:{rng.randint(0, 59):02d}:{rng.choice(['00', '07.5', '00.000001'])}"
        if self.habit == "days":
            return f"{n} days"
        if self.habit == "extreme" and rng.random() < 0.4:
            return rng.choice(INTERVAL_EXTREMES)
        return rng.choice([f"{n} days {abs(n)}:30:00", f"{n} mons", f"{n} hours", f"P{abs(n)}DT{abs(n)}H",
                           f"{n} years {n} days", "1 day -01:00:00", f"{n}.5 days", "0"])


def json_value(rng, type_, text):
    """The value as an event carries it; the tokens of numbers stay as they are, with their scale."""
    if text is None:
        return "null"
    if isinstance(text, ArrayText) and rng.random() < 0.8:
        return "[" + ", ".join(json_value(rng, element_of(type_), each) for each in text.elements) + "]"
    if type_ == "mood" and rng.random() < 0.005:
        return '"gloomy"'  # no label
    if type_ in ("bool", "jsonb") or type_ in WHOLE:
        return text
    if type_ in NUMBERS and text[-1].isdigit() and rng.random() < 0.8:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
