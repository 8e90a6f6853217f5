// Audit events and their two written forms (upstream apiserver/pkg/apis/audit/v1, audit/format.go).
import type { Status } from '../../apimachinery/meta/types.js';
import type { UserInfo } from '../../apis/authentication/v1/types.js';

export const LEVELS = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof LEVELS)[number];

export const STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Stage = (typeof STAGES)[number];

export interface ObjectReference {
  resource?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  apiGroup?: string;
  apiVersion?: string;
  resourceVersion?: string;
  subresource?: string;
}

/** One stage of one request. The fields have upstream's order, which JSON keeps. */
export interface AuditEvent {
  readonly kind: 'Event';
  readonly apiVersion: 'audit.k8s.io/v1';
  readonly level: Level;
  readonly auditID: string;
  readonly stage: Stage;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: UserInfo;
  readonly impersonatedUser?: UserInfo | undefined;
  readonly sourceIPs?: readonly string[] | undefined;
  readonly userAgent?: string | undefined;
  readonly objectRef?: ObjectReference | undefined;
  readonly responseStatus?: Partial<Status> | undefined;
  /** JSON text. */
  readonly requestObject?: string | undefined;
  /** JSON text. */
  readonly responseObject?: string | undefined;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** One line of JSON, without its line end. */
export function eventJson(event: AuditEvent): string {
  const { requestObject, responseObject, requestReceivedTimestamp, ...rest } = event;
  const { stageTimestamp, annotations, ...head } = rest;
  const tail = JSON.stringify({ requestReceivedTimestamp, stageTimestamp, annotations });
  const objects =
    (requestObject === undefined ? '' : `,"requestObject":${requestObject}`) +
    (responseObject === undefined ? '' : `,"responseObject":${responseObject}`);
  return `${JSON.stringify(head).slice(0, -1)}${objects},${tail.slice(1)}`;
}

const quotedList = (texts: readonly string[]): string =>
  JSON.stringify(texts.map((text) => JSON.stringify(text)).join(','));

/** One line of the format `legacy`. */
export function eventLine(event: AuditEvent): string {
  const { user, impersonatedUser: as } = event;
  const named = Boolean(user.username);
  const words: [string, string][] = [
    ['id', JSON.stringify(event.auditID)],
    ['stage', JSON.stringify(event.stage)],
    ['ip', JSON.stringify(event.sourceIPs?.[0] ?? '<unknown>')],
    ['method', JSON.stringify(event.verb)],
    ['user', JSON.stringify(named ? user.username : '<none>')],
    ['groups', named && user.groups ? quotedList(user.groups) : '"<none>"'],
    ['as', JSON.stringify(as ? (as.username ?? '') : '<self>')],
    ['asgroups', as?.groups ? quotedList(as.groups) : '"<lookup>"'],
    ['user-agent', JSON.stringify(event.userAgent ?? '')],
    ['namespace', JSON.stringify(event.objectRef?.namespace ?? '<none>')],
    ['uri', JSON.stringify(event.requestURI)],
    ['response', `"${event.responseStatus ? (event.responseStatus.code ?? 0) : '<deferred>'}"`],
  ];
  return `${event.requestReceivedTimestamp} AUDIT: ${words.map(([name, text]) => `${name}=${text}`).join(' ')}`;
}
