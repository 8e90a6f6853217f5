// One meaning, one place: pkg/component-helpers answers each question about objects, the runtime of
// pkg/controller each question about controllers, and pkg/util has the general tools; no other code
// does. A row has the pattern of a second answer, the home of the answer and the harm of a second
// one. pkg/apis is exempt: types, defaults and validation lie below component-helpers.
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { CLASS } from '../../pkg/controller/localpath/objects.generated.js';
import { files, isGenerated, read } from './tree.js';

interface Meaning {
  question: string;
  pattern: RegExp;
  /** The file or folder with the answer. */
  home: string;
  why: string;
  /** Files in which the pattern has another meaning, and that meaning. */
  other?: Record<string, string>;
  /** Code that the pattern must find, so that the row can fail. */
  finds: string;
}

const HELPERS = 'pkg/component-helpers';

const MEANINGS: readonly Meaning[] = [
  {
    question: 'Does a toleration tolerate a taint?',
    pattern:
      /\b(?:function|const)\s+tolerate(?:s\w*)?\b|\btolerations(?:\s*\?\?\s*\[\]\))?\s*\??\.(?:some|every|find)\(\s*\(\{|\btoleration\.(?:operator|value)\b/,
    home: `${HELPERS}/taints.ts`,
    why: 'three versions differed in empty keys and unknown operators',
    finds: '(spec.tolerations ?? []).some(({ key, operator }) => key === taint.key)',
  },
  {
    question: 'What are the keys of the taints of the control plane?',
    pattern:
      /'node\.kubernetes\.io\/(?:not-ready|unreachable|unschedulable|(?:memory|disk|pid)-pressure|network-unavailable)'/,
    home: `${HELPERS}/taints.ts`,
    why: 'a misspelt key taints or tolerates nothing, and no test of one side finds it',
    finds: "const KEY = 'node.kubernetes.io/disk-pressure';",
  },
  {
    question: 'Which directions does a network policy restrict?',
    pattern: /\bpolicyTypes\b/,
    home: `${HELPERS}/networkpolicy`,
    why: 'an absent list restricts egress only with rules of egress; a second reading would show or do another thing',
    finds: "const isEgress = spec.policyTypes?.includes('Egress');",
  },
  {
    question: 'How much grace do containers get?',
    pattern:
      /deletionGracePeriodSeconds\s*\?\?\s*[a-z]|GracePeriodSeconds\s*\?\?\s*[1-9]|\?\?\s*30\b/,
    home: `${HELPERS}/pods.ts`,
    why: "the deletion's grace comes before the pod's own",
    finds: 'const grace = pod.spec.terminationGracePeriodSeconds ?? 30;',
  },
  {
    question: 'Has the pod ended?',
    pattern:
      /\bphase\s*[!=]==?\s*'(?:Succeeded|Failed)'|'Succeeded',\s*'Failed'|'Failed',\s*'Succeeded'/,
    home: `${HELPERS}/pods.ts`,
    why: 'a test of one terminal phase alone keeps pods of the other',
    other: { 'pkg/kubelet/status/generate.ts': 'a pod that succeeded has run its init containers' },
    finds: "if (pod.status?.phase === 'Succeeded') return;",
  },
  {
    question: 'What does the condition of a type say?',
    pattern: /[cC]onditions(?:\s*\?\?\s*\[\]\))?\s*\??\.(?:find|some|filter)\(/,
    home: `${HELPERS}`,
    why: 'readiness, availability and transition times follow from it',
    other: {
      'pkg/controller/certificates/plan.ts': 'the first of several types that decide a request',
      'pkg/controller/job/failures.ts': "the patterns of a job's failure policy",
      'pkg/kubelet/status/manager.ts': 'keeps the conditions of other writers',
      'pkg/kubelet/status/patch.ts': 'keeps the conditions of other writers',
    },
    finds: "pod.status?.conditions?.find(({ type }) => type === 'Ready')",
  },
  {
    question: 'When did a condition change?',
    pattern: /\?\.status === \w+(?:\.status)?\s*(?:&&|\?)[^;]{0,60}lastTransitionTime/,
    home: `${HELPERS}/conditions.ts`,
    why: 'minReadySeconds and deadlines count from the transition time',
    finds: 'const at = old?.status === status ? old.lastTransitionTime : now;',
  },
  {
    question: 'Which containers does a pod have?',
    pattern:
      /\.\.\.\(?[\w.?]*\.(?:init|ephemeral)Containers\b|\.\.\.\(?(?:pod\.)?spec\.containers\b(?!\s*\.map)/,
    home: `${HELPERS}/pods.ts`,
    why: 'a list without sidecars or ephemeral containers lets them escape a rule',
    other: {
      'pkg/admission/limit-ranger.ts': 'names the kind of each container that gets a default',
      'pkg/controller/job/pod.ts': 'gives every container of the template its index',
    },
    finds: 'for (const c of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {',
  },
  {
    question: 'Is an init container a sidecar?',
    pattern: /\brestartPolicy\s*[!=]==\s*'Always'/,
    home: `${HELPERS}/pods.ts`,
    why: 'sidecars serve, are probed and are counted like regular containers',
    finds: "if (container.restartPolicy === 'Always') continue;",
  },
  {
    question: 'Which port does a name mean?',
    pattern: /\bports\b[^;]{0,12}\.find\(\s*\(?\{?\s*\w+\s*\}?\)?\s*=>\s*(?:\w+\.)?name ===/,
    home: `${HELPERS}/pods.ts`,
    why: 'services and probes must agree about sidecars and protocols',
    finds: 'container.ports?.find((p) => p.name === port)',
  },
  {
    question: 'Does a node match a selector?',
    pattern: /\b(?:Gt|Lt): |case '(?:Gt|Lt)'|=== '(?:Gt|Lt)'/,
    home: `${HELPERS}/node-selector.ts`,
    why: 'the scheduler and the daemon set controller must agree, or pods are made that fit nowhere',
    finds: 'const OPERATORS = { Gt: (a, b) => a > b };',
  },
  {
    question: 'Which objects does a pod refer to?',
    pattern: /\?\.(?:secretKeyRef|configMapKeyRef|secretRef|configMapRef|nodePublishSecretRef)\b/,
    home: `${HELPERS}/pod-references.ts`,
    why: 'what the authorizer leaves out, the kubelet may not read; what it adds, any node may read',
    finds: 'add(secrets, valueFrom?.secretKeyRef?.name);',
  },
  {
    question: 'Which controller owns an object?',
    pattern: /ownerReferences[^;]{0,12}\.find\(/,
    home: `${HELPERS}/owner-references.ts`,
    why: 'an owner that is not the controller does not manage the object',
    finds: 'object.metadata.ownerReferences?.find((r) => r.controller)',
  },
  {
    question: 'What does a pod request?',
    pattern: /parseQuantity\([^;]*\.(?:requests|limits)\b|\bspec\.overhead\b/,
    home: `${HELPERS}/resources.ts`,
    why: 'sidecars, init containers and overhead count alike in scheduler, quota and cgroup',
    other: { 'pkg/admission/runtime-class.ts': 'sets the overhead of the runtime class' },
    finds: "sum += parseQuantity(c.resources.requests['cpu']).milliValue();",
  },
  {
    question: 'Which quality of service does a pod have?',
    pattern: /[?:]\s*'(?:Guaranteed|Burstable|BestEffort)'|return '(?:Guaranteed|BestEffort)'/,
    home: `${HELPERS}/qos.ts`,
    why: 'amounts are compared, not texts, and the class at creation stays',
    finds: "return isEqual ? 'Guaranteed' : 'Burstable';",
  },
  {
    question: 'Which class has a volume or a claim, and is its binding complete?',
    pattern: /volume\.beta\.kubernetes\.io\/storage-class|pv\.kubernetes\.io\/bind-completed/,
    home: `${HELPERS}/volumes.ts`,
    why: 'binder, scheduler, quota and printed columns must agree, or a volume is bound twice',
    finds: "claim.metadata.annotations?.['pv.kubernetes.io/bind-completed']",
  },
  {
    question: 'How much of a quota does an object use?',
    pattern: /\b(?:usage|used|total)\[\s*[`'](?:requests|limits|count|services)[./]/,
    home: `${HELPERS}/quota-usage.ts`,
    why: 'what admission lets pass, the controller must count',
    finds: 'usage[`requests.${name}`] = amount;',
  },
  {
    question: 'How many objects is a percentage?',
    pattern: /endsWith\('%'\)/,
    home: `${HELPERS}/int-or-percent.ts`,
    why: 'validation, rollouts and budgets must round alike',
    finds: "if (value.endsWith('%')) return 1;",
  },
  {
    question: 'What happens when a controller creates or deletes a pod?',
    pattern: /'(?:Successful|Failed)(?:Create|Delete)'/,
    home: 'pkg/controller/runtime/pod-control.ts',
    why: 'four versions differed in events, expectations and terminating namespaces',
    other: {
      'pkg/controller/cronjob/controller.ts': 'creates and deletes jobs',
      'pkg/controller/replicaset/plan.ts': 'the reasons of the condition ReplicaFailure',
      'pkg/controller/replicaset/replica-controller.ts': 'the reasons of ReplicaFailure',
      'pkg/controller/statefulset/controller.ts': 'creates claims',
    },
    finds: "events.event(set, 'Warning', 'FailedCreate', message);",
  },
  {
    question: 'Which refusals of a request mean that nothing is left to do?',
    pattern:
      /\.catch\(\s*\((\w+): unknown\) => \{\s*if \((?:!isReason\(\1, '\w+'\)(?: && )?)+\) throw \1;\s*\}/,
    home: 'pkg/apimachinery/errors/status-error.ts',
    why: 'a handler that forgets to throw the other errors hides them',
    finds:
      "await made.catch((error: unknown) => { if (!isReason(error, 'NotFound')) throw error; });",
  },
  {
    question: 'What is the shape of a controller?',
    pattern: /\bclass \w+ implements Controller\b|\bclass \w*Controller\b/,
    home: 'pkg/controller/runtime/controller.ts',
    why: 'a reader of one controller knows all of them',
    finds: 'class JobController implements Controller {',
  },
  {
    question: 'How is work repeated until abort, or tried again?',
    pattern: /while \(!(?:\w+\.)*signal\.aborted|\bsleep\(/,
    home: 'pkg/util/',
    why: 'loops written by hand overlapped, spun, or logged the failure that the abort itself makes',
    other: {
      'cmd/follow-files.ts': 'lets a pair of files settle',
      'cmd/kube-apiserver/run.ts': 'serves on for the shutdown delay',
      'pkg/admission/service-account.ts': 'reads a bounded number of times within one request',
      'pkg/client/connection.ts': 'waits out the back-off that all callers share',
      'pkg/client/leader-election.ts': 'acquires, renews, loses: each wait depends on the state',
      'pkg/client/reflector.ts': 'lists or watches by what came before, and by how long it lasted',
      'pkg/client/transport.ts': 'waits as long as the answer asks',
      'pkg/kubectl/rolling-update.ts': 'pauses between the pods of an update',
      'pkg/kubelet/eviction/eviction-manager.ts': 'gives the pod time to end before it looks',
      'pkg/kubelet/host/probe-actions.ts': 'the sleep action of a lifecycle hook',
      'pkg/kubelet/logs/read-log.ts': 'reads on by what the file holds',
      'pkg/kubelet/sources/static-pods.ts': 'lets an editor finish its file',
      'pkg/kubelet/stats/snapshot.ts': 'lets other work go on between two batches of files',
      'pkg/kubelet/status/manager.ts': 'writes until the newest status is the one that was sent',
      'pkg/proxy/table-sync.ts': 'collects changes for one transaction',
      'pkg/scheduler/scheduler.ts': 'yields between turns while pods wait',
      'pkg/storage/etcd/grpc-connection.ts': 'one deadline over connecting and calling',
      'pkg/ui/web/live.ts': 'the browser has no Env',
    },
    finds: 'while (!this.signal.aborted) {',
  },
  {
    question: 'How long is the text of a duration?',
    pattern:
      /\bh: 3_?600_?000\b|\((?:ns\|us|h\|ms?\|)|\b(?:function|const) (?:parse|format)\w*Duration\b|\bgoSeconds\b/,
    home: 'pkg/util/duration/',
    why: "four versions differed in signs, fractions, overflow and Go's error texts",
    finds: 'const UNITS = { m: 60_000, h: 3_600_000 };',
  },
  {
    question: 'What is the FNV-1a hash of a text?',
    pattern: /0x811c9dc5|2166136261|0x0*1000193\b|\b16777619\b/i,
    home: 'pkg/util/hash/',
    why: 'two versions hashed UTF-16 units and code points, upstream hashes UTF-8',
    finds: 'let hash = 0x811c9dc5;',
  },
  {
    question: 'Which address is in a text?',
    pattern:
      /\bisIP(?:v[46])?\b|\bsplit\('\.'\)[^;]{0,20}\bNumber\b|in-addr\\\.arpa|\bip6\\\.arpa|\(\\d\{1,3\}\)\\\./,
    home: 'pkg/util/netaddr/',
    why: 'a parser that takes leading zeros, zones or mapped addresses lets them past a check',
    other: {
      'pkg/cel/cost/call-estimates.ts': 'names of functions in expressions',
      'pkg/cel/cost/run-time.ts': 'names of functions in expressions',
      'pkg/cel/kubernetes/network.ts': 'names of functions in expressions',
      'pkg/system/pki/der.ts': 'object identifiers',
    },
    finds: "if (isIP(host) === 4) return host.split('.').map(Number);",
  },
  {
    question: 'How is a file replaced in one step?',
    pattern: /\bwriteFile(?:Sync)?\([\s\S]{0,400}?\brename(?:Sync)?\(/,
    home: 'pkg/system/files/',
    why: 'a rename before the data is on disk leaves an empty file after a power failure',
    finds: 'await writeFile(temporary, text); await rename(temporary, path);',
  },
  {
    question: 'Which entry does a full cache drop?',
    pattern: /\.delete\(\s*[\w.]+\.(?:keys|values)\(\)\.next\(\)\.value/,
    home: 'lru-cache',
    why: 'maps that evicted by hand dropped in four different orders',
    finds: 'this.entries.delete(this.entries.keys().next().value!);',
  },
];

const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*/g, '$1');

const sources = files(/^(pkg|cmd)\/.*\.tsx?$/)
  .filter(
    (file) => !file.startsWith('pkg/apis/') && !file.endsWith('.test.ts') && !isGenerated(file),
  )
  .map((file) => ({ file, text: code(read(file)) }));

describe('one meaning, one place', () => {
  for (const { finds, home, other = {}, pattern, question, why } of MEANINGS) {
    it(`${question} Only ${home} answers: ${why}`, () => {
      assert.match(finds, pattern);
      const answering = sources
        .filter(({ file, text }) => !file.startsWith(home) && pattern.test(text))
        .map(({ file }) => file);
      assert.deepEqual(answering, Object.keys(other).toSorted());
    });
  }

  it('has one default storage class', () => {
    const manifest: unknown = parse(read('manifests/addons/local-path-storage.yaml'));
    assert.deepEqual(manifest, CLASS);
  });
});
