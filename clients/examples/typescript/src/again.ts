import { Code, type ConnectError } from "@connectrpc/connect";

// The server is away, went away or is busy, or the call took too long.
const AGAIN = [
  Code.Unavailable,
  Code.Aborted,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
];

// Whether the same call again may help. A connection that breaks while
// something is being written to it is "internal" to the library: Node's own
// error ("EPIPE", "ECONNRESET") is its cause then, which an answer of the
// server never has.
export function mayHelp(error: ConnectError): boolean {
  const cause = error.cause as { code?: unknown } | undefined;
  return AGAIN.includes(error.code) || typeof cause?.code === "string";
}
