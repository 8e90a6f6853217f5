// A minimal controller: every ConfigMap labelled greet=yes gets data.greeting.
import {
  CoreV1Api,
  makeInformer,
  type KubeConfig,
  type V1ConfigMap,
} from '@kubernetes/client-node';

const LABEL = 'greet=yes';

/** Runs until the returned function is called. Rejects when the first list fails. */
export async function startGreeter(
  config: KubeConfig,
  namespace: string,
): Promise<() => Promise<void>> {
  const api = config.makeApiClient(CoreV1Api);
  const list = () => api.listNamespacedConfigMap({ namespace, labelSelector: LABEL });
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list, LABEL);
  const greet = async (map: V1ConfigMap): Promise<void> => {
    if (map.data?.greeting) return;
    const { name, resourceVersion } = map.metadata!;
    // The resource version makes the write fail after a concurrent change, which arrives as an
    // event.
    await api.replaceNamespacedConfigMap({
      name: name!,
      namespace,
      body: {
        ...map,
        metadata: { ...map.metadata, resourceVersion },
        data: { ...map.data, greeting: `hello, ${name}` },
      },
    });
  };
  for (const event of ['add', 'update'] as const)
    informer.on(event, (map) => void greet(map).catch((error: unknown) => console.error(error)));
  informer.on('error', () => {});
  await informer.start();
  return () => informer.stop();
}
