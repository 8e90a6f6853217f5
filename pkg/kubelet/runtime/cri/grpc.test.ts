import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { runtimeError } from './grpc.js';

describe('errors of a runtime', () => {
  const of = (code: status, details: string, message = `${code} X: ${details}`) => {
    const error = runtimeError({ code, details, message });
    return [error.code, error.message, error.detail];
  };

  it('name their gRPC code, except Unknown', () => {
    assert.deepEqual(of(status.UNKNOWN, 'failed to pull'), [
      'Unknown',
      'failed to pull',
      'failed to pull',
    ]);
    assert.deepEqual(of(status.NOT_FOUND, 'no "a"'), [
      'NotFound',
      'rpc error: code = NotFound desc = no "a"',
      'no "a"',
    ]);
    assert.deepEqual(of(status.INVALID_ARGUMENT, 'bad'), [
      'Unknown',
      'rpc error: code = InvalidArgument desc = bad',
      'bad',
    ]);
    assert.deepEqual(of(status.UNKNOWN, '', 'broken'), ['Unknown', 'broken', 'broken']);
  });
});
