// The network policies of a pod: who may talk to the pod and whom the pod may talk to, by which
// rule of which policy.
import type { Namespace, Pod } from '../../apis/core/v1/types.js';
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../apis/networking/v1/types.js';
import { addressOf, familyOf, protocolOf } from '../../component-helpers/addresses.js';
import {
  buildPolicy,
  DIRECTIONS,
  selectorOf,
  type Direction,
} from '../../component-helpers/networkpolicy/model.js';
import { policyPod, type PolicyPod } from '../../component-helpers/networkpolicy/pods.js';
import {
  restricts,
  verdictOf,
  type End,
  type Verdict,
} from '../../component-helpers/networkpolicy/verdict.js';
import type { LabelSelector } from '../../apimachinery/meta/types.js';
import { parseIp } from '../../util/netaddr/ip.js';
import { KINDS, objectPath } from './catalog.js';
import type { Tone } from './format.js';
import { pathOf } from './kind.js';
import { useLive } from './live.js';
import { change, link, setting } from './navigation.js';
import { useObject } from './object.js';
import { Failure } from './table-view.js';
import { word, type WordName } from './words.js';

const FAMILIES = [4, 6] as const;
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

const textOf = (selector: LabelSelector): string => selectorOf(selector).toString();

/** In plain words: the pods, addresses or namespaces of a rule. */
function peerText(namespace: string, peer: NetworkPolicyPeer): string {
  const { ipBlock, podSelector = {}, namespaceSelector } = peer;
  if (ipBlock) {
    const except = ipBlock.except?.length
      ? ` ${word('exceptFor')} ${ipBlock.except.join(', ')}`
      : '';
    return `${word('addresses')} ${ipBlock.cidr}${except}`;
  }
  const pods = textOf(podSelector);
  const where = namespaceSelector && textOf(namespaceSelector);
  return [
    pods ? `${word('podsWith')} ${pods}` : word('allPods'),
    where === undefined
      ? `${word('inNamespace')} ${namespace}`
      : where
        ? `${word('inNamespacesWith')} ${where}`
        : word('inEveryNamespace'),
  ].join(' ');
}

function portText({ protocol = 'TCP', port, endPort }: NetworkPolicyPort): string {
  if (port === undefined) return `${protocol} ${word('anyPort')}`;
  if (typeof port === 'string') return `${protocol} ${word('portNamed')} ${port}`;
  return `${protocol} ${port}${endPort ? `–${endPort}` : ''}`;
}

const rulesOf = ({ spec }: NetworkPolicy, direction: Direction) =>
  direction === 'ingress'
    ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));

function Rules({ policy, direction }: { policy: NetworkPolicy; direction: Direction }) {
  const { metadata } = policy;
  const rules = rulesOf(policy, direction);
  return (
    <li>
      <PolicyLink of={metadata} />
      {!rules.length && <p>{word('noRule')}</p>}
      <ol>
        {rules.map(({ peers, ports }, index) => (
          <li key={index}>
            {peers?.map((peer) => peerText(metadata.namespace!, peer)).join(` ${word('or')} `) ||
              word('anybody')}
            <small>{` · ${ports?.map(portText).join(', ') || word('anyPort')}`}</small>
          </li>
        ))}
      </ol>
    </li>
  );
}

const PolicyLink = ({ of }: { of: { name: string; namespace?: string } }) => (
  <a href={link(objectPath(KINDS.policies, of))}>{of.name}</a>
);

/** The policies of a namespace. */
const usePolicies = (namespace: string) => {
  const live = useLive({ path: pathOf(KINDS.policies, namespace), form: 'object', canWatch: true });
  return { live, policies: live.rows.value.map(({ object }) => object as NetworkPolicy) };
};

const ipsOf = ({ status = {} }: Pod) => [
  ...new Set([status.podIP, ...(status.podIPs ?? []).map(({ ip }) => ip)]),
];

/** The pod as an end of a connection, by family; a pod on the host network is an address only. */
const endsOf = (pod: Pod): End[] =>
  FAMILIES.flatMap((family) => {
    const [ip] = ipsOf(pod).flatMap((text) => addressOf(text, family) ?? []);
    return ip ? [{ ip, pod: policyPod(pod, '', family) }] : [];
  });

export function Policies({ pod }: { pod: Pod }) {
  const { live, policies } = usePolicies(pod.metadata.namespace!);
  const subject = endsOf(pod).find((end) => end.pod)?.pod;
  if (!subject) return <p class="empty">{word('noPart')}</p>;
  if (live.failure.value) return <Failure live={live} />;
  if (live.loading.value) return <p class="empty">{word('loading')}</p>;
  return (
    <div class="policies">
      {DIRECTIONS.toReversed().map((direction) => {
        const selecting = policies.filter((policy) =>
          restricts(buildPolicy(policy, 4), direction, subject),
        );
        return (
          <section key={direction}>
            <h2>{word(direction)}</h2>
            <p>{word(selecting.length ? 'isRestricted' : 'isOpen')}</p>
            <ul>
              {selecting.map((policy) => (
                <Rules key={policy.metadata.name} {...{ policy, direction }} />
              ))}
            </ul>
          </section>
        );
      })}
      <h2>{word('tryIt')}</h2>
      <Question />
      <Answer key={setting('peer')} pod={pod} />
    </div>
  );
}

/** The question is in the address. */
function Question() {
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    change(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
  };
  return (
    <form class="tools" onSubmit={submit}>
      <select name="way" aria-label={word('way')} defaultValue={setting('way')}>
        <option value="">{word('fromPeer')}</option>
        <option value="to">{word('toPeer')}</option>
      </select>
      <input
        name="peer"
        required
        autoComplete="off"
        aria-label={word('peer')}
        placeholder={word('peer')}
        defaultValue={setting('peer')}
      />
      <select
        name="protocol"
        aria-label={word('protocol')}
        defaultValue={setting('protocol') || 'TCP'}
      >
        {PROTOCOLS.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <input
        name="port"
        type="number"
        required
        min="1"
        max="65535"
        aria-label={word('port')}
        placeholder={word('port')}
        defaultValue={setting('port')}
      />
      <button type="submit">{word('ask')}</button>
    </form>
  );
}

function Answer({ pod }: { pod: Pod }) {
  const peer = setting('peer').trim();
  if (!peer) return null;
  if (parseIp(peer)) return <AddressAnswer pod={pod} ip={addressOf(peer, familyOf(peer))!} />;
  const [name, namespace = pod.metadata.namespace!] = peer.split('/').reverse();
  return <PodAnswer key={peer} {...{ pod, name: name!, namespace }} />;
}

/** `ends`: of the peer, by family. */
type Asked = { pod: Pod; peer: Pod | undefined; ends: End[]; notes: string[]; lead?: string };

function PodAnswer({ pod, ...other }: { pod: Pod; name: string; namespace: string }) {
  const { live, present } = useObject({ kind: KINDS.pods, ...other });
  if (!present)
    return live.loading.value ? (
      <p class="empty">{word('loading')}</p>
    ) : live.failure.value ? (
      <Failure live={live} />
    ) : (
      <p role="alert" class="error">
        {word('noSuchObject')}
      </p>
    );
  const peer = present as Pod;
  const notes = peer.spec.hostNetwork ? [word('onHostNetwork')] : [];
  return <Judgement {...{ pod, peer, ends: endsOf(peer), notes }} />;
}

/** The pod that has the address, if the visitor may see it. */
function AddressAnswer({ pod, ip }: { pod: Pod; ip: string }) {
  // The selector knows the first address of each pod.
  const isFirst = familyOf(ip) === familyOf(pod.status?.podIP ?? '');
  const live = useLive({
    path: pathOf(KINDS.pods),
    ...(isFirst && { query: { fieldSelector: `status.podIP=${ip}` } }),
    form: 'object',
    canWatch: true,
  });
  if (live.loading.value) return <p class="empty">{word('loading')}</p>;
  const found = live.rows.value
    .map(({ object }) => object as Pod)
    .find((one) => endsOf(one).some((end) => end.pod?.ip === ip));
  const isHidden = !!live.failure.value;
  const notes = isHidden ? [word('podsHidden')] : [];
  const lead = isHidden ? `${word('ifNoPod')}: ` : '';
  const ends = found ? endsOf(found).filter((end) => end.ip === ip) : [{ ip }];
  return <Judgement {...{ pod, peer: found, ends, notes, lead }} />;
}

/** The labels of a namespace; every namespace has its name as a label. */
function useLabels(name: string) {
  const { live, present } = useObject({ kind: KINDS.namespaces, namespace: '', name });
  const { labels } = (present as Namespace | undefined)?.metadata ?? {};
  const isKnown = !!present || live.loading.value;
  return { isKnown, labels: labels ?? { 'kubernetes.io/metadata.name': name } };
}

function Judgement({ pod, peer, ends, notes, lead = '' }: Asked) {
  const own = pod.metadata.namespace!;
  const other = peer?.metadata.namespace ?? own;
  const [ours, theirs] = [usePolicies(own), usePolicies(other)];
  const [ourLabels, theirLabels] = [useLabels(own), useLabels(other)];
  if (theirs.live.loading.value) return <p class="empty">{word('loading')}</p>;
  const hidden = theirs.live.failure.value && other;
  const said = [
    ...notes,
    ...(ourLabels.isKnown && theirLabels.isKnown ? [] : [word('labelsHidden')]),
    ...(hidden ? [`${word('policiesHidden')}: ${hidden}`] : []),
    word('ownAddresses'),
  ];
  const namespaces = new Map([
    [other, theirLabels.labels],
    [own, ourLabels.labels],
  ]);
  const policies = [...ours.policies, ...(other === own ? [] : theirs.policies)];
  const pairs = endsOf(pod).flatMap((end) =>
    ends.filter(({ ip }) => familyOf(ip) === familyOf(end.ip)).map((far) => [end, far] as const),
  );
  const { hostIP, hostIPs = [] } = pod.status ?? {};
  const isOwnNode = ({ ip }: End) => [hostIP, ...hostIPs.map((host) => host.ip)].includes(ip);
  return (
    <div class="answer">
      {!pairs.length && <p>{word('noAddress')}</p>}
      {pairs.map(([end, far]) =>
        isOwnNode(far) ? (
          <Mark key={end.ip} mood="good" text={word('ownNode')} />
        ) : (
          <Verdicts key={end.ip} {...{ end, far, policies, namespaces, hidden, lead }} />
        ),
      )}
      {said.map((note) => (
        <p key={note}>
          <small>{note}</small>
        </p>
      ))}
    </div>
  );
}

const Mark = ({ mood, text }: { mood: Tone; text: string }) => (
  <p role="status" class={`mark ${mood}`}>
    {text}
  </p>
);

interface VerdictsProps {
  end: End;
  far: End;
  policies: NetworkPolicy[];
  namespaces: ReadonlyMap<string, Record<string, string>>;
  /** The namespace of the peer, if its policies are not known. */
  hidden: string | undefined;
  /** The words before the answer. */
  lead: string;
}

type Ended = Verdict & { pod?: PolicyPod | undefined };

function reasonOf({ pod, isAllowed, policies, by }: Ended, hidden?: string): WordName {
  if (!pod) return 'notAPod';
  if (pod.namespace === hidden) return 'notKnown';
  if (!policies.length) return 'selectedByNone';
  if (by.length) return 'allowedBy';
  return isAllowed ? 'toItself' : 'allowedByNone';
}

/** The rules that allow, else the policies that refuse. */
const namedBy = ({ policies, by }: Verdict) =>
  by.length ? by : policies.map((policy) => ({ policy, index: -1 }));

function Verdicts({ end, far, policies, namespaces, hidden, lead }: VerdictsProps) {
  const [from, to] = setting('way') === 'to' ? [end, far] : [far, end];
  const protocol = protocolOf(setting('protocol'));
  const port = Number(setting('port'));
  if (!protocol || !(port > 0)) return null;
  const models = policies.map((policy) => buildPolicy(policy, familyOf(end.ip)));
  const verdicts = DIRECTIONS.map((direction) => ({
    direction,
    ...(direction === 'egress' ? from : to),
    ...verdictOf(direction, { from, to, protocol, port }, models, namespaces),
  }));
  const isRefused = verdicts.some(({ isAllowed }) => !isAllowed);
  const sum = isRefused ? 'refused' : hidden ? 'notKnown' : 'allowed';
  return (
    <>
      <Mark
        mood={{ refused: 'bad', notKnown: 'busy', allowed: 'good' }[sum] as Tone}
        text={`${lead}${word(sum)}: ${from.ip} → ${to.ip}, ${setting('protocol')} ${port}`}
      />
      <ul>
        {verdicts.map((verdict) => (
          <li key={verdict.direction}>
            {`${word(verdict.direction === 'egress' ? 'leaving' : 'reaching')} ${verdict.pod?.key ?? verdict.ip}: `}
            {word(reasonOf(verdict, hidden))}{' '}
            {namedBy(verdict).map(({ policy: { key, namespace }, index }) => (
              <span key={`${key} ${index}`}>
                <PolicyLink of={{ namespace, name: key.slice(namespace.length + 1) }} />
                {index >= 0 && ` (${word('rule')} ${index + 1})`}{' '}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
