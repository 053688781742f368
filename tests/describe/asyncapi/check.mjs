// An AsyncAPI document against AsyncAPI's own parser:
//
//   node check.mjs asyncapi.json
//
// Prints what it found. Ends with 0 when nothing is wrong.
import { readFileSync } from "node:fs";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(
  readFileSync(process.argv[2], "utf8"),
);
const wrong = diagnostics.filter(
  ({ severity }) => severity <= DiagnosticSeverity.Warning,
);
for (const { code, path, message } of wrong) {
  console.log(`${code} at ${path.join(".")}: ${message}`);
}
// That there is a newer AsyncAPI is no more than information.
if (document === undefined || wrong.length > 0) process.exit(1);
console.log(
  `${document.version()}: ${document.channels().all().length} channels, ` +
    `${document.operations().all().length} operations, ` +
    `${document.messages().all().length} messages`,
);
