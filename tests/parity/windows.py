"""Windows over the event time in every spelling, and where their ends are, seen from now()."""

SECOND = 10**6
DAY = 86400 * SECOND
INTERVALS = [
    ("interval '1 microsecond'", 1), ("interval '1 second'", SECOND), ("interval '90 seconds'", 90 * SECOND),
    ("'5 minutes'::interval", 300 * SECOND), ("interval '1 hour'", 3600 * SECOND),
    ("interval '36:00:00'", 129600 * SECOND), ("interval '1 day'", DAY), ("interval '24 hours'", DAY),
    ("interval '1 day 12:00:00.5'", DAY * 3 // 2 + SECOND // 2), ("interval '7 days'", 7 * DAY),
    ("CAST('1 week' AS interval)", 7 * DAY), ("interval '30 days'", 30 * DAY),
    ("(interval '1 hour' * 3)", 10800 * SECOND), ("(interval '1 day' + interval '1 hour')", 90000 * SECOND),
    ("interval 'P2DT1H'", 2 * DAY + 3600 * SECOND), ("interval '100 days'", 100 * DAY),
]
UNITS = {"second": SECOND, "minute": 60 * SECOND, "hour": 3600 * SECOND, "day": DAY, "week": 7 * DAY,
         "month": 31 * DAY, "quarter": 92 * DAY, "year": 366 * DAY}


# Starts of calendar windows by now(): SQL, what it is a start of, and how far before now() at most. Of two
# starts of one unit the same is subtracted from the same.
STARTS = [(f"date_trunc('{unit}', now())", unit, us) for unit, us in UNITS.items()] + [
    ("CURRENT_DATE", "day", DAY), ("now()::date", "day", DAY), ("CAST(now() AS date)", "day", DAY),
    ("date_trunc('month', CURRENT_DATE)", "month of the day", 32 * DAY),
    ("date_bin('15 minutes', now(), timestamptz '2001-01-01')", "15 minutes", 900 * SECOND),
    ("date_bin(interval '6 hours', now(), timestamptz '2020-01-01 01:00:00+00')", "6 hours", 21600 * SECOND),
    ("date_bin('10 days'::interval, now(), '2031-05-05'::timestamptz)", "10 days", 10 * DAY),
]


class End:
    """A bound: now(), or a start of STARTS, less an interval; how far it is before now()."""

    def __init__(self, sql, unit, us, spread=0):
        self.sql, self.unit, self.us, self.is_inclusive = sql, unit, us, False
        self.least, self.most = us, us + max(spread - 1, 0)

    @property
    def reach_us(self):
        """An event so old is seen no more."""
        return self.most + self.is_inclusive


def compares(a, b):
    """Whether which of the two is earlier is known whatever now() is; else Nowthen refuses both."""
    if a is None or b is None:
        return True
    return a.unit == b.unit or a.most < b.least or b.most < a.least


def end(rng, least_us=-1):
    """An end that is more than least_us before now()."""
    for _ in range(20):
        sql, us = rng.choice(INTERVALS)
        start, unit, spread = rng.choice(STARTS) if rng.random() < 0.35 else ("now()", None, 0)
        if unit and rng.random() < 0.4:
            found = End(start, unit, 0, spread)
        elif "::date" in start and rng.random() < 0.5 or start == "CURRENT_DATE":
            days = rng.choice([1, 2, 7, 30])
            found = End(f"{start} - {days}", unit, days * DAY, spread)
        else:
            found = End(f"{start} - {sql}", unit, us, spread)
        if found.least > least_us:
            return found
    return End("now() - interval '400 days'", None, 400 * DAY)


def days_window(rng, time):
    """Conditions on the day of an event."""
    day = rng.choice([f"{time}::date", f"CAST({time} AS date)", f"date({time})", f"date_trunc('day', {time})"])
    last = rng.choice([1, 1, 2, 7])
    first = last + rng.choice([0, 1, 5, 23])

    def before(days):
        if "trunc" in day:
            return f"date_trunc('day', now()) - interval '{days} days'"
        return f"CURRENT_DATE - {days}"

    lower, upper = End(before(first), "day", first * DAY, DAY), End(before(last - 1), "day", (last - 1) * DAY, DAY)
    lower.is_inclusive = True
    drawn = rng.random()
    if drawn < 0.3:
        upper = End(before(first - 1), "day", (first - 1) * DAY, DAY)
        return Window("day of the event", [f"{day} = {before(first)}"], lower, upper)
    if drawn < 0.5:
        part = f"{day} BETWEEN {before(first)} AND {before(last)}"
        return Window("days of the event", [part], lower, upper)
    if drawn < 0.75:
        part = rng.choice([f"{day} >= {before(first)}", f"{before(first + 1)} < {day}"])
        return Window("days of the event", [part], lower)
    return Window("days of the event", [rng.choice([f"{day} <= {before(last)}", f"{day} < {before(last - 1)}"])],
                  None, upper)


def lower_sql(rng, time, bound):
    sign = rng.choice([">", ">="])
    bound.is_inclusive = sign == ">="
    turned = {">": "<", ">=": "<="}[sign]
    forms = [f"{time} {sign} {bound.sql}", f"{time} {sign} {bound.sql}", f"{bound.sql} {turned} {time}"]
    if bound.unit is None:
        interval = bound.sql.partition(" - ")[2]
        forms += [f"{time} + {interval} {sign} now()", f"now() - {time} {turned} {interval}"]
    return rng.choice(forms)


def upper_sql(rng, time, bound):
    sign = rng.choice(["<", "<="])
    turned = {"<": ">", "<=": ">="}[sign]
    return rng.choice([f"{time} {sign} {bound.sql}"] * 2 + [f"{bound.sql} {turned} {time}"])


class Window:
    """parts: conditions on the event time; what: its kind, for the count of what was covered."""

    def __init__(self, what, parts, lower=None, upper=None):
        self.what, self.parts, self.lower, self.upper = what, parts, lower, upper

    def span_us(self):
        first = self.lower.most if self.lower else 1000 * DAY
        return first - (self.upper.least if self.upper else 0)

    def compares(self, other):
        return compares(self.lower, other.lower) and compares(self.upper, other.upper)


def window(rng, time):
    drawn = rng.random()
    if drawn < 0.08:
        return days_window(rng, time)
    if drawn < 0.5:
        lower = end(rng)
        what = "calendar window" if lower.unit else "window"
        return Window(what, [lower_sql(rng, time, lower)], lower)
    if drawn < 0.6:
        upper = end(rng)
        return Window("only an upper bound", [upper_sql(rng, time, upper)], None, upper)
    if drawn < 0.65:
        lower = end(rng)
        return Window("bounded by now()", [lower_sql(rng, time, lower), f"{time} <= now()"], lower)
    upper = end(rng)
    lower = end(rng, upper.most)
    if drawn < 0.75:
        lower.is_inclusive = True
        return Window("BETWEEN window", [f"{time} BETWEEN {lower.sql} AND {upper.sql}"], lower, upper)
    parts = [lower_sql(rng, time, lower), upper_sql(rng, time, upper)]
    rng.shuffle(parts)
    what = "lagged calendar window" if lower.unit or upper.unit else "lagged window"
    return Window(what, parts, lower, upper)
