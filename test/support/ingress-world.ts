// Ingresses, services and endpoints as objects, for tests of the ingress controller.
import type { Service } from '../../pkg/apis/core/v1/types.js';
import type { EndpointSlice } from '../../pkg/apis/discovery/v1/types.js';
import type { Ingress, IngressClass, IngressRule } from '../../pkg/apis/networking/v1/types.js';
import type { Secret } from '../../pkg/apis/core/v1/types.js';
import type { ObjectMeta } from '../../pkg/apimachinery/meta/types.js';
import { keyOf, type ApiObject } from '../../pkg/apimachinery/meta/object.js';
import type { World } from '../../pkg/ingress/model.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';

let order = 0;

const metadata = (name: string, namespace: string): ObjectMeta => ({
  name,
  namespace,
  uid: `${namespace}/${name}`,
  // Objects are as old as the order in which they were made.
  creationTimestamp: new Date(++order * 1000).toISOString().replace('.000', ''),
  resourceVersion: String(order),
});

export const OUR_CLASS: IngressClass = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: {
    name: 'wheelhouse',
    annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
  },
  spec: { controller: 'wheelhouse.io/ingress-controller' },
};

export function ingress(name: string, spec: Ingress['spec'], namespace = 'shop'): Ingress {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(name, namespace),
    spec: { ingressClassName: 'wheelhouse', ...spec },
  };
}

/** 'web' or 'web:http': a service and the number or name of its port, 80 by default. */
export function backend(text: string) {
  const [name = '', port = '80'] = text.split(':');
  return {
    service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } },
  };
}

/** A rule from lines such as 'Prefix /api api:80'. */
export const rule = (host: string, ...paths: string[]): IngressRule => ({
  ...(host ? { host } : {}),
  http: {
    paths: paths.map((line) => {
      const [pathType = '', path = '', to = ''] = line.split(' ');
      return { pathType, path, backend: backend(to) };
    }),
  },
});

export function service(name: string, spec: Partial<Service['spec']> = {}, namespace = 'shop') {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name, namespace),
    spec: { ports: [{ name: 'http', port: 80 }], ...spec },
  } as Service;
}

/** Endpoints 'address:port', or '!address:port' for one that is not ready. */
export function slice(name: string, endpoints: string[], namespace = 'shop'): EndpointSlice {
  const [, port = '8080'] = endpoints[0]?.split(':') ?? [];
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...metadata(`${name}-1`, namespace),
      labels: { 'kubernetes.io/service-name': name },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: Number(port) }],
    endpoints: endpoints.map((text) => ({
      addresses: [text.replace('!', '').split(':')[0]!],
      conditions: { ready: !text.startsWith('!') },
    })),
  };
}

const CA = createCa('authority of tests');

export const pairFor = (...hosts: string[]) =>
  issue({ ca: CA, commonName: hosts[0]!, sans: hosts, usages: ['server'] });

export function secret(
  name: string,
  { certPem, keyPem }: { certPem: string; keyPem: string },
  namespace = 'shop',
): Secret {
  const data = (text: string) => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata(name, namespace),
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': data(certPem), 'tls.key': data(keyPem) },
  };
}

const store = <T extends ApiObject>(objects: readonly unknown[]) => {
  const all = objects as T[];
  return {
    store: {
      get: (key: string) => all.find((one) => keyOf(one) === key),
      list: () => [...all],
      byIndex: (_: string, key: string) =>
        all.filter(
          ({ metadata: { namespace, labels } }) =>
            `${namespace}/${labels?.['kubernetes.io/service-name']}` === key,
        ),
    },
  };
};

/** These objects as a world. A secret's certificate is its key; 'shop/broken' has none. */
export function memoryWorld(
  objects: readonly ApiObject[],
  accepted: World['accepted'] = () => undefined,
): World {
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const classes = of('IngressClass');
  return {
    ingresses: store(of('Ingress')),
    classes: store(classes.length ? classes : [OUR_CLASS]),
    services: store(of('Service')),
    slices: store(of('EndpointSlice')),
    certificate: (key) => (key === 'shop/broken' ? { problem: 'is broken' } : { pem: key }),
    accepted,
    isRefused: () => false,
  };
}
