"""Columns and their values: NULLs, ties, extremes, NaN, infinities, -0, empty strings, UTF-8.

A value is the text that PostgreSQL's input function reads, or None. Each column has a habit, so that
what a sum or a choice among equal values needs of it (expressions.py) is known of the whole column.
"""
import datetime

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
    "moods": ["sad", "calm", "glad", "Glad", "it's", "sad", "calm", "glad", "gla", " sad"],
}
# The labels of the enum that definitions have, in their order, which is not that of the letters.
MOODS = ["sad", "calm", "it's", "Glad", "glad", ""]
INT4_EXTREMES = [2147483647, -2147483648, 2147483646, -2147483647, 65536, 0, -1]
INT8_EXTREMES = [9223372036854775807, -9223372036854775808, 4294967296, -2147483649, 2147483648, 0, 1]
FLOAT_EXTREMES = ["1.7976931348623157e+308", "-1.7976931348623157e+308", "5e-324", "2.2250738585072014e-308",
                  "0.1", "0.30000000000000004", "1e15", "1e16", "-1e-7", "123456789.12345678", "1e-5",
                  "9007199254740993", "1e22", "3.141592653589793", "-2147483648.5", "2.5", "0.5", "-0.5"]
# No two are 2^63 microseconds apart: there PostgreSQL 15 wraps around, and Nowthen raises an error.
TIME_EXTREMES = ["infinity", "-infinity", "0001-01-01 00:00:00+00", "4714-11-24 00:00:00+00 BC",
                 "280000-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999999Z",
                 "2000-02-29 12:00:00+05:30", "1900-02-28 23:00:00-01", "0044-03-15 00:00:00+00 BC",
                 "2020-12-31 24:00:00+00", "1582-10-10 00:00:00+00"]
INTERVAL_EXTREMES = ["178000000 years", "-178000000 years", "2147483647 days", "1000000:00:00",
                     "-2562047787:00:54.775808", "1 mon -1 day 00:00:00.000001", "-1 year -2 days +3:00"]
HABITS = {
    "bool": ["plain"], "mood": ["plain"], "int4": ["small", "small", "medium", "extreme"],
    "int8": ["small", "medium", "extreme"], "numeric": ["money", "small", "long", "huge", "special"],
    "float8": ["exact", "exact", "special", "positive", "wild"],
    "text": ["words", "words", "numbers", "times", "spans", "truths", "moods"],
    "timestamptz": ["near", "near", "extreme"],
    "interval": ["clock", "days", "mixed", "extreme"],
}
UNIX = datetime.datetime(1970, 1, 1)


def time_text(us):
    """Microseconds since 1970 as PostgreSQL prints a timestamptz."""
    moment = UNIX + datetime.timedelta(microseconds=us)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction}+00"


class Column:
    def __init__(self, rng, name, type_, base_us, habit=None, is_not_null=False):
        self.name, self.type, self.base_us, self.is_not_null = name, type_, base_us, is_not_null
        self.habit = habit or rng.choice(HABITS[type_])
        self.null_part = 0.02 if is_not_null else rng.choice([0, 0.1, 0.1, 0.5])
        self.scale = {"money": 2, "small": rng.randint(0, 3), "long": 6, "huge": 20, "special": 1}.get(self.habit, 0)
        self.zero = rng.choice(["0", "-0"])
        self.recent = []
        self.computed = None  # of a view of events: the expression
        self.default = None  # the text of a DEFAULT

    def made(self):
        """The clause of the column that fills it where an event does not."""
        return "" if self.default is None else " DEFAULT '" + self.default.replace("'", "''") + "'"

    @property
    def is_wild(self):
        return self.habit in ("extreme", "wild") and self.type in ("float8", "interval", "timestamptz")

    @property
    def is_exact(self):
        return self.type == "int4" or self.habit in ("exact", "special")

    def value(self, rng):
        if rng.random() < self.null_part:
            return None
        if self.recent and rng.random() < 0.25:
            return rng.choice(self.recent)  # ties
        text = getattr(self, f"draw_{self.type}")(rng)
        self.recent = (self.recent + [text])[-6:]
        return text

    def draw_bool(self, rng):
        return rng.choice(["true", "false"])

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
    if type_ == "mood" and rng.random() < 0.005:
        return '"gloomy"'  # no label
    if type_ == "bool" or type_ in ("int4", "int8"):
        return text
    if type_ in ("numeric", "float8") and text[-1].isdigit() and rng.random() < 0.8:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
