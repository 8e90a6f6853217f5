// Refused requests answer with a Status, which kubectl prints.
export class Refusal extends Error {
  constructor(readonly status: { code: number; message: string; [member: string]: unknown }) {
    super(status.message);
  }
}

export const refusal = (code: number, reason: string, message: string): Refusal =>
  new Refusal({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code,
  });
