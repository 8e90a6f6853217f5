// The guestbook's front end, in the shape of the Kubernetes example: writes go to redis-master,
// reads to redis-slave.
//   GET /index.php?cmd=set&key=messages&value=hi  ->  {"message": "Updated"}
//   GET /index.php?cmd=get&key=messages           ->  {"data": "hi"}
// GET_HOSTS_FROM=env takes the services' addresses from variables instead of DNS.
import { createServer, type Server } from 'node:http';
import { ask } from './resp.js';
import { PAGE } from './page.js';

export type Ask = (host: string, port: number, words: readonly string[]) => Promise<string | null>;

export interface Hosts {
  master: string;
  slave: string;
}

const REDIS_PORT = 6379;

export function hostsFrom(env: Record<string, string | undefined>): Hosts {
  if (env['GET_HOSTS_FROM'] !== 'env') return { master: 'redis-master', slave: 'redis-slave' };
  return {
    master: env['REDIS_MASTER_SERVICE_HOST'] ?? 'redis-master',
    slave: env['REDIS_SLAVE_SERVICE_HOST'] ?? 'redis-slave',
  };
}

export interface Answer {
  status: number;
  type: 'application/json' | 'text/html; charset=utf-8' | 'text/plain';
  body: string;
}

/** JSON with a space after the colon, as the example's PHP printed it. */
const json = (status: number, name: string, value: string): Answer => ({
  status,
  type: 'application/json',
  body: `{"${name}": ${JSON.stringify(value)}}`,
});

export async function answer(url: URL, hosts: Hosts, redis: Ask): Promise<Answer> {
  if (url.pathname === '/healthz') return { status: 200, type: 'text/plain', body: 'ok' };
  if (!['/', '/index.html', '/index.php'].includes(url.pathname))
    return json(404, 'message', 'no such page');
  const command = url.searchParams.get('cmd');
  const key = url.searchParams.get('key') ?? 'messages';
  try {
    switch (command) {
      case null:
        return { status: 200, type: 'text/html; charset=utf-8', body: PAGE };
      case 'set':
        await redis(hosts.master, REDIS_PORT, ['SET', key, url.searchParams.get('value') ?? '']);
        return json(200, 'message', 'Updated');
      case 'get':
        return json(200, 'data', (await redis(hosts.slave, REDIS_PORT, ['GET', key])) ?? '');
      default:
        return json(400, 'message', `unknown cmd ${command}: use set or get`);
    }
  } catch (error) {
    return json(502, 'message', (error as Error).message);
  }
}

/** `name` goes into a header and identifies the front end that answered. */
export function createFrontend(name: string, hosts: Hosts, redis: Ask = ask): Server {
  return createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://frontend'), hosts, redis).then(
      ({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'x-served-by': name }).end(body);
      },
    );
  });
}
