// Contract of the client of webhooks. The server has one for all of them: admission, conversion,
// authentication and authorization.

/** A webhook's address: `url` or `service`. */
export interface WebhookTarget {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    /** Default 443. */
    readonly port?: number;
    readonly path?: string;
  };
  /** Authorities in PEM, in base64; absent: those of the process. */
  readonly caBundle?: string;
  /** How the server proves to the webhook who it is. In PEM. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string };
  readonly bearerToken?: string;
  /** The name in the webhook's certificate, where it is not the host's. */
  readonly serverName?: string;
  /** Accepts any certificate of the webhook. */
  readonly insecureSkipTlsVerify?: boolean;
}

export interface WebhookCall {
  readonly timeoutMs: number;
  /** Largest answer; default MAX_REVIEW_BYTES. */
  readonly maxBytes?: number;
  /** Accepts an answer without a body, as receivers of events send; default false. */
  readonly mayBeEmpty?: boolean;
}

export interface WebhookClient {
  /**
   * Posts JSON; resolves to the body of an answer with a code from 200 to 206. The query names the
   * timeout in whole seconds.
   * @throws WebhookError
   */
  post(target: WebhookTarget, body: string | Uint8Array, call: WebhookCall): Promise<Buffer>;
  /** Closes all connections; calls in flight fail. */
  close(): void;
}
