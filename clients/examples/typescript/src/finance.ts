// A finance system that books its costs in the register, over HTTP.
//
//   node dist/finance.js LEDGER.csv [SERVER]
//
// Run it as often as you like: each line of the ledger names its source, of
// which the register makes the event's id, and what is recorded already is not
// recorded again. Whatever happens, the remedy is to run it once more.
//
// Ends with 0 when every line is in the register, with 1 when one was refused.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { mayHelp } from "./again.js";
import { type Event, EventSchema } from "./gen/samverk/event/v1/event_pb.js";
import { Precision, Vat } from "./gen/samverk/event/v1/types_pb.js";
import {
  RecordingService,
  RefusalSchema,
} from "./gen/samverk/recording/v1/recording_service_pb.js";

const [ledger, baseUrl = "http://127.0.0.1:7480"] = process.argv.slice(2);
const register = createClient(
  RecordingService,
  createConnectTransport({ baseUrl, httpVersion: "1.1" }),
);

// "1250.50" in öre, without ever being a floating-point number.
function oreOf(kronor: string): bigint {
  if (!/^\d+\.\d\d$/.test(kronor)) throw new Error(`no sum: "${kronor}"`);
  return BigInt(kronor.replace(".", ""));
}

// The event that a line of the ledger is.
function costOf(line: string): Event {
  const [voucher, date, text, kronor, grant] = line.split(";");
  if (!/^[^-]+-[^-]+-[^-]+$/.test(voucher)) {
    throw new Error(`no voucher: "${voucher}"`);
  }
  const [voucherSeries, voucherNumber] = voucher.split("-");
  return create(EventSchema, {
    process: "augustenborg",
    // The same line names the same source, today and in a year.
    source: { system: "example-ledger", ref: voucher },
    recordedBy: { organisation: "mkb", role: "ekonomi" },
    occurred: { edtf: date },
    fact: {
      case: "costBooked",
      value: {
        cost: voucher.toLowerCase(), // ids have small letters
        voucherSeries,
        voucherNumber,
        grant,
        text,
        amount: {
          ore: oreOf(kronor),
          currency: "SEK",
          precision: Precision.EXACT,
          vat: Vat.EXCLUDED,
        },
      },
    },
  });
}

// Records one event, for as long as it takes. One voucher line a batch: a batch
// counts as the same batch only when all of it is.
async function book(event: Event) {
  for (let wait = 500; ; wait = Math.min(2 * wait, 30_000)) {
    try {
      return await register.record(
        { events: [event], language: "en" },
        { timeoutMs: 10_000 },
      );
    } catch (cause) {
      const error = ConnectError.from(cause);
      if (!mayHelp(error)) throw error;
      console.error(`once more in ${wait} ms: ${error.message}`);
      await sleep(wait);
    }
  }
}

// Why it was refused: a sentence for each fault, or the error's own.
function reasons(cause: unknown): string {
  const error = ConnectError.from(cause);
  const [refusal] = error.findDetails(RefusalSchema);
  return refusal?.violations.map(({ text }) => text).join(" ") ?? error.message;
}

const [, ...lines] = readFileSync(ledger, "utf8").trimEnd().split(/\r?\n/);
for (const line of lines) {
  const [voucher] = line.split(";");
  try {
    const answer = await book(costOf(line));
    const done = answer.replayed ? "was booked already" : "booked";
    console.log(`${voucher} ${done}: #${answer.facts[0].position}`);
  } catch (error) {
    // A rule says no: somebody has to look. A line that was changed after it
    // was booked ends here too: book a reversing voucher, as in any ledger.
    console.log(`${voucher} REFUSED: ${reasons(error)}`);
    process.exitCode = 1;
  }
}
