// Ensures that a container's image is present: pulls by imagePullPolicy, with back-off (upstream:
// pkg/kubelet/images/image_manager.go). No Node API.
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { KeyedBackoff } from '../../util/backoff/keyed-backoff.js';
import type { Clock } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { imageReferenceError, parseImageReference } from '../../util/image/reference.js';
import { abortable } from '../../util/wait/abortable.js';
import { IMAGE_BACKOFF, IMAGE_ERROR_SHOWN, PARALLEL_PULLS } from '../limits.js';
import type { ImageAuth, Runtime, RuntimeImage, SandboxConfig } from '../runtime/runtime.js';
import type { RecordPodEvent } from '../types/record-pod-event.js';
import { SyncError } from '../types/sync-error.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

/** Credentials for an image from imagePullSecrets. */
export interface PullCredentials {
  /** In the order in which to try them. */
  auths: ImageAuth[];
  /** Names of secrets that do not exist. */
  missing: string[];
}

export interface ImageDeps {
  clock: Clock;
  runtime: Runtime;
  event: RecordPodEvent;
  /** Credentials for the image's registry from imagePullSecrets, in the order to try them. */
  credentials(pod: Pod, image: string): Promise<PullCredentials>;
}

/** Adds the default tag: 'nginx' -> 'nginx:latest'. Tags and digests stay. */
export function withDefaultTag(image: string): string {
  if (image.includes('@')) return image;
  return image.lastIndexOf(':') > image.lastIndexOf('/') ? image : `${image}:latest`;
}

export function pullPolicy(container: Container): 'Always' | 'IfNotPresent' | 'Never' {
  const policy = container.imagePullPolicy;
  if (policy === 'Always' || policy === 'IfNotPresent' || policy === 'Never') return policy;
  return withDefaultTag(container.image ?? '').endsWith(':latest') ? 'Always' : 'IfNotPresent';
}

export class ImageManager {
  private readonly backoff: KeyedBackoff;
  private readonly pulls = new Map<string, Promise<string>>();
  private free = PARALLEL_PULLS;
  private readonly queue: (() => void)[] = [];

  constructor(private readonly deps: ImageDeps) {
    this.backoff = new KeyedBackoff(IMAGE_BACKOFF, IMAGE_BACKOFF.maxMs * 2);
  }

  /** Returns the container's image. Throws SyncError with the reason for the container's status. */
  async ensure(
    pod: Pod,
    container: Container,
    sandbox: SandboxConfig | undefined,
    signal: AbortSignal,
  ): Promise<RuntimeImage> {
    const name = container.image ?? '';
    const policy = pullPolicy(container);
    const tell = this.events(pod, container);
    await this.noteMissingSecrets(pod);
    if (!parseImageReference(name)) {
      const why = imageReferenceError(name);
      const message = `Failed to apply default image tag "${name}": couldn't parse image name "${name}": ${why}`;
      tell('Warning', 'InspectFailed', message);
      throw new SyncError('InvalidImageName', message);
    }
    const image = withDefaultTag(name);
    const present = await this.deps.runtime.imageStatus(image);
    // An image without a repository digest was imported by hand. No registry has it, so Always does
    // not pull it.
    if (present && (policy !== 'Always' || present.repoDigests.length === 0)) {
      tell('Normal', 'Pulled', `Container image "${name}" already present on machine`);
      return present;
    }
    if (policy === 'Never') {
      const message = `Container image "${name}" is not present with pull policy of Never`;
      tell('Warning', 'ErrImageNeverPull', message);
      throw new SyncError('ErrImageNeverPull', message);
    }
    return this.pull(pod, container, image, sandbox, signal);
  }

  private async noteMissingSecrets(pod: Pod): Promise<void> {
    if (!pod.spec.imagePullSecrets?.length) return;
    const { missing } = await this.deps.credentials(pod, '');
    if (!missing.length) return;
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
    this.deps.event(pod, undefined, 'Warning', 'FailedToRetrieveImagePullSecret', message);
  }

  private events(pod: Pod, container: Container) {
    return (type: 'Normal' | 'Warning', reason: string, message: string) =>
      this.deps.event(pod, container.name, type, reason, message);
  }

  private async pull(
    pod: Pod,
    container: Container,
    image: string,
    sandbox: SandboxConfig | undefined,
    signal: AbortSignal,
  ): Promise<RuntimeImage> {
    const { clock, runtime } = this.deps;
    const name = container.image ?? '';
    const tell = this.events(pod, container);
    const key = `${pod.metadata.uid}/${name}`;
    const until = this.backoff.until(key);
    if (until > clock.now()) {
      const message = `Back-off pulling image "${name}"`;
      tell('Normal', 'BackOff', message);
      const last = this.lastError.get(key);
      const why = last === undefined ? message : `${message}: ErrImagePull: ${last}`;
      throw new SyncError('ImagePullBackOff', why, until);
    }
    tell('Normal', 'Pulling', `Pulling image "${name}"`);
    const began = clock.monotonic();
    try {
      const ref = await abortable(this.shared(pod, image, sandbox), signal);
      const seconds = Math.round(clock.monotonic() - began) / 1000;
      const pulled = (await runtime.imageStatus(image)) ?? (await runtime.imageStatus(ref));
      if (!pulled) throw new Error(`image "${name}" is missing right after its pull`);
      const took = `in ${seconds}s (${seconds}s including waiting)`;
      const size = `Image size: ${pulled.sizeBytes} bytes.`;
      tell('Normal', 'Pulled', `Successfully pulled image "${name}" ${took}. ${size}`);
      this.backoff.forget(key);
      this.lastError.delete(key);
      return pulled;
    } catch (error) {
      if (signal.aborted) throw error;
      const text = errorText(error);
      this.backoff.next(key, clock.now());
      this.lastError.set(key, text);
      tell('Warning', 'Failed', `Failed to pull image "${name}": ${text}`);
      // The early retry changes the reason to ImagePullBackOff.
      throw new SyncError('ErrImagePull', text, clock.now() + IMAGE_ERROR_SHOWN);
    }
  }

  private readonly lastError = new Map<string, string>();

  /** Pods that need the same image share a pull, which continues if one of the pods is deleted. */
  private async shared(
    pod: Pod,
    image: string,
    sandbox: SandboxConfig | undefined,
  ): Promise<string> {
    const { auths } = await this.deps.credentials(pod, image);
    const key = `${image}\0${JSON.stringify(auths)}`;
    return getOrInsert(this.pulls, key, () =>
      this.limited(() => this.tryAll(image, auths, sandbox)).finally(() => this.pulls.delete(key)),
    );
  }

  private async tryAll(
    image: string,
    auths: ImageAuth[],
    sandbox: SandboxConfig | undefined,
  ): Promise<string> {
    let last: unknown;
    for (const auth of auths.length ? auths : [undefined]) {
      try {
        return await this.deps.runtime.pullImage(image, auth, sandbox);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  private async limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.free++;
    }
  }

  forgetPod(uid: string): void {
    this.backoff.forgetPrefix(`${uid}/`);
    for (const key of this.lastError.keys())
      if (key.startsWith(`${uid}/`)) this.lastError.delete(key);
  }
}
