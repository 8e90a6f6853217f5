// Writes X.509 certificates (RFC 5280) with ECDSA P-256 keys. node:crypto creates keys and
// signatures and verifies certificates, but cannot write them; this file does, synchronously and in
// about a millisecond each.
import {
  constants,
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import * as der from './der.js';
import { publicKeyBytes } from './key-pair.js';
import { ipBytes, parseIp, unmapped } from '../../util/netaddr/ip.js';
import { OIDS, USAGE_BITS, PURPOSES } from './facts.generated.js';

export interface CertificateAndKey {
  /** PEM. */
  certPem: string;
  /** PEM, PKCS #8. */
  keyPem: string;
}

export type KeyUsage = 'server' | 'client';

export interface SubjectNames {
  commonName: string;
  /** The groups of the user in Kubernetes. */
  organizations?: readonly string[];
  /** DNS names and IP addresses in one list, as openssl prints them. */
  sans?: readonly string[];
}

export interface IssueOptions extends SubjectNames {
  ca: CertificateAndKey;
  usages: readonly KeyUsage[];
  /** Validity in days, at most until the CA expires; default 365. */
  days?: number;
  /** Milliseconds since the epoch; default: the system clock. */
  now?: number;
}

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
const LEAF_DAYS = 365;
/** Certificates start in the past, for peers with slow clocks. */
const BACKDATE_MS = 300_000;

/** The digests of signature algorithms in requests; null: the algorithm digests by itself. */
const SIGNATURES: readonly (readonly [oid: string, digest: string | null])[] = [
  ['1.2.840.113549.1.1.5', 'sha1'],
  [OIDS.rsaWithSha256, 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.1', 'sha1'],
  [OIDS.ecdsaWithSha256, 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.3.101.112', null],
];
const RSA_PSS = '1.2.840.113549.1.1.10';
/** The digests that RSA-PSS may name in its parameters. */
const PSS_DIGESTS = [
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
] as const;

function name(names: SubjectNames): Buffer {
  const attribute = (type: string, value: string) =>
    der.encode(der.TAG.set, der.sequence(der.oid(type), der.utf8(value)));
  return der.sequence(
    ...(names.organizations ?? []).map((organization) =>
      attribute(OIDS.organization, organization),
    ),
    attribute(OIDS.commonName, names.commonName),
  );
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const mark = critical ? [der.boolean(true)] : [];
  return der.sequence(der.oid(id), ...mark, der.octetString(value));
}

function altNames(sans: readonly string[]): Buffer {
  return der.sequence(
    ...sans.map((san) => {
      const ip = parseIp(san);
      return ip
        ? der.encode(0x87, Buffer.from(ipBytes(unmapped(ip))))
        : der.encode(0x82, Buffer.from(san, 'ascii'));
    }),
  );
}

/**
 * SHA-1 of the public key bits (RFC 5280, section 4.2.1.2, method 1). An identifier, not a security
 * measure.
 */
function keyIdentifier(spki: Buffer): Buffer {
  const bits = der.children(der.children(spki)[0]!.body)[1]!.body.subarray(1);
  return createHash('sha1').update(bits).digest();
}

function signatureAlgorithm(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === 'ec') return der.sequence(der.oid(OIDS.ecdsaWithSha256));
  if (key.asymmetricKeyType === 'rsa')
    return der.sequence(der.oid(OIDS.rsaWithSha256), der.nullValue());
  throw new Error(`cannot sign with a key of type ${key.asymmetricKeyType}`);
}

interface Contents {
  subject: Buffer;
  issuer: Buffer;
  spki: Buffer;
  notBefore: number;
  notAfter: number;
  extensions: Buffer[];
  signer: KeyObject;
}

function certificate(contents: Contents): string {
  const algorithm = signatureAlgorithm(contents.signer);
  const serial = randomBytes(16);
  serial[0]! &= 0x7f;
  const body = der.sequence(
    der.context(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    contents.issuer,
    der.sequence(der.time(contents.notBefore), der.time(contents.notAfter)),
    contents.subject,
    contents.spki,
    der.context(3, der.sequence(...contents.extensions)),
  );
  return der.pem(
    'CERTIFICATE',
    der.sequence(body, algorithm, der.bitString(sign('sha256', body, contents.signer))),
  );
}

/** A new P-256 key: its PKCS #8 PEM and its SubjectPublicKeyInfo. */
export function newKey(): { keyPem: string; key: KeyObject; spki: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    key: privateKey,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
  };
}

/** A self-signed certificate authority, valid for ten years. */
export function createCa(
  commonName: string,
  options: { days?: number; now?: number } = {},
): CertificateAndKey {
  const now = options.now ?? Date.now();
  const { key, keyPem, spki } = newKey();
  const subject = name({ commonName });
  const certPem = certificate({
    subject,
    issuer: subject,
    spki,
    notBefore: now - BACKDATE_MS,
    notAfter: now + (options.days ?? CA_DAYS) * DAY_MS,
    signer: key,
    extensions: [
      // digitalSignature, keyEncipherment, keyCertSign
      extension(OIDS.keyUsage, true, der.bitString(Buffer.from([0b1010_0100]), 2)),
      extension(OIDS.basicConstraints, true, der.sequence(der.boolean(true))),
      extension(OIDS.subjectKeyIdentifier, false, der.octetString(keyIdentifier(spki))),
      extension(OIDS.subjectAltName, false, altNames([commonName])),
    ],
  });
  return { certPem, keyPem };
}

const VERSION_TAG = 0xa0;

interface Issuer {
  subject: Buffer;
  spki: Buffer;
  notAfter: number;
  key: KeyObject;
}

/** Cached, because parsing a CA takes as long as issuing a certificate. */
const issuers = new WeakMap<CertificateAndKey, Issuer>();

function issuerOf(ca: CertificateAndKey): Issuer {
  const known = issuers.get(ca) ?? readIssuer(ca);
  issuers.set(ca, known);
  return known;
}

/** Subject and expiry of a CA certificate, which its issued certificates repeat. */
function readIssuer(ca: CertificateAndKey): Issuer {
  const body = der.children(
    der.children(der.children(der.fromPem('CERTIFICATE', ca.certPem))[0]!.body)[0]!.body,
  );
  // Certificates of X.509 v1 have no version, which is the element [0].
  const fields = body[0]?.tag === VERSION_TAG ? body.slice(1) : body;
  // serial, algorithm, issuer, validity, subject, key
  const [, , , , subject, spki] = fields;
  if (!subject || !spki) throw new Error('the CA certificate has no subject or key');
  const notAfter = Date.parse(new X509Certificate(ca.certPem).validTo);
  return { subject: subject.raw, spki: spki.raw, notAfter, key: createPrivateKey(ca.keyPem) };
}

type LeafOptions = Pick<IssueOptions, 'ca' | 'days' | 'now'> & { usages: readonly string[] };

/** The extensions of the usages, which are Kubernetes' names; unknown names are left out. */
function usageExtensions(usages: readonly string[]): Buffer[] {
  const bits = usages.flatMap((usage) => USAGE_BITS[usage] ?? []);
  const purposes = new Set(usages.flatMap((usage) => PURPOSES[usage] ?? []));
  const last = Math.max(...bits);
  const bytes = Buffer.alloc(bits.length ? 1 + (last >> 3) : 0);
  for (const bit of bits) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
  return [
    ...(bits.length ? [extension(OIDS.keyUsage, true, der.bitString(bytes, 7 - (last & 7)))] : []),
    ...(purposes.size
      ? [extension(OIDS.extendedKeyUsage, false, der.sequence(...[...purposes].map(der.oid)))]
      : []),
  ];
}

function leaf(
  options: LeafOptions,
  subject: Buffer,
  spki: Buffer,
  sans: Buffer | undefined,
): string {
  const now = options.now ?? Date.now();
  const issuer = issuerOf(options.ca);
  const authority = der.encode(0x80, keyIdentifier(issuer.spki));
  return certificate({
    subject,
    issuer: issuer.subject,
    spki,
    notBefore: now - BACKDATE_MS,
    notAfter: Math.min(now + (options.days ?? LEAF_DAYS) * DAY_MS, issuer.notAfter),
    signer: issuer.key,
    extensions: [
      ...usageExtensions(options.usages),
      extension(OIDS.basicConstraints, true, der.sequence()),
      extension(OIDS.authorityKeyIdentifier, false, der.sequence(authority)),
      ...(sans ? [extension(OIDS.subjectAltName, false, sans)] : []),
    ],
  });
}

/** A new key and its certificate. */
export function issue(options: IssueOptions): CertificateAndKey {
  const { keyPem, spki } = newKey();
  const sans = options.sans?.length ? altNames(options.sans) : undefined;
  const usages = [
    'digital signature',
    'key encipherment',
    ...options.usages.map((usage) => `${usage} auth`),
  ];
  return { certPem: leaf({ ...options, usages }, name(options), spki, sans), keyPem };
}

export interface CertificateRequest {
  commonName: string;
  organizations: string[];
  /** DNS names and IP addresses. */
  sans: string[];
  /** Number of names of other kinds (email, URI), which `sans` leaves out. */
  otherSans: number;
  subject: Buffer;
  spki: Buffer;
  altNames?: Buffer;
}

/** The PEM of a PKCS #10 request, signed by the key (PEM) that the certificate is asked for. */
export function createCertificateRequest(names: SubjectNames, keyPem: string): string {
  const key = createPrivateKey(keyPem);
  const sans = names.sans?.length
    ? [extension(OIDS.subjectAltName, false, altNames(names.sans))]
    : [];
  const requested = der.encode(der.TAG.set, der.sequence(...sans));
  const info = der.sequence(
    der.integer(Buffer.from([0])),
    name(names),
    publicKeyBytes(keyPem),
    der.context(
      0,
      ...(sans.length ? [der.sequence(der.oid(OIDS.extensionRequest), requested)] : []),
    ),
  );
  return der.pem(
    'CERTIFICATE REQUEST',
    der.sequence(info, signatureAlgorithm(key), der.bitString(sign('sha256', info, key))),
  );
}

function readAltNames(body: Buffer): string[] {
  return der.children(der.children(body)[0]!.body).flatMap(({ tag, body: value }) => {
    if (tag === 0x82) return [value.toString('ascii')];
    if (tag !== 0x87) return [];
    if (value.length === 4) return [value.join('.')];
    return [Array.from({ length: 8 }, (_, i) => value.readUInt16BE(i * 2).toString(16)).join(':')];
  });
}

function requestedAltNames(attributes: Buffer): Buffer | undefined {
  for (const attribute of der.children(attributes)) {
    const [type, values] = der.children(attribute.body);
    if (!type?.raw.equals(der.oid(OIDS.extensionRequest)) || !values) continue;
    for (const entry of der.children(der.children(values.body)[0]!.body)) {
      const parts = der.children(entry.body);
      if (parts[0]?.raw.equals(der.oid(OIDS.subjectAltName))) return parts.at(-1)!.body;
    }
  }
  return undefined;
}

/** Throws Error in Go's words when the key did not make the signature (x509.CheckSignature). */
function checkSignature(signed: Buffer, algorithm: Buffer, key: KeyObject, bits: Buffer): void {
  const [type, parameters] = der.children(algorithm);
  const is = (oid: string): boolean => type?.raw.equals(der.oid(oid)) ?? false;
  const pss = is(RSA_PSS)
    ? PSS_DIGESTS.find(([oid]) => parameters?.raw.includes(der.oid(oid)))?.[1]
    : undefined;
  const digest = pss ?? SIGNATURES.find(([oid]) => is(oid))?.[1];
  if (digest === undefined)
    throw new Error('x509: cannot verify signature: algorithm unimplemented');
  const verifier = pss
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : key;
  if (verify(digest, signed, verifier, bits.subarray(1))) return;
  throw new Error(FAILURES[key.asymmetricKeyType ?? ''] ?? 'crypto/rsa: verification error');
}

const FAILURES: Readonly<Record<string, string>> = {
  ec: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
};

/** Parses a PKCS #10 request and verifies that it is signed by its own key; throws otherwise. */
export function parseCertificateRequest(csrPem: string): CertificateRequest {
  const [info, algorithm, signature] = der.children(
    der.children(der.fromPem('CERTIFICATE REQUEST', csrPem))[0]!.body,
  );
  const [, subject, spki, attributes] = der.children(info!.body);
  if (!subject || !spki || !algorithm || !signature)
    throw new Error('malformed certificate request');
  const key = createPublicKey({ key: spki.raw, format: 'der', type: 'spki' });
  checkSignature(info!.raw, algorithm.body, key, signature.body);
  const request: CertificateRequest = {
    commonName: '',
    organizations: [],
    sans: [],
    otherSans: 0,
    subject: subject.raw,
    spki: spki.raw,
  };
  for (const set of der.children(subject.body)) {
    for (const attribute of der.children(set.body)) {
      const [type, value] = der.children(attribute.body);
      if (type?.raw.equals(der.oid(OIDS.commonName)))
        request.commonName = value!.body.toString('utf8');
      if (type?.raw.equals(der.oid(OIDS.organization)))
        request.organizations.push(value!.body.toString('utf8'));
    }
  }
  const requested = attributes && requestedAltNames(attributes.body);
  if (!requested) return request;
  const sans = readAltNames(requested);
  const otherSans = der.children(der.children(requested)[0]!.body).length - sans.length;
  return { ...request, altNames: requested, sans, otherSans };
}

/**
 * Signs a request with its own subject and alternative names, for the usages of `options`, which
 * are Kubernetes' names. The caller decides whether the requester may have them.
 */
export function signCertificateRequest(csrPem: string, options: LeafOptions): string {
  const request = parseCertificateRequest(csrPem);
  return leaf(options, request.subject, request.spki, request.altNames);
}
