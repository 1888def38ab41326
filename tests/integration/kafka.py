"""Kafka as a stranger sees it: messages with keys, headers and tombstones, written and read back.

ctypes over librdkafka.so.1, which nowthen needs anyway.
"""

import ctypes
import time

LIBRARY = ctypes.CDLL("librdkafka.so.1")
PRODUCER, CONSUMER = 0, 1
PARTITION_EOF = -191
COPY = 2
V_END, V_TOPIC, V_PARTITION, V_VALUE, V_KEY, V_MSGFLAGS, V_HEADERS = 0, 1, 3, 4, 5, 7, 10
TIMEOUT_S = 30


class Message(ctypes.Structure):
    _fields_ = [("error", ctypes.c_int), ("topic", ctypes.c_void_p), ("partition", ctypes.c_int32),
                ("payload", ctypes.c_void_p), ("size", ctypes.c_size_t),
                ("key", ctypes.c_void_p), ("key_size", ctypes.c_size_t),
                ("offset", ctypes.c_int64), ("private", ctypes.c_void_p)]


class Memory(ctypes.Structure):
    _fields_ = [("at", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Union(ctypes.Union):
    _fields_ = [("text", ctypes.c_char_p), ("number", ctypes.c_int32), ("memory", Memory),
                ("pointer", ctypes.c_void_p), ("padding", ctypes.c_char * 64)]


class Argument(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("value", Union)]


def function(name, result, *arguments):
    found = getattr(LIBRARY, "rd_kafka_" + name)
    found.restype, found.argtypes = result, arguments
    return found


POINTER, TEXT, INT = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
conf_new = function("conf_new", POINTER)
conf_set = function("conf_set", INT, POINTER, TEXT, TEXT, TEXT, ctypes.c_size_t)
new = function("new", POINTER, INT, POINTER, TEXT, ctypes.c_size_t)
destroy = function("destroy", None, POINTER)
flush = function("flush", INT, POINTER, INT)
produceva = function("produceva", POINTER, POINTER, ctypes.POINTER(Argument), ctypes.c_size_t)
error_string = function("error_string", TEXT, POINTER)
err2str = function("err2str", TEXT, INT)
headers_new = function("headers_new", POINTER, ctypes.c_size_t)
header_add = function("header_add", INT, POINTER, TEXT, ctypes.c_ssize_t, POINTER, ctypes.c_ssize_t)
poll_set_consumer = function("poll_set_consumer", INT, POINTER)
list_new = function("topic_partition_list_new", POINTER, INT)
list_add = function("topic_partition_list_add", POINTER, POINTER, TEXT, ctypes.c_int32)
list_set_offset = function("topic_partition_list_set_offset", INT, POINTER, TEXT, ctypes.c_int32,
                           ctypes.c_int64)
list_destroy = function("topic_partition_list_destroy", None, POINTER)
assign = function("assign", INT, POINTER, POINTER)
consumer_poll = function("consumer_poll", ctypes.POINTER(Message), POINTER, INT)
consumer_close = function("consumer_close", INT, POINTER)
message_destroy = function("message_destroy", None, ctypes.POINTER(Message))
message_headers = function("message_headers", INT, ctypes.POINTER(Message),
                           ctypes.POINTER(POINTER))
header_get_all = function("header_get_all", INT, POINTER, ctypes.c_size_t, ctypes.POINTER(TEXT),
                          ctypes.POINTER(POINTER), ctypes.POINTER(ctypes.c_size_t))


def client(kind, settings):
    conf, why = conf_new(), ctypes.create_string_buffer(512)
    for name, value in settings.items():
        if conf_set(conf, name.encode(), value.encode(), why, len(why)) != 0:
            raise OSError(why.value.decode())
    made = new(kind, conf, why, len(why))
    if not made:
        raise OSError(why.value.decode())
    return made


def memory(data):
    """None stays NULL; an empty value is not NULL."""
    if data is None:
        return Memory(None, 0)
    held = ctypes.create_string_buffer(data, max(len(data), 1))
    memory.held.append(held)
    return Memory(ctypes.cast(held, POINTER), len(data))


memory.held = []


def argument(kind, **value):
    return Argument(kind, Union(**value))


def headers_of(pairs):
    headers = headers_new(len(pairs))
    for name, value in pairs:
        header_add(headers, name.encode(), -1, value, len(value))
    return headers


def produce(brokers, topic, messages):
    """messages: (key, value, [(header, value), ...]) of bytes; None is NULL. Partition 0, in order."""
    producer = client(PRODUCER, {"bootstrap.servers": brokers, "enable.idempotence": "true"})
    for key, value, headers in messages:
        arguments = [argument(V_TOPIC, text=topic.encode()), argument(V_PARTITION, number=0),
                     argument(V_MSGFLAGS, number=COPY), argument(V_KEY, memory=memory(key)),
                     argument(V_VALUE, memory=memory(value))]
        if headers:
            arguments.append(argument(V_HEADERS, pointer=headers_of(headers)))
        failed = produceva(producer, (Argument * len(arguments))(*arguments), len(arguments))
        if failed:
            raise OSError(error_string(failed).decode())
        memory.held.clear()
    if flush(producer, TIMEOUT_S * 1000) != 0:
        raise OSError(f"{brokers} did not take all messages within {TIMEOUT_S} s")
    destroy(producer)


def header_list(message):
    headers, found = POINTER(), []
    if message_headers(message, ctypes.byref(headers)) != 0:
        return found
    name, value, size = TEXT(), POINTER(), ctypes.c_size_t()
    while header_get_all(headers, len(found), ctypes.byref(name), ctypes.byref(value),
                         ctypes.byref(size)) == 0:
        found.append((name.value.decode(), ctypes.string_at(value, size.value)))
    return found


def bytes_at(address, size):
    return None if address is None else ctypes.string_at(address, size)


def consume(brokers, topic):
    """All of partition 0, to its end: (key, value, headers)"""
    consumer = client(CONSUMER, {"bootstrap.servers": brokers, "group.id": "nowthen-test",
                                 "enable.auto.commit": "false", "enable.partition.eof": "true"})
    poll_set_consumer(consumer)
    partitions = list_new(1)
    list_add(partitions, topic.encode(), 0)
    list_set_offset(partitions, topic.encode(), 0, 0)
    assign(consumer, partitions)
    list_destroy(partitions)
    found, end = [], time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        message = consumer_poll(consumer, 1000)
        if not message:
            continue
        error, m = message.contents.error, message.contents
        if not error:
            found.append((bytes_at(m.key, m.key_size), bytes_at(m.payload, m.size),
                          header_list(message)))
        message_destroy(message)
        if error == PARTITION_EOF:
            break
        if error:
            raise OSError(f"{topic}: {err2str(error).decode()}")
    else:
        raise OSError(f"{topic}: no end within {TIMEOUT_S} s")
    consumer_close(consumer)
    destroy(consumer)
    return found
