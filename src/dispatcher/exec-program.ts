import { open } from 'node:fs/promises';
import { Failure } from '../kernel/failure.js';
import { stringifyJson } from '../kernel/value/json.js';
import type { Value } from '../kernel/value/value.js';
import type { AttemptOrder } from '../workflow/ports.js';
import type { AttemptFiles } from './attempt-files.js';
import { noteInLog } from './attempt-log.js';
import type { Program } from './program.js';

/** Bytes of stdout that become the output of the task. */
const OUTPUT_BYTES = 1024 * 1024;

/**
 * An exec order: argv without a shell, the input as JSON text on stdin (a string or binary as it is). Exit code 0 of a program
 * that nobody asked to stop is a success; its output is stdout without one trailing newline. Of a longer stdout the first
 * mebibyte is the output, which the log says: the program did its work, so to fail the task would be wrong. All of it stays in
 * `<attempt>.out`.
 */
export function execProgram(order: AttemptOrder, argv: readonly string[], files: AttemptFiles): Program {
  const [program, ...args] = argv;
  if (program === undefined) {
    throw new Failure('arguments_invalid', 'Expected exec to name a program, but its list is empty.');
  }
  return {
    argv: [program, ...args],
    stdin: stdinOf(order.input),
    stdoutFile: files.stdout,
    succeeded: async (exit) => exit.reason === 'exited' && exit.exitCode === 0,
    output: () => readOutput(files),
    complaint: async () => null,
  };
}

function stdinOf(input: Value | undefined): string | Uint8Array | null {
  if (input === undefined) return null;
  return typeof input === 'string' || input instanceof Uint8Array ? input : stringifyJson(input);
}

async function readOutput(files: AttemptFiles): Promise<string> {
  await using file = await open(files.stdout, 'r');
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, OUTPUT_BYTES)), { position: 0 });
  const isCut = size > bytesRead;
  if (isCut) {
    noteInLog(files.stderr, `stdout has ${size} bytes: its first ${bytesRead} are the output of the task.`);
  }
  // a character that the cut went through is left out, any other invalid byte becomes U+FFFD
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer.subarray(0, bytesRead), {
    stream: isCut,
  });
  return isCut ? text : text.replace(/\r?\n$/, '');
}
