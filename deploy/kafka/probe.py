#!/usr/bin/env python3
"""Ask a Kafka broker for its metadata: exit 0 when it answers with a broker and a controller.

usage: probe.py HOST PORT

A Kafka command-line tool would do, but each start of a Java machine takes seconds. This sends one
Metadata request, version 4 (https://kafka.apache.org/protocol), and reads the head of the response.
"""

import socket
import struct
import sys

METADATA, VERSION, CORRELATION = 3, 4, 20130101


def request():
    client = b"nowthen-probe"
    header = struct.pack(">hhih", METADATA, VERSION, CORRELATION, len(client)) + client
    body = struct.pack(">ib", 0, 0)  # no topics; do not create any
    return struct.pack(">i", len(header) + len(body)) + header + body


def read(connection, size):
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise OSError("the connection was closed in the middle of a response")
        data += part
    return data


class Response:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        values = struct.unpack_from(">" + layout, self.data, self.at)
        self.at += struct.calcsize(">" + layout)
        return values[0]

    def skip_text(self):
        size = self.take("h")
        self.at += max(size, 0)  # -1 is null


def brokers_and_controller(data):
    response = Response(data)
    if response.take("i") != CORRELATION:
        raise OSError("not the answer to our request: is this a Kafka broker?")
    response.take("i")  # throttle time
    brokers = response.take("i")
    for _ in range(brokers):
        response.take("i")  # node id
        response.skip_text()  # host
        response.take("i")  # port
        response.skip_text()  # rack
    response.skip_text()  # cluster id
    return brokers, response.take("i")


def main():
    if len(sys.argv) != 3 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if "--help" in sys.argv or "-h" in sys.argv else 2
    host, port = sys.argv[1], int(sys.argv[2])
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            connection.sendall(request())
            (size,) = struct.unpack(">i", read(connection, 4))
            brokers, controller = brokers_and_controller(read(connection, size))
    except (OSError, struct.error) as error:
        print(f"{host}:{port}: {error}", file=sys.stderr)
        return 1
    if brokers < 1 or controller < 0:
        print(f"{host}:{port}: {brokers} brokers, controller {controller}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
