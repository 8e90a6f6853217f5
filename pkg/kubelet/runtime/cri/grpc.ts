// gRPC on the runtime's unix socket: unary calls and server streams. Callers give the types;
// messages are coded by the schema in schema.generated.ts.
import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import { RUNTIME_CALL_TIMEOUT, RUNTIME_MESSAGE_BYTES } from '../../limits.js';
import { RuntimeError, type RuntimeErrorCode } from '../runtime.js';
import { CRI_SCHEMA, EVENTS_SCHEMA } from './schema.generated.js';
import { onAbort } from '../../../util/wait/abortable.js';
import { getOrInsert } from '../../../util/map/get-or-insert.js';

const CODES: Partial<Record<grpc.status, RuntimeErrorCode>> = {
  [grpc.status.NOT_FOUND]: 'NotFound',
  [grpc.status.ALREADY_EXISTS]: 'AlreadyExists',
  [grpc.status.UNAVAILABLE]: 'Unavailable',
  [grpc.status.DEADLINE_EXCEEDED]: 'DeadlineExceeded',
};

/** Messages name the code, except the one that says nothing (upstream: remote_image.go). */
export function runtimeError(error: Pick<grpc.ServiceError, 'code' | 'details' | 'message'>) {
  const text = error.details || error.message;
  const message =
    error.code === grpc.status.UNKNOWN
      ? text
      : `rpc error: code = ${codeName(error.code)} desc = ${text}`;
  return new RuntimeError(CODES[error.code] ?? 'Unknown', message, text);
}

/** The code in gRPC-go's spelling, as users search for it: NotFound, DeadlineExceeded. */
function codeName(code: grpc.status): string {
  return (grpc.status[code] ?? 'Unknown')
    .toLowerCase()
    .replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

const schema = (nested: Record<string, object>) =>
  nested as Record<string, protobuf.AnyNestedObject>;
const root = protobuf.Root.fromJSON({
  nested: {
    runtime: { nested: { v1: { nested: schema(CRI_SCHEMA) } } },
    containerd: {
      nested: {
        services: { nested: { events: { nested: { v1: { nested: schema(EVENTS_SCHEMA) } } } } },
      },
    },
  },
});

const CONVERSION: protobuf.IConversionOptions = {
  longs: Number,
  enums: String,
  defaults: true,
  arrays: true,
  objects: true,
};

const encode = (type: protobuf.Type, value: object): Buffer =>
  Buffer.from(type.encode(type.fromObject(value as Record<string, unknown>)).finish());

const decode = (type: protobuf.Type, bytes: Uint8Array): Record<string, unknown> =>
  type.toObject(type.decode(bytes), CONVERSION);

/** Decodes a message of the schema by its full name. */
export const decodeMessage = <T>(name: string, bytes: Uint8Array): T =>
  decode(root.lookupType(name), bytes) as T;

export interface CallOptions {
  /** Milliseconds. */
  timeout?: number;
  signal?: AbortSignal;
}

export class GrpcConnection {
  private readonly client: grpc.Client;

  /**
   * `endpoint`: a URL such as unix:///run/containerd/containerd.sock, or a path.
   * `onCall` is called after each unary call with the method and the duration in milliseconds.
   */
  constructor(
    endpoint: string,
    private readonly onCall: (operation: string, ms: number, failed: boolean) => void = () => {},
  ) {
    const address = endpoint.startsWith('/') ? `unix://${endpoint}` : endpoint;
    this.client = new grpc.Client(address, grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': RUNTIME_MESSAGE_BYTES,
      'grpc.max_send_message_length': RUNTIME_MESSAGE_BYTES,
      'grpc.initial_reconnect_backoff_ms': 50,
      'grpc.max_reconnect_backoff_ms': 2000,
      'grpc.enable_retries': 0,
    });
  }

  /** `method`: for example 'runtime.v1.RuntimeService/Version'. Throws RuntimeError. */
  unary<R>(method: string, request: object, options: CallOptions = {}): Promise<R> {
    const { input, output, path } = resolveMethod(method);
    const began = Date.now();
    const deadline = began + (options.timeout ?? RUNTIME_CALL_TIMEOUT);
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(options.signal.reason as Error);
      const call = this.client.makeUnaryRequest(
        path,
        (value: object) => encode(input, value),
        (bytes: Buffer) => decode(output, bytes),
        request,
        new grpc.Metadata(),
        { deadline },
        (error, answer) => {
          withdraw();
          this.onCall(method.slice(method.indexOf('/') + 1), Date.now() - began, error !== null);
          if (!error) resolve(answer as R);
          else if (options.signal?.aborted) reject(options.signal.reason as Error);
          else reject(runtimeError(error));
        },
      );
      const withdraw = onAbort(options.signal, () => call.cancel());
    });
  }

  /** Ends with the server's stream or on abort. Throws RuntimeError if the stream breaks. */
  async *stream<R>(
    method: string,
    request: object,
    metadata: Record<string, string>,
    signal: AbortSignal,
  ): AsyncGenerator<R> {
    const { input, output, path } = resolveMethod(method);
    const headers = new grpc.Metadata();
    for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
    const call = this.client.makeServerStreamRequest(
      path,
      (value: object) => encode(input, value),
      (bytes: Buffer) => decode(output, bytes),
      request,
      headers,
    );
    const withdraw = onAbort(signal, () => call.cancel());
    try {
      for await (const message of call) yield message as R;
    } catch (error) {
      if (!signal.aborted) throw runtimeError(error as grpc.ServiceError);
    } finally {
      withdraw();
      call.cancel();
    }
  }

  close(): void {
    this.client.close();
  }
}

interface Method {
  input: protobuf.Type;
  output: protobuf.Type;
  path: string;
}

const methods = new Map<string, Method>();

const resolveMethod = (method: string): Method =>
  getOrInsert(methods, method, () => {
    const slash = method.indexOf('/');
    const service = root.lookupService(method.slice(0, slash));
    const found = service.methods[method.slice(slash + 1)];
    if (!found) throw new RuntimeError('Unknown', `no method ${method} in the schema`);
    return {
      input: service.lookupType(found.requestType),
      output: service.lookupType(found.responseType),
      path: `/${method}`,
    };
  });
