// A KMS plugin, v2, on a unix socket: it encrypts with keys in memory. Made with grpc-js and
// protobufjs, so that it shares no code with the client.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const PROTO = `
syntax = "proto3";
package v2;
message StatusRequest {}
message StatusResponse { string version = 1; string healthz = 2; string key_id = 3; }
message DecryptRequest { bytes ciphertext = 1; string uid = 2; string key_id = 3; map<string, bytes> annotations = 4; }
message DecryptResponse { bytes plaintext = 1; }
message EncryptRequest { bytes plaintext = 1; string uid = 2; }
message EncryptResponse { bytes ciphertext = 1; string key_id = 2; map<string, bytes> annotations = 3; }
`;

export interface KmsPlugin {
  endpoint: string;
  /** Answered by Status; tests change them. */
  state: { healthz: string; version: string; keyId: string };
  calls: { encrypt: number; decrypt: number; status: number };
  /** Removes the socket; `start` opens it again with the same keys. */
  halt(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Sealed {
  ciphertext: Uint8Array;
  keyId: string;
  annotations: Record<string, Uint8Array>;
}

export async function startKmsPlugin(): Promise<KmsPlugin> {
  const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-kms-'));
  const endpoint = `unix://${join(folder, 'kms.sock')}`;
  const { root } = protobuf.parse(PROTO);
  const state = { healthz: 'ok', version: 'v2', keyId: 'key-1' };
  const calls = { encrypt: 0, decrypt: 0, status: 0 };
  const keys = new Map<string, Buffer>();
  const keyOf = (id: string) => {
    if (!keys.has(id)) keys.set(id, randomBytes(32));
    return keys.get(id)!;
  };
  const handlers: Record<string, (request: Record<string, unknown>) => object> = {
    Status: () => {
      calls.status++;
      return state;
    },
    Encrypt: (request) => {
      calls.encrypt++;
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyOf(state.keyId), nonce);
      const body = cipher.update(request['plaintext'] as Uint8Array);
      const ciphertext = Buffer.concat([body, cipher.final(), cipher.getAuthTag()]);
      return { ciphertext, keyId: state.keyId, annotations: { 'nonce.example.com': nonce } };
    },
    Decrypt: (request) => {
      calls.decrypt++;
      const { ciphertext, keyId, annotations } = request as unknown as Sealed;
      const nonce = annotations['nonce.example.com']!;
      const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), nonce);
      decipher.setAuthTag(ciphertext.subarray(-16));
      const body = decipher.update(ciphertext.subarray(0, -16));
      return { plaintext: Buffer.concat([body, decipher.final()]) };
    },
  };
  const service = Object.fromEntries(
    Object.keys(handlers).map((name) => {
      const [request, response] = ['Request', 'Response'].map((end) =>
        root.lookupType(`v2.${name}${end}`),
      );
      return [
        name,
        {
          path: `/v2.KeyManagementService/${name}`,
          requestStream: false,
          responseStream: false,
          requestDeserialize: (bytes: Buffer) => request!.decode(bytes),
          requestSerialize: (value: object) => Buffer.from(request!.encode(value).finish()),
          responseSerialize: (value: object) =>
            Buffer.from(response!.encode(response!.fromObject(value)).finish()),
          responseDeserialize: (bytes: Buffer) => response!.decode(bytes),
        },
      ];
    }),
  );
  const implementation = Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      (call: { request: Record<string, unknown> }, answer: grpc.sendUnaryData<object>) => {
        try {
          answer(null, handle(call.request));
        } catch (error) {
          answer({ code: grpc.status.INTERNAL, details: (error as Error).message });
        }
      },
    ]),
  );
  let server: grpc.Server | undefined;
  const start = async () => {
    server = new grpc.Server();
    server.addService(service, implementation as grpc.UntypedServiceImplementation);
    const credentials = grpc.ServerCredentials.createInsecure();
    await new Promise<void>((resolve, reject) =>
      server!.bindAsync(endpoint, credentials, (error) => (error ? reject(error) : resolve())),
    );
  };
  const halt = async () => {
    server?.forceShutdown();
    server = undefined;
    await rm(join(folder, 'kms.sock'), { force: true });
  };
  await start();
  return {
    endpoint,
    state,
    calls,
    start,
    halt,
    async stop() {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
