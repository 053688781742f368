#!/usr/bin/python3
"""Says of each CloudEvent on standard input whether an AsyncAPI document's
schema takes it.

    cloud_events.py asyncapi.json < events.jsonl

One line for each event: "ok", or where it is wrong and how.
"""
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        components = json.load(file)["components"]
    validator = Draft202012Validator(
        {"$ref": "#/components/schemas/cloud_event", "components": components},
        format_checker=FormatChecker())
    for line in sys.stdin:
        error = next(validator.iter_errors(json.loads(line)), None)
        print("ok" if error is None
              else f"{error.json_path}: {error.message[:160]}")


main()
