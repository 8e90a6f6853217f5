// The facts that the server learns about one audited request, and the events of its stages
// (upstream apiserver/pkg/audit/request.go, context.go, endpoints/filters/audit.go).
import { parseTrustedJson, stringifyJson } from '../../apimachinery/codec/json.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import type { Status } from '../../apimachinery/meta/types.js';
import { errorText } from '../../util/errors/error-text.js';
import { microTimestamp, type Env } from '../../util/env/env.js';
import { shownUser, type UserInfo } from '../auth/authenticator.js';
import { type AuditEvent, LEVELS, type Level, type ObjectReference, type Stage } from './event.js';

/** `level` is the audit level from which on the annotation is written. */
export interface AuditAnnotation {
  readonly value: string;
  readonly level: 'Metadata' | 'Request';
}

/** The policy's answer for a request. */
export interface AuditRule {
  readonly level: Level;
  readonly omitStages: ReadonlySet<Stage>;
  readonly omitManagedFields: boolean;
}

/** The parts of the events that are known when the request arrives. */
export interface AuditHead {
  readonly auditID: string;
  readonly requestURI: string;
  readonly verb: string;
  readonly user: AuditEvent['user'];
  readonly sourceIPs: readonly string[] | undefined;
  readonly userAgent: string | undefined;
  readonly objectRef: ObjectReference | undefined;
  /** Grows until the last event. */
  readonly annotations: ReadonlyMap<string, AuditAnnotation>;
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number;
}

/** Takes an event. A rejection refuses the request, at the stage RequestReceived only. */
export type AuditSink = (event: AuditEvent) => void | Promise<void>;

type NamedObject = Pick<ObjectReference, 'name' | 'namespace' | 'uid' | 'resourceVersion'>;

const CLOSED_EARLY: Partial<Status> = {
  metadata: {},
  status: 'Success',
  message: 'Connection closed early',
  code: 200,
};

/** The JSON text without metadata.managedFields, also of the items of a list. */
function withoutManagedFields(json: string): string {
  if (!json.includes('"managedFields"')) return json;
  const value = parseTrustedJson(json);
  if (!isJsonObject(value)) return json;
  const items = value['items'];
  for (const object of [value, ...(Array.isArray(items) ? (items as unknown[]) : [])]) {
    const metadata = isJsonObject(object) ? object['metadata'] : undefined;
    if (isJsonObject(metadata)) delete metadata['managedFields'];
  }
  return stringifyJson(value);
}

export class AuditRecord {
  private impersonated: AuditEvent['impersonatedUser'];
  private ref: ObjectReference | undefined;
  private responseStatus: Partial<Status> | undefined;
  private requestObject: string | undefined;
  private responseObject: string | undefined;
  private hasStarted = false;
  private isReceived = false;

  constructor(
    private readonly env: Pick<Env, 'clock'>,
    private readonly sink: AuditSink,
    private readonly rule: AuditRule,
    private readonly head: AuditHead,
    private readonly isLong: boolean,
  ) {
    this.ref = head.objectRef;
  }

  private wants(level: Level): boolean {
    return LEVELS.indexOf(this.rule.level) >= LEVELS.indexOf(level);
  }

  get wantsResponse(): boolean {
    return this.wants('RequestResponse');
  }

  impersonate(user: UserInfo): void {
    this.impersonated = shownUser(user);
  }

  /** Completes the reference by the metadata of the request's object. */
  describe({ name, namespace, uid, resourceVersion }: NamedObject): void {
    const ref = { ...this.ref };
    if (name && !ref.name) ref.name = name;
    if (namespace && !ref.namespace) ref.namespace = namespace;
    if (uid && !ref.uid) ref.uid = uid;
    if (resourceVersion && !ref.resourceVersion) ref.resourceVersion = resourceVersion;
    this.ref = ref;
  }

  /** Calls `json` only when the level asks for the object. A later call replaces the object. */
  request(json: () => string): void {
    if (this.wants('Request')) this.requestObject = this.shown(json());
  }

  response(json: () => string): void {
    if (this.wantsResponse) this.responseObject = this.shown(json());
  }

  private shown(json: string): string {
    return this.rule.omitManagedFields ? withoutManagedFields(json) : json;
  }

  /** The Status that is the answer. */
  status({ status, message, reason, details, code }: Partial<Status>): void {
    this.responseStatus = {
      metadata: {},
      ...(status && { status }),
      ...(message && { message }),
      ...(reason && { reason }),
      ...(details && { details }),
      ...(code && { code }),
    };
  }

  /** Rejects when the event must be stored and cannot be. */
  async received(): Promise<void> {
    this.isReceived = true;
    await this.emit('RequestReceived');
  }

  /** The head of the answer is sent. Only the first call counts. */
  started(code: number): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    this.responseStatus = { metadata: {}, ...this.responseStatus, code };
    if (this.isLong) this.emitLater('ResponseStarted');
  }

  complete(panic?: unknown): void {
    if (!this.isReceived) this.emitLater('RequestReceived');
    if (panic !== undefined) {
      this.responseStatus = {
        metadata: {},
        status: 'Failure',
        message: `APIServer panic'd: ${errorText(panic)}`,
        reason: 'InternalError',
        code: 500,
      };
      return this.emitLater('Panic');
    }
    if (!this.responseStatus) {
      this.responseStatus = CLOSED_EARLY;
      if (this.isLong) this.emitLater('ResponseStarted');
    }
    this.emitLater('ResponseComplete');
  }

  /** The only event of a request whose credentials are refused. */
  refused(message: string): void {
    this.isReceived = true;
    this.hasStarted = true;
    this.responseStatus = {
      metadata: {},
      status: 'Failure',
      message,
      reason: 'Unauthorized',
      code: 401,
    };
    this.emitLater('ResponseStarted');
  }

  private annotations(): Record<string, string> | undefined {
    const wanted = [...this.head.annotations].filter(([, { level }]) => this.wants(level));
    if (!wanted.length) return undefined;
    wanted.sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(wanted.map(([key, { value }]) => [key, value]));
  }

  private emitLater(stage: Stage): void {
    void this.emit(stage).catch(() => {});
  }

  private async emit(stage: Stage): Promise<void> {
    if (this.rule.omitStages.has(stage)) return;
    const { receivedAt, user, auditID, requestURI, verb, sourceIPs, userAgent } = this.head;
    const isFirst = stage === 'RequestReceived';
    await this.sink({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: this.rule.level,
      auditID,
      stage,
      requestURI,
      verb,
      user,
      impersonatedUser: isFirst ? undefined : this.impersonated,
      sourceIPs,
      userAgent,
      objectRef: isFirst ? this.head.objectRef : this.ref,
      responseStatus: isFirst ? undefined : this.responseStatus,
      requestObject: isFirst ? undefined : this.requestObject,
      responseObject: isFirst ? undefined : this.responseObject,
      requestReceivedTimestamp: microTimestamp(receivedAt),
      stageTimestamp: microTimestamp(isFirst ? receivedAt : this.env.clock.now()),
      annotations: isFirst ? undefined : this.annotations(),
    });
  }
}
