// The web UI at /ui/: its files, and the role that lets every user fetch them. The files contain no
// secret; the page reads the API with the visitor's own permissions.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PathHandler } from '../../pkg/apiserver/extension/handler.js';
import type { PostStartHook } from '../../pkg/apiserver/extension/hooks.js';
import { rbacBootstrapHook } from '../../pkg/apiserver/authz/bootstrap.js';
import {
  clusterRole,
  clusterRoleBinding,
  ruleOf,
  subjectOf,
} from '../../pkg/registry/rbac/policy-rules.js';
import { loadStaticFiles } from '../../pkg/ui/server/static-files.js';

const ROLE = 'wheelhouse:ui';

/** `directory` absent: dist/ui beside this program, when it was built. */
export async function uiParts(
  directory: string | undefined,
): Promise<{ paths: PathHandler[]; hooks: PostStartHook[] }> {
  const folder = directory ?? join(dirname(process.argv[1] ?? '.'), '../../ui');
  if (directory === undefined && !existsSync(join(folder, 'index.html')))
    return { paths: [], hooks: [] };
  const files = await loadStaticFiles(folder);
  const policy = {
    clusterRoles: [clusterRole(ROLE, [ruleOf(['get', '/ui /ui/*'])])],
    clusterRoleBindings: [
      clusterRoleBinding(
        ROLE,
        ...['group system:authenticated', 'group system:unauthenticated'].map(subjectOf),
      ),
    ],
    roles: [],
    roleBindings: [],
  };
  return { paths: [uiPath(files)], hooks: [{ ...rbacBootstrapHook(policy), name: 'ui/roles' }] };
}

function uiPath(files: Awaited<ReturnType<typeof loadStaticFiles>>): PathHandler {
  return {
    path: '/ui',
    prefix: true,
    handle(request) {
      const path = request.url.split('?')[0]!;
      // A relative redirect keeps the prefixes of proxies.
      if (path === '/ui') return request.respond(307, { location: 'ui/' });
      const { status, headers, body } = files.answer(path.slice('/ui/'.length), {
        acceptEncoding: request.headers['accept-encoding']?.toString(),
        ifNoneMatch: request.headers['if-none-match']?.toString(),
      });
      return request.respond(status, headers, body);
    },
  };
}
