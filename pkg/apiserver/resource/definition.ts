// The declarative definition of a served resource, after upstream's rest strategies. Names, verbs,
// columns' headers, schema and patch metadata come from the fact tables of apis/facts; a definition
// adds behaviour. Constants are fields. pkg/registry/registry.ts is the list of all definitions.
import type { FieldError } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ColumnFacts, ResourceFacts } from '../../apimachinery/schema/facts.js';

/** What a strategy may know about the request; it may not reach for anything else. */
export interface RequestContext {
  /** Wall time in milliseconds. */
  now: number;
  user: { name: string; uid?: string; groups: readonly string[]; extra?: Record<string, string[]> };
  dryRun: boolean;
  random: { next(): number; uuid(): string };
}

/** A value that only one object may hold at a time: '/registry/ranges/serviceips/10.0.0.1'. */
export type Reservation = string;

export interface ScaleSubresource<T> {
  read(object: T): { specReplicas: number; statusReplicas: number; selector: string };
  write(object: T, replicas: number): void;
}

export type Cell = string | number | boolean | null | undefined;

/** 'later': from the first change on, not at creation. 'fixed': 1 for ever. 'labels': changes of labels count too. */
export type GenerationRule = 'later' | 'fixed' | 'labels';

export interface ResourceDefinition<T extends ApiObject = ApiObject> {
  readonly facts: ResourceFacts;
  /** Schema name in the messages table: 'io.k8s.api.core.v1.Pod'. */
  readonly schema: string;
  /** Folder under /registry/, upstream's: 'pods', 'minions', 'services/specs'. Absent: nothing is stored (reviews). */
  readonly storage?: string;
  /**
   * Present when the folder holds objects of another version or group that this resource shows in its
   * own shape (events.k8s.io over core events, autoscaling/v1 over v2). `fromStored` may change and
   * use up its argument, which is a copy; so may `toStored`. Selectable fields see this shape.
   */
  readonly stored?: { fromStored: (object: ApiObject) => T; toStored: (object: T) => ApiObject };
  /** Fills in defaults on a decoded object, in place; must be idempotent (pkg/apis/<group>/<version>/<kind>.ts). */
  readonly defaults?: (object: T) => void;
  /** Table columns, where those of the fact table do not fit the kind. */
  readonly columns?: readonly ColumnFacts[];
  /** Cells in the order of the kind's columns; absent: Name and Created At. `now` for ages. */
  readonly row?: (object: T, now: number) => Cell[];
  /** Field selectors beyond metadata.name and metadata.namespace; each gives the field's text. */
  readonly selectableFields?: Record<string, (object: T) => string>;

  /** Drops what a client may not set; runs after defaults, before admission's validation. In place. */
  readonly prepareCreate?: (object: T, context: RequestContext) => void;
  /** Carries over what this verb may not change. In place on `next`. */
  readonly prepareUpdate?: (next: T, old: T, context: RequestContext) => void;
  readonly validate?: (object: T) => FieldError[];
  /** Called after `validate` on creation only. */
  readonly validateCreate?: (object: T) => FieldError[];
  /** Called after `validate`; immutability and transitions. */
  readonly validateUpdate?: (next: T, old: T) => FieldError[];
  readonly warnings?: (object: T) => string[];
  /** metadata.generation grows when spec changes; absent: the resource has none (upstream: Pod and many more). */
  readonly generation?: boolean | GenerationRule;
  readonly status?: {
    prepareUpdate?: (next: T, old: T, context: RequestContext) => void;
    validateUpdate?: (next: T, old: T) => FieldError[];
  };
  /** Checks of subresources that change one part of the object: ephemeralcontainers, finalize, approval. */
  readonly subresources?: Readonly<
    Record<string, { validateUpdate?: (next: T, old: T) => FieldError[] }>
  >;
  readonly scale?: ScaleSubresource<T>;
  /** PUT on a missing object creates it. */
  readonly allowCreateOnUpdate?: boolean;
  /** PUT without resourceVersion is refused when false; default true. */
  readonly allowUnconditionalUpdate?: boolean;
  /** 'Unsupported': deletions of this kind never wait for dependents, whatever is asked. */
  readonly defaultPropagation?: 'Background' | 'Orphan' | 'Unsupported';
  /** Seconds between deletion request and removal; 0 removes at once. `requested` is from DeleteOptions. */
  readonly gracePeriod?: (object: T, requested: number | undefined) => number;
  /** Objects vanish by themselves after so many seconds (events). */
  readonly ttlSeconds?: number;
  /**
   * Values this object holds exclusively. Taken and given back in the same transaction that writes
   * the object. A reservation already held fails the write with what `reservationConflict` returns.
   */
  readonly reservations?: (object: T) => Reservation[];
  readonly reservationConflict?: (object: T, reservation: Reservation) => FieldError;
  /**
   * Chooses values that are still free (cluster IP, node port) before validation. `isFree` looks at
   * the cache; the reservation decides. The write is tried again when the choice was lost to another.
   */
  readonly allocate?: (
    object: T,
    old: T | undefined,
    context: RequestContext & { isFree(reservation: Reservation): boolean },
  ) => FieldError[];
  /** For resources without storage (reviews, bindings): answers the create. */
  readonly create?: (
    object: T,
    context: RequestContext & Record<string, unknown>,
  ) => Promise<unknown>;
  /** For resources that are worked out for each read instead of stored (componentstatuses). */
  readonly computed?: () => Promise<T[]>;
}
