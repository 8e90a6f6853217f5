// Specs as upstream's internal Go types (pkg/apis/core/types.go, v1.32), for texts that show how
// two specs differ. Field order and names are part of those texts.
import { tryParseQuantity } from '../../../apimachinery/quantity/quantity.js';
import type {
  LabelSelector,
  LabelSelectorRequirement,
  ObjectMeta,
} from '../../../apimachinery/meta/types.js';
import { goDiff } from '../../../util/go-diff/go-diff.js';
import type { GoField, GoType, GoValue } from '../../../util/go-diff/go-types.js';
import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
  PersistentVolumeSpec,
  PodSpec,
} from './types.js';

/**
 * A line for each struct: fields with their types, and '=name' where the JSON name does not follow
 * from Go's. '<' marks a struct whose members are inline in JSON.
 */
const STRUCTS = `
PodSpec Volumes []Volume, InitContainers []Container, Containers []Container, EphemeralContainers []EphemeralContainer, RestartPolicy string, TerminationGracePeriodSeconds *int, ActiveDeadlineSeconds *int, DNSPolicy string, NodeSelector map[string]string, ServiceAccountName string, AutomountServiceAccountToken *bool, NodeName string, SecurityContext *PodSecurityContext, ImagePullSecrets []LocalObjectReference, Hostname string, Subdomain string, SetHostnameAsFQDN *bool, Affinity *Affinity, SchedulerName string, Tolerations []Toleration, HostAliases []HostAlias, PriorityClassName string, Priority *int, PreemptionPolicy *string, DNSConfig *PodDNSConfig, ReadinessGates []PodReadinessGate, RuntimeClassName *string, Overhead ResourceList, EnableServiceLinks *bool, TopologySpreadConstraints []TopologySpreadConstraint, OS *PodOS, SchedulingGates []PodSchedulingGate, ResourceClaims []PodResourceClaim, Resources *ResourceRequirements
PodSecurityContext HostNetwork bool, HostPID bool, HostIPC bool, ShareProcessNamespace *bool, HostUsers *bool, SELinuxOptions *SELinuxOptions, WindowsOptions *WindowsSecurityContextOptions, RunAsUser *int, RunAsGroup *int, RunAsNonRoot *bool, SupplementalGroups []int64, SupplementalGroupsPolicy *string, FSGroup *int, FSGroupChangePolicy *string, Sysctls []Sysctl, SeccompProfile *SeccompProfile, AppArmorProfile *AppArmorProfile, SELinuxChangePolicy *string
Container Name string, Image string, Command []string, Args []string, WorkingDir string, Ports []ContainerPort, EnvFrom []EnvFromSource, Env []EnvVar, Resources ResourceRequirements, ResizePolicy []ContainerResizePolicy, RestartPolicy *string, VolumeMounts []VolumeMount, VolumeDevices []VolumeDevice, LivenessProbe *Probe, ReadinessProbe *Probe, StartupProbe *Probe, Lifecycle *Lifecycle, TerminationMessagePath string, TerminationMessagePolicy string, ImagePullPolicy string, SecurityContext *SecurityContext, Stdin bool, StdinOnce bool, TTY bool
EphemeralContainer EphemeralContainerCommon <EphemeralContainerCommon, TargetContainerName string
ContainerPort Name string, HostPort int, ContainerPort int, Protocol string, HostIP string
EnvFromSource Prefix string, ConfigMapRef *ConfigMapEnvSource, SecretRef *SecretEnvSource
ConfigMapEnvSource LocalObjectReference <LocalObjectReference, Optional *bool
SecretEnvSource LocalObjectReference <LocalObjectReference, Optional *bool
EnvVar Name string, Value string, ValueFrom *EnvVarSource
EnvVarSource FieldRef *ObjectFieldSelector, ResourceFieldRef *ResourceFieldSelector, ConfigMapKeyRef *ConfigMapKeySelector, SecretKeyRef *SecretKeySelector
ObjectFieldSelector APIVersion string, FieldPath string
ResourceFieldSelector ContainerName string, Resource string, Divisor Quantity
ConfigMapKeySelector LocalObjectReference <LocalObjectReference, Key string, Optional *bool
SecretKeySelector LocalObjectReference <LocalObjectReference, Key string, Optional *bool
LocalObjectReference Name string
ResourceRequirements Limits ResourceList, Requests ResourceList, Claims []ResourceClaim
ResourceClaim Name string, Request string
ContainerResizePolicy ResourceName string, RestartPolicy string
VolumeMount Name string, ReadOnly bool, RecursiveReadOnly *string, MountPath string, SubPath string, MountPropagation *string, SubPathExpr string
VolumeDevice Name string, DevicePath string
Probe ProbeHandler <ProbeHandler, InitialDelaySeconds int, TimeoutSeconds int, PeriodSeconds int, SuccessThreshold int, FailureThreshold int, TerminationGracePeriodSeconds *int
ProbeHandler Exec *ExecAction, HTTPGet *HTTPGetAction, TCPSocket *TCPSocketAction, GRPC *GRPCAction
Lifecycle PostStart *LifecycleHandler, PreStop *LifecycleHandler
LifecycleHandler Exec *ExecAction, HTTPGet *HTTPGetAction, TCPSocket *TCPSocketAction, Sleep *SleepAction
ExecAction Command []string
HTTPGetAction Path string, Port IntOrString, Host string, Scheme string, HTTPHeaders []HTTPHeader
HTTPHeader Name string, Value string
TCPSocketAction Port IntOrString, Host string
GRPCAction Port int, Service *string
SleepAction Seconds int
SecurityContext Capabilities *Capabilities, Privileged *bool, SELinuxOptions *SELinuxOptions, WindowsOptions *WindowsSecurityContextOptions, RunAsUser *int, RunAsGroup *int, RunAsNonRoot *bool, ReadOnlyRootFilesystem *bool, AllowPrivilegeEscalation *bool, ProcMount *string, SeccompProfile *SeccompProfile, AppArmorProfile *AppArmorProfile
Capabilities Add []Capability, Drop []Capability
SELinuxOptions User string, Role string, Type string, Level string
WindowsSecurityContextOptions GMSACredentialSpecName *string, GMSACredentialSpec *string, RunAsUserName *string, HostProcess *bool
SeccompProfile Type string, LocalhostProfile *string
AppArmorProfile Type string, LocalhostProfile *string
Sysctl Name string, Value string
Affinity NodeAffinity *NodeAffinity, PodAffinity *PodAffinity, PodAntiAffinity *PodAntiAffinity
NodeAffinity RequiredDuringSchedulingIgnoredDuringExecution *NodeSelector, PreferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm
NodeSelector NodeSelectorTerms []NodeSelectorTerm
NodeSelectorTerm MatchExpressions []NodeSelectorRequirement, MatchFields []NodeSelectorRequirement
NodeSelectorRequirement Key string, Operator string, Values []string
PreferredSchedulingTerm Weight int, Preference NodeSelectorTerm
PodAffinity RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodAntiAffinity RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodAffinityTerm LabelSelector *LabelSelector, Namespaces []string, TopologyKey string, NamespaceSelector *LabelSelector, MatchLabelKeys []string, MismatchLabelKeys []string
WeightedPodAffinityTerm Weight int, PodAffinityTerm PodAffinityTerm
Toleration Key string, Operator string, Value string, Effect string, TolerationSeconds *int
HostAlias IP string, Hostnames []string
PodDNSConfig Nameservers []string, Searches []string, Options []PodDNSConfigOption
PodDNSConfigOption Name string, Value *string
PodReadinessGate ConditionType string
TopologySpreadConstraint MaxSkew int, TopologyKey string, WhenUnsatisfiable string, LabelSelector *LabelSelector, MinDomains *int, NodeAffinityPolicy *string, NodeTaintsPolicy *string, MatchLabelKeys []string
PodOS Name string
PodSchedulingGate Name string
PodResourceClaim Name string, ResourceClaimName *string, ResourceClaimTemplateName *string
Volume Name string, VolumeSource <VolumeSource
VolumeSource HostPath *HostPathVolumeSource, EmptyDir *EmptyDirVolumeSource, GCEPersistentDisk *GCEPersistentDiskVolumeSource, AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource, GitRepo *GitRepoVolumeSource, Secret *SecretVolumeSource, NFS *NFSVolumeSource, ISCSI *ISCSIVolumeSource, Glusterfs *GlusterfsVolumeSource, PersistentVolumeClaim *PersistentVolumeClaimVolumeSource, RBD *RBDVolumeSource, Quobyte *QuobyteVolumeSource, FlexVolume *FlexVolumeSource, Cinder *CinderVolumeSource, CephFS *CephFSVolumeSource=cephfs, Flocker *FlockerVolumeSource, DownwardAPI *DownwardAPIVolumeSource, FC *FCVolumeSource, AzureFile *AzureFileVolumeSource, ConfigMap *ConfigMapVolumeSource, VsphereVolume *VsphereVirtualDiskVolumeSource, AzureDisk *AzureDiskVolumeSource, PhotonPersistentDisk *PhotonPersistentDiskVolumeSource, Projected *ProjectedVolumeSource, PortworxVolume *PortworxVolumeSource, ScaleIO *ScaleIOVolumeSource, StorageOS *StorageOSVolumeSource=storageos, CSI *CSIVolumeSource, Ephemeral *EphemeralVolumeSource, Image *ImageVolumeSource
HostPathVolumeSource Path string, Type *string
EmptyDirVolumeSource Medium string, SizeLimit *Quantity
GCEPersistentDiskVolumeSource PDName string, FSType string, Partition int, ReadOnly bool
AWSElasticBlockStoreVolumeSource VolumeID string, FSType string, Partition int, ReadOnly bool
GitRepoVolumeSource Repository string, Revision string, Directory string
SecretVolumeSource SecretName string, Items []KeyToPath, DefaultMode *int, Optional *bool
KeyToPath Key string, Path string, Mode *int
NFSVolumeSource Server string, Path string, ReadOnly bool
ISCSIVolumeSource TargetPortal string, IQN string, Lun int, ISCSIInterface string, FSType string, ReadOnly bool, Portals []string, DiscoveryCHAPAuth bool=chapAuthDiscovery, SessionCHAPAuth bool=chapAuthSession, SecretRef *LocalObjectReference, InitiatorName *string
GlusterfsVolumeSource EndpointsName string=endpoints, Path string, ReadOnly bool
PersistentVolumeClaimVolumeSource ClaimName string, ReadOnly bool
RBDVolumeSource CephMonitors []string=monitors, RBDImage string=image, FSType string, RBDPool string=pool, RadosUser string=user, Keyring string, SecretRef *LocalObjectReference, ReadOnly bool
QuobyteVolumeSource Registry string, Volume string, ReadOnly bool, User string, Group string, Tenant string
FlexVolumeSource Driver string, FSType string, SecretRef *LocalObjectReference, ReadOnly bool, Options map[string]string
CinderVolumeSource VolumeID string, FSType string, ReadOnly bool, SecretRef *LocalObjectReference
CephFSVolumeSource Monitors []string, Path string, User string, SecretFile string, SecretRef *LocalObjectReference, ReadOnly bool
FlockerVolumeSource DatasetName string, DatasetUUID string
DownwardAPIVolumeSource Items []DownwardAPIVolumeFile, DefaultMode *int
DownwardAPIVolumeFile Path string, FieldRef *ObjectFieldSelector, ResourceFieldRef *ResourceFieldSelector, Mode *int
FCVolumeSource TargetWWNs []string, Lun *int, FSType string, ReadOnly bool, WWIDs []string=wwids
AzureFileVolumeSource SecretName string, ShareName string, ReadOnly bool
ConfigMapVolumeSource LocalObjectReference <LocalObjectReference, Items []KeyToPath, DefaultMode *int, Optional *bool
VsphereVirtualDiskVolumeSource VolumePath string, FSType string, StoragePolicyName string, StoragePolicyID string
AzureDiskVolumeSource DiskName string, DataDiskURI string=diskURI, CachingMode *string, FSType *string, ReadOnly *bool, Kind *string
PhotonPersistentDiskVolumeSource PdID string, FSType string
ProjectedVolumeSource Sources []VolumeProjection, DefaultMode *int
VolumeProjection Secret *SecretProjection, DownwardAPI *DownwardAPIProjection, ConfigMap *ConfigMapProjection, ServiceAccountToken *ServiceAccountTokenProjection, ClusterTrustBundle *ClusterTrustBundleProjection
SecretProjection LocalObjectReference <LocalObjectReference, Items []KeyToPath, Optional *bool
DownwardAPIProjection Items []DownwardAPIVolumeFile
ConfigMapProjection LocalObjectReference <LocalObjectReference, Items []KeyToPath, Optional *bool
ServiceAccountTokenProjection Audience string, ExpirationSeconds int, Path string
ClusterTrustBundleProjection Name *string, SignerName *string, LabelSelector *LabelSelector, Optional *bool, Path string
PortworxVolumeSource VolumeID string, FSType string, ReadOnly bool
ScaleIOVolumeSource Gateway string, System string, SecretRef *LocalObjectReference, SSLEnabled bool, ProtectionDomain string, StoragePool string, StorageMode string, VolumeName string, FSType string, ReadOnly bool
StorageOSVolumeSource VolumeName string, VolumeNamespace string, FSType string, ReadOnly bool, SecretRef *LocalObjectReference
CSIVolumeSource Driver string, ReadOnly *bool, FSType *string, VolumeAttributes map[string]string, NodePublishSecretRef *LocalObjectReference
EphemeralVolumeSource VolumeClaimTemplate *PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate ObjectMeta ObjectMeta=metadata, Spec PersistentVolumeClaimSpec
ObjectMeta Name string, GenerateName string, Namespace string, SelfLink string, UID string, ResourceVersion string, Generation int, CreationTimestamp string, DeletionTimestamp *string, DeletionGracePeriodSeconds *int, Labels map[string]string, Annotations map[string]string, OwnerReferences []string, Finalizers []string, ManagedFields []string
PersistentVolumeClaimSpec AccessModes []PersistentVolumeAccessMode, Selector *LabelSelector, Resources VolumeResourceRequirements, VolumeName string, StorageClassName *string, VolumeMode *string, DataSource *TypedLocalObjectReference, DataSourceRef *TypedObjectReference, VolumeAttributesClassName *string
VolumeResourceRequirements Limits ResourceList, Requests ResourceList
TypedLocalObjectReference APIGroup *string, Kind string, Name string
TypedObjectReference APIGroup *string, Kind string, Name string, Namespace *string
ImageVolumeSource Reference string, PullPolicy string
PersistentVolumeSource GCEPersistentDisk *GCEPersistentDiskVolumeSource, AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource, HostPath *HostPathVolumeSource, Glusterfs *GlusterfsPersistentVolumeSource, NFS *NFSVolumeSource, RBD *RBDPersistentVolumeSource, Quobyte *QuobyteVolumeSource, ISCSI *ISCSIPersistentVolumeSource, FlexVolume *FlexPersistentVolumeSource, Cinder *CinderPersistentVolumeSource, CephFS *CephFSPersistentVolumeSource=cephfs, FC *FCVolumeSource, Flocker *FlockerVolumeSource, AzureFile *AzureFilePersistentVolumeSource, VsphereVolume *VsphereVirtualDiskVolumeSource, AzureDisk *AzureDiskVolumeSource, PhotonPersistentDisk *PhotonPersistentDiskVolumeSource, PortworxVolume *PortworxVolumeSource, ScaleIO *ScaleIOPersistentVolumeSource, Local *LocalVolumeSource, StorageOS *StorageOSPersistentVolumeSource=storageos, CSI *CSIPersistentVolumeSource
SecretReference Name string, Namespace string
GlusterfsPersistentVolumeSource EndpointsName string=endpoints, Path string, ReadOnly bool, EndpointsNamespace *string
RBDPersistentVolumeSource CephMonitors []string=monitors, RBDImage string=image, FSType string, RBDPool string=pool, RadosUser string=user, Keyring string, SecretRef *SecretReference, ReadOnly bool
ISCSIPersistentVolumeSource TargetPortal string, IQN string, Lun int, ISCSIInterface string, FSType string, ReadOnly bool, Portals []string, DiscoveryCHAPAuth bool=chapAuthDiscovery, SessionCHAPAuth bool=chapAuthSession, SecretRef *SecretReference, InitiatorName *string
FlexPersistentVolumeSource Driver string, FSType string, SecretRef *SecretReference, ReadOnly bool, Options map[string]string
CinderPersistentVolumeSource VolumeID string, FSType string, ReadOnly bool, SecretRef *SecretReference
CephFSPersistentVolumeSource Monitors []string, Path string, User string, SecretFile string, SecretRef *SecretReference, ReadOnly bool
AzureFilePersistentVolumeSource SecretName string, ShareName string, ReadOnly bool, SecretNamespace *string
ScaleIOPersistentVolumeSource Gateway string, System string, SecretRef *SecretReference, SSLEnabled bool, ProtectionDomain string, StoragePool string, StorageMode string, VolumeName string, FSType string, ReadOnly bool
LocalVolumeSource Path string, FSType *string
StorageOSPersistentVolumeSource VolumeName string, VolumeNamespace string, FSType string, ReadOnly bool, SecretRef *ObjectReference
ObjectReference Kind string, Namespace string, Name string, UID string, APIVersion string, ResourceVersion string, FieldPath string
CSIPersistentVolumeSource Driver string, VolumeHandle string, ReadOnly bool, FSType string, VolumeAttributes map[string]string, ControllerPublishSecretRef *SecretReference, NodeStageSecretRef *SecretReference, NodePublishSecretRef *SecretReference, ControllerExpandSecretRef *SecretReference, NodeExpandSecretRef *SecretReference
LabelSelector MatchLabels map[string]string, MatchExpressions []LabelSelectorRequirement
LabelSelectorRequirement Key string, Operator string, Values []string
`;

const META = new Set(['LabelSelector', 'LabelSelectorRequirement', 'ObjectMeta']);
const STRING: GoType = { kind: 'string', name: 'string' };
const INT: GoType = { kind: 'int', name: 'int64' };
const member = (name: string, type: GoType, read: GoField['read']): GoField => ({
  name,
  type,
  read,
});

/** 'FSGroup' -> 'fsGroup', 'OS' -> 'os'. */
const jsonName = (name: string): string =>
  name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (run) => run.toLowerCase());

/** The parsed quantity's members as Go holds them. */
interface GoQuantity {
  value: bigint;
  scale: number;
  /** The text, when it was canonical already. */
  text: string;
  format: string;
}

function goQuantity(given: GoValue): GoQuantity {
  const text = typeof given === 'string' ? given : '';
  const none = { value: 0n, scale: 0, text: '', format: '' };
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)$/.exec(text);
  if (text === '' || !match) return none;
  // An absent quantity is written as '0'.
  if (text === '0') return none;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  if (suffix.endsWith('i')) {
    const value = (tryParseQuantity(text)?.nanos ?? 0n) / 1_000_000_000n;
    const isCanonical = !fraction && (digits & 7n) !== 0n;
    return { value, scale: 0, text: isCanonical ? text : '', format: 'BinarySI' };
  }
  const scale = 'num.kMGTPE'.indexOf(suffix || '.') * 3 - 9 - fraction.length;
  const shifted = `${whole}${fraction}`;
  const isCanonical = scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
  return { value: digits, scale, text: isCanonical ? text : '', format: 'DecimalSI' };
}

const AMOUNT: GoType = {
  kind: 'struct',
  name: 'resource.int64Amount',
  fields: [
    member('value', INT, (amount) => (amount as GoQuantity | undefined)?.value),
    member('scale', INT, (amount) => (amount as GoQuantity | undefined)?.scale),
  ],
};

const QUANTITY: GoType = {
  kind: 'struct',
  name: 'resource.Quantity',
  equal: (x, y) =>
    (tryParseQuantity(x ?? '0')?.nanos ?? 0n) === (tryParseQuantity(y ?? '0')?.nanos ?? 0n),
  fields: [
    member('i', AMOUNT, goQuantity),
    member('s', STRING, (text) => goQuantity(text).text),
    member('Format', STRING, (text) => goQuantity(text).format),
  ],
};

const INT_OR_STRING: GoType = {
  kind: 'struct',
  name: 'intstr.IntOrString',
  fields: [
    member('Type', INT, (value) => (typeof value === 'string' ? 1 : 0)),
    member('IntVal', INT, (value) => (typeof value === 'string' ? 0 : value)),
    member('StrVal', STRING, (value) => (typeof value === 'string' ? value : '')),
  ],
};

const requirementText = ({ key, operator, values }: LabelSelectorRequirement): string =>
  `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`;

/** The String method that protobuf's generator made. */
function selectorText({ matchLabels, matchExpressions = [] }: LabelSelector): string {
  const requirements = matchExpressions.map(requirementText);
  return `&LabelSelector{MatchLabels:${mapText(matchLabels)},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`;
}

const mapText = (map: { [key: string]: string } = {}): string =>
  `map[string]string{${Object.keys(map)
    .sort()
    .map((key) => `${key}: ${map[key]},`)
    .join('')}}`;

/** Labels and annotations only: a claim template may have no other metadata. */
function metadataText(metadata: Pick<ObjectMeta, 'labels' | 'annotations'> = {}): string {
  const unset = 'Name:,GenerateName:,Namespace:,SelfLink:,UID:,ResourceVersion:,Generation:0';
  const times =
    'CreationTimestamp:0001-01-01 00:00:00 +0000 UTC,DeletionTimestamp:<nil>,DeletionGracePeriodSeconds:nil';
  const lists =
    'OwnerReferences:[]OwnerReference{},Finalizers:[],ManagedFields:[]ManagedFieldsEntry{}';
  return `&ObjectMeta{${unset},${times},Labels:${mapText(metadata.labels)},Annotations:${mapText(metadata.annotations)},${lists},}`;
}

const RESOURCE_LIST: GoType = {
  kind: 'map',
  name: 'core.ResourceList',
  key: { kind: 'string', name: 'core.ResourceName', text: String },
  elem: QUANTITY,
};

const known = new Map<string, GoType>([
  ['string', STRING],
  ['int', INT],
  ['int64', INT],
  ['bool', { kind: 'bool', name: 'bool' }],
  ['Quantity', QUANTITY],
  ['IntOrString', INT_OR_STRING],
  ['ResourceList', RESOURCE_LIST],
  ['Capability', { kind: 'string', name: 'core.Capability' }],
  ['PersistentVolumeAccessMode', { kind: 'string', name: 'core.PersistentVolumeAccessMode' }],
  ['map[string]string', { kind: 'map', name: 'map[string]string', key: STRING, elem: STRING }],
]);

/** Methods of pointers that formatting finds. */
const POINTER_TEXTS: Readonly<Record<string, (value: GoValue) => string>> = {
  // The template embeds its metadata, and so has the metadata's method.
  PersistentVolumeClaimTemplate: (value) =>
    metadataText((value as PersistentVolumeClaimTemplate).metadata),
  Quantity: (value) => tryParseQuantity(value)?.toString() ?? '',
  LabelSelector: (value) => selectorText(value as LabelSelector),
};

function typeOf(text: string): GoType {
  const found = known.get(text);
  if (found) return found;
  const made = compositeOf(text);
  known.set(text, made);
  return made;
}

function compositeOf(text: string): GoType {
  if (text.startsWith('[]')) {
    const elem = typeOf(text.slice(2));
    return { kind: 'slice', name: `[]${elem.name}`, elem };
  }
  if (text.startsWith('*')) {
    const elem = typeOf(text.slice(1));
    const method = POINTER_TEXTS[text.slice(1)];
    return { kind: 'pointer', name: `*${elem.name}`, elem, ...(method ? { text: method } : {}) };
  }
  const isCommon = text === 'EphemeralContainerCommon';
  const source = STRUCTS.split('\n').find((row) =>
    row.startsWith(`${isCommon ? 'Container' : text} `),
  );
  const fields = (source ?? '')
    .slice(source?.indexOf(' '))
    .split(', ')
    .filter(Boolean)
    .map(fieldOf);
  return { kind: 'struct', name: `${META.has(text) ? 'v1' : 'core'}.${text}`, fields };
}

function fieldOf(text: string): GoField {
  const [name = '', rest = ''] = text.trim().split(' ');
  const [of = '', json = jsonName(name)] = rest.split('=');
  if (of.startsWith('<')) return member(name, typeOf(of.slice(1)), (holder) => holder);
  return member(
    name,
    typeOf(of),
    (holder) => (holder as { [key: string]: GoValue } | undefined)?.[json] ?? undefined,
  );
}

const IN_CONTEXT = [
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'shareProcessNamespace',
  'hostUsers',
] as const;

/** Upstream's internal spec keeps the host's namespaces in the security context. */
function internalSpec(spec: PodSpec): GoValue {
  const context: { [key: string]: GoValue } = { ...spec.securityContext };
  for (const field of IN_CONTEXT) if (spec[field] !== undefined) context[field] = spec[field];
  const isSet = spec.securityContext !== undefined || Object.keys(context).length > 0;
  return { ...spec, securityContext: isSet ? context : undefined };
}

/** How `next` differs from `old`, as upstream's error messages show it; '' for equal specs. */
export function podSpecDiff(old: PodSpec, next: PodSpec): string {
  return goDiff(typeOf('PodSpec'), internalSpec(old), internalSpec(next));
}

/** The same for two ephemeral containers. */
export function ephemeralContainerDiff(old: GoValue, next: GoValue): string {
  return goDiff(typeOf('EphemeralContainer'), old, next);
}

/** The same for the specs of two claims. */
export function claimSpecDiff(
  old: PersistentVolumeClaimSpec,
  next: PersistentVolumeClaimSpec,
): string {
  return goDiff(typeOf('PersistentVolumeClaimSpec'), old, next);
}

/** The same for the sources of two persistent volumes, which are members of their specs. */
export function volumeSourceDiff(old: PersistentVolumeSpec, next: PersistentVolumeSpec): string {
  return goDiff(typeOf('PersistentVolumeSource'), old, next);
}
