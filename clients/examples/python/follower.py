#!/usr/bin/python3
"""A follower: keeps a copy of what the register tells, in an SQLite file.

    follower.py COPY.sqlite [SERVER [PROCESS]]

Kill it whenever you like. The events and the cursor (how far it has come) are
stored in one transaction, so it goes on exactly where it was: no event is
missed, and none is taken twice. Ctrl-C ends it.

Instead of INSERT INTO event, do here what your system does with events. What
you do must be in the same transaction as the cursor.
"""
import os
import sqlite3
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "stubs"))

import grpc  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from samverk.bus.v1 import subscription_pb2 as bus  # noqa: E402
from samverk.bus.v1 import subscription_pb2_grpc as service  # noqa: E402

TABLES = """
CREATE TABLE IF NOT EXISTS event
  (position INTEGER PRIMARY KEY, id TEXT UNIQUE, type TEXT, json TEXT);
CREATE TABLE IF NOT EXISTS cursor
  (only INTEGER PRIMARY KEY CHECK (only = 1), position INTEGER NOT NULL);
INSERT OR IGNORE INTO cursor VALUES (1, 0);
"""

# The server is away, is busy, or we have ended the call ourselves.
AGAIN = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
)
# A connection that died without a word is given up after so long (seconds).
CALL_SECONDS = 3600


def cursor_of(copy):
    return copy.execute("SELECT position FROM cursor").fetchone()[0]


def store(copy, message):
    """One message: all of it, with its cursor, or nothing."""
    with copy:  # commits at its end; rolls back when anything fails
        for logged in message.events.events:
            # No "OR IGNORE": an event that came twice would be a fault.
            copy.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?)",
                (logged.position, logged.event.id or None, logged.type,
                 json_format.MessageToJson(logged.event, indent=None,
                                           preserving_proto_field_name=True)),
            )
        copy.execute("UPDATE cursor SET position = ?", (message.cursor,))


def follow(copy, register, process):
    """Takes what comes until the call ends."""
    after = cursor_of(copy)
    print(f"following after #{after}", flush=True)
    request = bus.SubscribeRequest(
        filter=bus.Filter(process=process),
        # Always after the cursor that is stored; 0 is the first event.
        start=bus.Start(after=after),
    )
    for message in register.Subscribe(request, timeout=CALL_SECONDS):
        # A message without events moves the cursor too, when nothing in a long
        # stretch of the log was for us; or it is a sign of life.
        if message.cursor != after:
            store(copy, message)
            after = message.cursor
            print(f"stored up to #{after} of #{message.head}", flush=True)


def main():
    copy = sqlite3.connect(sys.argv[1])
    copy.executescript(TABLES)
    server = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1:7443"
    process = sys.argv[3] if len(sys.argv) > 3 else ""
    with grpc.insecure_channel(server) as channel:
        register = service.SubscriptionServiceStub(channel)
        while True:
            try:
                follow(copy, register, process)
            except grpc.RpcError as error:
                if error.code() not in AGAIN:
                    # Trying again would not help. A start beyond the head
                    # means that the register was restored from a backup.
                    sys.exit(f"follower: {error.details()}")
                print(f"once more: {error.details()}", file=sys.stderr)
            time.sleep(1)


try:
    main()
except KeyboardInterrupt:
    pass
