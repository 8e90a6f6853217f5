// All families of inputs.
import type { Family } from './family.js';
import { cri } from './families/cri.js';
import { json, protobuf, strict, yaml } from './families/documents.js';
import { cel, definitions } from './families/expressions.js';
import { files, lines } from './families/files.js';
import { apply, jsonPatch, mergePatch, strategicPatch } from './families/patches.js';
import { packets } from './families/packets.js';
import { streams } from './families/streams.js';
import { addresses, fields, labels, quantities, times } from './families/texts.js';
import { dns, etcd, netlink, skydnsRecords, spdy, stored } from './families/wire.js';

export const FAMILIES: readonly Family[] = [
  json,
  yaml,
  strict,
  protobuf,
  mergePatch,
  strategicPatch,
  jsonPatch,
  apply,
  labels,
  fields,
  quantities,
  times,
  addresses,
  cel,
  definitions,
  dns,
  skydnsRecords,
  cri,
  netlink,
  etcd,
  stored,
  spdy,
  files,
  lines,
  packets,
  streams,
];
