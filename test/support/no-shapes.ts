// Shapes of objects for admission plugins that ask for none.
import assert from 'node:assert/strict';
import type { ObjectShapes } from '../../pkg/apiserver/admission/shapes.js';

export const NO_SHAPES: ObjectShapes = {
  equivalents: () => [],
  objectsOf: () => undefined,
  convert: () => assert.fail('nothing is converted'),
  decode: () => assert.fail('nothing is decoded'),
  typedOf: () => assert.fail('nothing is merged'),
};
