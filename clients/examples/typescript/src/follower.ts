// A follower: keeps a copy of what the register tells in a file, over HTTP.
//
//   node dist/follower.js COPY.jsonl [SERVER [PROCESS]]
//
// Kill it whenever you like. Each line of the file is one message of the
// register: events, and the cursor to go on after. The line is the transaction:
// it is there whole, or it is cut off at the next start and comes again. So no
// event is missed, and none is taken twice. Ctrl-C ends it.
import { appendFileSync, fdatasyncSync, openSync } from "node:fs";
import { existsSync, readFileSync, truncateSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { toJsonString } from "@bufbuild/protobuf";
import { ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { mayHelp } from "./again.js";
import {
  SubscribeResponseSchema,
  SubscriptionService,
} from "./gen/samverk/bus/v1/subscription_pb.js";

const [path, baseUrl = "http://127.0.0.1:7480", process_ = ""] =
  process.argv.slice(2);
const register = createClient(
  SubscriptionService,
  createConnectTransport({ baseUrl, httpVersion: "1.1" }),
);

// A connection that died without a word is given up after so long.
const CALL_MS = 3_600_000;

// The cursor of the last whole line; what a crash left after it is cut off.
function recover(): bigint {
  if (!existsSync(path)) return 0n;
  const copy = readFileSync(path);
  const end = copy.lastIndexOf("\n") + 1;
  truncateSync(path, end);
  if (end === 0) return 0n;
  const begin = copy.lastIndexOf("\n", end - 2) + 1;
  return BigInt(JSON.parse(copy.toString("utf8", begin, end)).cursor);
}

let cursor = recover();
const file = openSync(path, "a");

// Takes what comes until the call ends.
async function follow() {
  console.log(`following after #${cursor}`);
  const messages = register.subscribe(
    {
      filter: { process: process_ },
      // Always after the cursor that is stored; 0 is the first event.
      start: { from: { case: "after", value: cursor } },
    },
    { timeoutMs: CALL_MS },
  );
  for await (const message of messages) {
    // A message without events moves the cursor too, when nothing in a long
    // stretch of the log was for us; or it is a sign of life.
    if (message.cursor === cursor) continue;
    const line = toJsonString(SubscribeResponseSchema, message, {
      useProtoFieldName: true,
    });
    appendFileSync(file, line + "\n");
    fdatasyncSync(file);
    cursor = message.cursor;
    console.log(`stored up to #${cursor} of #${message.head}`);
  }
}

for (;;) {
  try {
    await follow();
  } catch (cause) {
    const error = ConnectError.from(cause);
    if (!mayHelp(error)) {
      // Trying again would not help. A start beyond the head means that the
      // register was restored from a backup.
      console.error(`follower: ${error.message}`);
      process.exit(1);
    }
    console.error(`once more: ${error.message}`);
  }
  await sleep(1000);
}
