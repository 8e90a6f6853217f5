// Bounds of encryption at rest, with upstream's values where upstream has them.

/** Time between questions to a KMS plugin; shorter while it is not healthy (upstream config.go). */
export const KMS_PROBE_MS = 60_000;
export const KMS_RETRY_MS = 10_000;
/** How long a plugin's answer serves health checks (upstream kmsPluginHealthz...TTL). */
export const KMS_HEALTHY_MS = 20_000;
export const KMS_UNHEALTHY_MS = 3_000;
/** A seed encrypts no more when the plugin has not been healthy for so long. */
export const KMS_SEED_LIFE_MS = 180_000;
/** Decrypted seeds in memory. */
export const KMS_SEEDS = 1_000;
/** Bounds of what a KMS plugin answers (upstream kmsv2/envelope.go). */
export const KMS_SOURCE_BYTES = 1024;
export const KMS_KEY_ID_BYTES = 1024;
export const KMS_ANNOTATIONS_BYTES = 32 * 1024;
/** Values that could not be decrypted and are tried again, and the time between two tries. */
export const UNREADABLE_SAMPLES = 8;
export const UNREADABLE_RETRY_MS = 10_000;
