// The declarative definition of a served resource, after upstream's rest strategies. Names, verbs,
// columns' headers, schema and patch metadata come from the fact tables of apis/facts; a definition
// adds behaviour. Constants are fields. pkg/registry/registry.ts is the list of all definitions.
import type { Typed } from '../../apimachinery/apply/structure.js';
import type { Decoded, DecodeMode } from '../../apimachinery/codec/strict.js';
import type { JSONSchemaProps } from '../../apis/apiextensions/v1/types.js';
import type { FieldError } from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ColumnFacts, ResourceFacts } from '../../apimachinery/schema/facts.js';

/** The facts about a request that a strategy gets; a strategy has no other input. */
export interface RequestContext {
  /** Wall time in milliseconds. */
  now: number;
  user: { name: string; uid?: string; groups: readonly string[]; extra?: Record<string, string[]> };
  dryRun: boolean;
  random: { next(): number; uuid(): string };
  /** Adds a text to the Warning header; absent where nobody reads one. */
  warn?: (text: string) => void;
}

/** A value that only one object may hold at a time: '/registry/ranges/serviceips/10.0.0.1'. */
export type Reservation = string;

/** How a kind maps to autoscaling/v1 Scale. `selector` is in the text form of label selectors. */
export interface ScaleSubresource<T> {
  /**
   * Where the object has no replicas, `missing` is the error of reading the scale, and `empty` the
   * error of writing a scale without replicas.
   */
  read(object: T): {
    specReplicas: number;
    statusReplicas: number;
    selector: string;
    missing?: Error;
    empty?: Error;
  };
  write(object: T, replicas: number): void;
  /** The path of the replicas; default spec.replicas. */
  readonly specReplicas?: readonly string[];
  /** The validation of the object, not the one of the scale, refuses bad replicas. */
  readonly checksParent?: boolean;
}

/** One version of a custom resource for OpenAPI. */
export interface PublishedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  /** Read when a document is made. */
  readonly schema: () => JSONSchemaProps | undefined;
  /** 'spec.colour' */
  readonly selectableFields: readonly string[];
}

/** The schema of a kind outside of the schema tables: custom resources. */
export interface ObjectCodec {
  /**
   * Makes an object from parsed JSON, which may be changed and used up: drops unknown fields and
   * names them among the problems. `duplicates` are paths from parseJson.
   * @throws StatusError BadRequest for malformed metadata.
   */
  decode(
    value: Record<string, unknown>,
    mode: DecodeMode,
    duplicates: readonly string[],
  ): Decoded<ApiObject>;
  /** How apply merges the fields and who owns them. */
  typed(): Typed;
  /** As `typed`, for another version of the kind; undefined for an unknown one. */
  typedOf(apiVersion: string): Typed | undefined;
  /** The kind as OpenAPI publishes it. */
  readonly published: PublishedKind;
}

/** A cell of a table row; undefined and null are shown as an empty cell. */
export type Cell = string | number | boolean | null | undefined;

/**
 * Exceptions from the rule that generation is 1 at creation and grows with spec. 'later': absent
 * until the first change. 'fixed': always 1. 'labels', 'status': their changes count too.
 */
export type GenerationRule = 'later' | 'fixed' | 'labels' | 'status';

/**
 * A served resource. All functions are synchronous unless they return a promise, and change nothing
 * but the object that they are given. FieldErrors become the causes of a 422.
 */
export interface ResourceDefinition<T extends ApiObject = ApiObject> {
  readonly facts: ResourceFacts;
  /** Schema name in the messages table: 'io.k8s.api.core.v1.Pod'. */
  readonly schema: string;
  /**
   * Folder under /registry/, upstream's: 'pods', 'minions', 'services/specs'. Absent: nothing is
   * stored (reviews).
   */
  readonly storage?: string;
  /**
   * Present when the folder holds objects of another version or group that this resource shows in
   * its own shape (events.k8s.io over core events, autoscaling/v1 over v2). `fromStored` may change
   * and use up its argument, which is a copy; so may `toStored`. Selectable fields see this shape.
   */
  readonly stored?: {
    fromStored: (object: ApiObject) => T;
    toStored: (object: T) => ApiObject;
    /** The shape that `toStored` writes is this resource's own; only older objects may differ. */
    isOwnShape?: boolean;
    /**
     * Conversions that a webhook makes, which stand before the two functions above for objects of
     * another version. One call converts all `objects`, which may be changed and used up.
     */
    convert?: {
      fromStored: (objects: ApiObject[]) => Promise<T[]>;
      toStored: (object: T) => Promise<ApiObject>;
      /** Any version that the kind has; not pruned. */
      toVersion: (object: ApiObject, apiVersion: string) => Promise<ApiObject>;
    };
  };
  /** Decodes and describes objects of kinds that the schema table does not have. */
  readonly codec?: ObjectCodec;
  /**
   * Fills in defaults on a decoded object, in place; must be idempotent
   * (pkg/apis/<group>/<version>/<kind>.ts).
   */
  readonly defaults?: (object: T) => void;
  /** Table columns, where those of the fact table do not fit the kind. */
  readonly columns?: readonly ColumnFacts[];
  /** Cells in the order of the kind's columns; absent: Name and Created At. `now` for ages. */
  readonly row?: (object: T, now: number) => Cell[];
  /** Field selectors beyond metadata.name and metadata.namespace; each gives the field's text. */
  readonly selectableFields?: Record<string, (object: T) => string>;

  /**
   * Drops fields that a client may not set, in place. Runs after defaults, before validating
   * admission.
   */
  readonly prepareCreate?: (object: T, context: RequestContext) => void;
  /** Carries fields over from `old` that this verb may not change, in place on `next`. */
  readonly prepareUpdate?: (next: T, old: T, context: RequestContext) => void;
  /**
   * Loads the code that validation of this object needs. Undefined when nothing is missing. Awaited
   * before validation, which is synchronous.
   */
  readonly load?: (object: T) => Promise<void> | undefined;
  readonly validate?: (object: T) => FieldError[];
  /** Called after `validate` on creation only. */
  readonly validateCreate?: (object: T) => FieldError[];
  /** Called after `validate` on updates, for immutable fields and transitions. */
  readonly validateUpdate?: (next: T, old: T, warn?: (text: string) => void) => FieldError[];
  /** Texts of the Warning header of every answer: the version is deprecated. */
  readonly notices?: readonly string[];
  /** Texts of the Warning header. `old` is absent on creation. */
  readonly warnings?: (object: T, old?: T) => string[];
  /**
   * metadata.generation grows when spec changes. Absent: the kind has no generation (Pod and
   * others).
   */
  readonly generation?: boolean | GenerationRule;
  readonly status?: {
    /** Fields that prepareUpdate restores, so that writers do not own them; default: the spec. */
    resets?: readonly (readonly string[])[];
    prepareUpdate?: (next: T, old: T, context: RequestContext) => void;
    validateUpdate?: (next: T, old: T, warn?: (text: string) => void) => FieldError[];
  };
  /**
   * Checks of subresources that change one part of the object: ephemeralcontainers, finalize,
   * approval.
   */
  readonly subresources?: Readonly<
    Record<string, { validateUpdate?: (next: T, old: T) => FieldError[] }>
  >;
  readonly scale?: ScaleSubresource<T>;
  /** PUT on a missing object creates it. */
  readonly allowCreateOnUpdate?: boolean;
  /** PUT without resourceVersion is refused when false; default true. */
  readonly allowUnconditionalUpdate?: boolean;
  /** 'Unsupported': deletions of this kind never wait for dependents, whatever the options say. */
  readonly defaultPropagation?: 'Background' | 'Orphan' | 'Unsupported';
  /** Marks the object at its first deletion, in place, with finalizers and conditions. */
  readonly prepareDelete?: (object: T, context: RequestContext) => void;
  /** Verbs that are served although discovery does not name them. */
  readonly hiddenVerbs?: readonly string[];
  /** The error of a verb that the resource has, but not at present. */
  readonly refuses?: (verb: string) => Error | undefined;
  /**
   * Seconds between deletion request and removal; 0 removes at once. `requested` is from
   * DeleteOptions.
   */
  readonly gracePeriod?: (object: T, requested: number | undefined) => number;
  /** Objects expire this many seconds after they are written (events). */
  readonly ttlSeconds?: number;
  /**
   * Values that this object holds exclusively. The transaction that writes the object takes and
   * releases them. A reservation that another object holds fails the write with
   * `reservationConflict`'s error.
   */
  readonly reservations?: (object: T) => Reservation[];
  readonly reservationConflict?: (object: T, reservation: Reservation) => FieldError;
  /**
   * Another object, by its key in the form of a reservation, that must be stored with this revision
   * when an object is created: the definition of a custom kind, whose removal removes all objects
   * that are there. Throws StatusError when the other object allows none.
   */
  readonly guard?: () => { key: Reservation; revision: number };
  /**
   * Chooses free values (cluster IP, node port) before validation. `isFree` reads the cache; the
   * transaction decides. The write is tried again when another object reserved the value first.
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
  /** For resources that are computed at each read instead of stored (componentstatuses). */
  readonly computed?: () => Promise<T[]>;
}
