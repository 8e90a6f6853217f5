// Written by hack/generate-tables.mjs from layers.yaml; do not edit.
import type { LayerTables } from './layers.js';

export const LAYER_TABLES = /* @__PURE__ */ JSON.parse(
  `{
"layers": {
"util": {"level":0,"imports":[],"pure":true,"why":"nouns without opinions"},
"apimachinery": {"level":1,"imports":["util"],"pure":true,"why":"what all API objects share"},
"apis": {"level":1,"imports":["util","apimachinery"],"pure":true,"why":"the kinds: types, defaults, validation"},
"cel": {"level":2,"imports":["util","apimachinery"],"pure":true,"why":"the expression language: it knows schemas and quantities, and no kinds"},
"apiextensions": {"level":2,"imports":["util","apimachinery","apis","component-helpers","cel"],"pure":true,"why":"what custom resource definitions and custom resources mean"},
"system": {"level":1,"imports":["util"],"why":"the host: processes, namespaces, netlink, certificates"},
"storage": {"level":2,"imports":["util"],"why":"revisioned keys; knows nothing of objects"},
"component-helpers": {"level":2,"imports":["util","apimachinery","apis"],"pure":true,"why":"what objects mean: each question about an object has one function, and everyone calls it"},
"client": {"level":2,"imports":["util","apimachinery","apis"],"why":"how components talk to the API"},
"apiserver": {"level":3,"imports":["util","apimachinery","apis","component-helpers","apiextensions","cel","storage","system","client"],"why":"the only component that stores objects; the client is for the kubelet-side types only"},
"registry": {"level":3,"imports":["util","apimachinery","apis","component-helpers","apiextensions","apiserver"],"pure":true,"why":"resource definitions; the contract lives in apiserver"},
"admission": {"level":3,"imports":["util","apimachinery","apis","component-helpers","apiserver"],"pure":true,"why":"admission plugins; the contract lives in apiserver"},
"controller": {"level":3,"imports":["util","apimachinery","apis","component-helpers","cel","client","system"],"why":"controllers meet others through the API only; one checks the expressions of policies"},
"scheduler": {"level":3,"imports":["util","apimachinery","apis","component-helpers","client"],"pure":true,"why":"a pure decision over cached state"},
"kubelet": {"level":3,"imports":["util","apimachinery","apis","component-helpers","client","system"],"why":"the node"},
"proxy": {"level":3,"imports":["util","apimachinery","apis","component-helpers","client","system"],"why":"services in nftables"},
"flannel": {"level":3,"imports":["util","apimachinery","apis","client","system","storage"],"why":"keeps its leases in etcd, as flannel does"},
"dns": {"level":3,"imports":["util","apimachinery","apis","component-helpers","client","system","storage"],"why":"reads SkyDNS records from etcd"},
"metrics": {"level":3,"imports":["util","apimachinery","apis","component-helpers","client","system"],"why":"metrics.k8s.io: usage that it scrapes from kubelets"},
"ingress": {"level":3,"imports":["util","apimachinery","apis","client","system"],"why":"Ingresses in HAProxy"},
"kubectl": {"level":2,"imports":["util","apimachinery","apis","system"],"why":"verbs of kubectl 1.0 that kubectl has lost"},
"ui": {"level":3,"imports":["util","apimachinery","apis","component-helpers","client","system"],"why":"a page over the API"}
},
"floors": {
"kubelet": {"limits.ts":"every bound by name","metrics.generated.ts":"the metrics of metrics.yaml","types":"the words the folders share: observed pods, labels, errors of a sync","layout.ts":"where things lie under --root-dir","certificates":"certificates that the kubelet asks the cluster for and renews","runtime":"the contract with container runtimes; CRI and hollow","status":"the pod status in the API","container":"the configuration of sandboxes and containers","logs":"reading and rotating container logs","images":"pulling images and removing unused ones","sources":"pods from files and mirror pods; objects that pods refer to","eviction":"which pods end when memory or disk runs short","volumes":"volumes of a pod on this machine","host":"the contract with the machine: folders, cgroups, probes, hooks; machine and hollow","stats":"usage of the node, of pods and containers: the contract with the machine, and the formats","prober":"when to probe and what the answers mean","pod":"one worker per pod: observe, plan, act","gc.ts":"dead containers of living pods","kubelet.ts":"the pods of the node","node":"the Node object and its lease","server":"the HTTPS server on port 10250","hollow-node.ts":"a simulated node in one process"},
"apiserver": {"limits.ts":"every bound by name","dial":"the addresses that the server may dial, and the errors of connections","request":"what a URL asks for; limits of time","auth":"the contracts of authentication and authorization","resource":"the contracts of a served resource and of reads from the caches","extension":"the contracts of handlers, hooks and delegates, and what they may use","audit":"the audit log: its policy, its events, files and webhooks","http":"HTTP/1.1 and HTTP/2 connections behind one exchange","codec":"bodies: negotiation, decoding, stored bytes","webhook":"the client of webhooks, and their answers","encryption":"values encrypted at rest, between caches and store","cache":"the watch caches and their watchers","openapi":"the OpenAPI documents","served":"resources joined with their caches","store":"transactions on objects; compaction","flowcontrol":"priority and fairness: which request runs next","admission":"the contract of admission plugins, and the chain of them","authz":"RBAC, the node authorizer, access reviews","authn":"certificates, tokens, impersonation","metrics":"the series of requests","discovery":"the discovery documents","verbs":"get, list, watch, create, update, patch, apply, delete","subresources":"scale, binding, eviction and other parts of objects","streaming":"exec, attach, port-forward and logs through the kubelet","proxy":"the proxy of pods, services and nodes","aggregation":"API groups of other servers behind this one","bootstrap":"objects that every cluster has","customresources":"follows the definitions of custom resources: names, status, removal","server":"the pipeline of a request, and the server that joins all of this"}
},
"commands": {
"kube-apiserver": {"imports":["apiserver","registry","admission","storage","ui"],"why":"joins the server with its store, resources and plugins, and serves the pages of the UI"},
"kube-controller-manager": {"imports":["controller"],"why":"runs the controllers"},
"kube-scheduler": {"imports":["scheduler"],"why":"runs the scheduler"},
"kubelet": {"imports":["kubelet"],"why":"runs the node agent"},
"kube-proxy": {"imports":["proxy"],"why":"runs the service proxy"},
"flanneld": {"imports":["flannel","storage"],"why":"runs the overlay; opens etcd for its leases"},
"skydns": {"imports":["dns","storage"],"why":"runs the DNS server; opens etcd for its records"},
"metrics-server": {"imports":["metrics"],"why":"serves metrics.k8s.io"},
"kubeadm": {"imports":["kubelet"],"why":"makes the tokens with which machines join, and joins them: their certificate is the one of a kubelet"},
"ingress-controller": {"imports":["ingress"],"why":"runs HAProxy for Ingresses"},
"kubectl-rolling_update": {"imports":["kubectl"],"why":"a plugin of kubectl"},
"kubectl-stop": {"imports":["kubectl"],"why":"a plugin of kubectl"},
"kube-ui": {"imports":["ui"],"why":"serves the UI by itself"},
"hyperkube": {"imports":[],"commands":["kube-apiserver","kube-controller-manager","kube-scheduler","kubelet","kube-proxy","flanneld","skydns","metrics-server","kube-ui"],"why":"one binary for all of them"}
}
}`,
) as LayerTables;
