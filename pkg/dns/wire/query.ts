// Queries as the server reads them: header, one question and EDNS (RFC 1035 4.1, RFC 6891).
import { CLASS_IN, DNSSEC_OK, FLAGS, HEADER_BYTES, OPT_BYTES, TYPES } from './codes.js';
import { recordsOf } from './message.js';
import { readName, WireError } from './names.js';

export interface Query {
  id: number;
  flags: number;
  /** Lower case, without the final dot. */
  name: string;
  type: number;
  class: number;
  /** The question section as the client wrote it. */
  question: Buffer;
  edns?: { version: number; size: number; dnssec: boolean };
}

/** Reads a query. Throws WireError for messages that are no query with one question. */
export function parseQuery(bytes: Buffer): Query {
  if (bytes.length < HEADER_BYTES) throw new WireError('no header');
  if (bytes.readUInt16BE(4) !== 1) throw new WireError('not one question');
  const { text, end } = readName(bytes, HEADER_BYTES, 'refused');
  if (bytes.length < end + 4) throw new WireError('question without type or class');
  const edns = readEdns(bytes);
  return {
    id: bytes.readUInt16BE(0),
    flags: bytes.readUInt16BE(2),
    name: text.toLowerCase(),
    type: bytes.readUInt16BE(end),
    class: bytes.readUInt16BE(end + 2),
    question: bytes.subarray(HEADER_BYTES, end + 4),
    ...(edns && { edns }),
  };
}

function readEdns(bytes: Buffer): Query['edns'] {
  const [opt, ...more] = recordsOf(bytes).filter(
    ({ section, type }) => section === 2 && type === TYPES.OPT,
  );
  if (!opt) return undefined;
  const { start, fixed } = opt;
  if (more.length || fixed !== start + 1)
    throw new WireError('more than one OPT, or one with a name');
  return {
    size: bytes.readUInt16BE(fixed + 2),
    version: bytes.readUInt8(fixed + 5),
    dnssec: (bytes.readUInt16BE(fixed + 6) & DNSSEC_OK) !== 0,
  };
}

/** The query for an upstream server: the question, and EDNS when the client has it. */
export function upstreamQuery(query: Query, id: number, size: number): Buffer {
  const { edns, question } = query;
  const out = Buffer.alloc(HEADER_BYTES + question.length + (edns ? OPT_BYTES : 0));
  const passed = FLAGS.recursionDesired | FLAGS.authenticData | FLAGS.checkingDisabled;
  out.writeUInt16BE(id, 0);
  out.writeUInt16BE(query.flags & passed, 2);
  out.writeUInt16BE(1, 4);
  question.copy(out, HEADER_BYTES);
  if (edns) {
    out.writeUInt16BE(1, 10);
    writeOpt(out, HEADER_BYTES + question.length, size, 0, edns.dnssec);
  }
  return out;
}

/** Writes an OPT record without options, OPT_BYTES long. */
export function writeOpt(
  out: Buffer,
  at: number,
  size: number,
  extendedCode: number,
  dnssec: boolean,
): void {
  out.writeUInt8(0, at);
  out.writeUInt16BE(TYPES.OPT, at + 1);
  out.writeUInt16BE(size, at + 3);
  out.writeUInt8(extendedCode, at + 5);
  out.writeUInt8(0, at + 6);
  out.writeUInt16BE(dnssec ? DNSSEC_OK : 0, at + 7);
  out.writeUInt16BE(0, at + 9);
}

/** A question for a name that the server asks itself. */
export function questionOf(labels: readonly Buffer[], type: number): Buffer {
  const out = labels.flatMap((label) => [Buffer.of(label.length), label]);
  const tail = Buffer.alloc(5);
  tail.writeUInt16BE(type, 1);
  tail.writeUInt16BE(CLASS_IN, 3);
  return Buffer.concat([...out, tail]);
}
