// VolumeZone: a bound volume with zone or region labels is used in these zones and regions only.
import { rejection, type Plugin } from '../framework/framework.js';

const REJECTION = rejection('node(s) had no available volume zone', true);
/** The labels, each with its present name. */
const LABELS: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
};

export const volumeZone: Plugin = {
  name: 'VolumeZone',
  prepareFilter({ claims }, { volumes }) {
    const wanted = claims.flatMap((key) => {
      const volume = volumes.volume(volumes.claim(key)?.spec.volumeName ?? '');
      return Object.entries(volume?.metadata.labels ?? {})
        .filter(([label]) => LABELS[label])
        .map(([label, value]) => ({ label, values: value.split('__') }));
    });
    if (!wanted.length) return undefined;
    return (node) => {
      // A node without any of the labels is in a cluster of one zone.
      if (!Object.keys(LABELS).some((label) => node.label(label) !== undefined)) return undefined;
      return wanted.every(({ label, values }) =>
        values.includes(node.label(label) ?? node.label(LABELS[label]!) ?? ''),
      )
        ? undefined
        : REJECTION;
    };
  },
  events: ['NodeAdd', 'NodeLabelsChanged', 'ClaimChanged', 'VolumeChanged'],
};
