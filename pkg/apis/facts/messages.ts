// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { MessageFacts } from '../../apimachinery/schema/facts.js';

/** Every message of the v1.32 API by its schema name. */
export const MESSAGES = JSON.parse(
  `{
"io.k8s.api.admission.v1.AdmissionRequest": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":11,"proto":"bool"},
    "kind": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind"},
    "name": {"n":5,"proto":"string"},
    "namespace": {"n":6,"proto":"string"},
    "object": {"n":9,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "oldObject": {"n":10,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "operation": {"n":7,"proto":"string"},
    "options": {"n":12,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "requestKind": {"n":13,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind"},
    "requestResource": {"n":14,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource"},
    "requestSubResource": {"n":15,"proto":"string"},
    "resource": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource"},
    "subResource": {"n":4,"proto":"string"},
    "uid": {"n":1,"proto":"string"},
    "userInfo": {"n":8,"proto":"k8s.io.api.authentication.v1.UserInfo"}
  }
},
"io.k8s.api.admission.v1.AdmissionResponse": {
  "noSchema": true,
  "fields": {
    "allowed": {"n":2,"proto":"bool"},
    "auditAnnotations": {"n":6,"proto":"map<string, string>"},
    "patch": {"n":4,"proto":"bytes"},
    "patchType": {"n":5,"proto":"string"},
    "status": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Status"},
    "uid": {"n":1,"proto":"string"},
    "warnings": {"n":7,"proto":"repeated string"}
  }
},
"io.k8s.api.admission.v1.AdmissionReview": {
  "noSchema": true,
  "fields": {
    "request": {"n":1,"proto":"AdmissionRequest"},
    "response": {"n":2,"proto":"AdmissionResponse"}
  }
},
"io.k8s.api.admissionregistration.v1.AuditAnnotation": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "valueExpression": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.ExpressionWarning": {
  "fields": {
    "fieldRef": {"n":2,"proto":"string","required":true,"type":"string"},
    "warning": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.MatchCondition": {
  "fields": {
    "expression": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.MatchResources": {
  "map-type": "atomic",
  "fields": {
    "excludeResourceRules": {"list-type":"atomic","n":4,"proto":"repeated NamedRuleWithOperations","type":"io.k8s.api.admissionregistration.v1.NamedRuleWithOperations[]"},
    "matchPolicy": {"n":7,"proto":"string","type":"string"},
    "namespaceSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "objectSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "resourceRules": {"list-type":"atomic","n":3,"proto":"repeated NamedRuleWithOperations","type":"io.k8s.api.admissionregistration.v1.NamedRuleWithOperations[]"}
  }
},
"io.k8s.api.admissionregistration.v1.MutatingWebhook": {
  "fields": {
    "admissionReviewVersions": {"list-type":"atomic","n":8,"proto":"repeated string","required":true,"type":"string[]"},
    "clientConfig": {"n":2,"proto":"WebhookClientConfig","required":true,"type":"io.k8s.api.admissionregistration.v1.WebhookClientConfig"},
    "failurePolicy": {"n":4,"proto":"string","type":"string"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":12,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]"},
    "matchPolicy": {"n":9,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "namespaceSelector": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "objectSelector": {"n":11,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "reinvocationPolicy": {"n":10,"proto":"string","type":"string"},
    "rules": {"list-type":"atomic","n":3,"proto":"repeated RuleWithOperations","type":"io.k8s.api.admissionregistration.v1.RuleWithOperations[]"},
    "sideEffects": {"n":6,"proto":"string","required":true,"type":"string"},
    "timeoutSeconds": {"n":7,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingWebhookConfiguration","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "webhooks": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MutatingWebhook","type":"io.k8s.api.admissionregistration.v1.MutatingWebhook[]"}
  }
},
"io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingWebhookConfigurationList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated MutatingWebhookConfiguration","required":true,"type":"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.admissionregistration.v1.NamedRuleWithOperations": {
  "map-type": "atomic",
  "protoOnly": {"ruleWithOperations":{"n":2,"proto":"RuleWithOperations"}},
  "fields": {
    "apiGroups": {"list-type":"atomic","type":"string[]"},
    "apiVersions": {"list-type":"atomic","type":"string[]"},
    "operations": {"list-type":"atomic","type":"string[]"},
    "resourceNames": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "resources": {"list-type":"atomic","type":"string[]"},
    "scope": {"type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.ParamKind": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":1,"proto":"string","type":"string"},
    "kind": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.ParamRef": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string"},
    "namespace": {"n":2,"proto":"string","type":"string"},
    "parameterNotFoundAction": {"n":4,"proto":"string","type":"string"},
    "selector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"}
  }
},
"io.k8s.api.admissionregistration.v1.Rule": {
  "noSchema": true,
  "fields": {
    "apiGroups": {"n":1,"proto":"repeated string"},
    "apiVersions": {"n":2,"proto":"repeated string"},
    "resources": {"n":3,"proto":"repeated string"},
    "scope": {"n":4,"proto":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.RuleWithOperations": {
  "protoOnly": {"rule":{"n":2,"proto":"Rule"}},
  "fields": {
    "apiGroups": {"list-type":"atomic","type":"string[]"},
    "apiVersions": {"list-type":"atomic","type":"string[]"},
    "operations": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "resources": {"list-type":"atomic","type":"string[]"},
    "scope": {"type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.ServiceReference": {
  "fields": {
    "name": {"n":2,"proto":"string","required":true,"type":"string"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string"},
    "path": {"n":3,"proto":"string","type":"string"},
    "port": {"n":4,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.admissionregistration.v1.TypeChecking": {
  "fields": {
    "expressionWarnings": {"list-type":"atomic","n":1,"proto":"repeated ExpressionWarning","type":"io.k8s.api.admissionregistration.v1.ExpressionWarning[]"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicy","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ValidatingAdmissionPolicySpec","type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec"},
    "status": {"n":3,"proto":"ValidatingAdmissionPolicyStatus","type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicyBinding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ValidatingAdmissionPolicyBindingSpec","type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicyBindingList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ValidatingAdmissionPolicyBinding","required":true,"type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": {
  "fields": {
    "matchResources": {"n":3,"proto":"MatchResources","type":"io.k8s.api.admissionregistration.v1.MatchResources"},
    "paramRef": {"n":2,"proto":"ParamRef","type":"io.k8s.api.admissionregistration.v1.ParamRef"},
    "policyName": {"n":1,"proto":"string","type":"string"},
    "validationActions": {"list-type":"set","n":4,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicyList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ValidatingAdmissionPolicy","required":true,"type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec": {
  "fields": {
    "auditAnnotations": {"list-type":"atomic","n":5,"proto":"repeated AuditAnnotation","type":"io.k8s.api.admissionregistration.v1.AuditAnnotation[]"},
    "failurePolicy": {"n":4,"proto":"string","type":"string"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":6,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]"},
    "matchConstraints": {"n":2,"proto":"MatchResources","type":"io.k8s.api.admissionregistration.v1.MatchResources"},
    "paramKind": {"n":1,"proto":"ParamKind","type":"io.k8s.api.admissionregistration.v1.ParamKind"},
    "validations": {"list-type":"atomic","n":3,"proto":"repeated Validation","type":"io.k8s.api.admissionregistration.v1.Validation[]"},
    "variables": {"list-map-keys":["name"],"list-type":"map","n":7,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated Variable","type":"io.k8s.api.admissionregistration.v1.Variable[]"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":3,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.Condition","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Condition[]"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64"},
    "typeChecking": {"n":2,"proto":"TypeChecking","type":"io.k8s.api.admissionregistration.v1.TypeChecking"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingWebhook": {
  "fields": {
    "admissionReviewVersions": {"list-type":"atomic","n":8,"proto":"repeated string","required":true,"type":"string[]"},
    "clientConfig": {"n":2,"proto":"WebhookClientConfig","required":true,"type":"io.k8s.api.admissionregistration.v1.WebhookClientConfig"},
    "failurePolicy": {"n":4,"proto":"string","type":"string"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":11,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]"},
    "matchPolicy": {"n":9,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "namespaceSelector": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "objectSelector": {"n":10,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "rules": {"list-type":"atomic","n":3,"proto":"repeated RuleWithOperations","type":"io.k8s.api.admissionregistration.v1.RuleWithOperations[]"},
    "sideEffects": {"n":6,"proto":"string","required":true,"type":"string"},
    "timeoutSeconds": {"n":7,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingWebhookConfiguration","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "webhooks": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated ValidatingWebhook","type":"io.k8s.api.admissionregistration.v1.ValidatingWebhook[]"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingWebhookConfigurationList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ValidatingWebhookConfiguration","required":true,"type":"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.admissionregistration.v1.Validation": {
  "fields": {
    "expression": {"n":1,"proto":"string","required":true,"type":"string"},
    "message": {"n":2,"proto":"string","type":"string"},
    "messageExpression": {"n":4,"proto":"string","type":"string"},
    "reason": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.Variable": {
  "map-type": "atomic",
  "fields": {
    "expression": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.admissionregistration.v1.WebhookClientConfig": {
  "fields": {
    "caBundle": {"n":2,"proto":"bytes","type":"string:byte"},
    "service": {"n":1,"proto":"ServiceReference","type":"io.k8s.api.admissionregistration.v1.ServiceReference"},
    "url": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.apidiscovery.v2.APIGroupDiscovery": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "versions": {"n":2,"proto":"repeated APIVersionDiscovery"}
  }
},
"io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated APIGroupDiscovery"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.apidiscovery.v2.APIResourceDiscovery": {
  "noSchema": true,
  "fields": {
    "categories": {"n":7,"proto":"repeated string"},
    "resource": {"n":1,"proto":"string"},
    "responseKind": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind"},
    "scope": {"n":3,"proto":"string"},
    "shortNames": {"n":6,"proto":"repeated string"},
    "singularResource": {"n":4,"proto":"string"},
    "subresources": {"n":8,"proto":"repeated APISubresourceDiscovery"},
    "verbs": {"n":5,"proto":"repeated string"}
  }
},
"io.k8s.api.apidiscovery.v2.APISubresourceDiscovery": {
  "noSchema": true,
  "fields": {
    "acceptedTypes": {"n":3,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind"},
    "responseKind": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind"},
    "subresource": {"n":1,"proto":"string"},
    "verbs": {"n":4,"proto":"repeated string"}
  }
},
"io.k8s.api.apidiscovery.v2.APIVersionDiscovery": {
  "noSchema": true,
  "fields": {
    "freshness": {"n":3,"proto":"string"},
    "resources": {"n":2,"proto":"repeated APIResourceDiscovery"},
    "version": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.apps.v1.ControllerRevision": {
  "gvk": [{"group":"apps","kind":"ControllerRevision","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "data": {"n":2,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension","type":"io.k8s.apimachinery.pkg.runtime.RawExtension"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "revision": {"default":0,"n":3,"proto":"int64","required":true,"type":"integer:int64"}
  }
},
"io.k8s.api.apps.v1.ControllerRevisionList": {
  "gvk": [{"group":"apps","kind":"ControllerRevisionList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ControllerRevision","required":true,"type":"io.k8s.api.apps.v1.ControllerRevision[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.apps.v1.DaemonSet": {
  "gvk": [{"group":"apps","kind":"DaemonSet","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"DaemonSetSpec","type":"io.k8s.api.apps.v1.DaemonSetSpec"},
    "status": {"n":3,"proto":"DaemonSetStatus","type":"io.k8s.api.apps.v1.DaemonSetStatus"}
  }
},
"io.k8s.api.apps.v1.DaemonSetCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.apps.v1.DaemonSetList": {
  "gvk": [{"group":"apps","kind":"DaemonSetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated DaemonSet","required":true,"type":"io.k8s.api.apps.v1.DaemonSet[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.apps.v1.DaemonSetSpec": {
  "fields": {
    "minReadySeconds": {"n":4,"proto":"int32","type":"integer:int32"},
    "revisionHistoryLimit": {"n":6,"proto":"int32","type":"integer:int32"},
    "selector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "template": {"n":2,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec"},
    "updateStrategy": {"n":3,"proto":"DaemonSetUpdateStrategy","type":"io.k8s.api.apps.v1.DaemonSetUpdateStrategy"}
  }
},
"io.k8s.api.apps.v1.DaemonSetStatus": {
  "fields": {
    "collisionCount": {"n":9,"proto":"int32","type":"integer:int32"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":10,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated DaemonSetCondition","type":"io.k8s.api.apps.v1.DaemonSetCondition[]"},
    "currentNumberScheduled": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "desiredNumberScheduled": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "numberAvailable": {"n":7,"proto":"int32","type":"integer:int32"},
    "numberMisscheduled": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32"},
    "numberReady": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32"},
    "numberUnavailable": {"n":8,"proto":"int32","type":"integer:int32"},
    "observedGeneration": {"n":5,"proto":"int64","type":"integer:int64"},
    "updatedNumberScheduled": {"n":6,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.apps.v1.DaemonSetUpdateStrategy": {
  "fields": {
    "rollingUpdate": {"n":2,"proto":"RollingUpdateDaemonSet","type":"io.k8s.api.apps.v1.RollingUpdateDaemonSet"},
    "type": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.apps.v1.Deployment": {
  "gvk": [{"group":"apps","kind":"Deployment","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"DeploymentSpec","type":"io.k8s.api.apps.v1.DeploymentSpec"},
    "status": {"n":3,"proto":"DeploymentStatus","type":"io.k8s.api.apps.v1.DeploymentStatus"}
  }
},
"io.k8s.api.apps.v1.DeploymentCondition": {
  "fields": {
    "lastTransitionTime": {"n":7,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastUpdateTime": {"n":6,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.apps.v1.DeploymentList": {
  "gvk": [{"group":"apps","kind":"DeploymentList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Deployment","required":true,"type":"io.k8s.api.apps.v1.Deployment[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.apps.v1.DeploymentSpec": {
  "fields": {
    "minReadySeconds": {"n":5,"proto":"int32","type":"integer:int32"},
    "paused": {"n":7,"proto":"bool","type":"boolean"},
    "progressDeadlineSeconds": {"n":9,"proto":"int32","type":"integer:int32"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32"},
    "revisionHistoryLimit": {"n":6,"proto":"int32","type":"integer:int32"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "strategy": {"n":4,"patch-strategy":"retainKeys","proto":"DeploymentStrategy","type":"io.k8s.api.apps.v1.DeploymentStrategy"},
    "template": {"n":3,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec"}
  }
},
"io.k8s.api.apps.v1.DeploymentStatus": {
  "fields": {
    "availableReplicas": {"n":4,"proto":"int32","type":"integer:int32"},
    "collisionCount": {"n":8,"proto":"int32","type":"integer:int32"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated DeploymentCondition","type":"io.k8s.api.apps.v1.DeploymentCondition[]"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64"},
    "readyReplicas": {"n":7,"proto":"int32","type":"integer:int32"},
    "replicas": {"n":2,"proto":"int32","type":"integer:int32"},
    "unavailableReplicas": {"n":5,"proto":"int32","type":"integer:int32"},
    "updatedReplicas": {"n":3,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.apps.v1.DeploymentStrategy": {
  "fields": {
    "rollingUpdate": {"n":2,"proto":"RollingUpdateDeployment","type":"io.k8s.api.apps.v1.RollingUpdateDeployment"},
    "type": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.apps.v1.ReplicaSet": {
  "gvk": [{"group":"apps","kind":"ReplicaSet","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ReplicaSetSpec","type":"io.k8s.api.apps.v1.ReplicaSetSpec"},
    "status": {"n":3,"proto":"ReplicaSetStatus","type":"io.k8s.api.apps.v1.ReplicaSetStatus"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetList": {
  "gvk": [{"group":"apps","kind":"ReplicaSetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ReplicaSet","required":true,"type":"io.k8s.api.apps.v1.ReplicaSet[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetSpec": {
  "fields": {
    "minReadySeconds": {"n":4,"proto":"int32","type":"integer:int32"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "template": {"n":3,"proto":"k8s.io.api.core.v1.PodTemplateSpec","type":"io.k8s.api.core.v1.PodTemplateSpec"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetStatus": {
  "fields": {
    "availableReplicas": {"n":5,"proto":"int32","type":"integer:int32"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated ReplicaSetCondition","type":"io.k8s.api.apps.v1.ReplicaSetCondition[]"},
    "fullyLabeledReplicas": {"n":2,"proto":"int32","type":"integer:int32"},
    "observedGeneration": {"n":3,"proto":"int64","type":"integer:int64"},
    "readyReplicas": {"n":4,"proto":"int32","type":"integer:int32"},
    "replicas": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.apps.v1.RollingUpdateDaemonSet": {
  "fields": {
    "maxSurge": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "maxUnavailable": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"}
  }
},
"io.k8s.api.apps.v1.RollingUpdateDeployment": {
  "fields": {
    "maxSurge": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "maxUnavailable": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"}
  }
},
"io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy": {
  "fields": {
    "maxUnavailable": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "partition": {"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.apps.v1.StatefulSet": {
  "gvk": [{"group":"apps","kind":"StatefulSet","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"StatefulSetSpec","type":"io.k8s.api.apps.v1.StatefulSetSpec"},
    "status": {"n":3,"proto":"StatefulSetStatus","type":"io.k8s.api.apps.v1.StatefulSetStatus"}
  }
},
"io.k8s.api.apps.v1.StatefulSetCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.apps.v1.StatefulSetList": {
  "gvk": [{"group":"apps","kind":"StatefulSetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated StatefulSet","required":true,"type":"io.k8s.api.apps.v1.StatefulSet[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.apps.v1.StatefulSetOrdinals": {
  "fields": {
    "start": {"default":0,"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": {
  "fields": {
    "whenDeleted": {"n":1,"proto":"string","type":"string"},
    "whenScaled": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.apps.v1.StatefulSetSpec": {
  "fields": {
    "minReadySeconds": {"n":9,"proto":"int32","type":"integer:int32"},
    "ordinals": {"n":11,"proto":"StatefulSetOrdinals","type":"io.k8s.api.apps.v1.StatefulSetOrdinals"},
    "persistentVolumeClaimRetentionPolicy": {"n":10,"proto":"StatefulSetPersistentVolumeClaimRetentionPolicy","type":"io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy"},
    "podManagementPolicy": {"n":6,"proto":"string","type":"string"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32"},
    "revisionHistoryLimit": {"n":8,"proto":"int32","type":"integer:int32"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "serviceName": {"n":5,"proto":"string","required":true,"type":"string"},
    "template": {"n":3,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec"},
    "updateStrategy": {"n":7,"proto":"StatefulSetUpdateStrategy","type":"io.k8s.api.apps.v1.StatefulSetUpdateStrategy"},
    "volumeClaimTemplates": {"list-type":"atomic","n":4,"proto":"repeated k8s.io.api.core.v1.PersistentVolumeClaim","type":"io.k8s.api.core.v1.PersistentVolumeClaim[]"}
  }
},
"io.k8s.api.apps.v1.StatefulSetStatus": {
  "fields": {
    "availableReplicas": {"default":0,"n":11,"proto":"int32","type":"integer:int32"},
    "collisionCount": {"n":9,"proto":"int32","type":"integer:int32"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":10,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated StatefulSetCondition","type":"io.k8s.api.apps.v1.StatefulSetCondition[]"},
    "currentReplicas": {"n":4,"proto":"int32","type":"integer:int32"},
    "currentRevision": {"n":6,"proto":"string","type":"string"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64"},
    "readyReplicas": {"n":3,"proto":"int32","type":"integer:int32"},
    "replicas": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32"},
    "updateRevision": {"n":7,"proto":"string","type":"string"},
    "updatedReplicas": {"n":5,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.apps.v1.StatefulSetUpdateStrategy": {
  "fields": {
    "rollingUpdate": {"n":2,"proto":"RollingUpdateStatefulSetStrategy","type":"io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy"},
    "type": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authentication.v1.BoundObjectReference": {
  "fields": {
    "apiVersion": {"n":2,"proto":"string","type":"string"},
    "kind": {"n":1,"proto":"string","type":"string"},
    "name": {"n":3,"proto":"string","type":"string"},
    "uid": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authentication.v1.ExtraValue": {
  "noSchema": true,
  "fields": {
    "items": {"n":1,"proto":"repeated string"}
  }
},
"io.k8s.api.authentication.v1.SelfSubjectReview": {
  "gvk": [{"group":"authentication.k8s.io","kind":"SelfSubjectReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "status": {"n":2,"proto":"SelfSubjectReviewStatus","type":"io.k8s.api.authentication.v1.SelfSubjectReviewStatus"}
  }
},
"io.k8s.api.authentication.v1.SelfSubjectReviewStatus": {
  "fields": {
    "userInfo": {"n":1,"proto":"UserInfo","type":"io.k8s.api.authentication.v1.UserInfo"}
  }
},
"io.k8s.api.authentication.v1.TokenRequest": {
  "gvk": [{"group":"authentication.k8s.io","kind":"TokenRequest","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"TokenRequestSpec","required":true,"type":"io.k8s.api.authentication.v1.TokenRequestSpec"},
    "status": {"n":3,"proto":"TokenRequestStatus","type":"io.k8s.api.authentication.v1.TokenRequestStatus"}
  }
},
"io.k8s.api.authentication.v1.TokenRequestSpec": {
  "fields": {
    "audiences": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"},
    "boundObjectRef": {"n":3,"proto":"BoundObjectReference","type":"io.k8s.api.authentication.v1.BoundObjectReference"},
    "expirationSeconds": {"n":4,"proto":"int64","type":"integer:int64"}
  }
},
"io.k8s.api.authentication.v1.TokenRequestStatus": {
  "fields": {
    "expirationTimestamp": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "token": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.authentication.v1.TokenReview": {
  "gvk": [{"group":"authentication.k8s.io","kind":"TokenReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"TokenReviewSpec","required":true,"type":"io.k8s.api.authentication.v1.TokenReviewSpec"},
    "status": {"n":3,"proto":"TokenReviewStatus","type":"io.k8s.api.authentication.v1.TokenReviewStatus"}
  }
},
"io.k8s.api.authentication.v1.TokenReviewSpec": {
  "fields": {
    "audiences": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "token": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authentication.v1.TokenReviewStatus": {
  "fields": {
    "audiences": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"},
    "authenticated": {"n":1,"proto":"bool","type":"boolean"},
    "error": {"n":3,"proto":"string","type":"string"},
    "user": {"n":2,"proto":"UserInfo","type":"io.k8s.api.authentication.v1.UserInfo"}
  }
},
"io.k8s.api.authentication.v1.UserInfo": {
  "fields": {
    "extra": {"n":4,"proto":"map<string, ExtraValue>","type":"map<string[]>"},
    "groups": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"},
    "uid": {"n":2,"proto":"string","type":"string"},
    "username": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authorization.v1.ExtraValue": {
  "noSchema": true,
  "fields": {
    "items": {"n":1,"proto":"repeated string"}
  }
},
"io.k8s.api.authorization.v1.FieldSelectorAttributes": {
  "fields": {
    "rawSelector": {"n":1,"proto":"string","type":"string"},
    "requirements": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement","type":"io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement[]"}
  }
},
"io.k8s.api.authorization.v1.LabelSelectorAttributes": {
  "fields": {
    "rawSelector": {"n":1,"proto":"string","type":"string"},
    "requirements": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement[]"}
  }
},
"io.k8s.api.authorization.v1.LocalSubjectAccessReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"LocalSubjectAccessReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"SubjectAccessReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SubjectAccessReviewSpec"},
    "status": {"n":3,"proto":"SubjectAccessReviewStatus","type":"io.k8s.api.authorization.v1.SubjectAccessReviewStatus"}
  }
},
"io.k8s.api.authorization.v1.NonResourceAttributes": {
  "fields": {
    "path": {"n":1,"proto":"string","type":"string"},
    "verb": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authorization.v1.NonResourceRule": {
  "fields": {
    "nonResourceURLs": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "verbs": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.api.authorization.v1.ResourceAttributes": {
  "fields": {
    "fieldSelector": {"n":8,"proto":"FieldSelectorAttributes","type":"io.k8s.api.authorization.v1.FieldSelectorAttributes"},
    "group": {"n":3,"proto":"string","type":"string"},
    "labelSelector": {"n":9,"proto":"LabelSelectorAttributes","type":"io.k8s.api.authorization.v1.LabelSelectorAttributes"},
    "name": {"n":7,"proto":"string","type":"string"},
    "namespace": {"n":1,"proto":"string","type":"string"},
    "resource": {"n":5,"proto":"string","type":"string"},
    "subresource": {"n":6,"proto":"string","type":"string"},
    "verb": {"n":2,"proto":"string","type":"string"},
    "version": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authorization.v1.ResourceRule": {
  "fields": {
    "apiGroups": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "resourceNames": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"},
    "resources": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"},
    "verbs": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectAccessReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"SelfSubjectAccessReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"SelfSubjectAccessReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec"},
    "status": {"n":3,"proto":"SubjectAccessReviewStatus","type":"io.k8s.api.authorization.v1.SubjectAccessReviewStatus"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec": {
  "fields": {
    "nonResourceAttributes": {"n":2,"proto":"NonResourceAttributes","type":"io.k8s.api.authorization.v1.NonResourceAttributes"},
    "resourceAttributes": {"n":1,"proto":"ResourceAttributes","type":"io.k8s.api.authorization.v1.ResourceAttributes"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectRulesReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"SelfSubjectRulesReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"SelfSubjectRulesReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec"},
    "status": {"n":3,"proto":"SubjectRulesReviewStatus","type":"io.k8s.api.authorization.v1.SubjectRulesReviewStatus"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec": {
  "fields": {
    "namespace": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authorization.v1.SubjectAccessReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"SubjectAccessReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"SubjectAccessReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SubjectAccessReviewSpec"},
    "status": {"n":3,"proto":"SubjectAccessReviewStatus","type":"io.k8s.api.authorization.v1.SubjectAccessReviewStatus"}
  }
},
"io.k8s.api.authorization.v1.SubjectAccessReviewSpec": {
  "fields": {
    "extra": {"n":5,"proto":"map<string, ExtraValue>","type":"map<string[]>"},
    "groups": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"},
    "nonResourceAttributes": {"n":2,"proto":"NonResourceAttributes","type":"io.k8s.api.authorization.v1.NonResourceAttributes"},
    "resourceAttributes": {"n":1,"proto":"ResourceAttributes","type":"io.k8s.api.authorization.v1.ResourceAttributes"},
    "uid": {"n":6,"proto":"string","type":"string"},
    "user": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authorization.v1.SubjectAccessReviewStatus": {
  "fields": {
    "allowed": {"default":false,"n":1,"proto":"bool","required":true,"type":"boolean"},
    "denied": {"n":4,"proto":"bool","type":"boolean"},
    "evaluationError": {"n":3,"proto":"string","type":"string"},
    "reason": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.authorization.v1.SubjectRulesReviewStatus": {
  "fields": {
    "evaluationError": {"n":4,"proto":"string","type":"string"},
    "incomplete": {"default":false,"n":3,"proto":"bool","required":true,"type":"boolean"},
    "nonResourceRules": {"list-type":"atomic","n":2,"proto":"repeated NonResourceRule","required":true,"type":"io.k8s.api.authorization.v1.NonResourceRule[]"},
    "resourceRules": {"list-type":"atomic","n":1,"proto":"repeated ResourceRule","required":true,"type":"io.k8s.api.authorization.v1.ResourceRule[]"}
  }
},
"io.k8s.api.autoscaling.v1.ContainerResourceMetricSource": {
  "noSchema": true,
  "fields": {
    "container": {"n":5,"proto":"string"},
    "name": {"n":1,"proto":"string"},
    "targetAverageUtilization": {"n":2,"proto":"int32"},
    "targetAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v1.ContainerResourceMetricStatus": {
  "noSchema": true,
  "fields": {
    "container": {"n":4,"proto":"string"},
    "currentAverageUtilization": {"n":2,"proto":"int32"},
    "currentAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "name": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.autoscaling.v1.CrossVersionObjectReference": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":3,"proto":"string","type":"string"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string"},
    "name": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.autoscaling.v1.ExternalMetricSource": {
  "noSchema": true,
  "fields": {
    "metricName": {"n":1,"proto":"string"},
    "metricSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "targetAverageValue": {"n":4,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "targetValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v1.ExternalMetricStatus": {
  "noSchema": true,
  "fields": {
    "currentAverageValue": {"n":4,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "currentValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "metricName": {"n":1,"proto":"string"},
    "metricSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscaler","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"HorizontalPodAutoscalerSpec","type":"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec"},
    "status": {"n":3,"proto":"HorizontalPodAutoscalerStatus","type":"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerCondition": {
  "noSchema": true,
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string"},
    "reason": {"n":4,"proto":"string"},
    "status": {"n":2,"proto":"string"},
    "type": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscalerList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated HorizontalPodAutoscaler","required":true,"type":"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec": {
  "fields": {
    "maxReplicas": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "minReplicas": {"n":2,"proto":"int32","type":"integer:int32"},
    "scaleTargetRef": {"n":1,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v1.CrossVersionObjectReference"},
    "targetCPUUtilizationPercentage": {"n":4,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus": {
  "fields": {
    "currentCPUUtilizationPercentage": {"n":5,"proto":"int32","type":"integer:int32"},
    "currentReplicas": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "desiredReplicas": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32"},
    "lastScaleTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64"}
  }
},
"io.k8s.api.autoscaling.v1.MetricSpec": {
  "noSchema": true,
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricSource"},
    "external": {"n":5,"proto":"ExternalMetricSource"},
    "object": {"n":2,"proto":"ObjectMetricSource"},
    "pods": {"n":3,"proto":"PodsMetricSource"},
    "resource": {"n":4,"proto":"ResourceMetricSource"},
    "type": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.autoscaling.v1.MetricStatus": {
  "noSchema": true,
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricStatus"},
    "external": {"n":5,"proto":"ExternalMetricStatus"},
    "object": {"n":2,"proto":"ObjectMetricStatus"},
    "pods": {"n":3,"proto":"PodsMetricStatus"},
    "resource": {"n":4,"proto":"ResourceMetricStatus"},
    "type": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.autoscaling.v1.ObjectMetricSource": {
  "noSchema": true,
  "fields": {
    "averageValue": {"n":5,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "metricName": {"n":2,"proto":"string"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "target": {"n":1,"proto":"CrossVersionObjectReference"},
    "targetValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v1.ObjectMetricStatus": {
  "noSchema": true,
  "fields": {
    "averageValue": {"n":5,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "currentValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "metricName": {"n":2,"proto":"string"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "target": {"n":1,"proto":"CrossVersionObjectReference"}
  }
},
"io.k8s.api.autoscaling.v1.PodsMetricSource": {
  "noSchema": true,
  "fields": {
    "metricName": {"n":1,"proto":"string"},
    "selector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "targetAverageValue": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v1.PodsMetricStatus": {
  "noSchema": true,
  "fields": {
    "currentAverageValue": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "metricName": {"n":1,"proto":"string"},
    "selector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector"}
  }
},
"io.k8s.api.autoscaling.v1.ResourceMetricSource": {
  "noSchema": true,
  "fields": {
    "name": {"n":1,"proto":"string"},
    "targetAverageUtilization": {"n":2,"proto":"int32"},
    "targetAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v1.ResourceMetricStatus": {
  "noSchema": true,
  "fields": {
    "currentAverageUtilization": {"n":2,"proto":"int32"},
    "currentAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity"},
    "name": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.autoscaling.v1.Scale": {
  "gvk": [{"group":"autoscaling","kind":"Scale","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ScaleSpec","type":"io.k8s.api.autoscaling.v1.ScaleSpec"},
    "status": {"n":3,"proto":"ScaleStatus","type":"io.k8s.api.autoscaling.v1.ScaleStatus"}
  }
},
"io.k8s.api.autoscaling.v1.ScaleSpec": {
  "fields": {
    "replicas": {"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.autoscaling.v1.ScaleStatus": {
  "fields": {
    "replicas": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "selector": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.autoscaling.v2.ContainerResourceMetricSource": {
  "fields": {
    "container": {"n":3,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget"}
  }
},
"io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus": {
  "fields": {
    "container": {"n":3,"proto":"string","required":true,"type":"string"},
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.autoscaling.v2.CrossVersionObjectReference": {
  "fields": {
    "apiVersion": {"n":3,"proto":"string","type":"string"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string"},
    "name": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.autoscaling.v2.ExternalMetricSource": {
  "fields": {
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget"}
  }
},
"io.k8s.api.autoscaling.v2.ExternalMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus"},
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier"}
  }
},
"io.k8s.api.autoscaling.v2.HPAScalingPolicy": {
  "fields": {
    "periodSeconds": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"},
    "value": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.autoscaling.v2.HPAScalingRules": {
  "fields": {
    "policies": {"list-type":"atomic","n":2,"proto":"repeated HPAScalingPolicy","type":"io.k8s.api.autoscaling.v2.HPAScalingPolicy[]"},
    "selectPolicy": {"n":1,"proto":"string","type":"string"},
    "stabilizationWindowSeconds": {"n":3,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscaler","version":"v2"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"HorizontalPodAutoscalerSpec","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec"},
    "status": {"n":3,"proto":"HorizontalPodAutoscalerStatus","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior": {
  "fields": {
    "scaleDown": {"n":2,"proto":"HPAScalingRules","type":"io.k8s.api.autoscaling.v2.HPAScalingRules"},
    "scaleUp": {"n":1,"proto":"HPAScalingRules","type":"io.k8s.api.autoscaling.v2.HPAScalingRules"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscalerList","version":"v2"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated HorizontalPodAutoscaler","required":true,"type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec": {
  "fields": {
    "behavior": {"n":5,"proto":"HorizontalPodAutoscalerBehavior","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior"},
    "maxReplicas": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "metrics": {"list-type":"atomic","n":4,"proto":"repeated MetricSpec","type":"io.k8s.api.autoscaling.v2.MetricSpec[]"},
    "minReplicas": {"n":2,"proto":"int32","type":"integer:int32"},
    "scaleTargetRef": {"n":1,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v2.CrossVersionObjectReference"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated HorizontalPodAutoscalerCondition","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition[]"},
    "currentMetrics": {"list-type":"atomic","n":5,"proto":"repeated MetricStatus","type":"io.k8s.api.autoscaling.v2.MetricStatus[]"},
    "currentReplicas": {"n":3,"proto":"int32","type":"integer:int32"},
    "desiredReplicas": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32"},
    "lastScaleTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64"}
  }
},
"io.k8s.api.autoscaling.v2.MetricIdentifier": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"}
  }
},
"io.k8s.api.autoscaling.v2.MetricSpec": {
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricSource","type":"io.k8s.api.autoscaling.v2.ContainerResourceMetricSource"},
    "external": {"n":5,"proto":"ExternalMetricSource","type":"io.k8s.api.autoscaling.v2.ExternalMetricSource"},
    "object": {"n":2,"proto":"ObjectMetricSource","type":"io.k8s.api.autoscaling.v2.ObjectMetricSource"},
    "pods": {"n":3,"proto":"PodsMetricSource","type":"io.k8s.api.autoscaling.v2.PodsMetricSource"},
    "resource": {"n":4,"proto":"ResourceMetricSource","type":"io.k8s.api.autoscaling.v2.ResourceMetricSource"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.autoscaling.v2.MetricStatus": {
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricStatus","type":"io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus"},
    "external": {"n":5,"proto":"ExternalMetricStatus","type":"io.k8s.api.autoscaling.v2.ExternalMetricStatus"},
    "object": {"n":2,"proto":"ObjectMetricStatus","type":"io.k8s.api.autoscaling.v2.ObjectMetricStatus"},
    "pods": {"n":3,"proto":"PodsMetricStatus","type":"io.k8s.api.autoscaling.v2.PodsMetricStatus"},
    "resource": {"n":4,"proto":"ResourceMetricStatus","type":"io.k8s.api.autoscaling.v2.ResourceMetricStatus"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.autoscaling.v2.MetricTarget": {
  "fields": {
    "averageUtilization": {"n":4,"proto":"int32","type":"integer:int32"},
    "averageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"},
    "value": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v2.MetricValueStatus": {
  "fields": {
    "averageUtilization": {"n":3,"proto":"int32","type":"integer:int32"},
    "averageValue": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"},
    "value": {"n":1,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.autoscaling.v2.ObjectMetricSource": {
  "fields": {
    "describedObject": {"n":1,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v2.CrossVersionObjectReference"},
    "metric": {"n":3,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget"}
  }
},
"io.k8s.api.autoscaling.v2.ObjectMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus"},
    "describedObject": {"n":3,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v2.CrossVersionObjectReference"},
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier"}
  }
},
"io.k8s.api.autoscaling.v2.PodsMetricSource": {
  "fields": {
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget"}
  }
},
"io.k8s.api.autoscaling.v2.PodsMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus"},
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier"}
  }
},
"io.k8s.api.autoscaling.v2.ResourceMetricSource": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget"}
  }
},
"io.k8s.api.autoscaling.v2.ResourceMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.batch.v1.CronJob": {
  "gvk": [{"group":"batch","kind":"CronJob","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"CronJobSpec","type":"io.k8s.api.batch.v1.CronJobSpec"},
    "status": {"n":3,"proto":"CronJobStatus","type":"io.k8s.api.batch.v1.CronJobStatus"}
  }
},
"io.k8s.api.batch.v1.CronJobList": {
  "gvk": [{"group":"batch","kind":"CronJobList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CronJob","required":true,"type":"io.k8s.api.batch.v1.CronJob[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.batch.v1.CronJobSpec": {
  "fields": {
    "concurrencyPolicy": {"n":3,"proto":"string","type":"string"},
    "failedJobsHistoryLimit": {"n":7,"proto":"int32","type":"integer:int32"},
    "jobTemplate": {"n":5,"proto":"JobTemplateSpec","required":true,"type":"io.k8s.api.batch.v1.JobTemplateSpec"},
    "schedule": {"n":1,"proto":"string","required":true,"type":"string"},
    "startingDeadlineSeconds": {"n":2,"proto":"int64","type":"integer:int64"},
    "successfulJobsHistoryLimit": {"n":6,"proto":"int32","type":"integer:int32"},
    "suspend": {"n":4,"proto":"bool","type":"boolean"},
    "timeZone": {"n":8,"proto":"string","type":"string"}
  }
},
"io.k8s.api.batch.v1.CronJobStatus": {
  "fields": {
    "active": {"list-type":"atomic","n":1,"proto":"repeated k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference[]"},
    "lastScheduleTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastSuccessfulTime": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"}
  }
},
"io.k8s.api.batch.v1.Job": {
  "gvk": [{"group":"batch","kind":"Job","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"JobSpec","type":"io.k8s.api.batch.v1.JobSpec"},
    "status": {"n":3,"proto":"JobStatus","type":"io.k8s.api.batch.v1.JobStatus"}
  }
},
"io.k8s.api.batch.v1.JobCondition": {
  "fields": {
    "lastProbeTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":6,"proto":"string","type":"string"},
    "reason": {"n":5,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.batch.v1.JobList": {
  "gvk": [{"group":"batch","kind":"JobList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Job","required":true,"type":"io.k8s.api.batch.v1.Job[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.batch.v1.JobSpec": {
  "fields": {
    "activeDeadlineSeconds": {"n":3,"proto":"int64","type":"integer:int64"},
    "backoffLimit": {"n":7,"proto":"int32","type":"integer:int32"},
    "backoffLimitPerIndex": {"n":12,"proto":"int32","type":"integer:int32"},
    "completionMode": {"n":9,"proto":"string","type":"string"},
    "completions": {"n":2,"proto":"int32","type":"integer:int32"},
    "managedBy": {"n":15,"proto":"string","type":"string"},
    "manualSelector": {"n":5,"proto":"bool","type":"boolean"},
    "maxFailedIndexes": {"n":13,"proto":"int32","type":"integer:int32"},
    "parallelism": {"n":1,"proto":"int32","type":"integer:int32"},
    "podFailurePolicy": {"n":11,"proto":"PodFailurePolicy","type":"io.k8s.api.batch.v1.PodFailurePolicy"},
    "podReplacementPolicy": {"n":14,"proto":"string","type":"string"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "successPolicy": {"n":16,"proto":"SuccessPolicy","type":"io.k8s.api.batch.v1.SuccessPolicy"},
    "suspend": {"n":10,"proto":"bool","type":"boolean"},
    "template": {"n":6,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec"},
    "ttlSecondsAfterFinished": {"n":8,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.batch.v1.JobStatus": {
  "fields": {
    "active": {"n":4,"proto":"int32","type":"integer:int32"},
    "completedIndexes": {"n":7,"proto":"string","type":"string"},
    "completionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "conditions": {"list-type":"atomic","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated JobCondition","type":"io.k8s.api.batch.v1.JobCondition[]"},
    "failed": {"n":6,"proto":"int32","type":"integer:int32"},
    "failedIndexes": {"n":10,"proto":"string","type":"string"},
    "ready": {"n":9,"proto":"int32","type":"integer:int32"},
    "startTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "succeeded": {"n":5,"proto":"int32","type":"integer:int32"},
    "terminating": {"n":11,"proto":"int32","type":"integer:int32"},
    "uncountedTerminatedPods": {"n":8,"proto":"UncountedTerminatedPods","type":"io.k8s.api.batch.v1.UncountedTerminatedPods"}
  }
},
"io.k8s.api.batch.v1.JobTemplateSpec": {
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"JobSpec","type":"io.k8s.api.batch.v1.JobSpec"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicy": {
  "fields": {
    "rules": {"list-type":"atomic","n":1,"proto":"repeated PodFailurePolicyRule","required":true,"type":"io.k8s.api.batch.v1.PodFailurePolicyRule[]"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement": {
  "fields": {
    "containerName": {"n":1,"proto":"string","type":"string"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string"},
    "values": {"list-type":"set","n":3,"proto":"repeated int32","required":true,"type":"integer:int32[]"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern": {
  "fields": {
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicyRule": {
  "fields": {
    "action": {"n":1,"proto":"string","required":true,"type":"string"},
    "onExitCodes": {"n":2,"proto":"PodFailurePolicyOnExitCodesRequirement","type":"io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement"},
    "onPodConditions": {"list-type":"atomic","n":3,"proto":"repeated PodFailurePolicyOnPodConditionsPattern","type":"io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern[]"}
  }
},
"io.k8s.api.batch.v1.SuccessPolicy": {
  "fields": {
    "rules": {"list-type":"atomic","n":1,"proto":"repeated SuccessPolicyRule","required":true,"type":"io.k8s.api.batch.v1.SuccessPolicyRule[]"}
  }
},
"io.k8s.api.batch.v1.SuccessPolicyRule": {
  "fields": {
    "succeededCount": {"n":2,"proto":"int32","type":"integer:int32"},
    "succeededIndexes": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.batch.v1.UncountedTerminatedPods": {
  "fields": {
    "failed": {"list-type":"set","n":2,"proto":"repeated string","type":"string[]"},
    "succeeded": {"list-type":"set","n":1,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequest": {
  "gvk": [{"group":"certificates.k8s.io","kind":"CertificateSigningRequest","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"CertificateSigningRequestSpec","required":true,"type":"io.k8s.api.certificates.v1.CertificateSigningRequestSpec"},
    "status": {"n":3,"proto":"CertificateSigningRequestStatus","type":"io.k8s.api.certificates.v1.CertificateSigningRequestStatus"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestCondition": {
  "fields": {
    "lastTransitionTime": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastUpdateTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":3,"proto":"string","type":"string"},
    "reason": {"n":2,"proto":"string","type":"string"},
    "status": {"n":6,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestList": {
  "gvk": [{"group":"certificates.k8s.io","kind":"CertificateSigningRequestList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CertificateSigningRequest","required":true,"type":"io.k8s.api.certificates.v1.CertificateSigningRequest[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestSpec": {
  "fields": {
    "expirationSeconds": {"n":8,"proto":"int32","type":"integer:int32"},
    "extra": {"n":6,"proto":"map<string, ExtraValue>","type":"map<string[]>"},
    "groups": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"},
    "request": {"list-type":"atomic","n":1,"proto":"bytes","required":true,"type":"string:byte"},
    "signerName": {"n":7,"proto":"string","required":true,"type":"string"},
    "uid": {"n":3,"proto":"string","type":"string"},
    "usages": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "username": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestStatus": {
  "fields": {
    "certificate": {"list-type":"atomic","n":2,"proto":"bytes","type":"string:byte"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"proto":"repeated CertificateSigningRequestCondition","type":"io.k8s.api.certificates.v1.CertificateSigningRequestCondition[]"}
  }
},
"io.k8s.api.certificates.v1.ExtraValue": {
  "noSchema": true,
  "fields": {
    "items": {"n":1,"proto":"repeated string"}
  }
},
"io.k8s.api.coordination.v1.Lease": {
  "gvk": [{"group":"coordination.k8s.io","kind":"Lease","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"LeaseSpec","type":"io.k8s.api.coordination.v1.LeaseSpec"}
  }
},
"io.k8s.api.coordination.v1.LeaseList": {
  "gvk": [{"group":"coordination.k8s.io","kind":"LeaseList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Lease","required":true,"type":"io.k8s.api.coordination.v1.Lease[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.coordination.v1.LeaseSpec": {
  "fields": {
    "acquireTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"},
    "holderIdentity": {"n":1,"proto":"string","type":"string"},
    "leaseDurationSeconds": {"n":2,"proto":"int32","type":"integer:int32"},
    "leaseTransitions": {"n":5,"proto":"int32","type":"integer:int32"},
    "preferredHolder": {"n":7,"proto":"string","type":"string"},
    "renewTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"},
    "strategy": {"n":6,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "partition": {"n":3,"proto":"int32","type":"integer:int32"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Affinity": {
  "fields": {
    "nodeAffinity": {"n":1,"proto":"NodeAffinity","type":"io.k8s.api.core.v1.NodeAffinity"},
    "podAffinity": {"n":2,"proto":"PodAffinity","type":"io.k8s.api.core.v1.PodAffinity"},
    "podAntiAffinity": {"n":3,"proto":"PodAntiAffinity","type":"io.k8s.api.core.v1.PodAntiAffinity"}
  }
},
"io.k8s.api.core.v1.AppArmorProfile": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"localhostProfile":"LocalhostProfile"}}],
  "fields": {
    "localhostProfile": {"n":2,"proto":"string","type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.AttachedVolume": {
  "fields": {
    "devicePath": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.AvoidPods": {
  "noSchema": true,
  "fields": {
    "preferAvoidPods": {"n":1,"proto":"repeated PreferAvoidPodsEntry"}
  }
},
"io.k8s.api.core.v1.AzureDiskVolumeSource": {
  "fields": {
    "cachingMode": {"default":"ReadWrite","n":3,"proto":"string","type":"string"},
    "diskName": {"n":1,"proto":"string","required":true,"type":"string"},
    "diskURI": {"n":2,"proto":"string","required":true,"type":"string"},
    "fsType": {"default":"ext4","n":4,"proto":"string","type":"string"},
    "kind": {"default":"Shared","n":6,"proto":"string","type":"string"},
    "readOnly": {"default":false,"n":5,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.AzureFilePersistentVolumeSource": {
  "fields": {
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "secretName": {"n":1,"proto":"string","required":true,"type":"string"},
    "secretNamespace": {"n":4,"proto":"string","type":"string"},
    "shareName": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.AzureFileVolumeSource": {
  "fields": {
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "secretName": {"n":1,"proto":"string","required":true,"type":"string"},
    "shareName": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Binding": {
  "gvk": [{"group":"","kind":"Binding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "target": {"n":2,"proto":"ObjectReference","required":true,"type":"io.k8s.api.core.v1.ObjectReference"}
  }
},
"io.k8s.api.core.v1.CSIPersistentVolumeSource": {
  "fields": {
    "controllerExpandSecretRef": {"n":9,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "controllerPublishSecretRef": {"n":6,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "driver": {"n":1,"proto":"string","required":true,"type":"string"},
    "fsType": {"n":4,"proto":"string","type":"string"},
    "nodeExpandSecretRef": {"n":10,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "nodePublishSecretRef": {"n":8,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "nodeStageSecretRef": {"n":7,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "volumeAttributes": {"n":5,"proto":"map<string, string>","type":"map<string>"},
    "volumeHandle": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.CSIVolumeSource": {
  "fields": {
    "driver": {"n":1,"proto":"string","required":true,"type":"string"},
    "fsType": {"n":3,"proto":"string","type":"string"},
    "nodePublishSecretRef": {"n":5,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"},
    "readOnly": {"n":2,"proto":"bool","type":"boolean"},
    "volumeAttributes": {"n":4,"proto":"map<string, string>","type":"map<string>"}
  }
},
"io.k8s.api.core.v1.Capabilities": {
  "fields": {
    "add": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "drop": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.CephFSPersistentVolumeSource": {
  "fields": {
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"},
    "path": {"n":2,"proto":"string","type":"string"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean"},
    "secretFile": {"n":4,"proto":"string","type":"string"},
    "secretRef": {"n":5,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "user": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.CephFSVolumeSource": {
  "fields": {
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"},
    "path": {"n":2,"proto":"string","type":"string"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean"},
    "secretFile": {"n":4,"proto":"string","type":"string"},
    "secretRef": {"n":5,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"},
    "user": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.CinderPersistentVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "secretRef": {"n":4,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.CinderVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "secretRef": {"n":4,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ClientIPConfig": {
  "fields": {
    "timeoutSeconds": {"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.core.v1.ClusterTrustBundleProjection": {
  "fields": {
    "labelSelector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "name": {"n":1,"proto":"string","type":"string"},
    "optional": {"n":5,"proto":"bool","type":"boolean"},
    "path": {"n":4,"proto":"string","required":true,"type":"string"},
    "signerName": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ComponentCondition": {
  "fields": {
    "error": {"n":4,"proto":"string","type":"string"},
    "message": {"n":3,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ComponentStatus": {
  "gvk": [{"group":"","kind":"ComponentStatus","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated ComponentCondition","type":"io.k8s.api.core.v1.ComponentCondition[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
  }
},
"io.k8s.api.core.v1.ComponentStatusList": {
  "gvk": [{"group":"","kind":"ComponentStatusList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ComponentStatus","required":true,"type":"io.k8s.api.core.v1.ComponentStatus[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.ConfigMap": {
  "gvk": [{"group":"","kind":"ConfigMap","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "binaryData": {"n":3,"proto":"map<string, bytes>","type":"map<string:byte>"},
    "data": {"n":2,"proto":"map<string, string>","type":"map<string>"},
    "immutable": {"n":4,"proto":"bool","type":"boolean"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
  }
},
"io.k8s.api.core.v1.ConfigMapEnvSource": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "name": {"type":"string"},
    "optional": {"n":2,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.ConfigMapKeySelector": {
  "map-type": "atomic",
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "key": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"type":"string"},
    "optional": {"n":3,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.ConfigMapList": {
  "gvk": [{"group":"","kind":"ConfigMapList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ConfigMap","required":true,"type":"io.k8s.api.core.v1.ConfigMap[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.ConfigMapNodeConfigSource": {
  "fields": {
    "kubeletConfigKey": {"n":5,"proto":"string","required":true,"type":"string"},
    "name": {"n":2,"proto":"string","required":true,"type":"string"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string"},
    "resourceVersion": {"n":4,"proto":"string","type":"string"},
    "uid": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ConfigMapProjection": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]"},
    "name": {"type":"string"},
    "optional": {"n":4,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.ConfigMapVolumeSource": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "defaultMode": {"n":3,"proto":"int32","type":"integer:int32"},
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]"},
    "name": {"type":"string"},
    "optional": {"n":4,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.Container": {
  "fields": {
    "args": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"},
    "command": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"},
    "env": {"list-map-keys":["name"],"list-type":"map","n":7,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated EnvVar","type":"io.k8s.api.core.v1.EnvVar[]"},
    "envFrom": {"list-type":"atomic","n":19,"proto":"repeated EnvFromSource","type":"io.k8s.api.core.v1.EnvFromSource[]"},
    "image": {"n":2,"proto":"string","type":"string"},
    "imagePullPolicy": {"n":14,"proto":"string","type":"string"},
    "lifecycle": {"n":12,"proto":"Lifecycle","type":"io.k8s.api.core.v1.Lifecycle"},
    "livenessProbe": {"n":10,"proto":"Probe","type":"io.k8s.api.core.v1.Probe"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "ports": {"list-map-keys":["containerPort","protocol"],"list-type":"map","n":6,"patch-merge-key":"containerPort","patch-strategy":"merge","proto":"repeated ContainerPort","type":"io.k8s.api.core.v1.ContainerPort[]"},
    "readinessProbe": {"n":11,"proto":"Probe","type":"io.k8s.api.core.v1.Probe"},
    "resizePolicy": {"list-type":"atomic","n":23,"proto":"repeated ContainerResizePolicy","type":"io.k8s.api.core.v1.ContainerResizePolicy[]"},
    "resources": {"n":8,"proto":"ResourceRequirements","type":"io.k8s.api.core.v1.ResourceRequirements"},
    "restartPolicy": {"n":24,"proto":"string","type":"string"},
    "securityContext": {"n":15,"proto":"SecurityContext","type":"io.k8s.api.core.v1.SecurityContext"},
    "startupProbe": {"n":22,"proto":"Probe","type":"io.k8s.api.core.v1.Probe"},
    "stdin": {"n":16,"proto":"bool","type":"boolean"},
    "stdinOnce": {"n":17,"proto":"bool","type":"boolean"},
    "terminationMessagePath": {"n":13,"proto":"string","type":"string"},
    "terminationMessagePolicy": {"n":20,"proto":"string","type":"string"},
    "tty": {"n":18,"proto":"bool","type":"boolean"},
    "volumeDevices": {"list-map-keys":["devicePath"],"list-type":"map","n":21,"patch-merge-key":"devicePath","patch-strategy":"merge","proto":"repeated VolumeDevice","type":"io.k8s.api.core.v1.VolumeDevice[]"},
    "volumeMounts": {"list-map-keys":["mountPath"],"list-type":"map","n":9,"patch-merge-key":"mountPath","patch-strategy":"merge","proto":"repeated VolumeMount","type":"io.k8s.api.core.v1.VolumeMount[]"},
    "workingDir": {"n":5,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ContainerImage": {
  "fields": {
    "names": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "sizeBytes": {"n":2,"proto":"int64","type":"integer:int64"}
  }
},
"io.k8s.api.core.v1.ContainerPort": {
  "fields": {
    "containerPort": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "hostIP": {"n":5,"proto":"string","type":"string"},
    "hostPort": {"n":2,"proto":"int32","type":"integer:int32"},
    "name": {"n":1,"proto":"string","type":"string"},
    "protocol": {"default":"TCP","n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ContainerResizePolicy": {
  "fields": {
    "resourceName": {"n":1,"proto":"string","required":true,"type":"string"},
    "restartPolicy": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ContainerState": {
  "fields": {
    "running": {"n":2,"proto":"ContainerStateRunning","type":"io.k8s.api.core.v1.ContainerStateRunning"},
    "terminated": {"n":3,"proto":"ContainerStateTerminated","type":"io.k8s.api.core.v1.ContainerStateTerminated"},
    "waiting": {"n":1,"proto":"ContainerStateWaiting","type":"io.k8s.api.core.v1.ContainerStateWaiting"}
  }
},
"io.k8s.api.core.v1.ContainerStateRunning": {
  "fields": {
    "startedAt": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"}
  }
},
"io.k8s.api.core.v1.ContainerStateTerminated": {
  "fields": {
    "containerID": {"n":7,"proto":"string","type":"string"},
    "exitCode": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "finishedAt": {"n":6,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":4,"proto":"string","type":"string"},
    "reason": {"n":3,"proto":"string","type":"string"},
    "signal": {"n":2,"proto":"int32","type":"integer:int32"},
    "startedAt": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"}
  }
},
"io.k8s.api.core.v1.ContainerStateWaiting": {
  "fields": {
    "message": {"n":2,"proto":"string","type":"string"},
    "reason": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ContainerStatus": {
  "fields": {
    "allocatedResources": {"n":10,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "allocatedResourcesStatus": {"list-map-keys":["name"],"list-type":"map","n":14,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated ResourceStatus","type":"io.k8s.api.core.v1.ResourceStatus[]"},
    "containerID": {"n":8,"proto":"string","type":"string"},
    "image": {"n":6,"proto":"string","required":true,"type":"string"},
    "imageID": {"n":7,"proto":"string","required":true,"type":"string"},
    "lastState": {"n":3,"proto":"ContainerState","type":"io.k8s.api.core.v1.ContainerState"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "ready": {"default":false,"n":4,"proto":"bool","required":true,"type":"boolean"},
    "resources": {"n":11,"proto":"ResourceRequirements","type":"io.k8s.api.core.v1.ResourceRequirements"},
    "restartCount": {"default":0,"n":5,"proto":"int32","required":true,"type":"integer:int32"},
    "started": {"n":9,"proto":"bool","type":"boolean"},
    "state": {"n":2,"proto":"ContainerState","type":"io.k8s.api.core.v1.ContainerState"},
    "user": {"n":13,"proto":"ContainerUser","type":"io.k8s.api.core.v1.ContainerUser"},
    "volumeMounts": {"list-map-keys":["mountPath"],"list-type":"map","n":12,"patch-merge-key":"mountPath","patch-strategy":"merge","proto":"repeated VolumeMountStatus","type":"io.k8s.api.core.v1.VolumeMountStatus[]"}
  }
},
"io.k8s.api.core.v1.ContainerUser": {
  "fields": {
    "linux": {"n":1,"proto":"LinuxContainerUser","type":"io.k8s.api.core.v1.LinuxContainerUser"}
  }
},
"io.k8s.api.core.v1.DaemonEndpoint": {
  "fields": {
    "Port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.core.v1.DownwardAPIProjection": {
  "fields": {
    "items": {"list-type":"atomic","n":1,"proto":"repeated DownwardAPIVolumeFile","type":"io.k8s.api.core.v1.DownwardAPIVolumeFile[]"}
  }
},
"io.k8s.api.core.v1.DownwardAPIVolumeFile": {
  "fields": {
    "fieldRef": {"n":2,"proto":"ObjectFieldSelector","type":"io.k8s.api.core.v1.ObjectFieldSelector"},
    "mode": {"n":4,"proto":"int32","type":"integer:int32"},
    "path": {"n":1,"proto":"string","required":true,"type":"string"},
    "resourceFieldRef": {"n":3,"proto":"ResourceFieldSelector","type":"io.k8s.api.core.v1.ResourceFieldSelector"}
  }
},
"io.k8s.api.core.v1.DownwardAPIVolumeSource": {
  "fields": {
    "defaultMode": {"n":2,"proto":"int32","type":"integer:int32"},
    "items": {"list-type":"atomic","n":1,"proto":"repeated DownwardAPIVolumeFile","type":"io.k8s.api.core.v1.DownwardAPIVolumeFile[]"}
  }
},
"io.k8s.api.core.v1.EmptyDirVolumeSource": {
  "fields": {
    "medium": {"n":1,"proto":"string","type":"string"},
    "sizeLimit": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"}
  }
},
"io.k8s.api.core.v1.EndpointAddress": {
  "map-type": "atomic",
  "fields": {
    "hostname": {"n":3,"proto":"string","type":"string"},
    "ip": {"n":1,"proto":"string","required":true,"type":"string"},
    "nodeName": {"n":4,"proto":"string","type":"string"},
    "targetRef": {"n":2,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"}
  }
},
"io.k8s.api.core.v1.EndpointPort": {
  "map-type": "atomic",
  "fields": {
    "appProtocol": {"n":4,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","type":"string"},
    "port": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32"},
    "protocol": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.EndpointSubset": {
  "fields": {
    "addresses": {"list-type":"atomic","n":1,"proto":"repeated EndpointAddress","type":"io.k8s.api.core.v1.EndpointAddress[]"},
    "notReadyAddresses": {"list-type":"atomic","n":2,"proto":"repeated EndpointAddress","type":"io.k8s.api.core.v1.EndpointAddress[]"},
    "ports": {"list-type":"atomic","n":3,"proto":"repeated EndpointPort","type":"io.k8s.api.core.v1.EndpointPort[]"}
  }
},
"io.k8s.api.core.v1.Endpoints": {
  "gvk": [{"group":"","kind":"Endpoints","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "subsets": {"list-type":"atomic","n":2,"proto":"repeated EndpointSubset","type":"io.k8s.api.core.v1.EndpointSubset[]"}
  }
},
"io.k8s.api.core.v1.EndpointsList": {
  "gvk": [{"group":"","kind":"EndpointsList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Endpoints","required":true,"type":"io.k8s.api.core.v1.Endpoints[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.EnvFromSource": {
  "fields": {
    "configMapRef": {"n":2,"proto":"ConfigMapEnvSource","type":"io.k8s.api.core.v1.ConfigMapEnvSource"},
    "prefix": {"n":1,"proto":"string","type":"string"},
    "secretRef": {"n":3,"proto":"SecretEnvSource","type":"io.k8s.api.core.v1.SecretEnvSource"}
  }
},
"io.k8s.api.core.v1.EnvVar": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "value": {"n":2,"proto":"string","type":"string"},
    "valueFrom": {"n":3,"proto":"EnvVarSource","type":"io.k8s.api.core.v1.EnvVarSource"}
  }
},
"io.k8s.api.core.v1.EnvVarSource": {
  "fields": {
    "configMapKeyRef": {"n":3,"proto":"ConfigMapKeySelector","type":"io.k8s.api.core.v1.ConfigMapKeySelector"},
    "fieldRef": {"n":1,"proto":"ObjectFieldSelector","type":"io.k8s.api.core.v1.ObjectFieldSelector"},
    "resourceFieldRef": {"n":2,"proto":"ResourceFieldSelector","type":"io.k8s.api.core.v1.ResourceFieldSelector"},
    "secretKeyRef": {"n":4,"proto":"SecretKeySelector","type":"io.k8s.api.core.v1.SecretKeySelector"}
  }
},
"io.k8s.api.core.v1.EphemeralContainer": {
  "protoOnly": {"ephemeralContainerCommon":{"n":1,"proto":"EphemeralContainerCommon"}},
  "fields": {
    "args": {"list-type":"atomic","type":"string[]"},
    "command": {"list-type":"atomic","type":"string[]"},
    "env": {"list-map-keys":["name"],"list-type":"map","patch-merge-key":"name","patch-strategy":"merge","type":"io.k8s.api.core.v1.EnvVar[]"},
    "envFrom": {"list-type":"atomic","type":"io.k8s.api.core.v1.EnvFromSource[]"},
    "image": {"type":"string"},
    "imagePullPolicy": {"type":"string"},
    "lifecycle": {"type":"io.k8s.api.core.v1.Lifecycle"},
    "livenessProbe": {"type":"io.k8s.api.core.v1.Probe"},
    "name": {"required":true,"type":"string"},
    "ports": {"list-map-keys":["containerPort","protocol"],"list-type":"map","patch-merge-key":"containerPort","patch-strategy":"merge","type":"io.k8s.api.core.v1.ContainerPort[]"},
    "readinessProbe": {"type":"io.k8s.api.core.v1.Probe"},
    "resizePolicy": {"list-type":"atomic","type":"io.k8s.api.core.v1.ContainerResizePolicy[]"},
    "resources": {"type":"io.k8s.api.core.v1.ResourceRequirements"},
    "restartPolicy": {"type":"string"},
    "securityContext": {"type":"io.k8s.api.core.v1.SecurityContext"},
    "startupProbe": {"type":"io.k8s.api.core.v1.Probe"},
    "stdin": {"type":"boolean"},
    "stdinOnce": {"type":"boolean"},
    "targetContainerName": {"n":2,"proto":"string","type":"string"},
    "terminationMessagePath": {"type":"string"},
    "terminationMessagePolicy": {"type":"string"},
    "tty": {"type":"boolean"},
    "volumeDevices": {"list-map-keys":["devicePath"],"list-type":"map","patch-merge-key":"devicePath","patch-strategy":"merge","type":"io.k8s.api.core.v1.VolumeDevice[]"},
    "volumeMounts": {"list-map-keys":["mountPath"],"list-type":"map","patch-merge-key":"mountPath","patch-strategy":"merge","type":"io.k8s.api.core.v1.VolumeMount[]"},
    "workingDir": {"type":"string"}
  }
},
"io.k8s.api.core.v1.EphemeralContainerCommon": {
  "noSchema": true,
  "fields": {
    "args": {"n":4,"proto":"repeated string"},
    "command": {"n":3,"proto":"repeated string"},
    "env": {"n":7,"proto":"repeated EnvVar"},
    "envFrom": {"n":19,"proto":"repeated EnvFromSource"},
    "image": {"n":2,"proto":"string"},
    "imagePullPolicy": {"n":14,"proto":"string"},
    "lifecycle": {"n":12,"proto":"Lifecycle"},
    "livenessProbe": {"n":10,"proto":"Probe"},
    "name": {"n":1,"proto":"string"},
    "ports": {"n":6,"proto":"repeated ContainerPort"},
    "readinessProbe": {"n":11,"proto":"Probe"},
    "resizePolicy": {"n":23,"proto":"repeated ContainerResizePolicy"},
    "resources": {"n":8,"proto":"ResourceRequirements"},
    "restartPolicy": {"n":24,"proto":"string"},
    "securityContext": {"n":15,"proto":"SecurityContext"},
    "startupProbe": {"n":22,"proto":"Probe"},
    "stdin": {"n":16,"proto":"bool"},
    "stdinOnce": {"n":17,"proto":"bool"},
    "terminationMessagePath": {"n":13,"proto":"string"},
    "terminationMessagePolicy": {"n":20,"proto":"string"},
    "tty": {"n":18,"proto":"bool"},
    "volumeDevices": {"n":21,"proto":"repeated VolumeDevice"},
    "volumeMounts": {"n":9,"proto":"repeated VolumeMount"},
    "workingDir": {"n":5,"proto":"string"}
  }
},
"io.k8s.api.core.v1.EphemeralVolumeSource": {
  "fields": {
    "volumeClaimTemplate": {"n":1,"proto":"PersistentVolumeClaimTemplate","type":"io.k8s.api.core.v1.PersistentVolumeClaimTemplate"}
  }
},
"io.k8s.api.core.v1.Event": {
  "gvk": [{"group":"","kind":"Event","version":"v1"}],
  "fields": {
    "action": {"n":12,"proto":"string","type":"string"},
    "apiVersion": {"type":"string"},
    "count": {"n":8,"proto":"int32","type":"integer:int32"},
    "eventTime": {"n":10,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"},
    "firstTimestamp": {"n":6,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "involvedObject": {"n":2,"proto":"ObjectReference","required":true,"type":"io.k8s.api.core.v1.ObjectReference"},
    "kind": {"type":"string"},
    "lastTimestamp": {"n":7,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":4,"proto":"string","type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "reason": {"n":3,"proto":"string","type":"string"},
    "related": {"n":13,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"},
    "reportingComponent": {"n":14,"proto":"string","type":"string"},
    "reportingInstance": {"n":15,"proto":"string","type":"string"},
    "series": {"n":11,"proto":"EventSeries","type":"io.k8s.api.core.v1.EventSeries"},
    "source": {"n":5,"proto":"EventSource","type":"io.k8s.api.core.v1.EventSource"},
    "type": {"n":9,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.EventList": {
  "gvk": [{"group":"","kind":"EventList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Event","required":true,"type":"io.k8s.api.core.v1.Event[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.EventSeries": {
  "fields": {
    "count": {"n":1,"proto":"int32","type":"integer:int32"},
    "lastObservedTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"}
  }
},
"io.k8s.api.core.v1.EventSource": {
  "fields": {
    "component": {"n":1,"proto":"string","type":"string"},
    "host": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ExecAction": {
  "fields": {
    "command": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.FCVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string"},
    "lun": {"n":2,"proto":"int32","type":"integer:int32"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"},
    "targetWWNs": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "wwids": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.FlexPersistentVolumeSource": {
  "fields": {
    "driver": {"n":1,"proto":"string","required":true,"type":"string"},
    "fsType": {"n":2,"proto":"string","type":"string"},
    "options": {"n":5,"proto":"map<string, string>","type":"map<string>"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"},
    "secretRef": {"n":3,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"}
  }
},
"io.k8s.api.core.v1.FlexVolumeSource": {
  "fields": {
    "driver": {"n":1,"proto":"string","required":true,"type":"string"},
    "fsType": {"n":2,"proto":"string","type":"string"},
    "options": {"n":5,"proto":"map<string, string>","type":"map<string>"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"},
    "secretRef": {"n":3,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"}
  }
},
"io.k8s.api.core.v1.FlockerVolumeSource": {
  "fields": {
    "datasetName": {"n":1,"proto":"string","type":"string"},
    "datasetUUID": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.GCEPersistentDiskVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "partition": {"n":3,"proto":"int32","type":"integer:int32"},
    "pdName": {"n":1,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.GRPCAction": {
  "fields": {
    "port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "service": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.GitRepoVolumeSource": {
  "fields": {
    "directory": {"n":3,"proto":"string","type":"string"},
    "repository": {"n":1,"proto":"string","required":true,"type":"string"},
    "revision": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.GlusterfsPersistentVolumeSource": {
  "fields": {
    "endpoints": {"n":1,"proto":"string","required":true,"type":"string"},
    "endpointsNamespace": {"n":4,"proto":"string","type":"string"},
    "path": {"n":2,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.GlusterfsVolumeSource": {
  "fields": {
    "endpoints": {"n":1,"proto":"string","required":true,"type":"string"},
    "path": {"n":2,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.HTTPGetAction": {
  "fields": {
    "host": {"n":3,"proto":"string","type":"string"},
    "httpHeaders": {"list-type":"atomic","n":5,"proto":"repeated HTTPHeader","type":"io.k8s.api.core.v1.HTTPHeader[]"},
    "path": {"n":1,"proto":"string","type":"string"},
    "port": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","required":true,"type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "scheme": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.HTTPHeader": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "value": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.HostAlias": {
  "fields": {
    "hostnames": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "ip": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.HostIP": {
  "fields": {
    "ip": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.HostPathVolumeSource": {
  "fields": {
    "path": {"n":1,"proto":"string","required":true,"type":"string"},
    "type": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ISCSIPersistentVolumeSource": {
  "fields": {
    "chapAuthDiscovery": {"n":8,"proto":"bool","type":"boolean"},
    "chapAuthSession": {"n":11,"proto":"bool","type":"boolean"},
    "fsType": {"n":5,"proto":"string","type":"string"},
    "initiatorName": {"n":12,"proto":"string","type":"string"},
    "iqn": {"n":2,"proto":"string","required":true,"type":"string"},
    "iscsiInterface": {"default":"default","n":4,"proto":"string","type":"string"},
    "lun": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "portals": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean"},
    "secretRef": {"n":10,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "targetPortal": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ISCSIVolumeSource": {
  "fields": {
    "chapAuthDiscovery": {"n":8,"proto":"bool","type":"boolean"},
    "chapAuthSession": {"n":11,"proto":"bool","type":"boolean"},
    "fsType": {"n":5,"proto":"string","type":"string"},
    "initiatorName": {"n":12,"proto":"string","type":"string"},
    "iqn": {"n":2,"proto":"string","required":true,"type":"string"},
    "iscsiInterface": {"default":"default","n":4,"proto":"string","type":"string"},
    "lun": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "portals": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean"},
    "secretRef": {"n":10,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"},
    "targetPortal": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ImageVolumeSource": {
  "fields": {
    "pullPolicy": {"n":2,"proto":"string","type":"string"},
    "reference": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.KeyToPath": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "mode": {"n":3,"proto":"int32","type":"integer:int32"},
    "path": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Lifecycle": {
  "fields": {
    "postStart": {"n":1,"proto":"LifecycleHandler","type":"io.k8s.api.core.v1.LifecycleHandler"},
    "preStop": {"n":2,"proto":"LifecycleHandler","type":"io.k8s.api.core.v1.LifecycleHandler"}
  }
},
"io.k8s.api.core.v1.LifecycleHandler": {
  "fields": {
    "exec": {"n":1,"proto":"ExecAction","type":"io.k8s.api.core.v1.ExecAction"},
    "httpGet": {"n":2,"proto":"HTTPGetAction","type":"io.k8s.api.core.v1.HTTPGetAction"},
    "sleep": {"n":4,"proto":"SleepAction","type":"io.k8s.api.core.v1.SleepAction"},
    "tcpSocket": {"n":3,"proto":"TCPSocketAction","type":"io.k8s.api.core.v1.TCPSocketAction"}
  }
},
"io.k8s.api.core.v1.LimitRange": {
  "gvk": [{"group":"","kind":"LimitRange","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"LimitRangeSpec","type":"io.k8s.api.core.v1.LimitRangeSpec"}
  }
},
"io.k8s.api.core.v1.LimitRangeItem": {
  "fields": {
    "default": {"n":4,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "defaultRequest": {"n":5,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "max": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "maxLimitRequestRatio": {"n":6,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "min": {"n":3,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.LimitRangeList": {
  "gvk": [{"group":"","kind":"LimitRangeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated LimitRange","required":true,"type":"io.k8s.api.core.v1.LimitRange[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.LimitRangeSpec": {
  "fields": {
    "limits": {"list-type":"atomic","n":1,"proto":"repeated LimitRangeItem","required":true,"type":"io.k8s.api.core.v1.LimitRangeItem[]"}
  }
},
"io.k8s.api.core.v1.LinuxContainerUser": {
  "fields": {
    "gid": {"default":0,"n":2,"proto":"int64","required":true,"type":"integer:int64"},
    "supplementalGroups": {"list-type":"atomic","n":3,"proto":"repeated int64","type":"integer:int64[]"},
    "uid": {"default":0,"n":1,"proto":"int64","required":true,"type":"integer:int64"}
  }
},
"io.k8s.api.core.v1.List": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.LoadBalancerIngress": {
  "fields": {
    "hostname": {"n":2,"proto":"string","type":"string"},
    "ip": {"n":1,"proto":"string","type":"string"},
    "ipMode": {"n":3,"proto":"string","type":"string"},
    "ports": {"list-type":"atomic","n":4,"proto":"repeated PortStatus","type":"io.k8s.api.core.v1.PortStatus[]"}
  }
},
"io.k8s.api.core.v1.LoadBalancerStatus": {
  "fields": {
    "ingress": {"list-type":"atomic","n":1,"proto":"repeated LoadBalancerIngress","type":"io.k8s.api.core.v1.LoadBalancerIngress[]"}
  }
},
"io.k8s.api.core.v1.LocalObjectReference": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.LocalVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "path": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ModifyVolumeStatus": {
  "fields": {
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "targetVolumeAttributesClassName": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.NFSVolumeSource": {
  "fields": {
    "path": {"n":2,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "server": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Namespace": {
  "gvk": [{"group":"","kind":"Namespace","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"NamespaceSpec","type":"io.k8s.api.core.v1.NamespaceSpec"},
    "status": {"n":3,"proto":"NamespaceStatus","type":"io.k8s.api.core.v1.NamespaceStatus"}
  }
},
"io.k8s.api.core.v1.NamespaceCondition": {
  "fields": {
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":6,"proto":"string","type":"string"},
    "reason": {"n":5,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.NamespaceList": {
  "gvk": [{"group":"","kind":"NamespaceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Namespace","required":true,"type":"io.k8s.api.core.v1.Namespace[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.NamespaceSpec": {
  "fields": {
    "finalizers": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.NamespaceStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated NamespaceCondition","type":"io.k8s.api.core.v1.NamespaceCondition[]"},
    "phase": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.Node": {
  "gvk": [{"group":"","kind":"Node","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"NodeSpec","type":"io.k8s.api.core.v1.NodeSpec"},
    "status": {"n":3,"proto":"NodeStatus","type":"io.k8s.api.core.v1.NodeStatus"}
  }
},
"io.k8s.api.core.v1.NodeAddress": {
  "fields": {
    "address": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.NodeAffinity": {
  "fields": {
    "preferredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":2,"proto":"repeated PreferredSchedulingTerm","type":"io.k8s.api.core.v1.PreferredSchedulingTerm[]"},
    "requiredDuringSchedulingIgnoredDuringExecution": {"n":1,"proto":"NodeSelector","type":"io.k8s.api.core.v1.NodeSelector"}
  }
},
"io.k8s.api.core.v1.NodeCondition": {
  "fields": {
    "lastHeartbeatTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":6,"proto":"string","type":"string"},
    "reason": {"n":5,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.NodeConfigSource": {
  "fields": {
    "configMap": {"n":2,"proto":"ConfigMapNodeConfigSource","type":"io.k8s.api.core.v1.ConfigMapNodeConfigSource"}
  }
},
"io.k8s.api.core.v1.NodeConfigStatus": {
  "fields": {
    "active": {"n":2,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource"},
    "assigned": {"n":1,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource"},
    "error": {"n":4,"proto":"string","type":"string"},
    "lastKnownGood": {"n":3,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource"}
  }
},
"io.k8s.api.core.v1.NodeDaemonEndpoints": {
  "fields": {
    "kubeletEndpoint": {"n":1,"proto":"DaemonEndpoint","type":"io.k8s.api.core.v1.DaemonEndpoint"}
  }
},
"io.k8s.api.core.v1.NodeFeatures": {
  "fields": {
    "supplementalGroupsPolicy": {"n":1,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.NodeList": {
  "gvk": [{"group":"","kind":"NodeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Node","required":true,"type":"io.k8s.api.core.v1.Node[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.NodeProxyOptions": {
  "noSchema": true,
  "fields": {
    "path": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.core.v1.NodeRuntimeHandler": {
  "fields": {
    "features": {"n":2,"proto":"NodeRuntimeHandlerFeatures","type":"io.k8s.api.core.v1.NodeRuntimeHandlerFeatures"},
    "name": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.NodeRuntimeHandlerFeatures": {
  "fields": {
    "recursiveReadOnlyMounts": {"n":1,"proto":"bool","type":"boolean"},
    "userNamespaces": {"n":2,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.NodeSelector": {
  "map-type": "atomic",
  "fields": {
    "nodeSelectorTerms": {"list-type":"atomic","n":1,"proto":"repeated NodeSelectorTerm","required":true,"type":"io.k8s.api.core.v1.NodeSelectorTerm[]"}
  }
},
"io.k8s.api.core.v1.NodeSelectorRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.NodeSelectorTerm": {
  "map-type": "atomic",
  "fields": {
    "matchExpressions": {"list-type":"atomic","n":1,"proto":"repeated NodeSelectorRequirement","type":"io.k8s.api.core.v1.NodeSelectorRequirement[]"},
    "matchFields": {"list-type":"atomic","n":2,"proto":"repeated NodeSelectorRequirement","type":"io.k8s.api.core.v1.NodeSelectorRequirement[]"}
  }
},
"io.k8s.api.core.v1.NodeSpec": {
  "fields": {
    "configSource": {"n":6,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource"},
    "externalID": {"n":2,"proto":"string","type":"string"},
    "podCIDR": {"n":1,"proto":"string","type":"string"},
    "podCIDRs": {"list-type":"set","n":7,"patch-strategy":"merge","proto":"repeated string","type":"string[]"},
    "providerID": {"n":3,"proto":"string","type":"string"},
    "taints": {"list-type":"atomic","n":5,"proto":"repeated Taint","type":"io.k8s.api.core.v1.Taint[]"},
    "unschedulable": {"n":4,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.NodeStatus": {
  "fields": {
    "addresses": {"list-map-keys":["type"],"list-type":"map","n":5,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated NodeAddress","type":"io.k8s.api.core.v1.NodeAddress[]"},
    "allocatable": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "capacity": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":4,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated NodeCondition","type":"io.k8s.api.core.v1.NodeCondition[]"},
    "config": {"n":11,"proto":"NodeConfigStatus","type":"io.k8s.api.core.v1.NodeConfigStatus"},
    "daemonEndpoints": {"n":6,"proto":"NodeDaemonEndpoints","type":"io.k8s.api.core.v1.NodeDaemonEndpoints"},
    "features": {"n":13,"proto":"NodeFeatures","type":"io.k8s.api.core.v1.NodeFeatures"},
    "images": {"list-type":"atomic","n":8,"proto":"repeated ContainerImage","type":"io.k8s.api.core.v1.ContainerImage[]"},
    "nodeInfo": {"n":7,"proto":"NodeSystemInfo","type":"io.k8s.api.core.v1.NodeSystemInfo"},
    "phase": {"n":3,"proto":"string","type":"string"},
    "runtimeHandlers": {"list-type":"atomic","n":12,"proto":"repeated NodeRuntimeHandler","type":"io.k8s.api.core.v1.NodeRuntimeHandler[]"},
    "volumesAttached": {"list-type":"atomic","n":10,"proto":"repeated AttachedVolume","type":"io.k8s.api.core.v1.AttachedVolume[]"},
    "volumesInUse": {"list-type":"atomic","n":9,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.NodeSystemInfo": {
  "fields": {
    "architecture": {"n":10,"proto":"string","required":true,"type":"string"},
    "bootID": {"n":3,"proto":"string","required":true,"type":"string"},
    "containerRuntimeVersion": {"n":6,"proto":"string","required":true,"type":"string"},
    "kernelVersion": {"n":4,"proto":"string","required":true,"type":"string"},
    "kubeProxyVersion": {"n":8,"proto":"string","required":true,"type":"string"},
    "kubeletVersion": {"n":7,"proto":"string","required":true,"type":"string"},
    "machineID": {"n":1,"proto":"string","required":true,"type":"string"},
    "operatingSystem": {"n":9,"proto":"string","required":true,"type":"string"},
    "osImage": {"n":5,"proto":"string","required":true,"type":"string"},
    "systemUUID": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ObjectFieldSelector": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":1,"proto":"string","type":"string"},
    "fieldPath": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ObjectReference": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":5,"proto":"string","type":"string"},
    "fieldPath": {"n":7,"proto":"string","type":"string"},
    "kind": {"n":1,"proto":"string","type":"string"},
    "name": {"n":3,"proto":"string","type":"string"},
    "namespace": {"n":2,"proto":"string","type":"string"},
    "resourceVersion": {"n":6,"proto":"string","type":"string"},
    "uid": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PersistentVolume": {
  "gvk": [{"group":"","kind":"PersistentVolume","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PersistentVolumeSpec","type":"io.k8s.api.core.v1.PersistentVolumeSpec"},
    "status": {"n":3,"proto":"PersistentVolumeStatus","type":"io.k8s.api.core.v1.PersistentVolumeStatus"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaim": {
  "gvk": [{"group":"","kind":"PersistentVolumeClaim","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PersistentVolumeClaimSpec","type":"io.k8s.api.core.v1.PersistentVolumeClaimSpec"},
    "status": {"n":3,"proto":"PersistentVolumeClaimStatus","type":"io.k8s.api.core.v1.PersistentVolumeClaimStatus"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimCondition": {
  "fields": {
    "lastProbeTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":6,"proto":"string","type":"string"},
    "reason": {"n":5,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimList": {
  "gvk": [{"group":"","kind":"PersistentVolumeClaimList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PersistentVolumeClaim","required":true,"type":"io.k8s.api.core.v1.PersistentVolumeClaim[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimSpec": {
  "fields": {
    "accessModes": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "dataSource": {"n":7,"proto":"TypedLocalObjectReference","type":"io.k8s.api.core.v1.TypedLocalObjectReference"},
    "dataSourceRef": {"n":8,"proto":"TypedObjectReference","type":"io.k8s.api.core.v1.TypedObjectReference"},
    "resources": {"n":2,"proto":"VolumeResourceRequirements","type":"io.k8s.api.core.v1.VolumeResourceRequirements"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "storageClassName": {"n":5,"proto":"string","type":"string"},
    "volumeAttributesClassName": {"n":9,"proto":"string","type":"string"},
    "volumeMode": {"n":6,"proto":"string","type":"string"},
    "volumeName": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimStatus": {
  "fields": {
    "accessModes": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "allocatedResourceStatuses": {"map-type":"granular","n":7,"proto":"map<string, string>","type":"map<string>"},
    "allocatedResources": {"n":5,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "capacity": {"n":3,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":4,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated PersistentVolumeClaimCondition","type":"io.k8s.api.core.v1.PersistentVolumeClaimCondition[]"},
    "currentVolumeAttributesClassName": {"n":8,"proto":"string","type":"string"},
    "modifyVolumeStatus": {"n":9,"proto":"ModifyVolumeStatus","type":"io.k8s.api.core.v1.ModifyVolumeStatus"},
    "phase": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimTemplate": {
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PersistentVolumeClaimSpec","required":true,"type":"io.k8s.api.core.v1.PersistentVolumeClaimSpec"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource": {
  "fields": {
    "claimName": {"n":1,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":2,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeList": {
  "gvk": [{"group":"","kind":"PersistentVolumeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PersistentVolume","required":true,"type":"io.k8s.api.core.v1.PersistentVolume[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeSource": {
  "noSchema": true,
  "fields": {
    "awsElasticBlockStore": {"n":2,"proto":"AWSElasticBlockStoreVolumeSource"},
    "azureDisk": {"n":16,"proto":"AzureDiskVolumeSource"},
    "azureFile": {"n":13,"proto":"AzureFilePersistentVolumeSource"},
    "cephfs": {"n":9,"proto":"CephFSPersistentVolumeSource"},
    "cinder": {"n":8,"proto":"CinderPersistentVolumeSource"},
    "csi": {"n":22,"proto":"CSIPersistentVolumeSource"},
    "fc": {"n":10,"proto":"FCVolumeSource"},
    "flexVolume": {"n":12,"proto":"FlexPersistentVolumeSource"},
    "flocker": {"n":11,"proto":"FlockerVolumeSource"},
    "gcePersistentDisk": {"n":1,"proto":"GCEPersistentDiskVolumeSource"},
    "glusterfs": {"n":4,"proto":"GlusterfsPersistentVolumeSource"},
    "hostPath": {"n":3,"proto":"HostPathVolumeSource"},
    "iscsi": {"n":7,"proto":"ISCSIPersistentVolumeSource"},
    "local": {"n":20,"proto":"LocalVolumeSource"},
    "nfs": {"n":5,"proto":"NFSVolumeSource"},
    "photonPersistentDisk": {"n":17,"proto":"PhotonPersistentDiskVolumeSource"},
    "portworxVolume": {"n":18,"proto":"PortworxVolumeSource"},
    "quobyte": {"n":15,"proto":"QuobyteVolumeSource"},
    "rbd": {"n":6,"proto":"RBDPersistentVolumeSource"},
    "scaleIO": {"n":19,"proto":"ScaleIOPersistentVolumeSource"},
    "storageos": {"n":21,"proto":"StorageOSPersistentVolumeSource"},
    "vsphereVolume": {"n":14,"proto":"VsphereVirtualDiskVolumeSource"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeSpec": {
  "protoOnly": {"persistentVolumeSource":{"n":2,"proto":"PersistentVolumeSource"}},
  "fields": {
    "accessModes": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"},
    "awsElasticBlockStore": {"type":"io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource"},
    "azureDisk": {"type":"io.k8s.api.core.v1.AzureDiskVolumeSource"},
    "azureFile": {"type":"io.k8s.api.core.v1.AzureFilePersistentVolumeSource"},
    "capacity": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "cephfs": {"type":"io.k8s.api.core.v1.CephFSPersistentVolumeSource"},
    "cinder": {"type":"io.k8s.api.core.v1.CinderPersistentVolumeSource"},
    "claimRef": {"map-type":"granular","n":4,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"},
    "csi": {"type":"io.k8s.api.core.v1.CSIPersistentVolumeSource"},
    "fc": {"type":"io.k8s.api.core.v1.FCVolumeSource"},
    "flexVolume": {"type":"io.k8s.api.core.v1.FlexPersistentVolumeSource"},
    "flocker": {"type":"io.k8s.api.core.v1.FlockerVolumeSource"},
    "gcePersistentDisk": {"type":"io.k8s.api.core.v1.GCEPersistentDiskVolumeSource"},
    "glusterfs": {"type":"io.k8s.api.core.v1.GlusterfsPersistentVolumeSource"},
    "hostPath": {"type":"io.k8s.api.core.v1.HostPathVolumeSource"},
    "iscsi": {"type":"io.k8s.api.core.v1.ISCSIPersistentVolumeSource"},
    "local": {"type":"io.k8s.api.core.v1.LocalVolumeSource"},
    "mountOptions": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]"},
    "nfs": {"type":"io.k8s.api.core.v1.NFSVolumeSource"},
    "nodeAffinity": {"n":9,"proto":"VolumeNodeAffinity","type":"io.k8s.api.core.v1.VolumeNodeAffinity"},
    "persistentVolumeReclaimPolicy": {"n":5,"proto":"string","type":"string"},
    "photonPersistentDisk": {"type":"io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource"},
    "portworxVolume": {"type":"io.k8s.api.core.v1.PortworxVolumeSource"},
    "quobyte": {"type":"io.k8s.api.core.v1.QuobyteVolumeSource"},
    "rbd": {"type":"io.k8s.api.core.v1.RBDPersistentVolumeSource"},
    "scaleIO": {"type":"io.k8s.api.core.v1.ScaleIOPersistentVolumeSource"},
    "storageClassName": {"n":6,"proto":"string","type":"string"},
    "storageos": {"type":"io.k8s.api.core.v1.StorageOSPersistentVolumeSource"},
    "volumeAttributesClassName": {"n":10,"proto":"string","type":"string"},
    "volumeMode": {"n":8,"proto":"string","type":"string"},
    "vsphereVolume": {"type":"io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeStatus": {
  "fields": {
    "lastPhaseTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":2,"proto":"string","type":"string"},
    "phase": {"n":1,"proto":"string","type":"string"},
    "reason": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "pdID": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Pod": {
  "gvk": [{"group":"","kind":"Pod","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PodSpec","type":"io.k8s.api.core.v1.PodSpec"},
    "status": {"n":3,"proto":"PodStatus","type":"io.k8s.api.core.v1.PodStatus"}
  }
},
"io.k8s.api.core.v1.PodAffinity": {
  "fields": {
    "preferredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":2,"proto":"repeated WeightedPodAffinityTerm","type":"io.k8s.api.core.v1.WeightedPodAffinityTerm[]"},
    "requiredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":1,"proto":"repeated PodAffinityTerm","type":"io.k8s.api.core.v1.PodAffinityTerm[]"}
  }
},
"io.k8s.api.core.v1.PodAffinityTerm": {
  "fields": {
    "labelSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "matchLabelKeys": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "mismatchLabelKeys": {"list-type":"atomic","n":6,"proto":"repeated string","type":"string[]"},
    "namespaceSelector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "namespaces": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "topologyKey": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PodAntiAffinity": {
  "fields": {
    "preferredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":2,"proto":"repeated WeightedPodAffinityTerm","type":"io.k8s.api.core.v1.WeightedPodAffinityTerm[]"},
    "requiredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":1,"proto":"repeated PodAffinityTerm","type":"io.k8s.api.core.v1.PodAffinityTerm[]"}
  }
},
"io.k8s.api.core.v1.PodAttachOptions": {
  "noSchema": true,
  "fields": {
    "container": {"n":5,"proto":"string"},
    "stderr": {"n":3,"proto":"bool"},
    "stdin": {"n":1,"proto":"bool"},
    "stdout": {"n":2,"proto":"bool"},
    "tty": {"n":4,"proto":"bool"}
  }
},
"io.k8s.api.core.v1.PodCondition": {
  "fields": {
    "lastProbeTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":6,"proto":"string","type":"string"},
    "reason": {"n":5,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PodDNSConfig": {
  "fields": {
    "nameservers": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "options": {"list-type":"atomic","n":3,"proto":"repeated PodDNSConfigOption","type":"io.k8s.api.core.v1.PodDNSConfigOption[]"},
    "searches": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.PodDNSConfigOption": {
  "fields": {
    "name": {"n":1,"proto":"string","type":"string"},
    "value": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PodExecOptions": {
  "noSchema": true,
  "fields": {
    "command": {"n":6,"proto":"repeated string"},
    "container": {"n":5,"proto":"string"},
    "stderr": {"n":3,"proto":"bool"},
    "stdin": {"n":1,"proto":"bool"},
    "stdout": {"n":2,"proto":"bool"},
    "tty": {"n":4,"proto":"bool"}
  }
},
"io.k8s.api.core.v1.PodIP": {
  "fields": {
    "ip": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PodList": {
  "gvk": [{"group":"","kind":"PodList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Pod","required":true,"type":"io.k8s.api.core.v1.Pod[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.PodLogOptions": {
  "noSchema": true,
  "fields": {
    "container": {"n":1,"proto":"string"},
    "follow": {"n":2,"proto":"bool"},
    "insecureSkipTLSVerifyBackend": {"n":9,"proto":"bool"},
    "limitBytes": {"n":8,"proto":"int64"},
    "previous": {"n":3,"proto":"bool"},
    "sinceSeconds": {"n":4,"proto":"int64"},
    "sinceTime": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time"},
    "stream": {"n":10,"proto":"string"},
    "tailLines": {"n":7,"proto":"int64"},
    "timestamps": {"n":6,"proto":"bool"}
  }
},
"io.k8s.api.core.v1.PodOS": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PodPortForwardOptions": {
  "noSchema": true,
  "fields": {
    "ports": {"n":1,"proto":"repeated int32"}
  }
},
"io.k8s.api.core.v1.PodProxyOptions": {
  "noSchema": true,
  "fields": {
    "path": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.core.v1.PodReadinessGate": {
  "fields": {
    "conditionType": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PodResourceClaim": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "resourceClaimName": {"n":3,"proto":"string","type":"string"},
    "resourceClaimTemplateName": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PodResourceClaimStatus": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "resourceClaimName": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.PodSchedulingGate": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PodSecurityContext": {
  "fields": {
    "appArmorProfile": {"n":11,"proto":"AppArmorProfile","type":"io.k8s.api.core.v1.AppArmorProfile"},
    "fsGroup": {"n":5,"proto":"int64","type":"integer:int64"},
    "fsGroupChangePolicy": {"n":9,"proto":"string","type":"string"},
    "runAsGroup": {"n":6,"proto":"int64","type":"integer:int64"},
    "runAsNonRoot": {"n":3,"proto":"bool","type":"boolean"},
    "runAsUser": {"n":2,"proto":"int64","type":"integer:int64"},
    "seLinuxChangePolicy": {"n":13,"proto":"string","type":"string"},
    "seLinuxOptions": {"n":1,"proto":"SELinuxOptions","type":"io.k8s.api.core.v1.SELinuxOptions"},
    "seccompProfile": {"n":10,"proto":"SeccompProfile","type":"io.k8s.api.core.v1.SeccompProfile"},
    "supplementalGroups": {"list-type":"atomic","n":4,"proto":"repeated int64","type":"integer:int64[]"},
    "supplementalGroupsPolicy": {"n":12,"proto":"string","type":"string"},
    "sysctls": {"list-type":"atomic","n":7,"proto":"repeated Sysctl","type":"io.k8s.api.core.v1.Sysctl[]"},
    "windowsOptions": {"n":8,"proto":"WindowsSecurityContextOptions","type":"io.k8s.api.core.v1.WindowsSecurityContextOptions"}
  }
},
"io.k8s.api.core.v1.PodSignature": {
  "noSchema": true,
  "fields": {
    "podController": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference"}
  }
},
"io.k8s.api.core.v1.PodSpec": {
  "fields": {
    "activeDeadlineSeconds": {"n":5,"proto":"int64","type":"integer:int64"},
    "affinity": {"n":18,"proto":"Affinity","type":"io.k8s.api.core.v1.Affinity"},
    "automountServiceAccountToken": {"n":21,"proto":"bool","type":"boolean"},
    "containers": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated Container","required":true,"type":"io.k8s.api.core.v1.Container[]"},
    "dnsConfig": {"n":26,"proto":"PodDNSConfig","type":"io.k8s.api.core.v1.PodDNSConfig"},
    "dnsPolicy": {"n":6,"proto":"string","type":"string"},
    "enableServiceLinks": {"n":30,"proto":"bool","type":"boolean"},
    "ephemeralContainers": {"list-map-keys":["name"],"list-type":"map","n":34,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated EphemeralContainer","type":"io.k8s.api.core.v1.EphemeralContainer[]"},
    "hostAliases": {"list-map-keys":["ip"],"list-type":"map","n":23,"patch-merge-key":"ip","patch-strategy":"merge","proto":"repeated HostAlias","type":"io.k8s.api.core.v1.HostAlias[]"},
    "hostIPC": {"n":13,"proto":"bool","type":"boolean"},
    "hostNetwork": {"n":11,"proto":"bool","type":"boolean"},
    "hostPID": {"n":12,"proto":"bool","type":"boolean"},
    "hostUsers": {"n":37,"proto":"bool","type":"boolean"},
    "hostname": {"n":16,"proto":"string","type":"string"},
    "imagePullSecrets": {"list-map-keys":["name"],"list-type":"map","n":15,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference[]"},
    "initContainers": {"list-map-keys":["name"],"list-type":"map","n":20,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated Container","type":"io.k8s.api.core.v1.Container[]"},
    "nodeName": {"n":10,"proto":"string","type":"string"},
    "nodeSelector": {"map-type":"atomic","n":7,"proto":"map<string, string>","type":"map<string>"},
    "os": {"n":36,"proto":"PodOS","type":"io.k8s.api.core.v1.PodOS"},
    "overhead": {"n":32,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "preemptionPolicy": {"n":31,"proto":"string","type":"string"},
    "priority": {"n":25,"proto":"int32","type":"integer:int32"},
    "priorityClassName": {"n":24,"proto":"string","type":"string"},
    "readinessGates": {"list-type":"atomic","n":28,"proto":"repeated PodReadinessGate","type":"io.k8s.api.core.v1.PodReadinessGate[]"},
    "resourceClaims": {"list-map-keys":["name"],"list-type":"map","n":39,"patch-merge-key":"name","patch-strategy":"merge,retainKeys","proto":"repeated PodResourceClaim","type":"io.k8s.api.core.v1.PodResourceClaim[]"},
    "resources": {"n":40,"proto":"ResourceRequirements","type":"io.k8s.api.core.v1.ResourceRequirements"},
    "restartPolicy": {"n":3,"proto":"string","type":"string"},
    "runtimeClassName": {"n":29,"proto":"string","type":"string"},
    "schedulerName": {"n":19,"proto":"string","type":"string"},
    "schedulingGates": {"list-map-keys":["name"],"list-type":"map","n":38,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated PodSchedulingGate","type":"io.k8s.api.core.v1.PodSchedulingGate[]"},
    "securityContext": {"n":14,"proto":"PodSecurityContext","type":"io.k8s.api.core.v1.PodSecurityContext"},
    "serviceAccount": {"n":9,"proto":"string","type":"string"},
    "serviceAccountName": {"n":8,"proto":"string","type":"string"},
    "setHostnameAsFQDN": {"n":35,"proto":"bool","type":"boolean"},
    "shareProcessNamespace": {"n":27,"proto":"bool","type":"boolean"},
    "subdomain": {"n":17,"proto":"string","type":"string"},
    "terminationGracePeriodSeconds": {"n":4,"proto":"int64","type":"integer:int64"},
    "tolerations": {"list-type":"atomic","n":22,"proto":"repeated Toleration","type":"io.k8s.api.core.v1.Toleration[]"},
    "topologySpreadConstraints": {"list-map-keys":["topologyKey","whenUnsatisfiable"],"list-type":"map","n":33,"patch-merge-key":"topologyKey","patch-strategy":"merge","proto":"repeated TopologySpreadConstraint","type":"io.k8s.api.core.v1.TopologySpreadConstraint[]"},
    "volumes": {"list-map-keys":["name"],"list-type":"map","n":1,"patch-merge-key":"name","patch-strategy":"merge,retainKeys","proto":"repeated Volume","type":"io.k8s.api.core.v1.Volume[]"}
  }
},
"io.k8s.api.core.v1.PodStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated PodCondition","type":"io.k8s.api.core.v1.PodCondition[]"},
    "containerStatuses": {"list-type":"atomic","n":8,"proto":"repeated ContainerStatus","type":"io.k8s.api.core.v1.ContainerStatus[]"},
    "ephemeralContainerStatuses": {"list-type":"atomic","n":13,"proto":"repeated ContainerStatus","type":"io.k8s.api.core.v1.ContainerStatus[]"},
    "hostIP": {"n":5,"proto":"string","type":"string"},
    "hostIPs": {"list-type":"atomic","n":16,"patch-merge-key":"ip","patch-strategy":"merge","proto":"repeated HostIP","type":"io.k8s.api.core.v1.HostIP[]"},
    "initContainerStatuses": {"list-type":"atomic","n":10,"proto":"repeated ContainerStatus","type":"io.k8s.api.core.v1.ContainerStatus[]"},
    "message": {"n":3,"proto":"string","type":"string"},
    "nominatedNodeName": {"n":11,"proto":"string","type":"string"},
    "phase": {"n":1,"proto":"string","type":"string"},
    "podIP": {"n":6,"proto":"string","type":"string"},
    "podIPs": {"list-map-keys":["ip"],"list-type":"map","n":12,"patch-merge-key":"ip","patch-strategy":"merge","proto":"repeated PodIP","type":"io.k8s.api.core.v1.PodIP[]"},
    "qosClass": {"n":9,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "resize": {"n":14,"proto":"string","type":"string"},
    "resourceClaimStatuses": {"list-map-keys":["name"],"list-type":"map","n":15,"patch-merge-key":"name","patch-strategy":"merge,retainKeys","proto":"repeated PodResourceClaimStatus","type":"io.k8s.api.core.v1.PodResourceClaimStatus[]"},
    "startTime": {"n":7,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"}
  }
},
"io.k8s.api.core.v1.PodStatusResult": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "status": {"n":2,"proto":"PodStatus"}
  }
},
"io.k8s.api.core.v1.PodTemplate": {
  "gvk": [{"group":"","kind":"PodTemplate","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "template": {"n":2,"proto":"PodTemplateSpec","type":"io.k8s.api.core.v1.PodTemplateSpec"}
  }
},
"io.k8s.api.core.v1.PodTemplateList": {
  "gvk": [{"group":"","kind":"PodTemplateList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PodTemplate","required":true,"type":"io.k8s.api.core.v1.PodTemplate[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.PodTemplateSpec": {
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PodSpec","type":"io.k8s.api.core.v1.PodSpec"}
  }
},
"io.k8s.api.core.v1.PortStatus": {
  "fields": {
    "error": {"n":3,"proto":"string","type":"string"},
    "port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "protocol": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.PortworxVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Preconditions": {
  "noSchema": true,
  "fields": {
    "uid": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.core.v1.PreferAvoidPodsEntry": {
  "noSchema": true,
  "fields": {
    "evictionTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":4,"proto":"string"},
    "podSignature": {"n":1,"proto":"PodSignature"},
    "reason": {"n":3,"proto":"string"}
  }
},
"io.k8s.api.core.v1.PreferredSchedulingTerm": {
  "fields": {
    "preference": {"n":2,"proto":"NodeSelectorTerm","required":true,"type":"io.k8s.api.core.v1.NodeSelectorTerm"},
    "weight": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.core.v1.Probe": {
  "protoOnly": {"handler":{"n":1,"proto":"ProbeHandler"}},
  "fields": {
    "exec": {"type":"io.k8s.api.core.v1.ExecAction"},
    "failureThreshold": {"n":6,"proto":"int32","type":"integer:int32"},
    "grpc": {"type":"io.k8s.api.core.v1.GRPCAction"},
    "httpGet": {"type":"io.k8s.api.core.v1.HTTPGetAction"},
    "initialDelaySeconds": {"n":2,"proto":"int32","type":"integer:int32"},
    "periodSeconds": {"n":4,"proto":"int32","type":"integer:int32"},
    "successThreshold": {"n":5,"proto":"int32","type":"integer:int32"},
    "tcpSocket": {"type":"io.k8s.api.core.v1.TCPSocketAction"},
    "terminationGracePeriodSeconds": {"n":7,"proto":"int64","type":"integer:int64"},
    "timeoutSeconds": {"n":3,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.core.v1.ProbeHandler": {
  "noSchema": true,
  "fields": {
    "exec": {"n":1,"proto":"ExecAction"},
    "grpc": {"n":4,"proto":"GRPCAction"},
    "httpGet": {"n":2,"proto":"HTTPGetAction"},
    "tcpSocket": {"n":3,"proto":"TCPSocketAction"}
  }
},
"io.k8s.api.core.v1.ProjectedVolumeSource": {
  "fields": {
    "defaultMode": {"n":2,"proto":"int32","type":"integer:int32"},
    "sources": {"list-type":"atomic","n":1,"proto":"repeated VolumeProjection","type":"io.k8s.api.core.v1.VolumeProjection[]"}
  }
},
"io.k8s.api.core.v1.QuobyteVolumeSource": {
  "fields": {
    "group": {"n":5,"proto":"string","type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "registry": {"n":1,"proto":"string","required":true,"type":"string"},
    "tenant": {"n":6,"proto":"string","type":"string"},
    "user": {"n":4,"proto":"string","type":"string"},
    "volume": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.RBDPersistentVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string"},
    "image": {"n":2,"proto":"string","required":true,"type":"string"},
    "keyring": {"default":"/etc/ceph/keyring","n":6,"proto":"string","type":"string"},
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"},
    "pool": {"default":"rbd","n":4,"proto":"string","type":"string"},
    "readOnly": {"n":8,"proto":"bool","type":"boolean"},
    "secretRef": {"n":7,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference"},
    "user": {"default":"admin","n":5,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.RBDVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string"},
    "image": {"n":2,"proto":"string","required":true,"type":"string"},
    "keyring": {"default":"/etc/ceph/keyring","n":6,"proto":"string","type":"string"},
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"},
    "pool": {"default":"rbd","n":4,"proto":"string","type":"string"},
    "readOnly": {"n":8,"proto":"bool","type":"boolean"},
    "secretRef": {"n":7,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"},
    "user": {"default":"admin","n":5,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.RangeAllocation": {
  "noSchema": true,
  "fields": {
    "data": {"n":3,"proto":"bytes"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "range": {"n":2,"proto":"string"}
  }
},
"io.k8s.api.core.v1.ReplicationController": {
  "gvk": [{"group":"","kind":"ReplicationController","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ReplicationControllerSpec","type":"io.k8s.api.core.v1.ReplicationControllerSpec"},
    "status": {"n":3,"proto":"ReplicationControllerStatus","type":"io.k8s.api.core.v1.ReplicationControllerStatus"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerList": {
  "gvk": [{"group":"","kind":"ReplicationControllerList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ReplicationController","required":true,"type":"io.k8s.api.core.v1.ReplicationController[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerSpec": {
  "fields": {
    "minReadySeconds": {"n":4,"proto":"int32","type":"integer:int32"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32"},
    "selector": {"map-type":"atomic","n":2,"proto":"map<string, string>","type":"map<string>"},
    "template": {"n":3,"proto":"PodTemplateSpec","type":"io.k8s.api.core.v1.PodTemplateSpec"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerStatus": {
  "fields": {
    "availableReplicas": {"n":5,"proto":"int32","type":"integer:int32"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated ReplicationControllerCondition","type":"io.k8s.api.core.v1.ReplicationControllerCondition[]"},
    "fullyLabeledReplicas": {"n":2,"proto":"int32","type":"integer:int32"},
    "observedGeneration": {"n":3,"proto":"int64","type":"integer:int64"},
    "readyReplicas": {"n":4,"proto":"int32","type":"integer:int32"},
    "replicas": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.core.v1.ResourceClaim": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "request": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ResourceFieldSelector": {
  "map-type": "atomic",
  "fields": {
    "containerName": {"n":1,"proto":"string","type":"string"},
    "divisor": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"},
    "resource": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ResourceHealth": {
  "fields": {
    "health": {"n":2,"proto":"string","type":"string"},
    "resourceID": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ResourceQuota": {
  "gvk": [{"group":"","kind":"ResourceQuota","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ResourceQuotaSpec","type":"io.k8s.api.core.v1.ResourceQuotaSpec"},
    "status": {"n":3,"proto":"ResourceQuotaStatus","type":"io.k8s.api.core.v1.ResourceQuotaStatus"}
  }
},
"io.k8s.api.core.v1.ResourceQuotaList": {
  "gvk": [{"group":"","kind":"ResourceQuotaList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ResourceQuota","required":true,"type":"io.k8s.api.core.v1.ResourceQuota[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.ResourceQuotaSpec": {
  "fields": {
    "hard": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "scopeSelector": {"n":3,"proto":"ScopeSelector","type":"io.k8s.api.core.v1.ScopeSelector"},
    "scopes": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.ResourceQuotaStatus": {
  "fields": {
    "hard": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "used": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"}
  }
},
"io.k8s.api.core.v1.ResourceRequirements": {
  "fields": {
    "claims": {"list-map-keys":["name"],"list-type":"map","n":3,"proto":"repeated ResourceClaim","type":"io.k8s.api.core.v1.ResourceClaim[]"},
    "limits": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "requests": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"}
  }
},
"io.k8s.api.core.v1.ResourceStatus": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "resources": {"list-map-keys":["resourceID"],"list-type":"map","n":2,"proto":"repeated ResourceHealth","type":"io.k8s.api.core.v1.ResourceHealth[]"}
  }
},
"io.k8s.api.core.v1.SELinuxOptions": {
  "fields": {
    "level": {"n":4,"proto":"string","type":"string"},
    "role": {"n":2,"proto":"string","type":"string"},
    "type": {"n":3,"proto":"string","type":"string"},
    "user": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ScaleIOPersistentVolumeSource": {
  "fields": {
    "fsType": {"default":"xfs","n":9,"proto":"string","type":"string"},
    "gateway": {"n":1,"proto":"string","required":true,"type":"string"},
    "protectionDomain": {"n":5,"proto":"string","type":"string"},
    "readOnly": {"n":10,"proto":"bool","type":"boolean"},
    "secretRef": {"n":3,"proto":"SecretReference","required":true,"type":"io.k8s.api.core.v1.SecretReference"},
    "sslEnabled": {"n":4,"proto":"bool","type":"boolean"},
    "storageMode": {"default":"ThinProvisioned","n":7,"proto":"string","type":"string"},
    "storagePool": {"n":6,"proto":"string","type":"string"},
    "system": {"n":2,"proto":"string","required":true,"type":"string"},
    "volumeName": {"n":8,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ScaleIOVolumeSource": {
  "fields": {
    "fsType": {"default":"xfs","n":9,"proto":"string","type":"string"},
    "gateway": {"n":1,"proto":"string","required":true,"type":"string"},
    "protectionDomain": {"n":5,"proto":"string","type":"string"},
    "readOnly": {"n":10,"proto":"bool","type":"boolean"},
    "secretRef": {"n":3,"proto":"LocalObjectReference","required":true,"type":"io.k8s.api.core.v1.LocalObjectReference"},
    "sslEnabled": {"n":4,"proto":"bool","type":"boolean"},
    "storageMode": {"default":"ThinProvisioned","n":7,"proto":"string","type":"string"},
    "storagePool": {"n":6,"proto":"string","type":"string"},
    "system": {"n":2,"proto":"string","required":true,"type":"string"},
    "volumeName": {"n":8,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ScopeSelector": {
  "map-type": "atomic",
  "fields": {
    "matchExpressions": {"list-type":"atomic","n":1,"proto":"repeated ScopedResourceSelectorRequirement","type":"io.k8s.api.core.v1.ScopedResourceSelectorRequirement[]"}
  }
},
"io.k8s.api.core.v1.ScopedResourceSelectorRequirement": {
  "fields": {
    "operator": {"n":2,"proto":"string","required":true,"type":"string"},
    "scopeName": {"n":1,"proto":"string","required":true,"type":"string"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.core.v1.SeccompProfile": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"localhostProfile":"LocalhostProfile"}}],
  "fields": {
    "localhostProfile": {"n":2,"proto":"string","type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.Secret": {
  "gvk": [{"group":"","kind":"Secret","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "data": {"n":2,"proto":"map<string, bytes>","type":"map<string:byte>"},
    "immutable": {"n":5,"proto":"bool","type":"boolean"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "stringData": {"n":4,"proto":"map<string, string>","type":"map<string>"},
    "type": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.SecretEnvSource": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "name": {"type":"string"},
    "optional": {"n":2,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.SecretKeySelector": {
  "map-type": "atomic",
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "key": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"type":"string"},
    "optional": {"n":3,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.SecretList": {
  "gvk": [{"group":"","kind":"SecretList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Secret","required":true,"type":"io.k8s.api.core.v1.Secret[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.SecretProjection": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]"},
    "name": {"type":"string"},
    "optional": {"n":4,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.core.v1.SecretReference": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string"},
    "namespace": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.SecretVolumeSource": {
  "fields": {
    "defaultMode": {"n":3,"proto":"int32","type":"integer:int32"},
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]"},
    "optional": {"n":4,"proto":"bool","type":"boolean"},
    "secretName": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.SecurityContext": {
  "fields": {
    "allowPrivilegeEscalation": {"n":7,"proto":"bool","type":"boolean"},
    "appArmorProfile": {"n":12,"proto":"AppArmorProfile","type":"io.k8s.api.core.v1.AppArmorProfile"},
    "capabilities": {"n":1,"proto":"Capabilities","type":"io.k8s.api.core.v1.Capabilities"},
    "privileged": {"n":2,"proto":"bool","type":"boolean"},
    "procMount": {"n":9,"proto":"string","type":"string"},
    "readOnlyRootFilesystem": {"n":6,"proto":"bool","type":"boolean"},
    "runAsGroup": {"n":8,"proto":"int64","type":"integer:int64"},
    "runAsNonRoot": {"n":5,"proto":"bool","type":"boolean"},
    "runAsUser": {"n":4,"proto":"int64","type":"integer:int64"},
    "seLinuxOptions": {"n":3,"proto":"SELinuxOptions","type":"io.k8s.api.core.v1.SELinuxOptions"},
    "seccompProfile": {"n":11,"proto":"SeccompProfile","type":"io.k8s.api.core.v1.SeccompProfile"},
    "windowsOptions": {"n":10,"proto":"WindowsSecurityContextOptions","type":"io.k8s.api.core.v1.WindowsSecurityContextOptions"}
  }
},
"io.k8s.api.core.v1.SerializedReference": {
  "noSchema": true,
  "fields": {
    "reference": {"n":1,"proto":"ObjectReference"}
  }
},
"io.k8s.api.core.v1.Service": {
  "gvk": [{"group":"","kind":"Service","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"ServiceSpec","type":"io.k8s.api.core.v1.ServiceSpec"},
    "status": {"n":3,"proto":"ServiceStatus","type":"io.k8s.api.core.v1.ServiceStatus"}
  }
},
"io.k8s.api.core.v1.ServiceAccount": {
  "gvk": [{"group":"","kind":"ServiceAccount","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "automountServiceAccountToken": {"n":4,"proto":"bool","type":"boolean"},
    "imagePullSecrets": {"list-type":"atomic","n":3,"proto":"repeated LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "secrets": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated ObjectReference","type":"io.k8s.api.core.v1.ObjectReference[]"}
  }
},
"io.k8s.api.core.v1.ServiceAccountList": {
  "gvk": [{"group":"","kind":"ServiceAccountList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ServiceAccount","required":true,"type":"io.k8s.api.core.v1.ServiceAccount[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.ServiceAccountTokenProjection": {
  "fields": {
    "audience": {"n":1,"proto":"string","type":"string"},
    "expirationSeconds": {"n":2,"proto":"int64","type":"integer:int64"},
    "path": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.ServiceList": {
  "gvk": [{"group":"","kind":"ServiceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Service","required":true,"type":"io.k8s.api.core.v1.Service[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.core.v1.ServicePort": {
  "fields": {
    "appProtocol": {"n":6,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","type":"string"},
    "nodePort": {"n":5,"proto":"int32","type":"integer:int32"},
    "port": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "protocol": {"default":"TCP","n":2,"proto":"string","type":"string"},
    "targetPort": {"n":4,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"}
  }
},
"io.k8s.api.core.v1.ServiceProxyOptions": {
  "noSchema": true,
  "fields": {
    "path": {"n":1,"proto":"string"}
  }
},
"io.k8s.api.core.v1.ServiceSpec": {
  "fields": {
    "allocateLoadBalancerNodePorts": {"n":20,"proto":"bool","type":"boolean"},
    "clusterIP": {"n":3,"proto":"string","type":"string"},
    "clusterIPs": {"list-type":"atomic","n":18,"proto":"repeated string","type":"string[]"},
    "externalIPs": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "externalName": {"n":10,"proto":"string","type":"string"},
    "externalTrafficPolicy": {"n":11,"proto":"string","type":"string"},
    "healthCheckNodePort": {"n":12,"proto":"int32","type":"integer:int32"},
    "internalTrafficPolicy": {"n":22,"proto":"string","type":"string"},
    "ipFamilies": {"list-type":"atomic","n":19,"proto":"repeated string","type":"string[]"},
    "ipFamilyPolicy": {"n":17,"proto":"string","type":"string"},
    "loadBalancerClass": {"n":21,"proto":"string","type":"string"},
    "loadBalancerIP": {"n":8,"proto":"string","type":"string"},
    "loadBalancerSourceRanges": {"list-type":"atomic","n":9,"proto":"repeated string","type":"string[]"},
    "ports": {"list-map-keys":["port","protocol"],"list-type":"map","n":1,"patch-merge-key":"port","patch-strategy":"merge","proto":"repeated ServicePort","type":"io.k8s.api.core.v1.ServicePort[]"},
    "publishNotReadyAddresses": {"n":13,"proto":"bool","type":"boolean"},
    "selector": {"map-type":"atomic","n":2,"proto":"map<string, string>","type":"map<string>"},
    "sessionAffinity": {"n":7,"proto":"string","type":"string"},
    "sessionAffinityConfig": {"n":14,"proto":"SessionAffinityConfig","type":"io.k8s.api.core.v1.SessionAffinityConfig"},
    "trafficDistribution": {"n":23,"proto":"string","type":"string"},
    "type": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.ServiceStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.Condition","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Condition[]"},
    "loadBalancer": {"n":1,"proto":"LoadBalancerStatus","type":"io.k8s.api.core.v1.LoadBalancerStatus"}
  }
},
"io.k8s.api.core.v1.SessionAffinityConfig": {
  "fields": {
    "clientIP": {"n":1,"proto":"ClientIPConfig","type":"io.k8s.api.core.v1.ClientIPConfig"}
  }
},
"io.k8s.api.core.v1.SleepAction": {
  "fields": {
    "seconds": {"default":0,"n":1,"proto":"int64","required":true,"type":"integer:int64"}
  }
},
"io.k8s.api.core.v1.StorageOSPersistentVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"},
    "secretRef": {"n":5,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"},
    "volumeName": {"n":1,"proto":"string","type":"string"},
    "volumeNamespace": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.StorageOSVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean"},
    "secretRef": {"n":5,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference"},
    "volumeName": {"n":1,"proto":"string","type":"string"},
    "volumeNamespace": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.Sysctl": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "value": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.TCPSocketAction": {
  "fields": {
    "host": {"n":2,"proto":"string","type":"string"},
    "port": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","required":true,"type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"}
  }
},
"io.k8s.api.core.v1.Taint": {
  "fields": {
    "effect": {"n":3,"proto":"string","required":true,"type":"string"},
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "timeAdded": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "value": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.Toleration": {
  "fields": {
    "effect": {"n":4,"proto":"string","type":"string"},
    "key": {"n":1,"proto":"string","type":"string"},
    "operator": {"n":2,"proto":"string","type":"string"},
    "tolerationSeconds": {"n":5,"proto":"int64","type":"integer:int64"},
    "value": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.TopologySelectorLabelRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "values": {"list-type":"atomic","n":2,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.api.core.v1.TopologySelectorTerm": {
  "map-type": "atomic",
  "fields": {
    "matchLabelExpressions": {"list-type":"atomic","n":1,"proto":"repeated TopologySelectorLabelRequirement","type":"io.k8s.api.core.v1.TopologySelectorLabelRequirement[]"}
  }
},
"io.k8s.api.core.v1.TopologySpreadConstraint": {
  "fields": {
    "labelSelector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "matchLabelKeys": {"list-type":"atomic","n":8,"proto":"repeated string","type":"string[]"},
    "maxSkew": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "minDomains": {"n":5,"proto":"int32","type":"integer:int32"},
    "nodeAffinityPolicy": {"n":6,"proto":"string","type":"string"},
    "nodeTaintsPolicy": {"n":7,"proto":"string","type":"string"},
    "topologyKey": {"n":2,"proto":"string","required":true,"type":"string"},
    "whenUnsatisfiable": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.TypedLocalObjectReference": {
  "map-type": "atomic",
  "fields": {
    "apiGroup": {"n":1,"proto":"string","type":"string"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.TypedObjectReference": {
  "fields": {
    "apiGroup": {"n":1,"proto":"string","type":"string"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":3,"proto":"string","required":true,"type":"string"},
    "namespace": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.Volume": {
  "protoOnly": {"volumeSource":{"n":2,"proto":"VolumeSource"}},
  "fields": {
    "awsElasticBlockStore": {"type":"io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource"},
    "azureDisk": {"type":"io.k8s.api.core.v1.AzureDiskVolumeSource"},
    "azureFile": {"type":"io.k8s.api.core.v1.AzureFileVolumeSource"},
    "cephfs": {"type":"io.k8s.api.core.v1.CephFSVolumeSource"},
    "cinder": {"type":"io.k8s.api.core.v1.CinderVolumeSource"},
    "configMap": {"type":"io.k8s.api.core.v1.ConfigMapVolumeSource"},
    "csi": {"type":"io.k8s.api.core.v1.CSIVolumeSource"},
    "downwardAPI": {"type":"io.k8s.api.core.v1.DownwardAPIVolumeSource"},
    "emptyDir": {"type":"io.k8s.api.core.v1.EmptyDirVolumeSource"},
    "ephemeral": {"type":"io.k8s.api.core.v1.EphemeralVolumeSource"},
    "fc": {"type":"io.k8s.api.core.v1.FCVolumeSource"},
    "flexVolume": {"type":"io.k8s.api.core.v1.FlexVolumeSource"},
    "flocker": {"type":"io.k8s.api.core.v1.FlockerVolumeSource"},
    "gcePersistentDisk": {"type":"io.k8s.api.core.v1.GCEPersistentDiskVolumeSource"},
    "gitRepo": {"type":"io.k8s.api.core.v1.GitRepoVolumeSource"},
    "glusterfs": {"type":"io.k8s.api.core.v1.GlusterfsVolumeSource"},
    "hostPath": {"type":"io.k8s.api.core.v1.HostPathVolumeSource"},
    "image": {"type":"io.k8s.api.core.v1.ImageVolumeSource"},
    "iscsi": {"type":"io.k8s.api.core.v1.ISCSIVolumeSource"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "nfs": {"type":"io.k8s.api.core.v1.NFSVolumeSource"},
    "persistentVolumeClaim": {"type":"io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource"},
    "photonPersistentDisk": {"type":"io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource"},
    "portworxVolume": {"type":"io.k8s.api.core.v1.PortworxVolumeSource"},
    "projected": {"type":"io.k8s.api.core.v1.ProjectedVolumeSource"},
    "quobyte": {"type":"io.k8s.api.core.v1.QuobyteVolumeSource"},
    "rbd": {"type":"io.k8s.api.core.v1.RBDVolumeSource"},
    "scaleIO": {"type":"io.k8s.api.core.v1.ScaleIOVolumeSource"},
    "secret": {"type":"io.k8s.api.core.v1.SecretVolumeSource"},
    "storageos": {"type":"io.k8s.api.core.v1.StorageOSVolumeSource"},
    "vsphereVolume": {"type":"io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource"}
  }
},
"io.k8s.api.core.v1.VolumeDevice": {
  "fields": {
    "devicePath": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.VolumeMount": {
  "fields": {
    "mountPath": {"n":3,"proto":"string","required":true,"type":"string"},
    "mountPropagation": {"n":5,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":2,"proto":"bool","type":"boolean"},
    "recursiveReadOnly": {"n":7,"proto":"string","type":"string"},
    "subPath": {"n":4,"proto":"string","type":"string"},
    "subPathExpr": {"n":6,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.VolumeMountStatus": {
  "fields": {
    "mountPath": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean"},
    "recursiveReadOnly": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.core.v1.VolumeNodeAffinity": {
  "fields": {
    "required": {"n":1,"proto":"NodeSelector","type":"io.k8s.api.core.v1.NodeSelector"}
  }
},
"io.k8s.api.core.v1.VolumeProjection": {
  "fields": {
    "clusterTrustBundle": {"n":5,"proto":"ClusterTrustBundleProjection","type":"io.k8s.api.core.v1.ClusterTrustBundleProjection"},
    "configMap": {"n":3,"proto":"ConfigMapProjection","type":"io.k8s.api.core.v1.ConfigMapProjection"},
    "downwardAPI": {"n":2,"proto":"DownwardAPIProjection","type":"io.k8s.api.core.v1.DownwardAPIProjection"},
    "secret": {"n":1,"proto":"SecretProjection","type":"io.k8s.api.core.v1.SecretProjection"},
    "serviceAccountToken": {"n":4,"proto":"ServiceAccountTokenProjection","type":"io.k8s.api.core.v1.ServiceAccountTokenProjection"}
  }
},
"io.k8s.api.core.v1.VolumeResourceRequirements": {
  "fields": {
    "limits": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"},
    "requests": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"}
  }
},
"io.k8s.api.core.v1.VolumeSource": {
  "noSchema": true,
  "fields": {
    "awsElasticBlockStore": {"n":4,"proto":"AWSElasticBlockStoreVolumeSource"},
    "azureDisk": {"n":22,"proto":"AzureDiskVolumeSource"},
    "azureFile": {"n":18,"proto":"AzureFileVolumeSource"},
    "cephfs": {"n":14,"proto":"CephFSVolumeSource"},
    "cinder": {"n":13,"proto":"CinderVolumeSource"},
    "configMap": {"n":19,"proto":"ConfigMapVolumeSource"},
    "csi": {"n":28,"proto":"CSIVolumeSource"},
    "downwardAPI": {"n":16,"proto":"DownwardAPIVolumeSource"},
    "emptyDir": {"n":2,"proto":"EmptyDirVolumeSource"},
    "ephemeral": {"n":29,"proto":"EphemeralVolumeSource"},
    "fc": {"n":17,"proto":"FCVolumeSource"},
    "flexVolume": {"n":12,"proto":"FlexVolumeSource"},
    "flocker": {"n":15,"proto":"FlockerVolumeSource"},
    "gcePersistentDisk": {"n":3,"proto":"GCEPersistentDiskVolumeSource"},
    "gitRepo": {"n":5,"proto":"GitRepoVolumeSource"},
    "glusterfs": {"n":9,"proto":"GlusterfsVolumeSource"},
    "hostPath": {"n":1,"proto":"HostPathVolumeSource"},
    "image": {"n":30,"proto":"ImageVolumeSource"},
    "iscsi": {"n":8,"proto":"ISCSIVolumeSource"},
    "nfs": {"n":7,"proto":"NFSVolumeSource"},
    "persistentVolumeClaim": {"n":10,"proto":"PersistentVolumeClaimVolumeSource"},
    "photonPersistentDisk": {"n":23,"proto":"PhotonPersistentDiskVolumeSource"},
    "portworxVolume": {"n":24,"proto":"PortworxVolumeSource"},
    "projected": {"n":26,"proto":"ProjectedVolumeSource"},
    "quobyte": {"n":21,"proto":"QuobyteVolumeSource"},
    "rbd": {"n":11,"proto":"RBDVolumeSource"},
    "scaleIO": {"n":25,"proto":"ScaleIOVolumeSource"},
    "secret": {"n":6,"proto":"SecretVolumeSource"},
    "storageos": {"n":27,"proto":"StorageOSVolumeSource"},
    "vsphereVolume": {"n":20,"proto":"VsphereVirtualDiskVolumeSource"}
  }
},
"io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string"},
    "storagePolicyID": {"n":4,"proto":"string","type":"string"},
    "storagePolicyName": {"n":3,"proto":"string","type":"string"},
    "volumePath": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.core.v1.WeightedPodAffinityTerm": {
  "fields": {
    "podAffinityTerm": {"n":2,"proto":"PodAffinityTerm","required":true,"type":"io.k8s.api.core.v1.PodAffinityTerm"},
    "weight": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.core.v1.WindowsSecurityContextOptions": {
  "fields": {
    "gmsaCredentialSpec": {"n":2,"proto":"string","type":"string"},
    "gmsaCredentialSpecName": {"n":1,"proto":"string","type":"string"},
    "hostProcess": {"n":4,"proto":"bool","type":"boolean"},
    "runAsUserName": {"n":3,"proto":"string","type":"string"}
  }
},
"io.k8s.api.discovery.v1.Endpoint": {
  "fields": {
    "addresses": {"list-type":"set","n":1,"proto":"repeated string","required":true,"type":"string[]"},
    "conditions": {"n":2,"proto":"EndpointConditions","type":"io.k8s.api.discovery.v1.EndpointConditions"},
    "deprecatedTopology": {"n":5,"proto":"map<string, string>","type":"map<string>"},
    "hints": {"n":8,"proto":"EndpointHints","type":"io.k8s.api.discovery.v1.EndpointHints"},
    "hostname": {"n":3,"proto":"string","type":"string"},
    "nodeName": {"n":6,"proto":"string","type":"string"},
    "targetRef": {"n":4,"proto":"k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"},
    "zone": {"n":7,"proto":"string","type":"string"}
  }
},
"io.k8s.api.discovery.v1.EndpointConditions": {
  "fields": {
    "ready": {"n":1,"proto":"bool","type":"boolean"},
    "serving": {"n":2,"proto":"bool","type":"boolean"},
    "terminating": {"n":3,"proto":"bool","type":"boolean"}
  }
},
"io.k8s.api.discovery.v1.EndpointHints": {
  "fields": {
    "forZones": {"list-type":"atomic","n":1,"proto":"repeated ForZone","type":"io.k8s.api.discovery.v1.ForZone[]"}
  }
},
"io.k8s.api.discovery.v1.EndpointPort": {
  "map-type": "atomic",
  "fields": {
    "appProtocol": {"n":4,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","type":"string"},
    "port": {"n":3,"proto":"int32","type":"integer:int32"},
    "protocol": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.discovery.v1.EndpointSlice": {
  "gvk": [{"group":"discovery.k8s.io","kind":"EndpointSlice","version":"v1"}],
  "fields": {
    "addressType": {"n":4,"proto":"string","required":true,"type":"string"},
    "apiVersion": {"type":"string"},
    "endpoints": {"list-type":"atomic","n":2,"proto":"repeated Endpoint","required":true,"type":"io.k8s.api.discovery.v1.Endpoint[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "ports": {"list-type":"atomic","n":3,"proto":"repeated EndpointPort","type":"io.k8s.api.discovery.v1.EndpointPort[]"}
  }
},
"io.k8s.api.discovery.v1.EndpointSliceList": {
  "gvk": [{"group":"discovery.k8s.io","kind":"EndpointSliceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated EndpointSlice","required":true,"type":"io.k8s.api.discovery.v1.EndpointSlice[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.discovery.v1.ForZone": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.events.v1.Event": {
  "gvk": [{"group":"events.k8s.io","kind":"Event","version":"v1"}],
  "fields": {
    "action": {"n":6,"proto":"string","type":"string"},
    "apiVersion": {"type":"string"},
    "deprecatedCount": {"n":15,"proto":"int32","type":"integer:int32"},
    "deprecatedFirstTimestamp": {"n":13,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "deprecatedLastTimestamp": {"n":14,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "deprecatedSource": {"n":12,"proto":"k8s.io.api.core.v1.EventSource","type":"io.k8s.api.core.v1.EventSource"},
    "eventTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "note": {"n":10,"proto":"string","type":"string"},
    "reason": {"n":7,"proto":"string","type":"string"},
    "regarding": {"n":8,"proto":"k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"},
    "related": {"n":9,"proto":"k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference"},
    "reportingController": {"n":4,"proto":"string","type":"string"},
    "reportingInstance": {"n":5,"proto":"string","type":"string"},
    "series": {"n":3,"proto":"EventSeries","type":"io.k8s.api.events.v1.EventSeries"},
    "type": {"n":11,"proto":"string","type":"string"}
  }
},
"io.k8s.api.events.v1.EventList": {
  "gvk": [{"group":"events.k8s.io","kind":"EventList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Event","required":true,"type":"io.k8s.api.events.v1.Event[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.events.v1.EventSeries": {
  "fields": {
    "count": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "lastObservedTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime"}
  }
},
"io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration": {
  "fields": {
    "lendablePercent": {"n":2,"proto":"int32","type":"integer:int32"},
    "nominalConcurrencyShares": {"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod": {
  "fields": {
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchema": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"FlowSchema","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"FlowSchemaSpec","type":"io.k8s.api.flowcontrol.v1.FlowSchemaSpec"},
    "status": {"n":3,"proto":"FlowSchemaStatus","type":"io.k8s.api.flowcontrol.v1.FlowSchemaStatus"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","type":"string"},
    "type": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaList": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"FlowSchemaList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated FlowSchema","required":true,"type":"io.k8s.api.flowcontrol.v1.FlowSchema[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaSpec": {
  "fields": {
    "distinguisherMethod": {"n":3,"proto":"FlowDistinguisherMethod","type":"io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod"},
    "matchingPrecedence": {"default":0,"n":2,"proto":"int32","type":"integer:int32"},
    "priorityLevelConfiguration": {"n":1,"proto":"PriorityLevelConfigurationReference","required":true,"type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference"},
    "rules": {"list-type":"atomic","n":4,"proto":"repeated PolicyRulesWithSubjects","type":"io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects[]"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated FlowSchemaCondition","type":"io.k8s.api.flowcontrol.v1.FlowSchemaCondition[]"}
  }
},
"io.k8s.api.flowcontrol.v1.GroupSubject": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.LimitResponse": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"queuing":"Queuing"}}],
  "fields": {
    "queuing": {"n":2,"proto":"QueuingConfiguration","type":"io.k8s.api.flowcontrol.v1.QueuingConfiguration"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration": {
  "fields": {
    "borrowingLimitPercent": {"n":4,"proto":"int32","type":"integer:int32"},
    "lendablePercent": {"n":3,"proto":"int32","type":"integer:int32"},
    "limitResponse": {"n":2,"proto":"LimitResponse","type":"io.k8s.api.flowcontrol.v1.LimitResponse"},
    "nominalConcurrencyShares": {"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.flowcontrol.v1.NonResourcePolicyRule": {
  "fields": {
    "nonResourceURLs": {"list-type":"set","n":6,"proto":"repeated string","required":true,"type":"string[]"},
    "verbs": {"list-type":"set","n":1,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects": {
  "fields": {
    "nonResourceRules": {"list-type":"atomic","n":3,"proto":"repeated NonResourcePolicyRule","type":"io.k8s.api.flowcontrol.v1.NonResourcePolicyRule[]"},
    "resourceRules": {"list-type":"atomic","n":2,"proto":"repeated ResourcePolicyRule","type":"io.k8s.api.flowcontrol.v1.ResourcePolicyRule[]"},
    "subjects": {"list-type":"atomic","n":1,"proto":"repeated Subject","required":true,"type":"io.k8s.api.flowcontrol.v1.Subject[]"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"PriorityLevelConfiguration","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PriorityLevelConfigurationSpec","type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec"},
    "status": {"n":3,"proto":"PriorityLevelConfigurationStatus","type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string","type":"string"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","type":"string"},
    "type": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"PriorityLevelConfigurationList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PriorityLevelConfiguration","required":true,"type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"exempt":"Exempt","limited":"Limited"}}],
  "fields": {
    "exempt": {"n":3,"proto":"ExemptPriorityLevelConfiguration","type":"io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration"},
    "limited": {"n":2,"proto":"LimitedPriorityLevelConfiguration","type":"io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated PriorityLevelConfigurationCondition","type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition[]"}
  }
},
"io.k8s.api.flowcontrol.v1.QueuingConfiguration": {
  "fields": {
    "handSize": {"default":0,"n":2,"proto":"int32","type":"integer:int32"},
    "queueLengthLimit": {"default":0,"n":3,"proto":"int32","type":"integer:int32"},
    "queues": {"default":0,"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.flowcontrol.v1.ResourcePolicyRule": {
  "fields": {
    "apiGroups": {"list-type":"set","n":2,"proto":"repeated string","required":true,"type":"string[]"},
    "clusterScope": {"n":4,"proto":"bool","type":"boolean"},
    "namespaces": {"list-type":"set","n":5,"proto":"repeated string","type":"string[]"},
    "resources": {"list-type":"set","n":3,"proto":"repeated string","required":true,"type":"string[]"},
    "verbs": {"list-type":"set","n":1,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.api.flowcontrol.v1.ServiceAccountSubject": {
  "fields": {
    "name": {"n":2,"proto":"string","required":true,"type":"string"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.flowcontrol.v1.Subject": {
  "unions": [{"discriminator":"kind","fields-to-discriminateBy":{"group":"Group","serviceAccount":"ServiceAccount","user":"User"}}],
  "fields": {
    "group": {"n":3,"proto":"GroupSubject","type":"io.k8s.api.flowcontrol.v1.GroupSubject"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string"},
    "serviceAccount": {"n":4,"proto":"ServiceAccountSubject","type":"io.k8s.api.flowcontrol.v1.ServiceAccountSubject"},
    "user": {"n":2,"proto":"UserSubject","type":"io.k8s.api.flowcontrol.v1.UserSubject"}
  }
},
"io.k8s.api.flowcontrol.v1.UserSubject": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.networking.v1.HTTPIngressPath": {
  "fields": {
    "backend": {"n":2,"proto":"IngressBackend","required":true,"type":"io.k8s.api.networking.v1.IngressBackend"},
    "path": {"n":1,"proto":"string","type":"string"},
    "pathType": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.networking.v1.HTTPIngressRuleValue": {
  "fields": {
    "paths": {"list-type":"atomic","n":1,"proto":"repeated HTTPIngressPath","required":true,"type":"io.k8s.api.networking.v1.HTTPIngressPath[]"}
  }
},
"io.k8s.api.networking.v1.IPBlock": {
  "fields": {
    "cidr": {"n":1,"proto":"string","required":true,"type":"string"},
    "except": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.networking.v1.Ingress": {
  "gvk": [{"group":"networking.k8s.io","kind":"Ingress","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"IngressSpec","type":"io.k8s.api.networking.v1.IngressSpec"},
    "status": {"n":3,"proto":"IngressStatus","type":"io.k8s.api.networking.v1.IngressStatus"}
  }
},
"io.k8s.api.networking.v1.IngressBackend": {
  "fields": {
    "resource": {"n":3,"proto":"k8s.io.api.core.v1.TypedLocalObjectReference","type":"io.k8s.api.core.v1.TypedLocalObjectReference"},
    "service": {"n":4,"proto":"IngressServiceBackend","type":"io.k8s.api.networking.v1.IngressServiceBackend"}
  }
},
"io.k8s.api.networking.v1.IngressClass": {
  "gvk": [{"group":"networking.k8s.io","kind":"IngressClass","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"IngressClassSpec","type":"io.k8s.api.networking.v1.IngressClassSpec"}
  }
},
"io.k8s.api.networking.v1.IngressClassList": {
  "gvk": [{"group":"networking.k8s.io","kind":"IngressClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated IngressClass","required":true,"type":"io.k8s.api.networking.v1.IngressClass[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.networking.v1.IngressClassParametersReference": {
  "fields": {
    "apiGroup": {"n":1,"proto":"string","type":"string"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":3,"proto":"string","required":true,"type":"string"},
    "namespace": {"n":5,"proto":"string","type":"string"},
    "scope": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.networking.v1.IngressClassSpec": {
  "fields": {
    "controller": {"n":1,"proto":"string","type":"string"},
    "parameters": {"n":2,"proto":"IngressClassParametersReference","type":"io.k8s.api.networking.v1.IngressClassParametersReference"}
  }
},
"io.k8s.api.networking.v1.IngressList": {
  "gvk": [{"group":"networking.k8s.io","kind":"IngressList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Ingress","required":true,"type":"io.k8s.api.networking.v1.Ingress[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.networking.v1.IngressLoadBalancerIngress": {
  "fields": {
    "hostname": {"n":2,"proto":"string","type":"string"},
    "ip": {"n":1,"proto":"string","type":"string"},
    "ports": {"list-type":"atomic","n":4,"proto":"repeated IngressPortStatus","type":"io.k8s.api.networking.v1.IngressPortStatus[]"}
  }
},
"io.k8s.api.networking.v1.IngressLoadBalancerStatus": {
  "fields": {
    "ingress": {"list-type":"atomic","n":1,"proto":"repeated IngressLoadBalancerIngress","type":"io.k8s.api.networking.v1.IngressLoadBalancerIngress[]"}
  }
},
"io.k8s.api.networking.v1.IngressPortStatus": {
  "fields": {
    "error": {"n":3,"proto":"string","type":"string"},
    "port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32"},
    "protocol": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.networking.v1.IngressRule": {
  "protoOnly": {"ingressRuleValue":{"n":2,"proto":"IngressRuleValue"}},
  "fields": {
    "host": {"n":1,"proto":"string","type":"string"},
    "http": {"type":"io.k8s.api.networking.v1.HTTPIngressRuleValue"}
  }
},
"io.k8s.api.networking.v1.IngressRuleValue": {
  "noSchema": true,
  "fields": {
    "http": {"n":1,"proto":"HTTPIngressRuleValue"}
  }
},
"io.k8s.api.networking.v1.IngressServiceBackend": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "port": {"n":2,"proto":"ServiceBackendPort","type":"io.k8s.api.networking.v1.ServiceBackendPort"}
  }
},
"io.k8s.api.networking.v1.IngressSpec": {
  "fields": {
    "defaultBackend": {"n":1,"proto":"IngressBackend","type":"io.k8s.api.networking.v1.IngressBackend"},
    "ingressClassName": {"n":4,"proto":"string","type":"string"},
    "rules": {"list-type":"atomic","n":3,"proto":"repeated IngressRule","type":"io.k8s.api.networking.v1.IngressRule[]"},
    "tls": {"list-type":"atomic","n":2,"proto":"repeated IngressTLS","type":"io.k8s.api.networking.v1.IngressTLS[]"}
  }
},
"io.k8s.api.networking.v1.IngressStatus": {
  "fields": {
    "loadBalancer": {"n":1,"proto":"IngressLoadBalancerStatus","type":"io.k8s.api.networking.v1.IngressLoadBalancerStatus"}
  }
},
"io.k8s.api.networking.v1.IngressTLS": {
  "fields": {
    "hosts": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]"},
    "secretName": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicy": {
  "gvk": [{"group":"networking.k8s.io","kind":"NetworkPolicy","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"NetworkPolicySpec","type":"io.k8s.api.networking.v1.NetworkPolicySpec"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyEgressRule": {
  "fields": {
    "ports": {"list-type":"atomic","n":1,"proto":"repeated NetworkPolicyPort","type":"io.k8s.api.networking.v1.NetworkPolicyPort[]"},
    "to": {"list-type":"atomic","n":2,"proto":"repeated NetworkPolicyPeer","type":"io.k8s.api.networking.v1.NetworkPolicyPeer[]"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyIngressRule": {
  "fields": {
    "from": {"list-type":"atomic","n":2,"proto":"repeated NetworkPolicyPeer","type":"io.k8s.api.networking.v1.NetworkPolicyPeer[]"},
    "ports": {"list-type":"atomic","n":1,"proto":"repeated NetworkPolicyPort","type":"io.k8s.api.networking.v1.NetworkPolicyPort[]"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyList": {
  "gvk": [{"group":"networking.k8s.io","kind":"NetworkPolicyList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated NetworkPolicy","required":true,"type":"io.k8s.api.networking.v1.NetworkPolicy[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyPeer": {
  "fields": {
    "ipBlock": {"n":3,"proto":"IPBlock","type":"io.k8s.api.networking.v1.IPBlock"},
    "namespaceSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "podSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyPort": {
  "fields": {
    "endPort": {"n":3,"proto":"int32","type":"integer:int32"},
    "port": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "protocol": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicySpec": {
  "fields": {
    "egress": {"list-type":"atomic","n":3,"proto":"repeated NetworkPolicyEgressRule","type":"io.k8s.api.networking.v1.NetworkPolicyEgressRule[]"},
    "ingress": {"list-type":"atomic","n":2,"proto":"repeated NetworkPolicyIngressRule","type":"io.k8s.api.networking.v1.NetworkPolicyIngressRule[]"},
    "podSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "policyTypes": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.networking.v1.ServiceBackendPort": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string"},
    "number": {"n":2,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.api.node.v1.Overhead": {
  "fields": {
    "podFixed": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>"}
  }
},
"io.k8s.api.node.v1.RuntimeClass": {
  "gvk": [{"group":"node.k8s.io","kind":"RuntimeClass","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "handler": {"n":2,"proto":"string","required":true,"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "overhead": {"n":3,"proto":"Overhead","type":"io.k8s.api.node.v1.Overhead"},
    "scheduling": {"n":4,"proto":"Scheduling","type":"io.k8s.api.node.v1.Scheduling"}
  }
},
"io.k8s.api.node.v1.RuntimeClassList": {
  "gvk": [{"group":"node.k8s.io","kind":"RuntimeClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated RuntimeClass","required":true,"type":"io.k8s.api.node.v1.RuntimeClass[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.node.v1.Scheduling": {
  "fields": {
    "nodeSelector": {"map-type":"atomic","n":1,"proto":"map<string, string>","type":"map<string>"},
    "tolerations": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.api.core.v1.Toleration","type":"io.k8s.api.core.v1.Toleration[]"}
  }
},
"io.k8s.api.policy.v1.Eviction": {
  "gvk": [{"group":"policy","kind":"Eviction","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "deleteOptions": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions","type":"io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudget": {
  "gvk": [{"group":"policy","kind":"PodDisruptionBudget","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"PodDisruptionBudgetSpec","type":"io.k8s.api.policy.v1.PodDisruptionBudgetSpec"},
    "status": {"n":3,"proto":"PodDisruptionBudgetStatus","type":"io.k8s.api.policy.v1.PodDisruptionBudgetStatus"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudgetList": {
  "gvk": [{"group":"policy","kind":"PodDisruptionBudgetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PodDisruptionBudget","required":true,"type":"io.k8s.api.policy.v1.PodDisruptionBudget[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudgetSpec": {
  "fields": {
    "maxUnavailable": {"n":3,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "minAvailable": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString"},
    "selector": {"n":2,"patch-strategy":"replace","proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "unhealthyPodEvictionPolicy": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudgetStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":7,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.Condition","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Condition[]"},
    "currentHealthy": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32"},
    "desiredHealthy": {"default":0,"n":5,"proto":"int32","required":true,"type":"integer:int32"},
    "disruptedPods": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.apis.meta.v1.Time>","type":"map<io.k8s.apimachinery.pkg.apis.meta.v1.Time>"},
    "disruptionsAllowed": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32"},
    "expectedPods": {"default":0,"n":6,"proto":"int32","required":true,"type":"integer:int32"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64"}
  }
},
"io.k8s.api.rbac.v1.AggregationRule": {
  "fields": {
    "clusterRoleSelectors": {"list-type":"atomic","n":1,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector[]"}
  }
},
"io.k8s.api.rbac.v1.ClusterRole": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRole","version":"v1"}],
  "fields": {
    "aggregationRule": {"n":3,"proto":"AggregationRule","type":"io.k8s.api.rbac.v1.AggregationRule"},
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "rules": {"list-type":"atomic","n":2,"proto":"repeated PolicyRule","type":"io.k8s.api.rbac.v1.PolicyRule[]"}
  }
},
"io.k8s.api.rbac.v1.ClusterRoleBinding": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRoleBinding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "roleRef": {"n":3,"proto":"RoleRef","required":true,"type":"io.k8s.api.rbac.v1.RoleRef"},
    "subjects": {"list-type":"atomic","n":2,"proto":"repeated Subject","type":"io.k8s.api.rbac.v1.Subject[]"}
  }
},
"io.k8s.api.rbac.v1.ClusterRoleBindingList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRoleBindingList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ClusterRoleBinding","required":true,"type":"io.k8s.api.rbac.v1.ClusterRoleBinding[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.rbac.v1.ClusterRoleList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRoleList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ClusterRole","required":true,"type":"io.k8s.api.rbac.v1.ClusterRole[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.rbac.v1.PolicyRule": {
  "fields": {
    "apiGroups": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]"},
    "nonResourceURLs": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "resourceNames": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]"},
    "resources": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"},
    "verbs": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.api.rbac.v1.Role": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"Role","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "rules": {"list-type":"atomic","n":2,"proto":"repeated PolicyRule","type":"io.k8s.api.rbac.v1.PolicyRule[]"}
  }
},
"io.k8s.api.rbac.v1.RoleBinding": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"RoleBinding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "roleRef": {"n":3,"proto":"RoleRef","required":true,"type":"io.k8s.api.rbac.v1.RoleRef"},
    "subjects": {"list-type":"atomic","n":2,"proto":"repeated Subject","type":"io.k8s.api.rbac.v1.Subject[]"}
  }
},
"io.k8s.api.rbac.v1.RoleBindingList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"RoleBindingList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated RoleBinding","required":true,"type":"io.k8s.api.rbac.v1.RoleBinding[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.rbac.v1.RoleList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"RoleList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Role","required":true,"type":"io.k8s.api.rbac.v1.Role[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.rbac.v1.RoleRef": {
  "map-type": "atomic",
  "fields": {
    "apiGroup": {"n":1,"proto":"string","required":true,"type":"string"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string"},
    "name": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.rbac.v1.Subject": {
  "map-type": "atomic",
  "fields": {
    "apiGroup": {"n":2,"proto":"string","type":"string"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string"},
    "name": {"n":3,"proto":"string","required":true,"type":"string"},
    "namespace": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.api.scheduling.v1.PriorityClass": {
  "gvk": [{"group":"scheduling.k8s.io","kind":"PriorityClass","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "description": {"n":4,"proto":"string","type":"string"},
    "globalDefault": {"n":3,"proto":"bool","type":"boolean"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "preemptionPolicy": {"n":5,"proto":"string","type":"string"},
    "value": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32"}
  }
},
"io.k8s.api.scheduling.v1.PriorityClassList": {
  "gvk": [{"group":"scheduling.k8s.io","kind":"PriorityClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PriorityClass","required":true,"type":"io.k8s.api.scheduling.v1.PriorityClass[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.storage.v1.CSIDriver": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIDriver","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"CSIDriverSpec","required":true,"type":"io.k8s.api.storage.v1.CSIDriverSpec"}
  }
},
"io.k8s.api.storage.v1.CSIDriverList": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIDriverList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CSIDriver","required":true,"type":"io.k8s.api.storage.v1.CSIDriver[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.storage.v1.CSIDriverSpec": {
  "fields": {
    "attachRequired": {"n":1,"proto":"bool","type":"boolean"},
    "fsGroupPolicy": {"n":5,"proto":"string","type":"string"},
    "podInfoOnMount": {"n":2,"proto":"bool","type":"boolean"},
    "requiresRepublish": {"n":7,"proto":"bool","type":"boolean"},
    "seLinuxMount": {"n":8,"proto":"bool","type":"boolean"},
    "storageCapacity": {"n":4,"proto":"bool","type":"boolean"},
    "tokenRequests": {"list-type":"atomic","n":6,"proto":"repeated TokenRequest","type":"io.k8s.api.storage.v1.TokenRequest[]"},
    "volumeLifecycleModes": {"list-type":"set","n":3,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.storage.v1.CSINode": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSINode","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"CSINodeSpec","required":true,"type":"io.k8s.api.storage.v1.CSINodeSpec"}
  }
},
"io.k8s.api.storage.v1.CSINodeDriver": {
  "fields": {
    "allocatable": {"n":4,"proto":"VolumeNodeResources","type":"io.k8s.api.storage.v1.VolumeNodeResources"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "nodeID": {"n":2,"proto":"string","required":true,"type":"string"},
    "topologyKeys": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.api.storage.v1.CSINodeList": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSINodeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CSINode","required":true,"type":"io.k8s.api.storage.v1.CSINode[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.storage.v1.CSINodeSpec": {
  "fields": {
    "drivers": {"list-map-keys":["name"],"list-type":"map","n":1,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated CSINodeDriver","required":true,"type":"io.k8s.api.storage.v1.CSINodeDriver[]"}
  }
},
"io.k8s.api.storage.v1.CSIStorageCapacity": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIStorageCapacity","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "capacity": {"n":4,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"},
    "kind": {"type":"string"},
    "maximumVolumeSize": {"n":5,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "nodeTopology": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"},
    "storageClassName": {"n":3,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.api.storage.v1.CSIStorageCapacityList": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIStorageCapacityList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CSIStorageCapacity","required":true,"type":"io.k8s.api.storage.v1.CSIStorageCapacity[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.storage.v1.StorageClass": {
  "gvk": [{"group":"storage.k8s.io","kind":"StorageClass","version":"v1"}],
  "fields": {
    "allowVolumeExpansion": {"n":6,"proto":"bool","type":"boolean"},
    "allowedTopologies": {"list-type":"atomic","n":8,"proto":"repeated k8s.io.api.core.v1.TopologySelectorTerm","type":"io.k8s.api.core.v1.TopologySelectorTerm[]"},
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "mountOptions": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "parameters": {"n":3,"proto":"map<string, string>","type":"map<string>"},
    "provisioner": {"n":2,"proto":"string","required":true,"type":"string"},
    "reclaimPolicy": {"n":4,"proto":"string","type":"string"},
    "volumeBindingMode": {"n":7,"proto":"string","type":"string"}
  }
},
"io.k8s.api.storage.v1.StorageClassList": {
  "gvk": [{"group":"storage.k8s.io","kind":"StorageClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated StorageClass","required":true,"type":"io.k8s.api.storage.v1.StorageClass[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.storage.v1.TokenRequest": {
  "fields": {
    "audience": {"n":1,"proto":"string","required":true,"type":"string"},
    "expirationSeconds": {"n":2,"proto":"int64","type":"integer:int64"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachment": {
  "gvk": [{"group":"storage.k8s.io","kind":"VolumeAttachment","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"VolumeAttachmentSpec","required":true,"type":"io.k8s.api.storage.v1.VolumeAttachmentSpec"},
    "status": {"n":3,"proto":"VolumeAttachmentStatus","type":"io.k8s.api.storage.v1.VolumeAttachmentStatus"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentList": {
  "gvk": [{"group":"storage.k8s.io","kind":"VolumeAttachmentList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated VolumeAttachment","required":true,"type":"io.k8s.api.storage.v1.VolumeAttachment[]"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentSource": {
  "fields": {
    "inlineVolumeSpec": {"n":2,"proto":"k8s.io.api.core.v1.PersistentVolumeSpec","type":"io.k8s.api.core.v1.PersistentVolumeSpec"},
    "persistentVolumeName": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentSpec": {
  "fields": {
    "attacher": {"n":1,"proto":"string","required":true,"type":"string"},
    "nodeName": {"n":3,"proto":"string","required":true,"type":"string"},
    "source": {"n":2,"proto":"VolumeAttachmentSource","required":true,"type":"io.k8s.api.storage.v1.VolumeAttachmentSource"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentStatus": {
  "fields": {
    "attachError": {"n":3,"proto":"VolumeError","type":"io.k8s.api.storage.v1.VolumeError"},
    "attached": {"default":false,"n":1,"proto":"bool","required":true,"type":"boolean"},
    "attachmentMetadata": {"n":2,"proto":"map<string, string>","type":"map<string>"},
    "detachError": {"n":4,"proto":"VolumeError","type":"io.k8s.api.storage.v1.VolumeError"}
  }
},
"io.k8s.api.storage.v1.VolumeError": {
  "fields": {
    "message": {"n":2,"proto":"string","type":"string"},
    "time": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"}
  }
},
"io.k8s.api.storage.v1.VolumeNodeResources": {
  "fields": {
    "count": {"n":1,"proto":"int32","type":"integer:int32"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionRequest": {
  "noSchema": true,
  "fields": {
    "desiredAPIVersion": {"n":2,"proto":"string"},
    "objects": {"n":3,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "uid": {"n":1,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionResponse": {
  "noSchema": true,
  "fields": {
    "convertedObjects": {"n":2,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "result": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Status"},
    "uid": {"n":1,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionReview": {
  "noSchema": true,
  "fields": {
    "request": {"n":1,"proto":"ConversionRequest"},
    "response": {"n":2,"proto":"ConversionResponse"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition": {
  "noSchema": true,
  "fields": {
    "description": {"n":4,"proto":"string"},
    "format": {"n":3,"proto":"string"},
    "jsonPath": {"n":6,"proto":"string"},
    "name": {"n":1,"proto":"string"},
    "priority": {"n":5,"proto":"int32"},
    "type": {"n":2,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion": {
  "noSchema": true,
  "fields": {
    "strategy": {"n":1,"proto":"string"},
    "webhook": {"n":2,"proto":"WebhookConversion"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"CustomResourceDefinitionSpec"},
    "status": {"n":3,"proto":"CustomResourceDefinitionStatus"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition": {
  "noSchema": true,
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string"},
    "reason": {"n":4,"proto":"string"},
    "status": {"n":2,"proto":"string"},
    "type": {"n":1,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated CustomResourceDefinition"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames": {
  "noSchema": true,
  "fields": {
    "categories": {"n":6,"proto":"repeated string"},
    "kind": {"n":4,"proto":"string"},
    "listKind": {"n":5,"proto":"string"},
    "plural": {"n":1,"proto":"string"},
    "shortNames": {"n":3,"proto":"repeated string"},
    "singular": {"n":2,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec": {
  "noSchema": true,
  "fields": {
    "conversion": {"n":9,"proto":"CustomResourceConversion"},
    "group": {"n":1,"proto":"string"},
    "names": {"n":3,"proto":"CustomResourceDefinitionNames"},
    "preserveUnknownFields": {"n":10,"proto":"bool"},
    "scope": {"n":4,"proto":"string"},
    "versions": {"n":7,"proto":"repeated CustomResourceDefinitionVersion"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus": {
  "noSchema": true,
  "fields": {
    "acceptedNames": {"n":2,"proto":"CustomResourceDefinitionNames"},
    "conditions": {"n":1,"proto":"repeated CustomResourceDefinitionCondition"},
    "storedVersions": {"n":3,"proto":"repeated string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion": {
  "noSchema": true,
  "fields": {
    "additionalPrinterColumns": {"n":6,"proto":"repeated CustomResourceColumnDefinition"},
    "deprecated": {"n":7,"proto":"bool"},
    "deprecationWarning": {"n":8,"proto":"string"},
    "name": {"n":1,"proto":"string"},
    "schema": {"n":4,"proto":"CustomResourceValidation"},
    "selectableFields": {"n":9,"proto":"repeated SelectableField"},
    "served": {"n":2,"proto":"bool"},
    "storage": {"n":3,"proto":"bool"},
    "subresources": {"n":5,"proto":"CustomResourceSubresources"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale": {
  "noSchema": true,
  "fields": {
    "labelSelectorPath": {"n":3,"proto":"string"},
    "specReplicasPath": {"n":1,"proto":"string"},
    "statusReplicasPath": {"n":2,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus": {"fields":{},"noSchema":true},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources": {
  "noSchema": true,
  "fields": {
    "scale": {"n":2,"proto":"CustomResourceSubresourceScale"},
    "status": {"n":1,"proto":"CustomResourceSubresourceStatus"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation": {
  "noSchema": true,
  "fields": {
    "openAPIV3Schema": {"n":1,"proto":"JSONSchemaProps"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation": {
  "noSchema": true,
  "fields": {
    "description": {"n":1,"proto":"string"},
    "url": {"n":2,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON": {
  "noSchema": true,
  "fields": {
    "raw": {"n":1,"proto":"bytes"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps": {
  "noSchema": true,
  "fields": {
    "additionalItems": {"n":33,"proto":"JSONSchemaPropsOrBool"},
    "additionalProperties": {"n":30,"proto":"JSONSchemaPropsOrBool"},
    "allOf": {"n":25,"proto":"repeated JSONSchemaProps"},
    "anyOf": {"n":27,"proto":"repeated JSONSchemaProps"},
    "default": {"n":8,"proto":"JSON"},
    "definitions": {"n":34,"proto":"map<string, JSONSchemaProps>"},
    "dependencies": {"n":32,"proto":"map<string, JSONSchemaPropsOrStringArray>"},
    "description": {"n":4,"proto":"string"},
    "enum": {"n":20,"proto":"repeated JSON"},
    "example": {"n":36,"proto":"JSON"},
    "exclusiveMaximum": {"n":10,"proto":"bool"},
    "exclusiveMinimum": {"n":12,"proto":"bool"},
    "externalDocs": {"n":35,"proto":"ExternalDocumentation"},
    "format": {"n":6,"proto":"string"},
    "id": {"n":1,"proto":"string"},
    "items": {"n":24,"proto":"JSONSchemaPropsOrArray"},
    "maxItems": {"n":16,"proto":"int64"},
    "maxLength": {"n":13,"proto":"int64"},
    "maxProperties": {"n":21,"proto":"int64"},
    "maximum": {"n":9,"proto":"double"},
    "minItems": {"n":17,"proto":"int64"},
    "minLength": {"n":14,"proto":"int64"},
    "minProperties": {"n":22,"proto":"int64"},
    "minimum": {"n":11,"proto":"double"},
    "multipleOf": {"n":19,"proto":"double"},
    "not": {"n":28,"proto":"JSONSchemaProps"},
    "nullable": {"n":37,"proto":"bool"},
    "oneOf": {"n":26,"proto":"repeated JSONSchemaProps"},
    "pattern": {"n":15,"proto":"string"},
    "patternProperties": {"n":31,"proto":"map<string, JSONSchemaProps>"},
    "properties": {"n":29,"proto":"map<string, JSONSchemaProps>"},
    "ref": {"n":3,"proto":"string"},
    "required": {"n":23,"proto":"repeated string"},
    "schema": {"n":2,"proto":"string"},
    "title": {"n":7,"proto":"string"},
    "type": {"n":5,"proto":"string"},
    "uniqueItems": {"n":18,"proto":"bool"},
    "xKubernetesEmbeddedResource": {"n":39,"proto":"bool"},
    "xKubernetesIntOrString": {"n":40,"proto":"bool"},
    "xKubernetesListMapKeys": {"n":41,"proto":"repeated string"},
    "xKubernetesListType": {"n":42,"proto":"string"},
    "xKubernetesMapType": {"n":43,"proto":"string"},
    "xKubernetesPreserveUnknownFields": {"n":38,"proto":"bool"},
    "xKubernetesValidations": {"n":44,"proto":"repeated ValidationRule"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": {
  "noSchema": true,
  "fields": {
    "jSONSchemas": {"n":2,"proto":"repeated JSONSchemaProps"},
    "schema": {"n":1,"proto":"JSONSchemaProps"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": {
  "noSchema": true,
  "fields": {
    "allows": {"n":1,"proto":"bool"},
    "schema": {"n":2,"proto":"JSONSchemaProps"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": {
  "noSchema": true,
  "fields": {
    "property": {"n":2,"proto":"repeated string"},
    "schema": {"n":1,"proto":"JSONSchemaProps"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.SelectableField": {
  "noSchema": true,
  "fields": {
    "jsonPath": {"n":1,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ServiceReference": {
  "noSchema": true,
  "fields": {
    "name": {"n":2,"proto":"string"},
    "namespace": {"n":1,"proto":"string"},
    "path": {"n":3,"proto":"string"},
    "port": {"n":4,"proto":"int32"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ValidationRule": {
  "noSchema": true,
  "fields": {
    "fieldPath": {"n":5,"proto":"string"},
    "message": {"n":2,"proto":"string"},
    "messageExpression": {"n":3,"proto":"string"},
    "optionalOldSelf": {"n":6,"proto":"bool"},
    "reason": {"n":4,"proto":"string"},
    "rule": {"n":1,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig": {
  "noSchema": true,
  "fields": {
    "caBundle": {"n":2,"proto":"bytes"},
    "service": {"n":1,"proto":"ServiceReference"},
    "url": {"n":3,"proto":"string"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookConversion": {
  "noSchema": true,
  "fields": {
    "clientConfig": {"n":2,"proto":"WebhookClientConfig"},
    "conversionReviewVersions": {"n":3,"proto":"repeated string"}
  }
},
"io.k8s.apimachinery.pkg.api.resource.Quantity": {
  "noSchema": true,
  "fields": {
    "string": {"n":1,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.api.resource.QuantityValue": {
  "noSchema": true,
  "fields": {
    "string": {"n":1,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup": {
  "gvk": [{"group":"","kind":"APIGroup","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "preferredVersion": {"n":3,"proto":"GroupVersionForDiscovery","type":"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery"},
    "serverAddressByClientCIDRs": {"list-type":"atomic","n":4,"proto":"repeated ServerAddressByClientCIDR","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR[]"},
    "versions": {"list-type":"atomic","n":2,"proto":"repeated GroupVersionForDiscovery","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery[]"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList": {
  "gvk": [{"group":"","kind":"APIGroupList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "groups": {"list-type":"atomic","n":1,"proto":"repeated APIGroup","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup[]"},
    "kind": {"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIResource": {
  "fields": {
    "categories": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]"},
    "group": {"n":8,"proto":"string","type":"string"},
    "kind": {"n":3,"proto":"string","required":true,"type":"string"},
    "name": {"n":1,"proto":"string","required":true,"type":"string"},
    "namespaced": {"default":false,"n":2,"proto":"bool","required":true,"type":"boolean"},
    "shortNames": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "singularName": {"n":6,"proto":"string","required":true,"type":"string"},
    "storageVersionHash": {"n":10,"proto":"string","type":"string"},
    "verbs": {"n":4,"proto":"Verbs","required":true,"type":"string[]"},
    "version": {"n":9,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList": {
  "gvk": [{"group":"","kind":"APIResourceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "groupVersion": {"n":1,"proto":"string","required":true,"type":"string"},
    "kind": {"type":"string"},
    "resources": {"list-type":"atomic","n":2,"proto":"repeated APIResource","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.APIResource[]"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions": {
  "gvk": [{"group":"","kind":"APIVersions","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "serverAddressByClientCIDRs": {"list-type":"atomic","n":2,"proto":"repeated ServerAddressByClientCIDR","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR[]"},
    "versions": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ApplyOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string"},
    "fieldManager": {"n":3,"proto":"string"},
    "force": {"n":2,"proto":"bool"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Condition": {
  "fields": {
    "lastTransitionTime": {"n":4,"proto":"Time","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":6,"proto":"string","required":true,"type":"string"},
    "observedGeneration": {"n":3,"proto":"int64","type":"integer:int64"},
    "reason": {"n":5,"proto":"string","required":true,"type":"string"},
    "status": {"n":2,"proto":"string","required":true,"type":"string"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string"},
    "fieldManager": {"n":3,"proto":"string"},
    "fieldValidation": {"n":4,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions": {
  "fields": {
    "apiVersion": {"type":"string"},
    "dryRun": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]"},
    "gracePeriodSeconds": {"n":1,"proto":"int64","type":"integer:int64"},
    "ignoreStoreReadErrorWithClusterBreakingPotential": {"n":6,"proto":"bool","type":"boolean"},
    "kind": {"type":"string"},
    "orphanDependents": {"n":3,"proto":"bool","type":"boolean"},
    "preconditions": {"n":2,"proto":"Preconditions","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions"},
    "propagationPolicy": {"n":4,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Duration": {
  "noSchema": true,
  "fields": {
    "duration": {"n":1,"proto":"int64"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": {
  "noSchema": true,
  "fields": {
    "Raw": {"n":1,"proto":"bytes"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GetOptions": {
  "noSchema": true,
  "fields": {
    "resourceVersion": {"n":1,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GroupKind": {
  "noSchema": true,
  "fields": {
    "group": {"n":1,"proto":"string"},
    "kind": {"n":2,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GroupResource": {
  "noSchema": true,
  "fields": {
    "group": {"n":1,"proto":"string"},
    "resource": {"n":2,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersion": {
  "noSchema": true,
  "fields": {
    "group": {"n":1,"proto":"string"},
    "version": {"n":2,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery": {
  "fields": {
    "groupVersion": {"n":1,"proto":"string","required":true,"type":"string"},
    "version": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionKind": {
  "noSchema": true,
  "fields": {
    "group": {"n":1,"proto":"string"},
    "kind": {"n":3,"proto":"string"},
    "version": {"n":2,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionResource": {
  "noSchema": true,
  "fields": {
    "group": {"n":1,"proto":"string"},
    "resource": {"n":3,"proto":"string"},
    "version": {"n":2,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector": {
  "map-type": "atomic",
  "fields": {
    "matchExpressions": {"list-type":"atomic","n":2,"proto":"repeated LabelSelectorRequirement","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement[]"},
    "matchLabels": {"n":1,"proto":"map<string, string>","type":"map<string>"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.List": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension"},
    "metadata": {"n":1,"proto":"ListMeta"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta": {
  "fields": {
    "continue": {"n":3,"proto":"string","type":"string"},
    "remainingItemCount": {"n":4,"proto":"int64","type":"integer:int64"},
    "resourceVersion": {"n":2,"proto":"string","type":"string"},
    "selfLink": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ListOptions": {
  "noSchema": true,
  "fields": {
    "allowWatchBookmarks": {"n":9,"proto":"bool"},
    "continue": {"n":8,"proto":"string"},
    "fieldSelector": {"n":2,"proto":"string"},
    "labelSelector": {"n":1,"proto":"string"},
    "limit": {"n":7,"proto":"int64"},
    "resourceVersion": {"n":4,"proto":"string"},
    "resourceVersionMatch": {"n":10,"proto":"string"},
    "sendInitialEvents": {"n":11,"proto":"bool"},
    "timeoutSeconds": {"n":5,"proto":"int64"},
    "watch": {"n":3,"proto":"bool"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry": {
  "fields": {
    "apiVersion": {"n":3,"proto":"string","type":"string"},
    "fieldsType": {"n":6,"proto":"string","type":"string"},
    "fieldsV1": {"n":7,"proto":"FieldsV1","type":"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"},
    "manager": {"n":1,"proto":"string","type":"string"},
    "operation": {"n":2,"proto":"string","type":"string"},
    "subresource": {"n":8,"proto":"string","type":"string"},
    "time": {"n":4,"proto":"Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": {
  "noSchema": true,
  "fields": {
    "nanos": {"n":2,"proto":"int32"},
    "seconds": {"n":1,"proto":"int64"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {
  "fields": {
    "annotations": {"n":12,"proto":"map<string, string>","type":"map<string>"},
    "creationTimestamp": {"n":8,"proto":"Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "deletionGracePeriodSeconds": {"n":10,"proto":"int64","type":"integer:int64"},
    "deletionTimestamp": {"n":9,"proto":"Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time"},
    "finalizers": {"list-type":"set","n":14,"patch-strategy":"merge","proto":"repeated string","type":"string[]"},
    "generateName": {"n":2,"proto":"string","type":"string"},
    "generation": {"n":7,"proto":"int64","type":"integer:int64"},
    "labels": {"n":11,"proto":"map<string, string>","type":"map<string>"},
    "managedFields": {"list-type":"atomic","n":17,"proto":"repeated ManagedFieldsEntry","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry[]"},
    "name": {"n":1,"proto":"string","type":"string"},
    "namespace": {"n":3,"proto":"string","type":"string"},
    "ownerReferences": {"list-map-keys":["uid"],"list-type":"map","n":13,"patch-merge-key":"uid","patch-strategy":"merge","proto":"repeated OwnerReference","type":"io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference[]"},
    "resourceVersion": {"n":6,"proto":"string","type":"string"},
    "selfLink": {"n":4,"proto":"string","type":"string"},
    "uid": {"n":5,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":5,"proto":"string","required":true,"type":"string"},
    "blockOwnerDeletion": {"n":7,"proto":"bool","type":"boolean"},
    "controller": {"n":6,"proto":"bool","type":"boolean"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string"},
    "name": {"n":3,"proto":"string","required":true,"type":"string"},
    "uid": {"n":4,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"ObjectMeta"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated PartialObjectMetadata"},
    "metadata": {"n":1,"proto":"ListMeta"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Patch": {"fields":{},"noSchema":true},
"io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string"},
    "fieldManager": {"n":3,"proto":"string"},
    "fieldValidation": {"n":4,"proto":"string"},
    "force": {"n":2,"proto":"bool"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions": {
  "fields": {
    "resourceVersion": {"n":2,"proto":"string","type":"string"},
    "uid": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.RootPaths": {
  "noSchema": true,
  "fields": {
    "paths": {"n":1,"proto":"repeated string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR": {
  "fields": {
    "clientCIDR": {"n":1,"proto":"string","required":true,"type":"string"},
    "serverAddress": {"n":2,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Status": {
  "gvk": [{"group":"","kind":"Status","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "code": {"n":6,"proto":"int32","type":"integer:int32"},
    "details": {"list-type":"atomic","n":5,"proto":"StatusDetails","type":"io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails"},
    "kind": {"type":"string"},
    "message": {"n":3,"proto":"string","type":"string"},
    "metadata": {"n":1,"proto":"ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"},
    "reason": {"n":4,"proto":"string","type":"string"},
    "status": {"n":2,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause": {
  "fields": {
    "field": {"n":3,"proto":"string","type":"string"},
    "message": {"n":2,"proto":"string","type":"string"},
    "reason": {"n":1,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails": {
  "fields": {
    "causes": {"list-type":"atomic","n":4,"proto":"repeated StatusCause","type":"io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause[]"},
    "group": {"n":2,"proto":"string","type":"string"},
    "kind": {"n":3,"proto":"string","type":"string"},
    "name": {"n":1,"proto":"string","type":"string"},
    "retryAfterSeconds": {"n":5,"proto":"int32","type":"integer:int32"},
    "uid": {"n":6,"proto":"string","type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.TableOptions": {
  "noSchema": true,
  "fields": {
    "includeObject": {"n":1,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Time": {
  "noSchema": true,
  "fields": {
    "nanos": {"n":2,"proto":"int32"},
    "seconds": {"n":1,"proto":"int64"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Timestamp": {
  "noSchema": true,
  "fields": {
    "nanos": {"n":2,"proto":"int32"},
    "seconds": {"n":1,"proto":"int64"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.TypeMeta": {
  "noSchema": true,
  "fields": {
    "apiVersion": {"n":2,"proto":"string"},
    "kind": {"n":1,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string"},
    "fieldManager": {"n":2,"proto":"string"},
    "fieldValidation": {"n":3,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Verbs": {
  "noSchema": true,
  "fields": {
    "items": {"n":1,"proto":"repeated string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent": {
  "fields": {
    "object": {"n":2,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension","required":true,"type":"io.k8s.apimachinery.pkg.runtime.RawExtension"},
    "type": {"n":1,"proto":"string","required":true,"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.runtime.RawExtension": {
  "noSchema": true,
  "fields": {
    "raw": {"n":1,"proto":"bytes"}
  }
},
"io.k8s.apimachinery.pkg.runtime.TypeMeta": {
  "noSchema": true,
  "fields": {
    "apiVersion": {"n":1,"proto":"string"},
    "kind": {"n":2,"proto":"string"}
  }
},
"io.k8s.apimachinery.pkg.runtime.Unknown": {
  "noSchema": true,
  "fields": {
    "contentEncoding": {"n":3,"proto":"string"},
    "contentType": {"n":4,"proto":"string"},
    "raw": {"n":2,"proto":"bytes"},
    "typeMeta": {"n":1,"proto":"TypeMeta"}
  }
},
"io.k8s.apimachinery.pkg.util.intstr.IntOrString": {
  "noSchema": true,
  "fields": {
    "intVal": {"n":2,"proto":"int32"},
    "strVal": {"n":3,"proto":"string"},
    "type": {"n":1,"proto":"int64"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIService": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
    "spec": {"n":2,"proto":"APIServiceSpec"},
    "status": {"n":3,"proto":"APIServiceStatus"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceCondition": {
  "noSchema": true,
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time"},
    "message": {"n":5,"proto":"string"},
    "reason": {"n":4,"proto":"string"},
    "status": {"n":2,"proto":"string"},
    "type": {"n":1,"proto":"string"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceList": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated APIService"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceSpec": {
  "noSchema": true,
  "fields": {
    "caBundle": {"n":5,"proto":"bytes"},
    "group": {"n":2,"proto":"string"},
    "groupPriorityMinimum": {"n":7,"proto":"int32"},
    "insecureSkipTLSVerify": {"n":4,"proto":"bool"},
    "service": {"n":1,"proto":"ServiceReference"},
    "version": {"n":3,"proto":"string"},
    "versionPriority": {"n":8,"proto":"int32"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceStatus": {
  "noSchema": true,
  "fields": {
    "conditions": {"n":1,"proto":"repeated APIServiceCondition"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.ServiceReference": {
  "noSchema": true,
  "fields": {
    "name": {"n":2,"proto":"string"},
    "namespace": {"n":1,"proto":"string"},
    "port": {"n":3,"proto":"int32"}
  }
}
}`,
) as Record<string, MessageFacts>;
