import assert from 'node:assert/strict';
import { MESSAGES } from '../../apis/facts/messages.js';
import { decodeReview, type WebhookError } from './answer.js';

const EXPECTED = {
  group: 'admission.k8s.io',
  version: 'v1',
  kind: 'AdmissionReview',
  schema: 'io.k8s.api.admission.v1.AdmissionReview',
};
const decode = (text: string) =>
  decodeReview<{ response?: { allowed?: boolean } }>(
    Buffer.from(text),
    EXPECTED,
    ['v1', 'v1beta1'],
    MESSAGES,
  );

describe('answers of webhooks', () => {
  it('are JSON or YAML, with or without a kind', () => {
    for (const text of [
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"allowed":true}}',
      '  {"response":{"allowed":true,"unknown":1}}',
      'kind: AdmissionReview\nresponse: {allowed: true}\n',
    ])
      assert.equal(decode(text).value.response?.allowed, true, text);
    assert.equal(decode('{"kind":"AdmissionReview"}').kind, 'AdmissionReview');
    assert.equal(decode('{"kind":"AdmissionReview"}').apiVersion, '');
  });

  it("are refused in the words of upstream's decoder", () => {
    const cases: [string, string | RegExp][] = [
      [
        'hello',
        /^couldn't get version\/kind; json parse error: json: cannot unmarshal string into/,
      ],
      ['[1]', /cannot unmarshal array into/],
      ['{"kind":5}', /cannot unmarshal number into Go struct field \.kind of type string/],
      ['{', /^couldn't get version\/kind; json parse error: /],
      [
        '{"kind":"Review","apiVersion":"admission.k8s.io/v1"}',
        'no kind "Review" is registered for version "admission.k8s.io/v1" in scheme "pkg/runtime/scheme.go:100"',
      ],
      [
        '{"kind":"AdmissionReview","apiVersion":"example.com/v1"}',
        'no kind "AdmissionReview" is registered for version "example.com/v1" in scheme "pkg/runtime/scheme.go:100"',
      ],
      [
        '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"}',
        'converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion',
      ],
      [
        '{"response":{"allowed":"yes"}}',
        'json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool',
      ],
      ['{"response":{"patch":"%"}}', 'illegal base64 data at input byte 0'],
      ['{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no"}', 'no'],
    ];
    for (const [text, expected] of cases)
      assert.throws(
        () => decode(text),
        ({ message }: WebhookError) => {
          if (typeof expected === 'string') assert.equal(message, expected);
          else assert.match(message, expected);
          return true;
        },
      );
  });
});
