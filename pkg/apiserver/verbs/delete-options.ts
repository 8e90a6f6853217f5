// DeleteOptions from the body or the query (upstream handlers/delete.go).
import { badRequest, fieldErrors, invalid } from '../../apimachinery/errors/status-error.js';
import type { DeleteOptions } from '../../apimachinery/meta/types.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { decodeBody } from '../codec/body.js';
import { isTrue } from '../request/request-info.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { ApiRequest } from './request.js';

const SCHEMA = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';
const POLICIES = ['Foreground', 'Background', 'Orphan'];

/** The options of the request. Throws 400 for a malformed body, 422 for contradictions. */
export async function readDeleteOptions(
  request: Pick<ApiRequest, 'exchange' | 'query'>,
): Promise<DeleteOptions> {
  const { exchange, query } = request;
  let options: DeleteOptions = {};
  const length = exchange.header('content-length');
  const mayHaveBody =
    length === undefined
      ? exchange.http2 || exchange.header('transfer-encoding') !== undefined
      : length !== '0';
  if (mayHaveBody) options = await bodyOptions(request);
  const grace = query.get('gracePeriodSeconds');
  const propagation = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  if (grace !== null && options.gracePeriodSeconds === undefined)
    options.gracePeriodSeconds = graceOf(grace);
  if (propagation !== null && options.propagationPolicy === undefined)
    options.propagationPolicy = propagation;
  if (orphan !== null && options.orphanDependents === undefined)
    options.orphanDependents = isTrue(orphan);
  check(options);
  return options;
}

/** Beyond 2^53 a bigint, as in bodies. Throws 400 for texts that are no number. */
function graceOf(text: string): number {
  const fail = (why: string) =>
    badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[-+]?[0-9]+$/.test(text)) throw fail('invalid syntax');
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value) throw fail('value out of range');
  return (Number.isSafeInteger(Number(value)) ? Number(value) : value) as number;
}

async function bodyOptions({ exchange }: Pick<ApiRequest, 'exchange'>): Promise<DeleteOptions> {
  const body = await exchange.readBody();
  if (!body.length) return {};
  const expected = {
    group: '',
    version: 'v1',
    kind: 'DeleteOptions',
    schema: SCHEMA,
    anyVersion: true,
  };
  const { metadata: _none, ...options } = decodeBody<ApiObject & DeleteOptions>(
    exchange,
    body,
    expected,
    MESSAGES,
    'Ignore',
  );
  return options;
}

function check(options: DeleteOptions): void {
  const { orphanDependents, propagationPolicy } = options;
  const { complain, errors } = fieldErrors.below('propagationPolicy');
  const both = 'orphanDependents and deletionPropagation cannot be both set';
  if (orphanDependents !== undefined && propagationPolicy !== undefined)
    complain.invalid('', propagationPolicy, both);
  if (propagationPolicy && !POLICIES.includes(propagationPolicy))
    complain.notSupported('', propagationPolicy, [...POLICIES, 'nil']);
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
}
