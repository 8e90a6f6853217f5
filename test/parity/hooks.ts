// The webhooks of scenarios: a server with the answers of a scenario, and the reviews that came.
import { startWebhookServer } from '../support/webhook-server.js';
import type { Json } from '../support/recording.js';

/** One call, as the recording has it. */
export interface Review {
  hook: string;
  query: string;
  type: string | undefined;
  review: Json;
}

/** The hooks of one scenario. */
export interface ScenarioHooks {
  /** For clientConfig: the place of @HOOK@. */
  readonly url: string;
  /** The reviews since the last call. */
  take(): Review[];
  /** Forgets the scenario. */
  end(): void;
}

export interface HookServer {
  readonly port: number;
  readonly caBundle: string;
  /** `name` is in the paths; `place` stands for the name in the answers. */
  scenario(name: string, place: string, hooks: Json): ScenarioHooks;
  stop(): Promise<void>;
}

interface Run {
  readonly place: string;
  readonly hooks: Json;
  reviews: Review[];
  readonly asked: Map<string, number>;
}

/** Renames fields of spec, back again for v1, and lays `meta` over the metadata. */
function converted(object: Json, apiVersion: string, { rename = {}, meta = {} }: Json): Json {
  const pairs = Object.entries(rename as Record<string, string>);
  const names = new Map(apiVersion.endsWith('/v1') ? pairs.map(([a, b]) => [b, a]) : pairs);
  const spec = Object.entries((object.spec ?? {}) as Record<string, Json>);
  return {
    ...object,
    apiVersion,
    metadata: { ...object.metadata, ...meta },
    ...(object.spec
      ? { spec: Object.fromEntries(spec.map(([key, value]) => [names.get(key) ?? key, value])) }
      : {}),
  };
}

/** The behaviour of this call: a list has one for each call, and the last repeats. */
function behaviourOf({ hooks, asked }: Run, hook: string): Json {
  const given = hooks?.[hook] ?? {};
  if (!Array.isArray(given)) return given;
  const count = asked.get(hook) ?? 0;
  asked.set(hook, count + 1);
  return given[Math.min(count, given.length - 1)];
}

function answerText(behaviour: Json, review: Json, name: string, place: string): string {
  const { patch, raw, convert, apiVersion, kind, ...fields } = behaviour;
  const { http: _http, type: _type, delay: _delay, redirect: _redirect, whole, ...rest } = fields;
  const { request } = review;
  const conversion = convert && {
    apiVersion: review.apiVersion,
    kind: review.kind,
    response: {
      uid: request.uid,
      result: { status: 'Success' },
      convertedObjects: request.objects.map((object: Json) =>
        converted(object, request.desiredAPIVersion, convert),
      ),
    },
  };
  const own = (text: string): string => text.replaceAll(place, name);
  const patchText = typeof patch === 'string' ? patch : JSON.stringify(patch ?? null);
  const patches =
    patch === undefined
      ? {}
      : { patchType: 'JSONPatch', patch: Buffer.from(own(patchText)).toString('base64') };
  const answer = conversion ??
    whole ?? {
      apiVersion: apiVersion ?? review.apiVersion,
      kind: kind ?? 'AdmissionReview',
      response: { uid: request.uid, allowed: true, ...patches, ...rest },
    };
  return own((raw ?? JSON.stringify(answer)).replaceAll('@UID@', request?.uid));
}

export async function startHooks(): Promise<HookServer> {
  const runs = new Map<string, Run>();
  const server = await startWebhookServer(({ url, headers, review, answer }) => {
    const { pathname, search } = new URL(url, 'https://hooks');
    const [, name = '', hook = ''] = pathname.split('/');
    const run = runs.get(name);
    if (!run) {
      answer.writeHead(404).end('unknown');
      return;
    }
    const type = headers['content-type'];
    run.reviews.push({ hook, query: search, type, review });
    const behaviour = behaviourOf(run, hook);
    const { http = 200, redirect, delay = 0 } = behaviour;
    const send = (): void => {
      if (redirect) answer.writeHead(302, { location: redirect }).end();
      else
        answer
          .writeHead(http, { 'content-type': behaviour.type ?? 'application/json' })
          .end(answerText(behaviour, review, name, run.place));
    };
    if (delay) setTimeout(send, delay);
    else send();
  });
  return {
    port: server.port,
    caBundle: server.caBundle,
    scenario(name, place, hooks) {
      const run: Run = { place, hooks, reviews: [], asked: new Map() };
      runs.set(name, run);
      return {
        url: `${server.url}/${name}`,
        take: () => run.reviews.splice(0),
        end: () => void runs.delete(name),
      };
    },
    stop: () => server.stop(),
  };
}
