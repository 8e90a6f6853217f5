// Expressions over claims and users (upstream apiserver/pkg/authentication/cel). Load this file
// with the first expression.
import { DYN, mapOf, STRING, structOf, typeText } from '../../../cel/checker/types.js';
import {
  checkKubernetes,
  kubernetesEnvironment,
  structTypes,
  USER_INFO,
} from '../../../cel/kubernetes/environment.js';
import { createProgram } from '../../../cel/program/program.js';
import { isError, type Value } from '../../../cel/values/value.js';

const USER = 'kubernetes.UserInfo';
const TYPES = structTypes({ [USER]: USER_INFO });

const SCOPES = {
  claims: () => kubernetesEnvironment({ claims: mapOf(STRING, DYN) }),
  user: () => kubernetesEnvironment({ user: structOf(USER) }, { types: TYPES }),
};

/** Throws Error when the expression does not compile. `bool`: only conditions are allowed. */
export function compileExpression(
  scope: keyof typeof SCOPES,
  expression: string,
  bool: boolean,
): (value: unknown) => Value {
  const checked = checkKubernetes(expression, SCOPES[scope]());
  const type = typeText(checked.type);
  if (bool && type !== 'bool') throw new Error('must evaluate to bool');
  const program = createProgram(checked);
  return (value) => {
    const { value: result } = program.evaluate({ [scope]: value as Value });
    if (isError(result)) throw new Error(result.message);
    return result;
  };
}
