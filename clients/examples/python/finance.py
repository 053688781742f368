#!/usr/bin/python3
"""A finance system that books its costs in the register.

    finance.py LEDGER.csv [SERVER]

Run it as often as you like: each line of the ledger has an id that is always
the same, and what is recorded already is not recorded again. So whatever
happens (no answer, a crash, a doubt), the remedy is to run it once more.

Ends with 0 when every line is in the register, with 1 when one was refused.
"""
import csv
import os
import re
import sys
import time
import uuid

sys.path.append(os.path.join(os.path.dirname(__file__), "stubs"))

import grpc  # noqa: E402
from google.rpc import status_pb2  # noqa: E402
from samverk.event.v1 import event_pb2, money_pb2, types_pb2  # noqa: E402
from samverk.recording.v1 import recording_service_pb2 as recording  # noqa: E402
from samverk.recording.v1 import recording_service_pb2_grpc as service  # noqa: E402

PROCESS = "augustenborg"
# Yours: make one with uuidgen, once, and never change it.
OUR_LEDGER = uuid.UUID("6f1c1f0e-5d0b-4f6e-9d53-0c3a7c1b2a90")

# Nobody knows whether it was recorded, or there was no room: ask again.
AGAIN = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
)


def ore_of(kronor):
    """Kronor ("1250.50") in öre, without ever being a floating-point number."""
    if not re.fullmatch(r"[0-9]+\.[0-9]{2}", kronor or ""):
        raise ValueError(f'no sum: "{kronor}"')
    return int(kronor.replace(".", ""))


def cost_of(line):
    """The event that a line of the ledger is."""
    if line["voucher"].count("-") != 2:
        raise ValueError(f'no voucher: "{line["voucher"]}"')
    series, number, _ = line["voucher"].split("-")
    return event_pb2.Event(
        # The same line gives the same id, today and in a year.
        id=str(uuid.uuid5(OUR_LEDGER, line["voucher"])),
        process=PROCESS,
        recorded_by=types_pb2.Recorder(organisation="mkb", role="ekonomi"),
        occurred=types_pb2.Occurred(edtf=line["date"]),
        cost_booked=money_pb2.CostBooked(
            cost=line["voucher"].lower(),  # ids have small letters
            voucher_series=series,
            voucher_number=number,
            grant=line["grant"],
            text=line["text"],
            amount=types_pb2.Money(
                ore=ore_of(line["kronor"]),
                currency="SEK",
                precision=types_pb2.PRECISION_EXACT,
                vat=types_pb2.VAT_EXCLUDED,
            ),
        ),
    )


def book(register, event):
    """Records one event, for as long as it takes."""
    # One voucher line a batch: a batch is recorded whole or not at all, and it
    # counts as the same batch only when all of it is.
    request = recording.RecordRequest(events=[event], language="en")
    wait = 0.5
    while True:
        try:
            return register.Record(request, timeout=10)
        except grpc.RpcError as error:
            if error.code() not in AGAIN:
                raise
            print(f"once more in {wait} s: {error.details()}", file=sys.stderr)
            time.sleep(wait)
            wait = min(2 * wait, 30)


def reasons(error):
    """Why it was refused: a sentence for each fault, or the error's own."""
    if not isinstance(error, grpc.RpcError):
        return str(error)
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        for detail in status_pb2.Status.FromString(value).details:
            refusal = recording.Refusal()
            if detail.Unpack(refusal):
                return " ".join(fault.text for fault in refusal.violations)
    return error.details()


def main():
    ledger = sys.argv[1]
    server = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1:7443"
    refused = 0
    with grpc.insecure_channel(server) as channel, open(
            ledger, encoding="utf-8", newline="") as file:
        register = service.RecordingServiceStub(channel)
        for line in csv.DictReader(file, delimiter=";"):
            try:
                answer = book(register, cost_of(line))
            except (grpc.RpcError, ValueError) as error:
                # A rule says no: somebody has to look. A line that was changed
                # after it was booked ends here too (ALREADY_EXISTS): book a
                # reversing voucher instead, as in any ledger.
                refused += 1
                print(f"{line['voucher']} REFUSED: {reasons(error)}")
                continue
            done = "was booked already" if answer.replayed else "booked"
            print(f"{line['voucher']} {done}: #{answer.facts[0].position}",
                  flush=True)
    sys.exit(1 if refused else 0)


main()
