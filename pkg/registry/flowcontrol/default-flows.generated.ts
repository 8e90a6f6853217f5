// Written by hack/generate-tables.mjs from default-flows.yaml; do not edit.
import type { FlowTable } from './default-flows.js';

export const DEFAULT_FLOWS = /* @__PURE__ */ JSON.parse(
  `{
"levels": {
"catch-all": [5,0],
"system": [30,33,64,6],
"node-high": [40,25,64,6],
"leader-election": [10,0,16,4],
"workload-high": [40,50,128,6],
"workload-low": [100,90,128,6],
"global-default": [20,50,128,6]
},
"schemas": {
"exempt": {"level":"exempt","precedence":1,"by":"","subjects":["group system:masters"]},
"catch-all": {"level":"catch-all","precedence":10000,"by":"ByUser","subjects":["group system:unauthenticated","group system:authenticated"]},
"probes": {"level":"exempt","precedence":2,"by":"","subjects":["group system:unauthenticated","group system:authenticated"],"paths":"/healthz /readyz /livez"},
"system-leader-election": {"level":"leader-election","precedence":100,"by":"ByUser","subjects":["user system:kube-controller-manager","user system:kube-scheduler","account *"],"rules":[["get create update","coordination.k8s.io","leases"]]},
"endpoint-controller": {"level":"workload-high","precedence":150,"by":"ByUser","subjects":["user system:kube-controller-manager","account endpoint-controller","account endpointslicemirroring-controller"],"rules":[["get create update","","endpoints"]]},
"workload-leader-election": {"level":"leader-election","precedence":200,"by":"ByUser","subjects":["account *"],"rules":[["get create update","","endpoints configmaps"],["get create update","coordination.k8s.io","leases"]]},
"system-node-high": {"level":"node-high","precedence":400,"by":"ByUser","subjects":["group system:nodes"],"rules":[["*","","nodes nodes/status","cluster"],["*","coordination.k8s.io","leases"]]},
"system-nodes": {"level":"system","precedence":500,"by":"ByUser","subjects":["group system:nodes"]},
"kube-controller-manager": {"level":"workload-high","precedence":800,"by":"ByNamespace","subjects":["user system:kube-controller-manager"]},
"kube-scheduler": {"level":"workload-high","precedence":800,"by":"ByNamespace","subjects":["user system:kube-scheduler"]},
"kube-system-service-accounts": {"level":"workload-high","precedence":900,"by":"ByNamespace","subjects":["account *"]},
"service-accounts": {"level":"workload-low","precedence":9000,"by":"ByUser","subjects":["group system:serviceaccounts"]},
"global-default": {"level":"global-default","precedence":9900,"by":"ByUser","subjects":["group system:unauthenticated","group system:authenticated"]}
}
}`,
) as FlowTable;
