#!/usr/bin/python3
"""Prints what a follower has copied, an event a line: position, id, type.

    copied.py COPY.sqlite | COPY.jsonl | LOG

LOG is what "samverk log --json" printed.
"""
import json
import sqlite3
import sys


def events(path):
    if path.endswith(".sqlite"):
        copy = sqlite3.connect(path)
        # In the order in which they were stored.
        yield from copy.execute(
            "SELECT position, id, type FROM event ORDER BY rowid")
        return
    with open(path, encoding="utf-8") as file:
        for line in file:
            message = json.loads(line)
            if "event" in message:
                entries = [message]
            else:
                entries = message.get("events", {}).get("events", [])
            for entry in entries:
                yield entry["position"], entry["event"]["id"], entry["type"]


for position, event_id, kind in events(sys.argv[1]):
    print(position, event_id, kind)
