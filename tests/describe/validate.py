#!/usr/bin/python3
"""Says of each event on standard input whether its schema takes it.

    validate.py SCHEMAS < events.jsonl

SCHEMAS is what "samverk export schemas" wrote. One line for each event: "ok",
or where it is wrong and how. A schema that is none itself ends the program.
"""
import json
import os
import sys

from jsonschema import Draft202012Validator, FormatChecker


def load(directory):
    """Validators by the name of the fact ("cost_booked")."""
    validators = {}
    for name in os.listdir(directory):
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            schema = json.load(file)
        Draft202012Validator.check_schema(schema)
        fact = schema["title"].removeprefix("samverk.")
        validators[fact] = Draft202012Validator(
            schema, format_checker=FormatChecker())
    return validators


def verdict(validators, event):
    kinds = [name for name in event if name in validators]
    # Without a fact, or with two, any schema of its facts must refuse it.
    validator = validators[kinds[0] if kinds else "cost_booked"]
    for error in validator.iter_errors(event):
        return f"{error.json_path}: {error.message[:160]}"
    return "ok"


def main():
    validators = load(sys.argv[1])
    for line in sys.stdin:
        print(verdict(validators, json.loads(line)))


main()
