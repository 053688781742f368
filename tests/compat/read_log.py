#!/usr/bin/env python3
"""Reads a register from its files alone, and checks all that it can.

    read_log.py DIRECTORY      DIRECTORY holds FORMAT and rocksdb/

Written from docs/log_format.md with Python's standard library, and shares no
code with the program: if both agree, the page says enough. RocksDB's own tool
(`ldb`, package rocksdb-tools) gives keys and values. Prints one JSON object for
each event and a last one for the register; ends with 1 at the first thing that
is not as the page says.
"""

import hashlib
import json
import struct
import subprocess
import sys
import uuid

RECORD_HEADER = struct.Struct("<B3xIQQq16s")
COMMIT_HEADER = struct.Struct("<BB2xIQQQqQ32s8s8s")
BODY_FIELDS = {1: "id", 2: "stream", 3: "type", 4: "tags", 5: "occurred",
               6: "metadata", 7: "payload"}
METADATA_FIELDS = {1: "source_system", 2: "source_ref", 3: "recorded_by",
                   4: "on_behalf_of", 5: "correlation_id", 6: "causation_id",
                   7: "traceparent"}


class Damaged(Exception):
    """Something is not as docs/log_format.md says."""


def expect(condition, what):
    if not condition:
        raise Damaged(what)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def varint(data, at):
    """(value, next place) of the varint at a place, in its shortest form."""
    value = shift = 0
    while True:
        expect(at < len(data) and shift < 64, "a varint is cut short")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            expect(byte != 0 or shift == 0, "a varint is not in its shortest form")
            return value, at
        shift += 7


def take_bytes(data, at):
    size, at = varint(data, at)
    expect(at + size <= len(data), "bytes are cut short")
    return data[at:at + size], at + size


def zigzag(value):
    return (value >> 1) ^ -(value & 1)


def fields(data):
    """(number, value) of a protobuf message's fields; sint64 undone by callers."""
    at = last = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        expect(number >= last, "fields are not in the order of their numbers")
        last = number
        expect(wire in (0, 2), f"wire type {wire} is not used")
        value, at = varint(data, at) if wire == 0 else take_bytes(data, at)
        yield number, value


def decode_body(data):
    body = {"tags": []}
    for number, value in fields(data):
        name = BODY_FIELDS.get(number)
        expect(name, f"field {number} of a body is unknown")
        if name == "tags":
            body["tags"].append(value.decode())
        elif name == "occurred":
            span = dict(fields(value))
            body["occurred"] = [zigzag(span.get(1, 0)), zigzag(span.get(2, 0))]
        elif name == "metadata":
            body["metadata"] = {METADATA_FIELDS[n]: v.decode()
                                for n, v in fields(value)}
        elif name == "payload":
            body["payload"] = value.hex()
        else:
            body[name] = str(uuid.UUID(bytes=value)) if name == "id" else value.decode()
    tags = [tag.encode() for tag in body["tags"]]
    expect(tags == sorted(set(tags)), "tags are not sorted, or twice")
    return body


class Tree:
    """The Merkle tree of RFC 6962, 2.1, while it grows."""

    def __init__(self):
        self.size = 0
        self.peaks = []  # (leaves, hash) of the complete subtrees, largest first

    def append(self, leaf):
        self.peaks.append((1, leaf))
        self.size += 1
        while len(self.peaks) > 1 and self.peaks[-1][0] == self.peaks[-2][0]:
            (count, left), (_, right) = self.peaks[-2:]
            self.peaks[-2:] = [(2 * count, sha256(b"\x01", left, right))]

    def root(self):
        if not self.peaks:
            return sha256()
        root = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            root = sha256(b"\x01", left, root)
        return root


def column_family(directory, name):
    """(key, value) of a column family, in the order of its keys."""
    command = ["ldb", f"--db={directory}/rocksdb", f"--column_family={name}",
               "--hex", "scan"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ldb:
        for line in ldb.stdout:
            if not line.startswith("0x"):
                continue
            key, _, value = line.rstrip("\n").partition(" : 0x")
            yield bytes.fromhex(key[2:]), bytes.fromhex(value)
    expect(ldb.returncode == 0, f"{' '.join(command)} ended with {ldb.returncode}")


def read_record(data, position):
    where = f"event {position}"
    (form, size, stored, revision, recorded_at, _) = RECORD_HEADER.unpack_from(data)
    expect(form == 1 and data[1:4] == b"\0\0\0", f"{where}: an unknown format")
    expect(stored == position, f"{where}: its record says {stored}")
    expect(RECORD_HEADER.size + size == len(data) <= 65535, f"{where}: its length")
    event = {"position": position, "revision": revision, "recorded_at_us": recorded_at}
    event.update(decode_body(data[RECORD_HEADER.size:]))
    return event


def read_lists(data):
    """What follows a commit's header: requests, tracks, cursors."""
    count, at = varint(data, 0)
    requests = []
    for _ in range(count):
        events, at = varint(data, at)
        requests.append(events)
    for values in ("tracks", "cursors"):
        count, at = varint(data, at)
        for _ in range(count):
            _, at = take_bytes(data, at)
            _, at = varint(data, at) if values == "tracks" else take_bytes(data, at)
    expect(at == len(data), "something follows a commit's cursors")
    return requests


class Register:
    def __init__(self, directory):
        with open(f"{directory}/FORMAT", encoding="ascii") as file:
            expect(file.read() == "samverk log 1\n", "an unknown format of the log")
        self.meta = {k.decode(): v.decode()
                     for k, v in column_family(directory, "default")}
        expect(self.meta.get("log_format") == "1", "an unknown log_format")
        self.events = column_family(directory, "events")
        self.commits = column_family(directory, "commits")
        self.tree = Tree()
        self.sequence = self.epoch = self.time = 0
        self.revisions = {}

    def take_event(self):
        key, data = next(self.events, (None, None))
        position = self.tree.size + 1
        expect(key == struct.pack(">Q", position), f"event {position} is not there")
        event = read_record(data, position)
        leaf = sha256(b"\0", data)
        event["leaf"] = leaf.hex()
        self.tree.append(leaf)
        expected = self.revisions.get(event["stream"], 0) + 1
        expect(event["revision"] == expected, f"event {position}: its revision")
        self.revisions[event["stream"]] = expected
        return event, leaf

    def read_commit(self, key, data):
        self.sequence += 1
        where = f"commit {self.sequence}"
        (form, kind, count, epoch, sequence, first, time, size, root, origin,
         checksum) = COMMIT_HEADER.unpack_from(data)
        expect(form == 1 and 1 <= kind <= 4 and data[2:4] == b"\0\0",
               f"{where}: an unknown format")
        expect(key == struct.pack(">Q", sequence) and sequence == self.sequence,
               f"{where}: it is number {sequence}")
        expect(first == self.tree.size + 1, f"{where}: its first position")
        expect(epoch >= self.epoch and time >= self.time, f"{where}: it runs backwards")
        expect(origin == sha256(self.meta["origin"].encode())[:8],
               f"{where}: it is of another register")
        requests = read_lists(data[COMMIT_HEADER.size:])
        expect(sum(requests) == count, f"{where}: its requests")
        taken = [self.take_event() for _ in range(count)]
        for event, _ in taken:
            expect(event["recorded_at_us"] == time, f"{where}: a time of its events")
        sealed = sha256(data[:88], data[96:], *[leaf for _, leaf in taken])
        expect(checksum == sealed[:8], f"{where}: its checksum")
        expect((size, root) == (self.tree.size, self.tree.root()), f"{where}: its root")
        self.epoch, self.time = epoch, time
        return [event for event, _ in taken]

    def read(self):
        for key, data in self.commits:
            yield from self.read_commit(key, data)
        expect(next(self.events, None) is None, "events follow the last commit")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: read_log.py DIRECTORY")
    try:
        register = Register(sys.argv[1])
        for event in register.read():
            print(json.dumps(event, ensure_ascii=False))
        print(json.dumps({"register": register.meta["origin"],
                          "head": register.tree.size,
                          "sequence": register.sequence,
                          "root": register.tree.root().hex()}))
    except (Damaged, OSError, ValueError, struct.error) as error:
        sys.exit(f"read_log.py: {sys.argv[1]}: {error}")


if __name__ == "__main__":
    main()
