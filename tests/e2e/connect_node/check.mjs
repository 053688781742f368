// The Connect client of npm against a server with the demo process:
//
//   node check.mjs http://127.0.0.1:7480 contracts.binpb
//
// contracts.binpb is what protoc --descriptor_set_out --include_imports wrote.
// Ends with 0 when all is as it must be.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary, fromJson } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

const [baseUrl, contracts] = process.argv.slice(2);
const registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(contracts)),
);

async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  assert.fail("it was not refused");
}

// An event that is new with each `ref`.
function finding(ref) {
  return {
    process: "augustenborg",
    source: { system: "connect-node", ref },
    recorded_by: { organisation: "mkb", role: "projektledare", subject: "p-7f3a" },
    occurred: { edtf: "2025-10-14" },
    finding_logged: {
      finding: `f-${ref}`,
      polarity: "POLARITY_DEFICIENCY",
      category: "FINDING_CATEGORY_LIGHTING",
      description: "Lampan vid torget är trasig.",
      where: { place: "augustenborgstorget" },
    },
  };
}

async function check(name, useBinaryFormat) {
  const transport = createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat });
  const client = (service) => createClient(registry.getService(service), transport);
  const recording = client("samverk.recording.v1.RecordingService");
  const views = client("samverk.view.v1.ViewService");
  const subscriptions = client("samverk.bus.v1.SubscriptionService");
  const request = (events) =>
    fromJson(registry.getMessage("samverk.recording.v1.RecordRequest"), { events });

  // One answer.
  const budget = await views.getBudget({ scope: { process: "augustenborg" } });
  assert.ok(budget.budget, "a budget");

  // The same by GET, which only its answers have tags of.
  const getting = createConnectTransport({
    baseUrl, httpVersion: "1.1", useBinaryFormat, useHttpGet: true,
  });
  const got = createClient(registry.getService("samverk.view.v1.ViewService"), getting);
  let tag;
  const onHeader = (headers) => { tag = headers.get("etag"); };
  assert.deepEqual(await got.getBudget({ scope: { process: "augustenborg" } }, { onHeader }), budget);
  assert.ok(tag, "an answer to GET");
  await views.getBudget({ scope: { process: "augustenborg" } }, { onHeader });
  assert.equal(tag, null, "an answer to POST");

  // An error, its sentence in the language that is asked for, and its details.
  const wrong = finding(`${name}-wrong`);
  wrong.occurred.edtf = "2025-13";
  const refusal = await refused(
    recording.record(request([wrong]), { headers: { "Accept-Language": "en" } }),
  );
  assert.equal(refusal.code, Code.InvalidArgument);
  const [violations] = refusal.findDetails(registry.getMessage("samverk.recording.v1.Refusal"));
  assert.equal(violations.violations[0].rule, "TIME_INVALID");
  const [info] = refusal.findDetails(registry.getMessage("google.rpc.ErrorInfo"));
  assert.equal(info.reason, "REFUSED");

  // A stream: all that was, in order, and then what is recorded meanwhile.
  const following = new AbortController();
  const positions = [];
  let head = 0n;
  let recorded;
  try {
    for await (const { message, head: at } of subscriptions.subscribe(
      { batchSize: 7, heartbeat: { seconds: 1n } },
      { signal: following.signal },
    )) {
      if (message.case === "events") {
        positions.push(...message.value.events.map((event) => event.position));
        if (recorded && positions.at(-1) === recorded.facts[0].position) following.abort();
      } else if (message.case === "caughtUp" && !recorded) {
        head = at;
        assert.equal(BigInt(positions.length), head, "all that was recorded");
        recorded = await recording.record(request([finding(name)]));
      }
    }
  } catch (error) {
    assert.equal(ConnectError.from(error).code, Code.Canceled);
  }
  assert.equal(recorded.facts[0].position, head + 1n);
  assert.deepEqual(
    positions,
    Array.from({ length: Number(head) + 1 }, (_, i) => BigInt(i + 1)),
    "each once and in order",
  );

  // An error of a stream, and a deadline.
  const follow = async (start, options) => {
    for await (const _ of subscriptions.subscribe({ start }, options));
  };
  const beyond = await refused(follow({ from: { case: "after", value: 1_000_000n } }));
  assert.equal(beyond.code, Code.InvalidArgument);
  assert.equal(
    beyond.findDetails(registry.getMessage("google.rpc.BadRequest"))[0].fieldViolations[0].field,
    "start.after",
  );
  const late = await refused(follow({ from: { case: "now", value: true } }, { timeoutMs: 300 }));
  assert.equal(late.code, Code.DeadlineExceeded);
  console.log(`${name}: as it must be`);
}

await check("json", false);
await check("binary", true);
