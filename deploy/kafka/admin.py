#!/usr/bin/env python3
"""Small questions to one Kafka broker that is also its controller, as tools/stack runs it.

usage: admin.py HOST PORT ready           exit 0 when it answers with a broker and a controller
       admin.py HOST PORT count TOPIC     print how many messages were ever written; 0: no such topic
       admin.py HOST PORT delete TOPIC    delete it, and return when it is gone

Kafka's own tools would do, but each start of a Java machine takes seconds. This speaks the protocol
(https://kafka.apache.org/protocol): Metadata 4, ListOffsets 1, DeleteTopics 1, DeleteRecords 0,
CreatePartitions 0.
"""

import socket
import struct
import sys
import time

LIST_OFFSETS, METADATA, DELETE_TOPICS, DELETE_RECORDS, CREATE_PARTITIONS = 2, 3, 20, 21, 37
CORRELATION = 20130101
LATEST = -1
UNKNOWN_TOPIC = 3
TIMEOUT_S = 10


def text(value):
    data = value.encode()
    return struct.pack(">h", len(data)) + data


class Response:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, layout):
        (value,) = struct.unpack_from(">" + layout, self.data, self.at)
        self.at += struct.calcsize(">" + layout)
        return value

    def text(self):
        size = max(self.take("h"), 0)  # -1 is null
        self.at += size
        return self.data[self.at - size:self.at].decode()

    def array(self, read):
        return [read() for _ in range(self.take("i"))]


class Broker:
    def __init__(self, host, port):
        self.connection = socket.create_connection((host, port), timeout=TIMEOUT_S)

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.connection.recv(size - len(data))
            if not part:
                raise OSError("the connection was closed in the middle of a response")
            data += part
        return data

    def ask(self, key, version, body):
        message = struct.pack(">hhi", key, version, CORRELATION) + text("nowthen-admin") + body
        self.connection.sendall(struct.pack(">i", len(message)) + message)
        (size,) = struct.unpack(">i", self.read(4))
        response = Response(self.read(size))
        if response.take("i") != CORRELATION:
            raise OSError("not the answer to our request: is this a Kafka broker?")
        return response

    def metadata(self, topics):
        """(brokers, controller, {topic: partitions}); a topic that is not there has none."""
        body = struct.pack(">i", len(topics)) + b"".join(map(text, topics)) + b"\0"  # create none
        response = self.ask(METADATA, 4, body)
        response.take("i")  # throttle time

        def broker():
            node = response.take("i")
            response.text()  # host
            response.take("i")  # port
            response.text()  # rack
            return node

        def partition():
            response.take("h")  # error
            index = response.take("i")
            response.take("i")  # leader
            response.array(lambda: response.take("i"))  # replicas
            response.array(lambda: response.take("i"))  # in sync
            return index

        def topic():
            error = response.take("h")
            name = response.text()
            response.take("b")  # internal
            partitions = response.array(partition)
            if error not in (0, UNKNOWN_TOPIC):
                raise OSError(f"topic {name}: Kafka's error {error}")
            return name, partitions

        brokers = response.array(broker)
        response.text()  # cluster id
        controller = response.take("i")
        return brokers, controller, dict(response.array(topic))

    def end_offsets(self, topic, partitions):
        body = struct.pack(">ii", -1, 1) + text(topic) + struct.pack(">i", len(partitions))
        body += b"".join(struct.pack(">iq", index, LATEST) for index in partitions)
        response = self.ask(LIST_OFFSETS, 1, body)

        def partition():
            response.take("i")  # index
            error = response.take("h")
            response.take("q")  # timestamp
            if error:
                raise OSError(f"topic {topic}: Kafka's error {error}")
            return response.take("q")

        def topic_offsets():
            response.text()
            return response.array(partition)

        return sum(response.array(topic_offsets), [])

    def delete(self, topic):
        body = struct.pack(">i", 1) + text(topic) + struct.pack(">i", TIMEOUT_S * 1000)
        response = self.ask(DELETE_TOPICS, 1, body)
        response.take("i")  # throttle time
        for name, error in response.array(lambda: (response.text(), response.take("h"))):
            if error not in (0, UNKNOWN_TOPIC):
                raise OSError(f"topic {name} was not deleted: Kafka's error {error}")

    def records_delete(self, topic, partition, before):
        """What is before an offset, as retention does."""
        body = struct.pack(">i", 1) + text(topic) + struct.pack(">iiq", 1, partition, before)
        response = self.ask(DELETE_RECORDS, 0, body + struct.pack(">i", TIMEOUT_S * 1000))
        response.take("i")  # throttle time

        def error():
            response.take("i")  # partition
            response.take("q")  # its first offset
            return response.take("h")

        for name, errors in response.array(lambda: (response.text(), response.array(error))):
            if any(errors):
                raise OSError(f"topic {name} keeps its records: Kafka's errors {errors}")

    def partitions_set(self, topic, count):
        """Adds partitions, so that there are so many."""
        body = struct.pack(">i", 1) + text(topic) + struct.pack(">ii", count, -1)  # placed by Kafka
        response = self.ask(CREATE_PARTITIONS, 0, body + struct.pack(">ib", TIMEOUT_S * 1000, 0))
        response.take("i")  # throttle time
        for name, error, why in response.array(
                lambda: (response.text(), response.take("h"), response.text())):
            if error:
                raise OSError(f"topic {name} got no {count} partitions: {why}, error {error}")


def ready(broker):
    brokers, controller, _ = broker.metadata([])
    if not brokers or controller < 0:
        raise OSError(f"{len(brokers)} brokers, controller {controller}")


def count(broker, topic):
    partitions = broker.metadata([topic])[2].get(topic, [])
    print(sum(broker.end_offsets(topic, partitions)) if partitions else 0)


def delete(broker, topic):
    broker.delete(topic)
    end = time.monotonic() + TIMEOUT_S
    while broker.metadata([topic])[2].get(topic):
        if time.monotonic() > end:
            raise OSError(f"topic {topic} is still there after {TIMEOUT_S} s")
        time.sleep(0.1)


def main():
    if "-h" in sys.argv or "--help" in sys.argv:
        print(__doc__.strip())
        return 0
    commands = {("ready", 4): ready, ("count", 5): count, ("delete", 5): delete}
    command = commands.get((sys.argv[3] if len(sys.argv) > 3 else "", len(sys.argv)))
    if not command:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    host, port = sys.argv[1], int(sys.argv[2])
    try:
        command(Broker(host, port), *sys.argv[4:])
    except (OSError, struct.error) as error:
        print(f"{host}:{port}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
