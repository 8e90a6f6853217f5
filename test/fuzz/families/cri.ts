// A container runtime that lies: the kubelet's client reads its answers, mutated as values and as
// bytes, and the kubelet makes plans and statuses of them.
import protobuf from 'protobufjs/light.js';
import { CriRuntime } from '../../../pkg/kubelet/runtime/cri/cri-runtime.js';
import { decodeMessage } from '../../../pkg/kubelet/runtime/cri/grpc.js';
import { CRI_SCHEMA } from '../../../pkg/kubelet/runtime/cri/schema.generated.js';
import { RuntimeError } from '../../../pkg/kubelet/runtime/runtime.js';
import { noMetrics, virtualEnv } from '../../support/virtual-env.js';
import { isDocumented, type Family } from '../family.js';
import { mutateBytes, mutateJson, type Json } from '../mutate.js';

const root = protobuf.Root.fromJSON({
  nested: { runtime: { nested: { v1: { nested: CRI_SCHEMA as never } } } },
});

const labels = { 'io.kubernetes.pod.uid': 'u-1', 'io.kubernetes.container.name': 'a' };
const ANSWERS: Record<string, Json> = {
  VersionResponse: {
    version: '0.1.0',
    runtimeName: 'containerd',
    runtimeVersion: '2',
    runtimeApiVersion: 'v1',
  },
  StatusResponse: {
    status: { conditions: [{ type: 'RuntimeReady', status: true, reason: '', message: '' }] },
  },
  ListPodSandboxResponse: {
    items: [
      {
        id: 's',
        metadata: { name: 'p', uid: 'u-1', namespace: 'default', attempt: 0 },
        state: 0,
        createdAt: 1,
        labels,
        annotations: {},
      },
    ],
  },
  PodSandboxStatusResponse: {
    status: {
      id: 's',
      metadata: { name: 'p', uid: 'u-1', namespace: 'default', attempt: 1 },
      state: 0,
      createdAt: 1,
      network: { ip: '10.0.0.2', additionalIps: [{ ip: 'fd00::2' }] },
      linux: { namespaces: { options: { network: 0 } } },
      labels,
    },
  },
  ListContainersResponse: {
    containers: [
      {
        id: 'c',
        podSandboxId: 's',
        metadata: { name: 'a', attempt: 0 },
        image: { image: 'i' },
        imageRef: 'i',
        state: 1,
        createdAt: 2,
        labels,
        annotations: {},
      },
    ],
  },
  ContainerStatusResponse: {
    status: {
      id: 'c',
      metadata: { name: 'a', attempt: 0 },
      state: 2,
      createdAt: 1,
      startedAt: 2,
      finishedAt: 3,
      exitCode: 1,
      image: { image: 'i' },
      imageRef: 'i',
      reason: 'Error',
      message: 'm',
      labels,
      annotations: {},
      mounts: [],
      logPath: '/x',
    },
  },
  ExecSyncResponse: { stdout: 'YQ==', stderr: '', exitCode: 0 },
  ListContainerStatsResponse: {
    stats: [
      {
        attributes: { id: 'c', metadata: { name: 'a' }, labels },
        cpu: { timestamp: 1, usageCoreNanoSeconds: { value: 5 } },
        memory: { timestamp: 1, workingSetBytes: { value: 6 }, usageBytes: { value: 7 } },
        writableLayer: { usedBytes: { value: 8 } },
      },
    ],
  },
  ImageStatusResponse: {
    image: {
      id: 'sha256:a',
      repoTags: ['i:1'],
      repoDigests: ['i@sha256:a'],
      size: 5,
      uid: { value: 3 },
      username: '',
    },
  },
  ListImagesResponse: {
    images: [{ id: 'sha256:a', repoTags: ['i:1'], repoDigests: [], size: 5, username: 'x' }],
  },
  ImageFsInfoResponse: {
    imageFilesystems: [{ fsId: { mountpoint: '/x' }, usedBytes: { value: 1 } }],
  },
};
const NAMES = Object.keys(ANSWERS);

/** Reads one answer through the method that asks for it. */
const READ: Record<string, (runtime: CriRuntime) => Promise<unknown>> = {
  VersionResponse: (runtime) => runtime.version(),
  StatusResponse: (runtime) => runtime.conditions(),
  ListPodSandboxResponse: (runtime) => runtime.sandboxes(),
  PodSandboxStatusResponse: (runtime) => runtime.sandboxStatus('s'),
  ListContainersResponse: (runtime) => runtime.containers(),
  ContainerStatusResponse: (runtime) => runtime.containerStatus('c'),
  ExecSyncResponse: (runtime) => runtime.execSync('c', [], 1),
  ListContainerStatsResponse: (runtime) => runtime.stats(),
  ImageStatusResponse: (runtime) => runtime.imageStatus('i'),
  ListImagesResponse: (runtime) => runtime.images(),
  ImageFsInfoResponse: (runtime) => runtime.imageFs(),
};

export const cri: Family = {
  name: 'cri',
  share: 6,
  prepare: () => {
    const env = { ...virtualEnv(), metrics: noMetrics };
    const runtime = new CriRuntime('unix:///nowhere', env);
    runtime.close();
    let answer: Buffer = Buffer.alloc(0);
    let name = '';
    const connection = {
      unary: () => {
        try {
          return Promise.resolve(decodeMessage(`runtime.v1.${name}`, answer));
        } catch (error) {
          // grpc-js ends a call whose answer cannot be decoded.
          return Promise.reject(new RuntimeError('Unknown', (error as Error).message));
        }
      },
      close: () => {},
    };
    Object.assign(runtime, { connection });
    const types = new Map(NAMES.map((one) => [one, root.lookupType(`runtime.v1.${one}`)]));
    const encode = (one: string, value: Json): Buffer => {
      const type = types.get(one)!;
      return Buffer.from(type.encode(type.fromObject(value)).finish());
    };
    const plain = NAMES.map((one) => encode(one, ANSWERS[one]));
    return {
      make(choice) {
        const at = choice.below(NAMES.length);
        let bytes = plain[at]!;
        if (choice.chance(0.6)) {
          try {
            const value = mutateJson(
              choice,
              structuredClone(ANSWERS[NAMES[at]!]),
              choice.pick(Object.values(ANSWERS)),
            );
            // protobufjs takes an object with a length for bytes, however long it says to be.
            if (!JSON.stringify(value)?.includes('"length"')) bytes = encode(NAMES[at]!, value);
          } catch {
            bytes = mutateBytes(choice, bytes, choice.pick(plain));
          }
        } else bytes = mutateBytes(choice, bytes, choice.pick(plain));
        return Buffer.concat([Buffer.of(at), bytes]);
      },
      async run(input) {
        name = NAMES[(input[0] ?? 0) % NAMES.length]!;
        answer = input.subarray(1);
        try {
          await READ[name]!(runtime);
        } catch (error) {
          if (!isDocumented(error, [RuntimeError])) throw error;
        }
      },
    };
  },
};
