"""Types of the definition language, as the generator draws them."""

WHOLE = ("int2", "int4", "int8")
FLOATS = ("float4", "float8")
NUMBERS = ("int2", "int4", "int8", "numeric", "float4", "float8")  # by PostgreSQL's preference
SCALARS = ("bool", "text", "timestamptz", "interval", "mood", "date", "uuid", "bytea") + NUMBERS
ARRAYS = tuple(f"{t}[]" for t in SCALARS)
FEATURES = SCALARS + ARRAYS  # every type a feature may have; a jsonb is only read
# What types are drawn from: one in six an array.
TYPES = SCALARS * 5 + ARRAYS
ORDERED = tuple(t for t in TYPES if t not in ("bool", "uuid", "bytea"))
SUMMED = NUMBERS + ("interval",)


def is_array(type_):
    return type_.endswith("[]")


def element_of(type_):
    """Of an array; of anything else it itself."""
    return type_[:-2] if is_array(type_) else type_
