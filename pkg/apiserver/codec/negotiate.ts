// Content negotiation by the Accept header. The server answers JSON and YAML, and with `as=` a
// Table or bare metadata in JSON. Clients that prefer protobuf list JSON second.
import { statusError } from '../../apimachinery/errors/status-error.js';

export interface Media {
  /** 'json' or 'yaml'. */
  format: 'json' | 'yaml';
  /** 'Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'; '' for the object itself. */
  as: '' | 'Table' | 'Partial';
  /** Version of the group meta.k8s.io for `as`; 'v1' without `as`. */
  version: MetaVersion;
  /** The parameter pretty=1; see pretty.ts for the other ways to ask. */
  pretty: boolean;
  contentType: string;
}

export type MetaVersion = 'v1' | 'v1beta1';

const JSON_MEDIA: Media = {
  format: 'json',
  as: '',
  version: 'v1',
  pretty: false,
  contentType: 'application/json',
};
const TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const known = new Map<string, Media | null>();
const MAX_KNOWN = 256;

interface Range {
  type: string;
  parameters: Record<string, string>;
  quality: number;
}

function parseAccept(header: string): Range[] {
  const ranges = header.split(',').map((part) => {
    const [type, ...rest] = part.split(';').map((piece) => piece.trim());
    const parameters: Record<string, string> = {};
    for (const piece of rest) {
      const equals = piece.indexOf('=');
      if (equals > 0)
        parameters[piece.slice(0, equals).toLowerCase()] = piece
          .slice(equals + 1)
          .replace(/^"|"$/g, '');
    }
    return { type: type!.toLowerCase(), parameters, quality: Number(parameters['q'] ?? 1) };
  });
  return ranges.sort((a, b) => b.quality - a.quality);
}

function mediaOf({ type, parameters }: Range): Media | undefined {
  const format =
    type === 'application/json' || type === '*/*' || type === 'application/*'
      ? 'json'
      : type === 'application/yaml'
        ? 'yaml'
        : undefined;
  if (!format) return undefined;
  const base = format === 'json' ? 'application/json' : 'application/yaml';
  const { as, g, v } = parameters;
  const shared = { format, pretty: parameters['pretty'] === '1', contentType: base } as const;
  if (as === undefined) return { ...shared, as: '', version: 'v1' };
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  if (as === 'Table') return { ...shared, as: 'Table', version: v };
  if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
    return { ...shared, as: 'Partial', version: v };
  return undefined;
}

/** The best format of a value without a Table, such as a review. Throws 406 without any. */
export function negotiateWithoutTable(accept: string | undefined): Media {
  const media = negotiate(accept);
  if (media.as !== 'Table') return media;
  for (const range of parseAccept(accept!)) {
    const other = mediaOf(range);
    if (other && other.as !== 'Table') return other;
  }
  throw notAcceptable();
}

export const notAcceptable = (types: readonly string[] = TYPES.slice(0, 2)): Error =>
  statusError('NotAcceptable', `only the following media types are accepted: ${types.join(', ')}`);

/** The best format that the client accepts. Throws 406 when there is none. */
export function negotiate(accept: string | undefined): Media {
  if (accept === undefined || accept === '' || accept === 'application/json' || accept === '*/*')
    return JSON_MEDIA;
  let media = known.get(accept);
  if (media === undefined) {
    media = null;
    for (const range of parseAccept(accept)) {
      const found = mediaOf(range);
      if (!found) continue;
      media = found;
      break;
    }
    if (known.size < MAX_KNOWN) known.set(accept, media);
  }
  if (!media) throw notAcceptable();
  return media;
}

export type BodyFormat = 'json' | 'yaml' | 'protobuf';

/** The media type of a request body without parameters; '' when none is named. */
export function mediaType(contentType: string | undefined): string {
  const end = contentType?.indexOf(';') ?? -1;
  return (end < 0 ? (contentType ?? '') : contentType!.slice(0, end)).trim().toLowerCase();
}

/**
 * The format of a body by its Content-Type. An absent type and '*' mean JSON. Throws 415 for
 * others, forms among them: a page of another site can send forms without asking the server.
 */
export function bodyFormat(contentType: string | undefined): BodyFormat {
  const type = mediaType(contentType);
  if (type === '' || type === 'application/json' || type === '*/*') return 'json';
  if (type === 'application/yaml') return 'yaml';
  if (type === 'application/vnd.kubernetes.protobuf') return 'protobuf';
  throw unsupportedMedia(TYPES);
}

export const unsupportedMedia = (accepted: readonly string[]): Error =>
  statusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
