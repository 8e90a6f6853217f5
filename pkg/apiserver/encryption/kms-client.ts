// The service of a KMS plugin, v2.KeyManagementService on a unix socket (k8s.io/kms apis/v2).
import { GrpcConnection } from '../../storage/etcd/grpc-connection.js';
import { WireReader, WireWriter } from '../../storage/etcd/wire.js';
import type { Env } from '../../util/env/env.js';

export interface KmsStatus {
  version: string;
  healthz: string;
  keyId: string;
}

export type KmsAnnotations = ReadonlyMap<string, Buffer>;

export interface KmsCiphertext {
  ciphertext: Buffer;
  keyId: string;
  annotations: KmsAnnotations;
}

export interface KmsService {
  status(): Promise<KmsStatus>;
  encrypt(plaintext: Buffer): Promise<KmsCiphertext>;
  decrypt(sealed: KmsCiphertext): Promise<Buffer>;
  close(): void;
}

/** Entries of a protobuf map from text to bytes. */
export function writeAnnotations(
  writer: WireWriter,
  field: number,
  annotations: KmsAnnotations,
): WireWriter {
  for (const [name, value] of annotations)
    writer.message(field, new WireWriter().text(1, name).bytes(2, value));
  return writer;
}

export function readAnnotation(entry: WireReader, into: Map<string, Buffer>): void {
  let name = '';
  let value: Buffer = Buffer.alloc(0);
  while (entry.next()) {
    if (entry.field === 1) name = entry.text();
    else if (entry.field === 2) value = Buffer.from(entry.bytes());
  }
  into.set(name, value);
}

/** `endpoint` is 'unix:///run/kms.sock'. Each call fails after `timeoutMs`. */
export function openKms(
  endpoint: string,
  timeoutMs: number,
  env: Pick<Env, 'clock' | 'log' | 'random'>,
): KmsService {
  const connection = new GrpcConnection([endpoint], undefined, env, 'KMS plugin');
  const call = async (method: string, message: WireWriter) =>
    new WireReader(
      await connection.unary(`/v2.KeyManagementService/${method}`, message.finishFrame(), {
        idempotent: true,
        timeoutMs,
      }),
    );
  return {
    async status() {
      const reader = await call('Status', new WireWriter());
      const status: KmsStatus = { version: '', healthz: '', keyId: '' };
      while (reader.next()) {
        if (reader.field === 1) status.version = reader.text();
        else if (reader.field === 2) status.healthz = reader.text();
        else if (reader.field === 3) status.keyId = reader.text();
      }
      return status;
    },
    async encrypt(plaintext) {
      const message = new WireWriter().bytes(1, plaintext).text(2, env.random.uuid());
      const reader = await call('Encrypt', message);
      const annotations = new Map<string, Buffer>();
      const sealed: KmsCiphertext = { ciphertext: Buffer.alloc(0), keyId: '', annotations };
      while (reader.next()) {
        if (reader.field === 1) sealed.ciphertext = Buffer.from(reader.bytes());
        else if (reader.field === 2) sealed.keyId = reader.text();
        else if (reader.field === 3) readAnnotation(reader.message(), annotations);
      }
      return sealed;
    },
    async decrypt({ ciphertext, keyId, annotations }) {
      const message = new WireWriter()
        .bytes(1, ciphertext)
        .text(2, env.random.uuid())
        .text(3, keyId);
      const reader = await call('Decrypt', writeAnnotations(message, 4, annotations));
      let plaintext: Buffer = Buffer.alloc(0);
      while (reader.next()) if (reader.field === 1) plaintext = Buffer.from(reader.bytes());
      return plaintext;
    },
    close: () => connection.close(),
  };
}
