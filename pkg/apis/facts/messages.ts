// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { MessageFacts } from '../../apimachinery/schema/facts.js';

/** Every message of the v1.32 API by its schema name. */
export const MESSAGES = JSON.parse(
  `{
"io.k8s.api.admission.v1.AdmissionRequest": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":11,"proto":"bool","go":"p"},
    "kind": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind","go":"s!"},
    "name": {"n":5,"proto":"string","go":"t"},
    "namespace": {"n":6,"proto":"string","go":"t"},
    "object": {"n":9,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension","go":"r"},
    "oldObject": {"n":10,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension","go":"r"},
    "operation": {"n":7,"proto":"string","go":"t!"},
    "options": {"n":12,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension","go":"r"},
    "requestKind": {"n":13,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind","go":"p"},
    "requestResource": {"n":14,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource","go":"p"},
    "requestSubResource": {"n":15,"proto":"string","go":"t"},
    "resource": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource","go":"s!"},
    "subResource": {"n":4,"proto":"string","go":"t"},
    "uid": {"n":1,"proto":"string","go":"t!"},
    "userInfo": {"n":8,"proto":"k8s.io.api.authentication.v1.UserInfo","go":"s!"}
  }
},
"io.k8s.api.admission.v1.AdmissionResponse": {
  "noSchema": true,
  "fields": {
    "allowed": {"n":2,"proto":"bool","go":"b!"},
    "auditAnnotations": {"n":6,"proto":"map<string, string>","go":"m"},
    "patch": {"n":4,"proto":"bytes","go":"l"},
    "patchType": {"n":5,"proto":"string","go":"p"},
    "status": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Status","go":"p"},
    "uid": {"n":1,"proto":"string","go":"t!"},
    "warnings": {"n":7,"proto":"repeated string","go":"l"}
  }
},
"io.k8s.api.admission.v1.AdmissionReview": {
  "noSchema": true,
  "fields": {
    "request": {"n":1,"proto":"AdmissionRequest","go":"p"},
    "response": {"n":2,"proto":"AdmissionResponse","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.AuditAnnotation": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "valueExpression": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.admissionregistration.v1.ExpressionWarning": {
  "fields": {
    "fieldRef": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "warning": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.admissionregistration.v1.MatchCondition": {
  "fields": {
    "expression": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.admissionregistration.v1.MatchResources": {
  "map-type": "atomic",
  "fields": {
    "excludeResourceRules": {"list-type":"atomic","n":4,"proto":"repeated NamedRuleWithOperations","type":"io.k8s.api.admissionregistration.v1.NamedRuleWithOperations[]","go":"l"},
    "matchPolicy": {"n":7,"proto":"string","type":"string","go":"p"},
    "namespaceSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "objectSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "resourceRules": {"list-type":"atomic","n":3,"proto":"repeated NamedRuleWithOperations","type":"io.k8s.api.admissionregistration.v1.NamedRuleWithOperations[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1.MutatingWebhook": {
  "fields": {
    "admissionReviewVersions": {"list-type":"atomic","n":8,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "clientConfig": {"n":2,"proto":"WebhookClientConfig","required":true,"type":"io.k8s.api.admissionregistration.v1.WebhookClientConfig","go":"s!"},
    "failurePolicy": {"n":4,"proto":"string","type":"string","go":"p"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":12,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]","go":"l"},
    "matchPolicy": {"n":9,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespaceSelector": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "objectSelector": {"n":11,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "reinvocationPolicy": {"n":10,"proto":"string","type":"string","go":"p"},
    "rules": {"list-type":"atomic","n":3,"proto":"repeated RuleWithOperations","type":"io.k8s.api.admissionregistration.v1.RuleWithOperations[]","go":"l"},
    "sideEffects": {"n":6,"proto":"string","required":true,"type":"string","go":"p!"},
    "timeoutSeconds": {"n":7,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingWebhookConfiguration","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "webhooks": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MutatingWebhook","type":"io.k8s.api.admissionregistration.v1.MutatingWebhook[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingWebhookConfigurationList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated MutatingWebhookConfiguration","required":true,"type":"io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1.NamedRuleWithOperations": {
  "map-type": "atomic",
  "protoOnly": {"ruleWithOperations":{"n":2,"proto":"RuleWithOperations"}},
  "fields": {
    "apiGroups": {"list-type":"atomic","type":"string[]","go":"l"},
    "apiVersions": {"list-type":"atomic","type":"string[]","go":"l"},
    "operations": {"list-type":"atomic","type":"string[]","go":"l"},
    "resourceNames": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "resources": {"list-type":"atomic","type":"string[]","go":"l"},
    "scope": {"type":"string","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.ParamKind": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":1,"proto":"string","type":"string","go":"t"},
    "kind": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.admissionregistration.v1.ParamRef": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "namespace": {"n":2,"proto":"string","type":"string","go":"t"},
    "parameterNotFoundAction": {"n":4,"proto":"string","type":"string","go":"p"},
    "selector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.Rule": {
  "noSchema": true,
  "fields": {
    "apiGroups": {"n":1,"proto":"repeated string","go":"l"},
    "apiVersions": {"n":2,"proto":"repeated string","go":"l"},
    "resources": {"n":3,"proto":"repeated string","go":"l"},
    "scope": {"n":4,"proto":"string","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.RuleWithOperations": {
  "protoOnly": {"rule":{"n":2,"proto":"Rule"}},
  "fields": {
    "apiGroups": {"list-type":"atomic","type":"string[]","go":"l"},
    "apiVersions": {"list-type":"atomic","type":"string[]","go":"l"},
    "operations": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "resources": {"list-type":"atomic","type":"string[]","go":"l"},
    "scope": {"type":"string","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.ServiceReference": {
  "fields": {
    "name": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "path": {"n":3,"proto":"string","type":"string","go":"p"},
    "port": {"n":4,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.TypeChecking": {
  "fields": {
    "expressionWarnings": {"list-type":"atomic","n":1,"proto":"repeated ExpressionWarning","type":"io.k8s.api.admissionregistration.v1.ExpressionWarning[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicy","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ValidatingAdmissionPolicySpec","type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec","go":"s"},
    "status": {"n":3,"proto":"ValidatingAdmissionPolicyStatus","type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicyBinding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ValidatingAdmissionPolicyBindingSpec","type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicyBindingList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ValidatingAdmissionPolicyBinding","required":true,"type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBinding[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec": {
  "fields": {
    "matchResources": {"n":3,"proto":"MatchResources","type":"io.k8s.api.admissionregistration.v1.MatchResources","go":"p"},
    "paramRef": {"n":2,"proto":"ParamRef","type":"io.k8s.api.admissionregistration.v1.ParamRef","go":"p"},
    "policyName": {"n":1,"proto":"string","type":"string","go":"t"},
    "validationActions": {"list-type":"set","n":4,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingAdmissionPolicyList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ValidatingAdmissionPolicy","required":true,"type":"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicy[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec": {
  "fields": {
    "auditAnnotations": {"list-type":"atomic","n":5,"proto":"repeated AuditAnnotation","type":"io.k8s.api.admissionregistration.v1.AuditAnnotation[]","go":"l"},
    "failurePolicy": {"n":4,"proto":"string","type":"string","go":"p"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":6,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]","go":"l"},
    "matchConstraints": {"n":2,"proto":"MatchResources","type":"io.k8s.api.admissionregistration.v1.MatchResources","go":"p"},
    "paramKind": {"n":1,"proto":"ParamKind","type":"io.k8s.api.admissionregistration.v1.ParamKind","go":"p"},
    "validations": {"list-type":"atomic","n":3,"proto":"repeated Validation","type":"io.k8s.api.admissionregistration.v1.Validation[]","go":"l"},
    "variables": {"list-map-keys":["name"],"list-type":"map","n":7,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated Variable","type":"io.k8s.api.admissionregistration.v1.Variable[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicyStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":3,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.Condition","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Condition[]","go":"l"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64","go":"n"},
    "typeChecking": {"n":2,"proto":"TypeChecking","type":"io.k8s.api.admissionregistration.v1.TypeChecking","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingWebhook": {
  "fields": {
    "admissionReviewVersions": {"list-type":"atomic","n":8,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "clientConfig": {"n":2,"proto":"WebhookClientConfig","required":true,"type":"io.k8s.api.admissionregistration.v1.WebhookClientConfig","go":"s!"},
    "failurePolicy": {"n":4,"proto":"string","type":"string","go":"p"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":11,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]","go":"l"},
    "matchPolicy": {"n":9,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespaceSelector": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "objectSelector": {"n":10,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "rules": {"list-type":"atomic","n":3,"proto":"repeated RuleWithOperations","type":"io.k8s.api.admissionregistration.v1.RuleWithOperations[]","go":"l"},
    "sideEffects": {"n":6,"proto":"string","required":true,"type":"string","go":"p!"},
    "timeoutSeconds": {"n":7,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingWebhookConfiguration","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "webhooks": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated ValidatingWebhook","type":"io.k8s.api.admissionregistration.v1.ValidatingWebhook[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"ValidatingWebhookConfigurationList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ValidatingWebhookConfiguration","required":true,"type":"io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1.Validation": {
  "fields": {
    "expression": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "message": {"n":2,"proto":"string","type":"string","go":"t"},
    "messageExpression": {"n":4,"proto":"string","type":"string","go":"t"},
    "reason": {"n":3,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1.Variable": {
  "map-type": "atomic",
  "fields": {
    "expression": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.admissionregistration.v1.WebhookClientConfig": {
  "fields": {
    "caBundle": {"n":2,"proto":"bytes","type":"string:byte","go":"l"},
    "service": {"n":1,"proto":"ServiceReference","type":"io.k8s.api.admissionregistration.v1.ServiceReference","go":"p"},
    "url": {"n":3,"proto":"string","type":"string","go":"p"}
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
    "data": {"n":2,"proto":"k8s.io.apimachinery.pkg.runtime.RawExtension","type":"io.k8s.apimachinery.pkg.runtime.RawExtension","go":"r"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "revision": {"default":0,"n":3,"proto":"int64","required":true,"type":"integer:int64","go":"n!"}
  }
},
"io.k8s.api.apps.v1.ControllerRevisionList": {
  "gvk": [{"group":"apps","kind":"ControllerRevisionList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ControllerRevision","required":true,"type":"io.k8s.api.apps.v1.ControllerRevision[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.apps.v1.DaemonSet": {
  "gvk": [{"group":"apps","kind":"DaemonSet","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"DaemonSetSpec","type":"io.k8s.api.apps.v1.DaemonSetSpec","go":"s"},
    "status": {"n":3,"proto":"DaemonSetStatus","type":"io.k8s.api.apps.v1.DaemonSetStatus","go":"s"}
  }
},
"io.k8s.api.apps.v1.DaemonSetCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.apps.v1.DaemonSetList": {
  "gvk": [{"group":"apps","kind":"DaemonSetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated DaemonSet","required":true,"type":"io.k8s.api.apps.v1.DaemonSet[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.apps.v1.DaemonSetSpec": {
  "fields": {
    "minReadySeconds": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "revisionHistoryLimit": {"n":6,"proto":"int32","type":"integer:int32","go":"p"},
    "selector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p!"},
    "template": {"n":2,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec","go":"s!"},
    "updateStrategy": {"n":3,"proto":"DaemonSetUpdateStrategy","type":"io.k8s.api.apps.v1.DaemonSetUpdateStrategy","go":"s"}
  }
},
"io.k8s.api.apps.v1.DaemonSetStatus": {
  "fields": {
    "collisionCount": {"n":9,"proto":"int32","type":"integer:int32","go":"p"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":10,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated DaemonSetCondition","type":"io.k8s.api.apps.v1.DaemonSetCondition[]","go":"l"},
    "currentNumberScheduled": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "desiredNumberScheduled": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "numberAvailable": {"n":7,"proto":"int32","type":"integer:int32","go":"n"},
    "numberMisscheduled": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "numberReady": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "numberUnavailable": {"n":8,"proto":"int32","type":"integer:int32","go":"n"},
    "observedGeneration": {"n":5,"proto":"int64","type":"integer:int64","go":"n"},
    "updatedNumberScheduled": {"n":6,"proto":"int32","type":"integer:int32","go":"n"}
  }
},
"io.k8s.api.apps.v1.DaemonSetUpdateStrategy": {
  "fields": {
    "rollingUpdate": {"n":2,"proto":"RollingUpdateDaemonSet","type":"io.k8s.api.apps.v1.RollingUpdateDaemonSet","go":"p"},
    "type": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.apps.v1.Deployment": {
  "gvk": [{"group":"apps","kind":"Deployment","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"DeploymentSpec","type":"io.k8s.api.apps.v1.DeploymentSpec","go":"s"},
    "status": {"n":3,"proto":"DeploymentStatus","type":"io.k8s.api.apps.v1.DeploymentStatus","go":"s"}
  }
},
"io.k8s.api.apps.v1.DeploymentCondition": {
  "fields": {
    "lastTransitionTime": {"n":7,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "lastUpdateTime": {"n":6,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.apps.v1.DeploymentList": {
  "gvk": [{"group":"apps","kind":"DeploymentList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Deployment","required":true,"type":"io.k8s.api.apps.v1.Deployment[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.apps.v1.DeploymentSpec": {
  "fields": {
    "minReadySeconds": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "paused": {"n":7,"proto":"bool","type":"boolean","go":"b"},
    "progressDeadlineSeconds": {"n":9,"proto":"int32","type":"integer:int32","go":"p"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32","go":"p"},
    "revisionHistoryLimit": {"n":6,"proto":"int32","type":"integer:int32","go":"p"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p!"},
    "strategy": {"n":4,"patch-strategy":"retainKeys","proto":"DeploymentStrategy","type":"io.k8s.api.apps.v1.DeploymentStrategy","go":"s"},
    "template": {"n":3,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec","go":"s!"}
  }
},
"io.k8s.api.apps.v1.DeploymentStatus": {
  "fields": {
    "availableReplicas": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "collisionCount": {"n":8,"proto":"int32","type":"integer:int32","go":"p"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated DeploymentCondition","type":"io.k8s.api.apps.v1.DeploymentCondition[]","go":"l"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64","go":"n"},
    "readyReplicas": {"n":7,"proto":"int32","type":"integer:int32","go":"n"},
    "replicas": {"n":2,"proto":"int32","type":"integer:int32","go":"n"},
    "unavailableReplicas": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "updatedReplicas": {"n":3,"proto":"int32","type":"integer:int32","go":"n"}
  }
},
"io.k8s.api.apps.v1.DeploymentStrategy": {
  "fields": {
    "rollingUpdate": {"n":2,"proto":"RollingUpdateDeployment","type":"io.k8s.api.apps.v1.RollingUpdateDeployment","go":"p"},
    "type": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.apps.v1.ReplicaSet": {
  "gvk": [{"group":"apps","kind":"ReplicaSet","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ReplicaSetSpec","type":"io.k8s.api.apps.v1.ReplicaSetSpec","go":"s"},
    "status": {"n":3,"proto":"ReplicaSetStatus","type":"io.k8s.api.apps.v1.ReplicaSetStatus","go":"s"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetList": {
  "gvk": [{"group":"apps","kind":"ReplicaSetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ReplicaSet","required":true,"type":"io.k8s.api.apps.v1.ReplicaSet[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetSpec": {
  "fields": {
    "minReadySeconds": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32","go":"p"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p!"},
    "template": {"n":3,"proto":"k8s.io.api.core.v1.PodTemplateSpec","type":"io.k8s.api.core.v1.PodTemplateSpec","go":"s"}
  }
},
"io.k8s.api.apps.v1.ReplicaSetStatus": {
  "fields": {
    "availableReplicas": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated ReplicaSetCondition","type":"io.k8s.api.apps.v1.ReplicaSetCondition[]","go":"l"},
    "fullyLabeledReplicas": {"n":2,"proto":"int32","type":"integer:int32","go":"n"},
    "observedGeneration": {"n":3,"proto":"int64","type":"integer:int64","go":"n"},
    "readyReplicas": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "replicas": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.apps.v1.RollingUpdateDaemonSet": {
  "fields": {
    "maxSurge": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"},
    "maxUnavailable": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"}
  }
},
"io.k8s.api.apps.v1.RollingUpdateDeployment": {
  "fields": {
    "maxSurge": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"},
    "maxUnavailable": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"}
  }
},
"io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy": {
  "fields": {
    "maxUnavailable": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"},
    "partition": {"n":1,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.apps.v1.StatefulSet": {
  "gvk": [{"group":"apps","kind":"StatefulSet","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"StatefulSetSpec","type":"io.k8s.api.apps.v1.StatefulSetSpec","go":"s"},
    "status": {"n":3,"proto":"StatefulSetStatus","type":"io.k8s.api.apps.v1.StatefulSetStatus","go":"s"}
  }
},
"io.k8s.api.apps.v1.StatefulSetCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.apps.v1.StatefulSetList": {
  "gvk": [{"group":"apps","kind":"StatefulSetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated StatefulSet","required":true,"type":"io.k8s.api.apps.v1.StatefulSet[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.apps.v1.StatefulSetOrdinals": {
  "fields": {
    "start": {"default":0,"n":1,"proto":"int32","type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": {
  "fields": {
    "whenDeleted": {"n":1,"proto":"string","type":"string","go":"t"},
    "whenScaled": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.apps.v1.StatefulSetSpec": {
  "fields": {
    "minReadySeconds": {"n":9,"proto":"int32","type":"integer:int32","go":"n"},
    "ordinals": {"n":11,"proto":"StatefulSetOrdinals","type":"io.k8s.api.apps.v1.StatefulSetOrdinals","go":"p"},
    "persistentVolumeClaimRetentionPolicy": {"n":10,"proto":"StatefulSetPersistentVolumeClaimRetentionPolicy","type":"io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy","go":"p"},
    "podManagementPolicy": {"n":6,"proto":"string","type":"string","go":"t"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32","go":"p"},
    "revisionHistoryLimit": {"n":8,"proto":"int32","type":"integer:int32","go":"p"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p!"},
    "serviceName": {"n":5,"proto":"string","required":true,"type":"string","go":"t!"},
    "template": {"n":3,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec","go":"s!"},
    "updateStrategy": {"n":7,"proto":"StatefulSetUpdateStrategy","type":"io.k8s.api.apps.v1.StatefulSetUpdateStrategy","go":"s"},
    "volumeClaimTemplates": {"list-type":"atomic","n":4,"proto":"repeated k8s.io.api.core.v1.PersistentVolumeClaim","type":"io.k8s.api.core.v1.PersistentVolumeClaim[]","go":"l"}
  }
},
"io.k8s.api.apps.v1.StatefulSetStatus": {
  "fields": {
    "availableReplicas": {"default":0,"n":11,"proto":"int32","type":"integer:int32","go":"n!"},
    "collisionCount": {"n":9,"proto":"int32","type":"integer:int32","go":"p"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":10,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated StatefulSetCondition","type":"io.k8s.api.apps.v1.StatefulSetCondition[]","go":"l"},
    "currentReplicas": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "currentRevision": {"n":6,"proto":"string","type":"string","go":"t"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64","go":"n"},
    "readyReplicas": {"n":3,"proto":"int32","type":"integer:int32","go":"n"},
    "replicas": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "updateRevision": {"n":7,"proto":"string","type":"string","go":"t"},
    "updatedReplicas": {"n":5,"proto":"int32","type":"integer:int32","go":"n"}
  }
},
"io.k8s.api.apps.v1.StatefulSetUpdateStrategy": {
  "fields": {
    "rollingUpdate": {"n":2,"proto":"RollingUpdateStatefulSetStrategy","type":"io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy","go":"p"},
    "type": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authentication.v1.BoundObjectReference": {
  "fields": {
    "apiVersion": {"n":2,"proto":"string","type":"string","go":"t"},
    "kind": {"n":1,"proto":"string","type":"string","go":"t"},
    "name": {"n":3,"proto":"string","type":"string","go":"t"},
    "uid": {"n":4,"proto":"string","type":"string","go":"t"}
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
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "status": {"n":2,"proto":"SelfSubjectReviewStatus","type":"io.k8s.api.authentication.v1.SelfSubjectReviewStatus","go":"s"}
  }
},
"io.k8s.api.authentication.v1.SelfSubjectReviewStatus": {
  "fields": {
    "userInfo": {"n":1,"proto":"UserInfo","type":"io.k8s.api.authentication.v1.UserInfo","go":"s"}
  }
},
"io.k8s.api.authentication.v1.TokenRequest": {
  "gvk": [{"group":"authentication.k8s.io","kind":"TokenRequest","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"TokenRequestSpec","required":true,"type":"io.k8s.api.authentication.v1.TokenRequestSpec","go":"s!"},
    "status": {"n":3,"proto":"TokenRequestStatus","type":"io.k8s.api.authentication.v1.TokenRequestStatus","go":"s"}
  }
},
"io.k8s.api.authentication.v1.TokenRequestSpec": {
  "fields": {
    "audiences": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "boundObjectRef": {"n":3,"proto":"BoundObjectReference","type":"io.k8s.api.authentication.v1.BoundObjectReference","go":"p!"},
    "expirationSeconds": {"n":4,"proto":"int64","type":"integer:int64","go":"p!"}
  }
},
"io.k8s.api.authentication.v1.TokenRequestStatus": {
  "fields": {
    "expirationTimestamp": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T!"},
    "token": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.authentication.v1.TokenReview": {
  "gvk": [{"group":"authentication.k8s.io","kind":"TokenReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"TokenReviewSpec","required":true,"type":"io.k8s.api.authentication.v1.TokenReviewSpec","go":"s!"},
    "status": {"n":3,"proto":"TokenReviewStatus","type":"io.k8s.api.authentication.v1.TokenReviewStatus","go":"s"}
  }
},
"io.k8s.api.authentication.v1.TokenReviewSpec": {
  "fields": {
    "audiences": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "token": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authentication.v1.TokenReviewStatus": {
  "fields": {
    "audiences": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"},
    "authenticated": {"n":1,"proto":"bool","type":"boolean","go":"b"},
    "error": {"n":3,"proto":"string","type":"string","go":"t"},
    "user": {"n":2,"proto":"UserInfo","type":"io.k8s.api.authentication.v1.UserInfo","go":"s"}
  }
},
"io.k8s.api.authentication.v1.UserInfo": {
  "fields": {
    "extra": {"n":4,"proto":"map<string, ExtraValue>","type":"map<string[]>","go":"m"},
    "groups": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"},
    "uid": {"n":2,"proto":"string","type":"string","go":"t"},
    "username": {"n":1,"proto":"string","type":"string","go":"t"}
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
    "rawSelector": {"n":1,"proto":"string","type":"string","go":"t"},
    "requirements": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement","type":"io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement[]","go":"l"}
  }
},
"io.k8s.api.authorization.v1.LabelSelectorAttributes": {
  "fields": {
    "rawSelector": {"n":1,"proto":"string","type":"string","go":"t"},
    "requirements": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement[]","go":"l"}
  }
},
"io.k8s.api.authorization.v1.LocalSubjectAccessReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"LocalSubjectAccessReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"SubjectAccessReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SubjectAccessReviewSpec","go":"s!"},
    "status": {"n":3,"proto":"SubjectAccessReviewStatus","type":"io.k8s.api.authorization.v1.SubjectAccessReviewStatus","go":"s"}
  }
},
"io.k8s.api.authorization.v1.NonResourceAttributes": {
  "fields": {
    "path": {"n":1,"proto":"string","type":"string","go":"t"},
    "verb": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authorization.v1.NonResourceRule": {
  "fields": {
    "nonResourceURLs": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "verbs": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.api.authorization.v1.ResourceAttributes": {
  "fields": {
    "fieldSelector": {"n":8,"proto":"FieldSelectorAttributes","type":"io.k8s.api.authorization.v1.FieldSelectorAttributes","go":"p"},
    "group": {"n":3,"proto":"string","type":"string","go":"t"},
    "labelSelector": {"n":9,"proto":"LabelSelectorAttributes","type":"io.k8s.api.authorization.v1.LabelSelectorAttributes","go":"p"},
    "name": {"n":7,"proto":"string","type":"string","go":"t"},
    "namespace": {"n":1,"proto":"string","type":"string","go":"t"},
    "resource": {"n":5,"proto":"string","type":"string","go":"t"},
    "subresource": {"n":6,"proto":"string","type":"string","go":"t"},
    "verb": {"n":2,"proto":"string","type":"string","go":"t"},
    "version": {"n":4,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authorization.v1.ResourceRule": {
  "fields": {
    "apiGroups": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "resourceNames": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"},
    "resources": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"},
    "verbs": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectAccessReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"SelfSubjectAccessReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"SelfSubjectAccessReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec","go":"s!"},
    "status": {"n":3,"proto":"SubjectAccessReviewStatus","type":"io.k8s.api.authorization.v1.SubjectAccessReviewStatus","go":"s"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec": {
  "fields": {
    "nonResourceAttributes": {"n":2,"proto":"NonResourceAttributes","type":"io.k8s.api.authorization.v1.NonResourceAttributes","go":"p"},
    "resourceAttributes": {"n":1,"proto":"ResourceAttributes","type":"io.k8s.api.authorization.v1.ResourceAttributes","go":"p"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectRulesReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"SelfSubjectRulesReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"SelfSubjectRulesReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec","go":"s!"},
    "status": {"n":3,"proto":"SubjectRulesReviewStatus","type":"io.k8s.api.authorization.v1.SubjectRulesReviewStatus","go":"s"}
  }
},
"io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec": {
  "fields": {
    "namespace": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authorization.v1.SubjectAccessReview": {
  "gvk": [{"group":"authorization.k8s.io","kind":"SubjectAccessReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"SubjectAccessReviewSpec","required":true,"type":"io.k8s.api.authorization.v1.SubjectAccessReviewSpec","go":"s!"},
    "status": {"n":3,"proto":"SubjectAccessReviewStatus","type":"io.k8s.api.authorization.v1.SubjectAccessReviewStatus","go":"s"}
  }
},
"io.k8s.api.authorization.v1.SubjectAccessReviewSpec": {
  "fields": {
    "extra": {"n":5,"proto":"map<string, ExtraValue>","type":"map<string[]>","go":"m"},
    "groups": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"},
    "nonResourceAttributes": {"n":2,"proto":"NonResourceAttributes","type":"io.k8s.api.authorization.v1.NonResourceAttributes","go":"p"},
    "resourceAttributes": {"n":1,"proto":"ResourceAttributes","type":"io.k8s.api.authorization.v1.ResourceAttributes","go":"p"},
    "uid": {"n":6,"proto":"string","type":"string","go":"t"},
    "user": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authorization.v1.SubjectAccessReviewStatus": {
  "fields": {
    "allowed": {"default":false,"n":1,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "denied": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "evaluationError": {"n":3,"proto":"string","type":"string","go":"t"},
    "reason": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.authorization.v1.SubjectRulesReviewStatus": {
  "fields": {
    "evaluationError": {"n":4,"proto":"string","type":"string","go":"t"},
    "incomplete": {"default":false,"n":3,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "nonResourceRules": {"list-type":"atomic","n":2,"proto":"repeated NonResourceRule","required":true,"type":"io.k8s.api.authorization.v1.NonResourceRule[]","go":"l!"},
    "resourceRules": {"list-type":"atomic","n":1,"proto":"repeated ResourceRule","required":true,"type":"io.k8s.api.authorization.v1.ResourceRule[]","go":"l!"}
  }
},
"io.k8s.api.autoscaling.v1.ContainerResourceMetricSource": {
  "noSchema": true,
  "fields": {
    "container": {"n":5,"proto":"string","go":"t!"},
    "name": {"n":1,"proto":"string","go":"t!"},
    "targetAverageUtilization": {"n":2,"proto":"int32","go":"p"},
    "targetAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.ContainerResourceMetricStatus": {
  "noSchema": true,
  "fields": {
    "container": {"n":4,"proto":"string","go":"t!"},
    "currentAverageUtilization": {"n":2,"proto":"int32","go":"p"},
    "currentAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"},
    "name": {"n":1,"proto":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v1.CrossVersionObjectReference": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":3,"proto":"string","type":"string","go":"t"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v1.ExternalMetricSource": {
  "noSchema": true,
  "fields": {
    "metricName": {"n":1,"proto":"string","go":"t!"},
    "metricSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "targetAverageValue": {"n":4,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "targetValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.ExternalMetricStatus": {
  "noSchema": true,
  "fields": {
    "currentAverageValue": {"n":4,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "currentValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"},
    "metricName": {"n":1,"proto":"string","go":"t!"},
    "metricSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscaler","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"HorizontalPodAutoscalerSpec","type":"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec","go":"s"},
    "status": {"n":3,"proto":"HorizontalPodAutoscalerStatus","type":"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus","go":"s"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerCondition": {
  "noSchema": true,
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","go":"t"},
    "reason": {"n":4,"proto":"string","go":"t"},
    "status": {"n":2,"proto":"string","go":"t!"},
    "type": {"n":1,"proto":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscalerList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated HorizontalPodAutoscaler","required":true,"type":"io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec": {
  "fields": {
    "maxReplicas": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "minReplicas": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "scaleTargetRef": {"n":1,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v1.CrossVersionObjectReference","go":"s!"},
    "targetCPUUtilizationPercentage": {"n":4,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus": {
  "fields": {
    "currentCPUUtilizationPercentage": {"n":5,"proto":"int32","type":"integer:int32","go":"p"},
    "currentReplicas": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "desiredReplicas": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "lastScaleTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.MetricSpec": {
  "noSchema": true,
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricSource","go":"p"},
    "external": {"n":5,"proto":"ExternalMetricSource","go":"p"},
    "object": {"n":2,"proto":"ObjectMetricSource","go":"p"},
    "pods": {"n":3,"proto":"PodsMetricSource","go":"p"},
    "resource": {"n":4,"proto":"ResourceMetricSource","go":"p"},
    "type": {"n":1,"proto":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v1.MetricStatus": {
  "noSchema": true,
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricStatus","go":"p"},
    "external": {"n":5,"proto":"ExternalMetricStatus","go":"p"},
    "object": {"n":2,"proto":"ObjectMetricStatus","go":"p"},
    "pods": {"n":3,"proto":"PodsMetricStatus","go":"p"},
    "resource": {"n":4,"proto":"ResourceMetricStatus","go":"p"},
    "type": {"n":1,"proto":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v1.ObjectMetricSource": {
  "noSchema": true,
  "fields": {
    "averageValue": {"n":5,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "metricName": {"n":2,"proto":"string","go":"t!"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "target": {"n":1,"proto":"CrossVersionObjectReference","go":"s!"},
    "targetValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"}
  }
},
"io.k8s.api.autoscaling.v1.ObjectMetricStatus": {
  "noSchema": true,
  "fields": {
    "averageValue": {"n":5,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "currentValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"},
    "metricName": {"n":2,"proto":"string","go":"t!"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "target": {"n":1,"proto":"CrossVersionObjectReference","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v1.PodsMetricSource": {
  "noSchema": true,
  "fields": {
    "metricName": {"n":1,"proto":"string","go":"t!"},
    "selector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "targetAverageValue": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"}
  }
},
"io.k8s.api.autoscaling.v1.PodsMetricStatus": {
  "noSchema": true,
  "fields": {
    "currentAverageValue": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"},
    "metricName": {"n":1,"proto":"string","go":"t!"},
    "selector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.ResourceMetricSource": {
  "noSchema": true,
  "fields": {
    "name": {"n":1,"proto":"string","go":"t!"},
    "targetAverageUtilization": {"n":2,"proto":"int32","go":"p"},
    "targetAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"p"}
  }
},
"io.k8s.api.autoscaling.v1.ResourceMetricStatus": {
  "noSchema": true,
  "fields": {
    "currentAverageUtilization": {"n":2,"proto":"int32","go":"p"},
    "currentAverageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","go":"q!"},
    "name": {"n":1,"proto":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v1.Scale": {
  "gvk": [{"group":"autoscaling","kind":"Scale","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ScaleSpec","type":"io.k8s.api.autoscaling.v1.ScaleSpec","go":"s"},
    "status": {"n":3,"proto":"ScaleStatus","type":"io.k8s.api.autoscaling.v1.ScaleStatus","go":"s"}
  }
},
"io.k8s.api.autoscaling.v1.ScaleSpec": {
  "fields": {
    "replicas": {"n":1,"proto":"int32","type":"integer:int32","go":"n"}
  }
},
"io.k8s.api.autoscaling.v1.ScaleStatus": {
  "fields": {
    "replicas": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "selector": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.autoscaling.v2.ContainerResourceMetricSource": {
  "fields": {
    "container": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus": {
  "fields": {
    "container": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus","go":"s!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v2.CrossVersionObjectReference": {
  "fields": {
    "apiVersion": {"n":3,"proto":"string","type":"string","go":"t"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v2.ExternalMetricSource": {
  "fields": {
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier","go":"s!"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.ExternalMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus","go":"s!"},
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.HPAScalingPolicy": {
  "fields": {
    "periodSeconds": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "value": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.autoscaling.v2.HPAScalingRules": {
  "fields": {
    "policies": {"list-type":"atomic","n":2,"proto":"repeated HPAScalingPolicy","type":"io.k8s.api.autoscaling.v2.HPAScalingPolicy[]","go":"l"},
    "selectPolicy": {"n":1,"proto":"string","type":"string","go":"p"},
    "stabilizationWindowSeconds": {"n":3,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscaler","version":"v2"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"HorizontalPodAutoscalerSpec","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec","go":"s"},
    "status": {"n":3,"proto":"HorizontalPodAutoscalerStatus","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus","go":"s"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior": {
  "fields": {
    "scaleDown": {"n":2,"proto":"HPAScalingRules","type":"io.k8s.api.autoscaling.v2.HPAScalingRules","go":"p"},
    "scaleUp": {"n":1,"proto":"HPAScalingRules","type":"io.k8s.api.autoscaling.v2.HPAScalingRules","go":"p"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList": {
  "gvk": [{"group":"autoscaling","kind":"HorizontalPodAutoscalerList","version":"v2"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated HorizontalPodAutoscaler","required":true,"type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec": {
  "fields": {
    "behavior": {"n":5,"proto":"HorizontalPodAutoscalerBehavior","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior","go":"p"},
    "maxReplicas": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "metrics": {"list-type":"atomic","n":4,"proto":"repeated MetricSpec","type":"io.k8s.api.autoscaling.v2.MetricSpec[]","go":"l"},
    "minReplicas": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "scaleTargetRef": {"n":1,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v2.CrossVersionObjectReference","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated HorizontalPodAutoscalerCondition","type":"io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition[]","go":"l"},
    "currentMetrics": {"list-type":"atomic","n":5,"proto":"repeated MetricStatus","type":"io.k8s.api.autoscaling.v2.MetricStatus[]","go":"l!"},
    "currentReplicas": {"n":3,"proto":"int32","type":"integer:int32","go":"n"},
    "desiredReplicas": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "lastScaleTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64","go":"p"}
  }
},
"io.k8s.api.autoscaling.v2.MetricIdentifier": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "selector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"}
  }
},
"io.k8s.api.autoscaling.v2.MetricSpec": {
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricSource","type":"io.k8s.api.autoscaling.v2.ContainerResourceMetricSource","go":"p"},
    "external": {"n":5,"proto":"ExternalMetricSource","type":"io.k8s.api.autoscaling.v2.ExternalMetricSource","go":"p"},
    "object": {"n":2,"proto":"ObjectMetricSource","type":"io.k8s.api.autoscaling.v2.ObjectMetricSource","go":"p"},
    "pods": {"n":3,"proto":"PodsMetricSource","type":"io.k8s.api.autoscaling.v2.PodsMetricSource","go":"p"},
    "resource": {"n":4,"proto":"ResourceMetricSource","type":"io.k8s.api.autoscaling.v2.ResourceMetricSource","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v2.MetricStatus": {
  "fields": {
    "containerResource": {"n":7,"proto":"ContainerResourceMetricStatus","type":"io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus","go":"p"},
    "external": {"n":5,"proto":"ExternalMetricStatus","type":"io.k8s.api.autoscaling.v2.ExternalMetricStatus","go":"p"},
    "object": {"n":2,"proto":"ObjectMetricStatus","type":"io.k8s.api.autoscaling.v2.ObjectMetricStatus","go":"p"},
    "pods": {"n":3,"proto":"PodsMetricStatus","type":"io.k8s.api.autoscaling.v2.PodsMetricStatus","go":"p"},
    "resource": {"n":4,"proto":"ResourceMetricStatus","type":"io.k8s.api.autoscaling.v2.ResourceMetricStatus","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.autoscaling.v2.MetricTarget": {
  "fields": {
    "averageUtilization": {"n":4,"proto":"int32","type":"integer:int32","go":"p"},
    "averageValue": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "value": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"}
  }
},
"io.k8s.api.autoscaling.v2.MetricValueStatus": {
  "fields": {
    "averageUtilization": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "averageValue": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "value": {"n":1,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"}
  }
},
"io.k8s.api.autoscaling.v2.ObjectMetricSource": {
  "fields": {
    "describedObject": {"n":1,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v2.CrossVersionObjectReference","go":"s!"},
    "metric": {"n":3,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier","go":"s!"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.ObjectMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus","go":"s!"},
    "describedObject": {"n":3,"proto":"CrossVersionObjectReference","required":true,"type":"io.k8s.api.autoscaling.v2.CrossVersionObjectReference","go":"s!"},
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.PodsMetricSource": {
  "fields": {
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier","go":"s!"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.PodsMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus","go":"s!"},
    "metric": {"n":1,"proto":"MetricIdentifier","required":true,"type":"io.k8s.api.autoscaling.v2.MetricIdentifier","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.ResourceMetricSource": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "target": {"n":2,"proto":"MetricTarget","required":true,"type":"io.k8s.api.autoscaling.v2.MetricTarget","go":"s!"}
  }
},
"io.k8s.api.autoscaling.v2.ResourceMetricStatus": {
  "fields": {
    "current": {"n":2,"proto":"MetricValueStatus","required":true,"type":"io.k8s.api.autoscaling.v2.MetricValueStatus","go":"s!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.batch.v1.CronJob": {
  "gvk": [{"group":"batch","kind":"CronJob","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"CronJobSpec","type":"io.k8s.api.batch.v1.CronJobSpec","go":"s"},
    "status": {"n":3,"proto":"CronJobStatus","type":"io.k8s.api.batch.v1.CronJobStatus","go":"s"}
  }
},
"io.k8s.api.batch.v1.CronJobList": {
  "gvk": [{"group":"batch","kind":"CronJobList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CronJob","required":true,"type":"io.k8s.api.batch.v1.CronJob[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.batch.v1.CronJobSpec": {
  "fields": {
    "concurrencyPolicy": {"n":3,"proto":"string","type":"string","go":"t"},
    "failedJobsHistoryLimit": {"n":7,"proto":"int32","type":"integer:int32","go":"p"},
    "jobTemplate": {"n":5,"proto":"JobTemplateSpec","required":true,"type":"io.k8s.api.batch.v1.JobTemplateSpec","go":"s!"},
    "schedule": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "startingDeadlineSeconds": {"n":2,"proto":"int64","type":"integer:int64","go":"p"},
    "successfulJobsHistoryLimit": {"n":6,"proto":"int32","type":"integer:int32","go":"p"},
    "suspend": {"n":4,"proto":"bool","type":"boolean","go":"p"},
    "timeZone": {"n":8,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.batch.v1.CronJobStatus": {
  "fields": {
    "active": {"list-type":"atomic","n":1,"proto":"repeated k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference[]","go":"l"},
    "lastScheduleTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "lastSuccessfulTime": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"}
  }
},
"io.k8s.api.batch.v1.Job": {
  "gvk": [{"group":"batch","kind":"Job","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"JobSpec","type":"io.k8s.api.batch.v1.JobSpec","go":"s"},
    "status": {"n":3,"proto":"JobStatus","type":"io.k8s.api.batch.v1.JobStatus","go":"s"}
  }
},
"io.k8s.api.batch.v1.JobCondition": {
  "fields": {
    "lastProbeTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":6,"proto":"string","type":"string","go":"t"},
    "reason": {"n":5,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.batch.v1.JobList": {
  "gvk": [{"group":"batch","kind":"JobList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Job","required":true,"type":"io.k8s.api.batch.v1.Job[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.batch.v1.JobSpec": {
  "fields": {
    "activeDeadlineSeconds": {"n":3,"proto":"int64","type":"integer:int64","go":"p"},
    "backoffLimit": {"n":7,"proto":"int32","type":"integer:int32","go":"p"},
    "backoffLimitPerIndex": {"n":12,"proto":"int32","type":"integer:int32","go":"p"},
    "completionMode": {"n":9,"proto":"string","type":"string","go":"p"},
    "completions": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "managedBy": {"n":15,"proto":"string","type":"string","go":"p"},
    "manualSelector": {"n":5,"proto":"bool","type":"boolean","go":"p"},
    "maxFailedIndexes": {"n":13,"proto":"int32","type":"integer:int32","go":"p"},
    "parallelism": {"n":1,"proto":"int32","type":"integer:int32","go":"p"},
    "podFailurePolicy": {"n":11,"proto":"PodFailurePolicy","type":"io.k8s.api.batch.v1.PodFailurePolicy","go":"p"},
    "podReplacementPolicy": {"n":14,"proto":"string","type":"string","go":"p"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "successPolicy": {"n":16,"proto":"SuccessPolicy","type":"io.k8s.api.batch.v1.SuccessPolicy","go":"p"},
    "suspend": {"n":10,"proto":"bool","type":"boolean","go":"p"},
    "template": {"n":6,"proto":"k8s.io.api.core.v1.PodTemplateSpec","required":true,"type":"io.k8s.api.core.v1.PodTemplateSpec","go":"s!"},
    "ttlSecondsAfterFinished": {"n":8,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.batch.v1.JobStatus": {
  "fields": {
    "active": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "completedIndexes": {"n":7,"proto":"string","type":"string","go":"t"},
    "completionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "conditions": {"list-type":"atomic","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated JobCondition","type":"io.k8s.api.batch.v1.JobCondition[]","go":"l"},
    "failed": {"n":6,"proto":"int32","type":"integer:int32","go":"n"},
    "failedIndexes": {"n":10,"proto":"string","type":"string","go":"p"},
    "ready": {"n":9,"proto":"int32","type":"integer:int32","go":"p"},
    "startTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "succeeded": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "terminating": {"n":11,"proto":"int32","type":"integer:int32","go":"p"},
    "uncountedTerminatedPods": {"n":8,"proto":"UncountedTerminatedPods","type":"io.k8s.api.batch.v1.UncountedTerminatedPods","go":"p"}
  }
},
"io.k8s.api.batch.v1.JobTemplateSpec": {
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"JobSpec","type":"io.k8s.api.batch.v1.JobSpec","go":"s"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicy": {
  "fields": {
    "rules": {"list-type":"atomic","n":1,"proto":"repeated PodFailurePolicyRule","required":true,"type":"io.k8s.api.batch.v1.PodFailurePolicyRule[]","go":"l!"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement": {
  "fields": {
    "containerName": {"n":1,"proto":"string","type":"string","go":"p"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "values": {"list-type":"set","n":3,"proto":"repeated int32","required":true,"type":"integer:int32[]","go":"l!"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern": {
  "fields": {
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.batch.v1.PodFailurePolicyRule": {
  "fields": {
    "action": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "onExitCodes": {"n":2,"proto":"PodFailurePolicyOnExitCodesRequirement","type":"io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement","go":"p"},
    "onPodConditions": {"list-type":"atomic","n":3,"proto":"repeated PodFailurePolicyOnPodConditionsPattern","type":"io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern[]","go":"l"}
  }
},
"io.k8s.api.batch.v1.SuccessPolicy": {
  "fields": {
    "rules": {"list-type":"atomic","n":1,"proto":"repeated SuccessPolicyRule","required":true,"type":"io.k8s.api.batch.v1.SuccessPolicyRule[]","go":"l!"}
  }
},
"io.k8s.api.batch.v1.SuccessPolicyRule": {
  "fields": {
    "succeededCount": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "succeededIndexes": {"n":1,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.batch.v1.UncountedTerminatedPods": {
  "fields": {
    "failed": {"list-type":"set","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "succeeded": {"list-type":"set","n":1,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequest": {
  "gvk": [{"group":"certificates.k8s.io","kind":"CertificateSigningRequest","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"CertificateSigningRequestSpec","required":true,"type":"io.k8s.api.certificates.v1.CertificateSigningRequestSpec","go":"s!"},
    "status": {"n":3,"proto":"CertificateSigningRequestStatus","type":"io.k8s.api.certificates.v1.CertificateSigningRequestStatus","go":"s"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestCondition": {
  "fields": {
    "lastTransitionTime": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "lastUpdateTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":3,"proto":"string","type":"string","go":"t"},
    "reason": {"n":2,"proto":"string","type":"string","go":"t"},
    "status": {"n":6,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestList": {
  "gvk": [{"group":"certificates.k8s.io","kind":"CertificateSigningRequestList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CertificateSigningRequest","required":true,"type":"io.k8s.api.certificates.v1.CertificateSigningRequest[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestSpec": {
  "fields": {
    "expirationSeconds": {"n":8,"proto":"int32","type":"integer:int32","go":"p"},
    "extra": {"n":6,"proto":"map<string, ExtraValue>","type":"map<string[]>","go":"m"},
    "groups": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"},
    "request": {"list-type":"atomic","n":1,"proto":"bytes","required":true,"type":"string:byte","go":"l!"},
    "signerName": {"n":7,"proto":"string","required":true,"type":"string","go":"t!"},
    "uid": {"n":3,"proto":"string","type":"string","go":"t"},
    "usages": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "username": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.certificates.v1.CertificateSigningRequestStatus": {
  "fields": {
    "certificate": {"list-type":"atomic","n":2,"proto":"bytes","type":"string:byte","go":"l"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"proto":"repeated CertificateSigningRequestCondition","type":"io.k8s.api.certificates.v1.CertificateSigningRequestCondition[]","go":"l"}
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
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"LeaseSpec","type":"io.k8s.api.coordination.v1.LeaseSpec","go":"s"}
  }
},
"io.k8s.api.coordination.v1.LeaseList": {
  "gvk": [{"group":"coordination.k8s.io","kind":"LeaseList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Lease","required":true,"type":"io.k8s.api.coordination.v1.Lease[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.coordination.v1.LeaseSpec": {
  "fields": {
    "acquireTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime","go":"p"},
    "holderIdentity": {"n":1,"proto":"string","type":"string","go":"p"},
    "leaseDurationSeconds": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "leaseTransitions": {"n":5,"proto":"int32","type":"integer:int32","go":"p"},
    "preferredHolder": {"n":7,"proto":"string","type":"string","go":"p"},
    "renewTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime","go":"p"},
    "strategy": {"n":6,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "partition": {"n":3,"proto":"int32","type":"integer:int32","go":"n"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Affinity": {
  "fields": {
    "nodeAffinity": {"n":1,"proto":"NodeAffinity","type":"io.k8s.api.core.v1.NodeAffinity","go":"p"},
    "podAffinity": {"n":2,"proto":"PodAffinity","type":"io.k8s.api.core.v1.PodAffinity","go":"p"},
    "podAntiAffinity": {"n":3,"proto":"PodAntiAffinity","type":"io.k8s.api.core.v1.PodAntiAffinity","go":"p"}
  }
},
"io.k8s.api.core.v1.AppArmorProfile": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"localhostProfile":"LocalhostProfile"}}],
  "fields": {
    "localhostProfile": {"n":2,"proto":"string","type":"string","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.AttachedVolume": {
  "fields": {
    "devicePath": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.AvoidPods": {
  "noSchema": true,
  "fields": {
    "preferAvoidPods": {"n":1,"proto":"repeated PreferAvoidPodsEntry","go":"l"}
  }
},
"io.k8s.api.core.v1.AzureDiskVolumeSource": {
  "fields": {
    "cachingMode": {"default":"ReadWrite","n":3,"proto":"string","type":"string","go":"p"},
    "diskName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "diskURI": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "fsType": {"default":"ext4","n":4,"proto":"string","type":"string","go":"p"},
    "kind": {"default":"Shared","n":6,"proto":"string","type":"string","go":"p"},
    "readOnly": {"default":false,"n":5,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.AzureFilePersistentVolumeSource": {
  "fields": {
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "secretName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "secretNamespace": {"n":4,"proto":"string","type":"string","go":"p!"},
    "shareName": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.AzureFileVolumeSource": {
  "fields": {
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "secretName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "shareName": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Binding": {
  "gvk": [{"group":"","kind":"Binding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "target": {"n":2,"proto":"ObjectReference","required":true,"type":"io.k8s.api.core.v1.ObjectReference","go":"s!"}
  }
},
"io.k8s.api.core.v1.CSIPersistentVolumeSource": {
  "fields": {
    "controllerExpandSecretRef": {"n":9,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "controllerPublishSecretRef": {"n":6,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "driver": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "fsType": {"n":4,"proto":"string","type":"string","go":"t"},
    "nodeExpandSecretRef": {"n":10,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "nodePublishSecretRef": {"n":8,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "nodeStageSecretRef": {"n":7,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "volumeAttributes": {"n":5,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "volumeHandle": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.CSIVolumeSource": {
  "fields": {
    "driver": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "fsType": {"n":3,"proto":"string","type":"string","go":"p"},
    "nodePublishSecretRef": {"n":5,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"},
    "readOnly": {"n":2,"proto":"bool","type":"boolean","go":"p"},
    "volumeAttributes": {"n":4,"proto":"map<string, string>","type":"map<string>","go":"m"}
  }
},
"io.k8s.api.core.v1.Capabilities": {
  "fields": {
    "add": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "drop": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.CephFSPersistentVolumeSource": {
  "fields": {
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "path": {"n":2,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean","go":"b"},
    "secretFile": {"n":4,"proto":"string","type":"string","go":"t"},
    "secretRef": {"n":5,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "user": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.CephFSVolumeSource": {
  "fields": {
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "path": {"n":2,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean","go":"b"},
    "secretFile": {"n":4,"proto":"string","type":"string","go":"t"},
    "secretRef": {"n":5,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"},
    "user": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.CinderPersistentVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":4,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.CinderVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":4,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ClientIPConfig": {
  "fields": {
    "timeoutSeconds": {"n":1,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.core.v1.ClusterTrustBundleProjection": {
  "fields": {
    "labelSelector": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "name": {"n":1,"proto":"string","type":"string","go":"p"},
    "optional": {"n":5,"proto":"bool","type":"boolean","go":"p"},
    "path": {"n":4,"proto":"string","required":true,"type":"string","go":"t!"},
    "signerName": {"n":2,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.ComponentCondition": {
  "fields": {
    "error": {"n":4,"proto":"string","type":"string","go":"t"},
    "message": {"n":3,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ComponentStatus": {
  "gvk": [{"group":"","kind":"ComponentStatus","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated ComponentCondition","type":"io.k8s.api.core.v1.ComponentCondition[]","go":"l"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ComponentStatusList": {
  "gvk": [{"group":"","kind":"ComponentStatusList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ComponentStatus","required":true,"type":"io.k8s.api.core.v1.ComponentStatus[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ConfigMap": {
  "gvk": [{"group":"","kind":"ConfigMap","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "binaryData": {"n":3,"proto":"map<string, bytes>","type":"map<string:byte>","go":"m"},
    "data": {"n":2,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "immutable": {"n":4,"proto":"bool","type":"boolean","go":"p"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ConfigMapEnvSource": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "name": {"type":"string","go":"t"},
    "optional": {"n":2,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.ConfigMapKeySelector": {
  "map-type": "atomic",
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "key": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"type":"string","go":"t"},
    "optional": {"n":3,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.ConfigMapList": {
  "gvk": [{"group":"","kind":"ConfigMapList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ConfigMap","required":true,"type":"io.k8s.api.core.v1.ConfigMap[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ConfigMapNodeConfigSource": {
  "fields": {
    "kubeletConfigKey": {"n":5,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "resourceVersion": {"n":4,"proto":"string","type":"string","go":"t"},
    "uid": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ConfigMapProjection": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]","go":"l"},
    "name": {"type":"string","go":"t"},
    "optional": {"n":4,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.ConfigMapVolumeSource": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "defaultMode": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]","go":"l"},
    "name": {"type":"string","go":"t"},
    "optional": {"n":4,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.Container": {
  "fields": {
    "args": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"},
    "command": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"},
    "env": {"list-map-keys":["name"],"list-type":"map","n":7,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated EnvVar","type":"io.k8s.api.core.v1.EnvVar[]","go":"l"},
    "envFrom": {"list-type":"atomic","n":19,"proto":"repeated EnvFromSource","type":"io.k8s.api.core.v1.EnvFromSource[]","go":"l"},
    "image": {"n":2,"proto":"string","type":"string","go":"t"},
    "imagePullPolicy": {"n":14,"proto":"string","type":"string","go":"t"},
    "lifecycle": {"n":12,"proto":"Lifecycle","type":"io.k8s.api.core.v1.Lifecycle","go":"p"},
    "livenessProbe": {"n":10,"proto":"Probe","type":"io.k8s.api.core.v1.Probe","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "ports": {"list-map-keys":["containerPort","protocol"],"list-type":"map","n":6,"patch-merge-key":"containerPort","patch-strategy":"merge","proto":"repeated ContainerPort","type":"io.k8s.api.core.v1.ContainerPort[]","go":"l"},
    "readinessProbe": {"n":11,"proto":"Probe","type":"io.k8s.api.core.v1.Probe","go":"p"},
    "resizePolicy": {"list-type":"atomic","n":23,"proto":"repeated ContainerResizePolicy","type":"io.k8s.api.core.v1.ContainerResizePolicy[]","go":"l"},
    "resources": {"n":8,"proto":"ResourceRequirements","type":"io.k8s.api.core.v1.ResourceRequirements","go":"s"},
    "restartPolicy": {"n":24,"proto":"string","type":"string","go":"p"},
    "securityContext": {"n":15,"proto":"SecurityContext","type":"io.k8s.api.core.v1.SecurityContext","go":"p"},
    "startupProbe": {"n":22,"proto":"Probe","type":"io.k8s.api.core.v1.Probe","go":"p"},
    "stdin": {"n":16,"proto":"bool","type":"boolean","go":"b"},
    "stdinOnce": {"n":17,"proto":"bool","type":"boolean","go":"b"},
    "terminationMessagePath": {"n":13,"proto":"string","type":"string","go":"t"},
    "terminationMessagePolicy": {"n":20,"proto":"string","type":"string","go":"t"},
    "tty": {"n":18,"proto":"bool","type":"boolean","go":"b"},
    "volumeDevices": {"list-map-keys":["devicePath"],"list-type":"map","n":21,"patch-merge-key":"devicePath","patch-strategy":"merge","proto":"repeated VolumeDevice","type":"io.k8s.api.core.v1.VolumeDevice[]","go":"l"},
    "volumeMounts": {"list-map-keys":["mountPath"],"list-type":"map","n":9,"patch-merge-key":"mountPath","patch-strategy":"merge","proto":"repeated VolumeMount","type":"io.k8s.api.core.v1.VolumeMount[]","go":"l"},
    "workingDir": {"n":5,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ContainerImage": {
  "fields": {
    "names": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l!"},
    "sizeBytes": {"n":2,"proto":"int64","type":"integer:int64","go":"n"}
  }
},
"io.k8s.api.core.v1.ContainerPort": {
  "fields": {
    "containerPort": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "hostIP": {"n":5,"proto":"string","type":"string","go":"t"},
    "hostPort": {"n":2,"proto":"int32","type":"integer:int32","go":"n"},
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "protocol": {"default":"TCP","n":4,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ContainerResizePolicy": {
  "fields": {
    "resourceName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "restartPolicy": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ContainerState": {
  "fields": {
    "running": {"n":2,"proto":"ContainerStateRunning","type":"io.k8s.api.core.v1.ContainerStateRunning","go":"p"},
    "terminated": {"n":3,"proto":"ContainerStateTerminated","type":"io.k8s.api.core.v1.ContainerStateTerminated","go":"p"},
    "waiting": {"n":1,"proto":"ContainerStateWaiting","type":"io.k8s.api.core.v1.ContainerStateWaiting","go":"p"}
  }
},
"io.k8s.api.core.v1.ContainerStateRunning": {
  "fields": {
    "startedAt": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"}
  }
},
"io.k8s.api.core.v1.ContainerStateTerminated": {
  "fields": {
    "containerID": {"n":7,"proto":"string","type":"string","go":"t"},
    "exitCode": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "finishedAt": {"n":6,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":4,"proto":"string","type":"string","go":"t"},
    "reason": {"n":3,"proto":"string","type":"string","go":"t"},
    "signal": {"n":2,"proto":"int32","type":"integer:int32","go":"n"},
    "startedAt": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"}
  }
},
"io.k8s.api.core.v1.ContainerStateWaiting": {
  "fields": {
    "message": {"n":2,"proto":"string","type":"string","go":"t"},
    "reason": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ContainerStatus": {
  "fields": {
    "allocatedResources": {"n":10,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "allocatedResourcesStatus": {"list-map-keys":["name"],"list-type":"map","n":14,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated ResourceStatus","type":"io.k8s.api.core.v1.ResourceStatus[]","go":"l"},
    "containerID": {"n":8,"proto":"string","type":"string","go":"t"},
    "image": {"n":6,"proto":"string","required":true,"type":"string","go":"t!"},
    "imageID": {"n":7,"proto":"string","required":true,"type":"string","go":"t!"},
    "lastState": {"n":3,"proto":"ContainerState","type":"io.k8s.api.core.v1.ContainerState","go":"s"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "ready": {"default":false,"n":4,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "resources": {"n":11,"proto":"ResourceRequirements","type":"io.k8s.api.core.v1.ResourceRequirements","go":"p"},
    "restartCount": {"default":0,"n":5,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "started": {"n":9,"proto":"bool","type":"boolean","go":"p"},
    "state": {"n":2,"proto":"ContainerState","type":"io.k8s.api.core.v1.ContainerState","go":"s"},
    "user": {"n":13,"proto":"ContainerUser","type":"io.k8s.api.core.v1.ContainerUser","go":"p"},
    "volumeMounts": {"list-map-keys":["mountPath"],"list-type":"map","n":12,"patch-merge-key":"mountPath","patch-strategy":"merge","proto":"repeated VolumeMountStatus","type":"io.k8s.api.core.v1.VolumeMountStatus[]","go":"l"}
  }
},
"io.k8s.api.core.v1.ContainerUser": {
  "fields": {
    "linux": {"n":1,"proto":"LinuxContainerUser","type":"io.k8s.api.core.v1.LinuxContainerUser","go":"p"}
  }
},
"io.k8s.api.core.v1.DaemonEndpoint": {
  "fields": {
    "Port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.core.v1.DownwardAPIProjection": {
  "fields": {
    "items": {"list-type":"atomic","n":1,"proto":"repeated DownwardAPIVolumeFile","type":"io.k8s.api.core.v1.DownwardAPIVolumeFile[]","go":"l"}
  }
},
"io.k8s.api.core.v1.DownwardAPIVolumeFile": {
  "fields": {
    "fieldRef": {"n":2,"proto":"ObjectFieldSelector","type":"io.k8s.api.core.v1.ObjectFieldSelector","go":"p"},
    "mode": {"n":4,"proto":"int32","type":"integer:int32","go":"p"},
    "path": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "resourceFieldRef": {"n":3,"proto":"ResourceFieldSelector","type":"io.k8s.api.core.v1.ResourceFieldSelector","go":"p"}
  }
},
"io.k8s.api.core.v1.DownwardAPIVolumeSource": {
  "fields": {
    "defaultMode": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "items": {"list-type":"atomic","n":1,"proto":"repeated DownwardAPIVolumeFile","type":"io.k8s.api.core.v1.DownwardAPIVolumeFile[]","go":"l"}
  }
},
"io.k8s.api.core.v1.EmptyDirVolumeSource": {
  "fields": {
    "medium": {"n":1,"proto":"string","type":"string","go":"t"},
    "sizeLimit": {"n":2,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"}
  }
},
"io.k8s.api.core.v1.EndpointAddress": {
  "map-type": "atomic",
  "fields": {
    "hostname": {"n":3,"proto":"string","type":"string","go":"t"},
    "ip": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "nodeName": {"n":4,"proto":"string","type":"string","go":"p"},
    "targetRef": {"n":2,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"p"}
  }
},
"io.k8s.api.core.v1.EndpointPort": {
  "map-type": "atomic",
  "fields": {
    "appProtocol": {"n":4,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "port": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "protocol": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.EndpointSubset": {
  "fields": {
    "addresses": {"list-type":"atomic","n":1,"proto":"repeated EndpointAddress","type":"io.k8s.api.core.v1.EndpointAddress[]","go":"l"},
    "notReadyAddresses": {"list-type":"atomic","n":2,"proto":"repeated EndpointAddress","type":"io.k8s.api.core.v1.EndpointAddress[]","go":"l"},
    "ports": {"list-type":"atomic","n":3,"proto":"repeated EndpointPort","type":"io.k8s.api.core.v1.EndpointPort[]","go":"l"}
  }
},
"io.k8s.api.core.v1.Endpoints": {
  "gvk": [{"group":"","kind":"Endpoints","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "subsets": {"list-type":"atomic","n":2,"proto":"repeated EndpointSubset","type":"io.k8s.api.core.v1.EndpointSubset[]","go":"l"}
  }
},
"io.k8s.api.core.v1.EndpointsList": {
  "gvk": [{"group":"","kind":"EndpointsList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Endpoints","required":true,"type":"io.k8s.api.core.v1.Endpoints[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.EnvFromSource": {
  "fields": {
    "configMapRef": {"n":2,"proto":"ConfigMapEnvSource","type":"io.k8s.api.core.v1.ConfigMapEnvSource","go":"p"},
    "prefix": {"n":1,"proto":"string","type":"string","go":"t"},
    "secretRef": {"n":3,"proto":"SecretEnvSource","type":"io.k8s.api.core.v1.SecretEnvSource","go":"p"}
  }
},
"io.k8s.api.core.v1.EnvVar": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "value": {"n":2,"proto":"string","type":"string","go":"t"},
    "valueFrom": {"n":3,"proto":"EnvVarSource","type":"io.k8s.api.core.v1.EnvVarSource","go":"p"}
  }
},
"io.k8s.api.core.v1.EnvVarSource": {
  "fields": {
    "configMapKeyRef": {"n":3,"proto":"ConfigMapKeySelector","type":"io.k8s.api.core.v1.ConfigMapKeySelector","go":"p"},
    "fieldRef": {"n":1,"proto":"ObjectFieldSelector","type":"io.k8s.api.core.v1.ObjectFieldSelector","go":"p"},
    "resourceFieldRef": {"n":2,"proto":"ResourceFieldSelector","type":"io.k8s.api.core.v1.ResourceFieldSelector","go":"p"},
    "secretKeyRef": {"n":4,"proto":"SecretKeySelector","type":"io.k8s.api.core.v1.SecretKeySelector","go":"p"}
  }
},
"io.k8s.api.core.v1.EphemeralContainer": {
  "protoOnly": {"ephemeralContainerCommon":{"n":1,"proto":"EphemeralContainerCommon"}},
  "fields": {
    "args": {"list-type":"atomic","type":"string[]","go":"l"},
    "command": {"list-type":"atomic","type":"string[]","go":"l"},
    "env": {"list-map-keys":["name"],"list-type":"map","patch-merge-key":"name","patch-strategy":"merge","type":"io.k8s.api.core.v1.EnvVar[]","go":"l"},
    "envFrom": {"list-type":"atomic","type":"io.k8s.api.core.v1.EnvFromSource[]","go":"l"},
    "image": {"type":"string","go":"t"},
    "imagePullPolicy": {"type":"string","go":"t"},
    "lifecycle": {"type":"io.k8s.api.core.v1.Lifecycle","go":"p"},
    "livenessProbe": {"type":"io.k8s.api.core.v1.Probe","go":"p"},
    "name": {"required":true,"type":"string","go":"t!"},
    "ports": {"list-map-keys":["containerPort","protocol"],"list-type":"map","patch-merge-key":"containerPort","patch-strategy":"merge","type":"io.k8s.api.core.v1.ContainerPort[]","go":"l"},
    "readinessProbe": {"type":"io.k8s.api.core.v1.Probe","go":"p"},
    "resizePolicy": {"list-type":"atomic","type":"io.k8s.api.core.v1.ContainerResizePolicy[]","go":"l"},
    "resources": {"type":"io.k8s.api.core.v1.ResourceRequirements","go":"s"},
    "restartPolicy": {"type":"string","go":"p"},
    "securityContext": {"type":"io.k8s.api.core.v1.SecurityContext","go":"p"},
    "startupProbe": {"type":"io.k8s.api.core.v1.Probe","go":"p"},
    "stdin": {"type":"boolean","go":"b"},
    "stdinOnce": {"type":"boolean","go":"b"},
    "targetContainerName": {"n":2,"proto":"string","type":"string","go":"t"},
    "terminationMessagePath": {"type":"string","go":"t"},
    "terminationMessagePolicy": {"type":"string","go":"t"},
    "tty": {"type":"boolean","go":"b"},
    "volumeDevices": {"list-map-keys":["devicePath"],"list-type":"map","patch-merge-key":"devicePath","patch-strategy":"merge","type":"io.k8s.api.core.v1.VolumeDevice[]","go":"l"},
    "volumeMounts": {"list-map-keys":["mountPath"],"list-type":"map","patch-merge-key":"mountPath","patch-strategy":"merge","type":"io.k8s.api.core.v1.VolumeMount[]","go":"l"},
    "workingDir": {"type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.EphemeralContainerCommon": {
  "noSchema": true,
  "fields": {
    "args": {"n":4,"proto":"repeated string","go":"l"},
    "command": {"n":3,"proto":"repeated string","go":"l"},
    "env": {"n":7,"proto":"repeated EnvVar","go":"l"},
    "envFrom": {"n":19,"proto":"repeated EnvFromSource","go":"l"},
    "image": {"n":2,"proto":"string","go":"t"},
    "imagePullPolicy": {"n":14,"proto":"string","go":"t"},
    "lifecycle": {"n":12,"proto":"Lifecycle","go":"p"},
    "livenessProbe": {"n":10,"proto":"Probe","go":"p"},
    "name": {"n":1,"proto":"string","go":"t!"},
    "ports": {"n":6,"proto":"repeated ContainerPort","go":"l"},
    "readinessProbe": {"n":11,"proto":"Probe","go":"p"},
    "resizePolicy": {"n":23,"proto":"repeated ContainerResizePolicy","go":"l"},
    "resources": {"n":8,"proto":"ResourceRequirements","go":"s"},
    "restartPolicy": {"n":24,"proto":"string","go":"p"},
    "securityContext": {"n":15,"proto":"SecurityContext","go":"p"},
    "startupProbe": {"n":22,"proto":"Probe","go":"p"},
    "stdin": {"n":16,"proto":"bool","go":"b"},
    "stdinOnce": {"n":17,"proto":"bool","go":"b"},
    "terminationMessagePath": {"n":13,"proto":"string","go":"t"},
    "terminationMessagePolicy": {"n":20,"proto":"string","go":"t"},
    "tty": {"n":18,"proto":"bool","go":"b"},
    "volumeDevices": {"n":21,"proto":"repeated VolumeDevice","go":"l"},
    "volumeMounts": {"n":9,"proto":"repeated VolumeMount","go":"l"},
    "workingDir": {"n":5,"proto":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.EphemeralVolumeSource": {
  "fields": {
    "volumeClaimTemplate": {"n":1,"proto":"PersistentVolumeClaimTemplate","type":"io.k8s.api.core.v1.PersistentVolumeClaimTemplate","go":"p"}
  }
},
"io.k8s.api.core.v1.Event": {
  "gvk": [{"group":"","kind":"Event","version":"v1"}],
  "fields": {
    "action": {"n":12,"proto":"string","type":"string","go":"t"},
    "apiVersion": {"type":"string"},
    "count": {"n":8,"proto":"int32","type":"integer:int32","go":"n"},
    "eventTime": {"n":10,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime","go":"T"},
    "firstTimestamp": {"n":6,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "involvedObject": {"n":2,"proto":"ObjectReference","required":true,"type":"io.k8s.api.core.v1.ObjectReference","go":"s!"},
    "kind": {"type":"string"},
    "lastTimestamp": {"n":7,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":4,"proto":"string","type":"string","go":"t"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s!"},
    "reason": {"n":3,"proto":"string","type":"string","go":"t"},
    "related": {"n":13,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"p"},
    "reportingComponent": {"n":14,"proto":"string","type":"string","go":"t!"},
    "reportingInstance": {"n":15,"proto":"string","type":"string","go":"t!"},
    "series": {"n":11,"proto":"EventSeries","type":"io.k8s.api.core.v1.EventSeries","go":"p"},
    "source": {"n":5,"proto":"EventSource","type":"io.k8s.api.core.v1.EventSource","go":"s"},
    "type": {"n":9,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.EventList": {
  "gvk": [{"group":"","kind":"EventList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Event","required":true,"type":"io.k8s.api.core.v1.Event[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.EventSeries": {
  "fields": {
    "count": {"n":1,"proto":"int32","type":"integer:int32","go":"n"},
    "lastObservedTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime","go":"T"}
  }
},
"io.k8s.api.core.v1.EventSource": {
  "fields": {
    "component": {"n":1,"proto":"string","type":"string","go":"t"},
    "host": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ExecAction": {
  "fields": {
    "command": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.FCVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string","go":"t"},
    "lun": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "targetWWNs": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "wwids": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.FlexPersistentVolumeSource": {
  "fields": {
    "driver": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "options": {"n":5,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":3,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"}
  }
},
"io.k8s.api.core.v1.FlexVolumeSource": {
  "fields": {
    "driver": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "options": {"n":5,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":3,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"}
  }
},
"io.k8s.api.core.v1.FlockerVolumeSource": {
  "fields": {
    "datasetName": {"n":1,"proto":"string","type":"string","go":"t"},
    "datasetUUID": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.GCEPersistentDiskVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "partition": {"n":3,"proto":"int32","type":"integer:int32","go":"n"},
    "pdName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"}
  }
},
"io.k8s.api.core.v1.GRPCAction": {
  "fields": {
    "port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "service": {"n":2,"proto":"string","type":"string","go":"p!"}
  }
},
"io.k8s.api.core.v1.GitRepoVolumeSource": {
  "fields": {
    "directory": {"n":3,"proto":"string","type":"string","go":"t"},
    "repository": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "revision": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.GlusterfsPersistentVolumeSource": {
  "fields": {
    "endpoints": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "endpointsNamespace": {"n":4,"proto":"string","type":"string","go":"p"},
    "path": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"}
  }
},
"io.k8s.api.core.v1.GlusterfsVolumeSource": {
  "fields": {
    "endpoints": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "path": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"}
  }
},
"io.k8s.api.core.v1.HTTPGetAction": {
  "fields": {
    "host": {"n":3,"proto":"string","type":"string","go":"t"},
    "httpHeaders": {"list-type":"atomic","n":5,"proto":"repeated HTTPHeader","type":"io.k8s.api.core.v1.HTTPHeader[]","go":"l"},
    "path": {"n":1,"proto":"string","type":"string","go":"t"},
    "port": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","required":true,"type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"n!"},
    "scheme": {"n":4,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.HTTPHeader": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "value": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.HostAlias": {
  "fields": {
    "hostnames": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "ip": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.HostIP": {
  "fields": {
    "ip": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.HostPathVolumeSource": {
  "fields": {
    "path": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":2,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.ISCSIPersistentVolumeSource": {
  "fields": {
    "chapAuthDiscovery": {"n":8,"proto":"bool","type":"boolean","go":"b"},
    "chapAuthSession": {"n":11,"proto":"bool","type":"boolean","go":"b"},
    "fsType": {"n":5,"proto":"string","type":"string","go":"t"},
    "initiatorName": {"n":12,"proto":"string","type":"string","go":"p"},
    "iqn": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "iscsiInterface": {"default":"default","n":4,"proto":"string","type":"string","go":"t"},
    "lun": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "portals": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]","go":"l"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":10,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "targetPortal": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ISCSIVolumeSource": {
  "fields": {
    "chapAuthDiscovery": {"n":8,"proto":"bool","type":"boolean","go":"b"},
    "chapAuthSession": {"n":11,"proto":"bool","type":"boolean","go":"b"},
    "fsType": {"n":5,"proto":"string","type":"string","go":"t"},
    "initiatorName": {"n":12,"proto":"string","type":"string","go":"p"},
    "iqn": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "iscsiInterface": {"default":"default","n":4,"proto":"string","type":"string","go":"t"},
    "lun": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "portals": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]","go":"l"},
    "readOnly": {"n":6,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":10,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"},
    "targetPortal": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ImageVolumeSource": {
  "fields": {
    "pullPolicy": {"n":2,"proto":"string","type":"string","go":"t"},
    "reference": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.KeyToPath": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "mode": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "path": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Lifecycle": {
  "fields": {
    "postStart": {"n":1,"proto":"LifecycleHandler","type":"io.k8s.api.core.v1.LifecycleHandler","go":"p"},
    "preStop": {"n":2,"proto":"LifecycleHandler","type":"io.k8s.api.core.v1.LifecycleHandler","go":"p"}
  }
},
"io.k8s.api.core.v1.LifecycleHandler": {
  "fields": {
    "exec": {"n":1,"proto":"ExecAction","type":"io.k8s.api.core.v1.ExecAction","go":"p"},
    "httpGet": {"n":2,"proto":"HTTPGetAction","type":"io.k8s.api.core.v1.HTTPGetAction","go":"p"},
    "sleep": {"n":4,"proto":"SleepAction","type":"io.k8s.api.core.v1.SleepAction","go":"p"},
    "tcpSocket": {"n":3,"proto":"TCPSocketAction","type":"io.k8s.api.core.v1.TCPSocketAction","go":"p"}
  }
},
"io.k8s.api.core.v1.LimitRange": {
  "gvk": [{"group":"","kind":"LimitRange","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"LimitRangeSpec","type":"io.k8s.api.core.v1.LimitRangeSpec","go":"s"}
  }
},
"io.k8s.api.core.v1.LimitRangeItem": {
  "fields": {
    "default": {"n":4,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "defaultRequest": {"n":5,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "max": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "maxLimitRequestRatio": {"n":6,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "min": {"n":3,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.LimitRangeList": {
  "gvk": [{"group":"","kind":"LimitRangeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated LimitRange","required":true,"type":"io.k8s.api.core.v1.LimitRange[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.LimitRangeSpec": {
  "fields": {
    "limits": {"list-type":"atomic","n":1,"proto":"repeated LimitRangeItem","required":true,"type":"io.k8s.api.core.v1.LimitRangeItem[]","go":"l!"}
  }
},
"io.k8s.api.core.v1.LinuxContainerUser": {
  "fields": {
    "gid": {"default":0,"n":2,"proto":"int64","required":true,"type":"integer:int64","go":"n!"},
    "supplementalGroups": {"list-type":"atomic","n":3,"proto":"repeated int64","type":"integer:int64[]","go":"l"},
    "uid": {"default":0,"n":1,"proto":"int64","required":true,"type":"integer:int64","go":"n!"}
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
    "hostname": {"n":2,"proto":"string","type":"string","go":"t"},
    "ip": {"n":1,"proto":"string","type":"string","go":"t"},
    "ipMode": {"n":3,"proto":"string","type":"string","go":"p"},
    "ports": {"list-type":"atomic","n":4,"proto":"repeated PortStatus","type":"io.k8s.api.core.v1.PortStatus[]","go":"l"}
  }
},
"io.k8s.api.core.v1.LoadBalancerStatus": {
  "fields": {
    "ingress": {"list-type":"atomic","n":1,"proto":"repeated LoadBalancerIngress","type":"io.k8s.api.core.v1.LoadBalancerIngress[]","go":"l"}
  }
},
"io.k8s.api.core.v1.LocalObjectReference": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.LocalVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"p"},
    "path": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ModifyVolumeStatus": {
  "fields": {
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "targetVolumeAttributesClassName": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.NFSVolumeSource": {
  "fields": {
    "path": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "server": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Namespace": {
  "gvk": [{"group":"","kind":"Namespace","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"NamespaceSpec","type":"io.k8s.api.core.v1.NamespaceSpec","go":"s"},
    "status": {"n":3,"proto":"NamespaceStatus","type":"io.k8s.api.core.v1.NamespaceStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.NamespaceCondition": {
  "fields": {
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":6,"proto":"string","type":"string","go":"t"},
    "reason": {"n":5,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.NamespaceList": {
  "gvk": [{"group":"","kind":"NamespaceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Namespace","required":true,"type":"io.k8s.api.core.v1.Namespace[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.NamespaceSpec": {
  "fields": {
    "finalizers": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.NamespaceStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated NamespaceCondition","type":"io.k8s.api.core.v1.NamespaceCondition[]","go":"l"},
    "phase": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.Node": {
  "gvk": [{"group":"","kind":"Node","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"NodeSpec","type":"io.k8s.api.core.v1.NodeSpec","go":"s"},
    "status": {"n":3,"proto":"NodeStatus","type":"io.k8s.api.core.v1.NodeStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.NodeAddress": {
  "fields": {
    "address": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.NodeAffinity": {
  "fields": {
    "preferredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":2,"proto":"repeated PreferredSchedulingTerm","type":"io.k8s.api.core.v1.PreferredSchedulingTerm[]","go":"l"},
    "requiredDuringSchedulingIgnoredDuringExecution": {"n":1,"proto":"NodeSelector","type":"io.k8s.api.core.v1.NodeSelector","go":"p"}
  }
},
"io.k8s.api.core.v1.NodeCondition": {
  "fields": {
    "lastHeartbeatTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":6,"proto":"string","type":"string","go":"t"},
    "reason": {"n":5,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.NodeConfigSource": {
  "fields": {
    "configMap": {"n":2,"proto":"ConfigMapNodeConfigSource","type":"io.k8s.api.core.v1.ConfigMapNodeConfigSource","go":"p"}
  }
},
"io.k8s.api.core.v1.NodeConfigStatus": {
  "fields": {
    "active": {"n":2,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource","go":"p"},
    "assigned": {"n":1,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource","go":"p"},
    "error": {"n":4,"proto":"string","type":"string","go":"t"},
    "lastKnownGood": {"n":3,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource","go":"p"}
  }
},
"io.k8s.api.core.v1.NodeDaemonEndpoints": {
  "fields": {
    "kubeletEndpoint": {"n":1,"proto":"DaemonEndpoint","type":"io.k8s.api.core.v1.DaemonEndpoint","go":"s"}
  }
},
"io.k8s.api.core.v1.NodeFeatures": {
  "fields": {
    "supplementalGroupsPolicy": {"n":1,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.NodeList": {
  "gvk": [{"group":"","kind":"NodeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Node","required":true,"type":"io.k8s.api.core.v1.Node[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.NodeProxyOptions": {
  "noSchema": true,
  "fields": {
    "path": {"n":1,"proto":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.NodeRuntimeHandler": {
  "fields": {
    "features": {"n":2,"proto":"NodeRuntimeHandlerFeatures","type":"io.k8s.api.core.v1.NodeRuntimeHandlerFeatures","go":"p"},
    "name": {"n":1,"proto":"string","type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.NodeRuntimeHandlerFeatures": {
  "fields": {
    "recursiveReadOnlyMounts": {"n":1,"proto":"bool","type":"boolean","go":"p"},
    "userNamespaces": {"n":2,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.NodeSelector": {
  "map-type": "atomic",
  "fields": {
    "nodeSelectorTerms": {"list-type":"atomic","n":1,"proto":"repeated NodeSelectorTerm","required":true,"type":"io.k8s.api.core.v1.NodeSelectorTerm[]","go":"l!"}
  }
},
"io.k8s.api.core.v1.NodeSelectorRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.NodeSelectorTerm": {
  "map-type": "atomic",
  "fields": {
    "matchExpressions": {"list-type":"atomic","n":1,"proto":"repeated NodeSelectorRequirement","type":"io.k8s.api.core.v1.NodeSelectorRequirement[]","go":"l"},
    "matchFields": {"list-type":"atomic","n":2,"proto":"repeated NodeSelectorRequirement","type":"io.k8s.api.core.v1.NodeSelectorRequirement[]","go":"l"}
  }
},
"io.k8s.api.core.v1.NodeSpec": {
  "fields": {
    "configSource": {"n":6,"proto":"NodeConfigSource","type":"io.k8s.api.core.v1.NodeConfigSource","go":"p"},
    "externalID": {"n":2,"proto":"string","type":"string","go":"t"},
    "podCIDR": {"n":1,"proto":"string","type":"string","go":"t"},
    "podCIDRs": {"list-type":"set","n":7,"patch-strategy":"merge","proto":"repeated string","type":"string[]","go":"l"},
    "providerID": {"n":3,"proto":"string","type":"string","go":"t"},
    "taints": {"list-type":"atomic","n":5,"proto":"repeated Taint","type":"io.k8s.api.core.v1.Taint[]","go":"l"},
    "unschedulable": {"n":4,"proto":"bool","type":"boolean","go":"b"}
  }
},
"io.k8s.api.core.v1.NodeStatus": {
  "fields": {
    "addresses": {"list-map-keys":["type"],"list-type":"map","n":5,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated NodeAddress","type":"io.k8s.api.core.v1.NodeAddress[]","go":"l"},
    "allocatable": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "capacity": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":4,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated NodeCondition","type":"io.k8s.api.core.v1.NodeCondition[]","go":"l"},
    "config": {"n":11,"proto":"NodeConfigStatus","type":"io.k8s.api.core.v1.NodeConfigStatus","go":"p"},
    "daemonEndpoints": {"n":6,"proto":"NodeDaemonEndpoints","type":"io.k8s.api.core.v1.NodeDaemonEndpoints","go":"s"},
    "features": {"n":13,"proto":"NodeFeatures","type":"io.k8s.api.core.v1.NodeFeatures","go":"p"},
    "images": {"list-type":"atomic","n":8,"proto":"repeated ContainerImage","type":"io.k8s.api.core.v1.ContainerImage[]","go":"l"},
    "nodeInfo": {"n":7,"proto":"NodeSystemInfo","type":"io.k8s.api.core.v1.NodeSystemInfo","go":"s"},
    "phase": {"n":3,"proto":"string","type":"string","go":"t"},
    "runtimeHandlers": {"list-type":"atomic","n":12,"proto":"repeated NodeRuntimeHandler","type":"io.k8s.api.core.v1.NodeRuntimeHandler[]","go":"l"},
    "volumesAttached": {"list-type":"atomic","n":10,"proto":"repeated AttachedVolume","type":"io.k8s.api.core.v1.AttachedVolume[]","go":"l"},
    "volumesInUse": {"list-type":"atomic","n":9,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.NodeSystemInfo": {
  "fields": {
    "architecture": {"n":10,"proto":"string","required":true,"type":"string","go":"t!"},
    "bootID": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "containerRuntimeVersion": {"n":6,"proto":"string","required":true,"type":"string","go":"t!"},
    "kernelVersion": {"n":4,"proto":"string","required":true,"type":"string","go":"t!"},
    "kubeProxyVersion": {"n":8,"proto":"string","required":true,"type":"string","go":"t!"},
    "kubeletVersion": {"n":7,"proto":"string","required":true,"type":"string","go":"t!"},
    "machineID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "operatingSystem": {"n":9,"proto":"string","required":true,"type":"string","go":"t!"},
    "osImage": {"n":5,"proto":"string","required":true,"type":"string","go":"t!"},
    "systemUUID": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ObjectFieldSelector": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":1,"proto":"string","type":"string","go":"t"},
    "fieldPath": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ObjectReference": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":5,"proto":"string","type":"string","go":"t"},
    "fieldPath": {"n":7,"proto":"string","type":"string","go":"t"},
    "kind": {"n":1,"proto":"string","type":"string","go":"t"},
    "name": {"n":3,"proto":"string","type":"string","go":"t"},
    "namespace": {"n":2,"proto":"string","type":"string","go":"t"},
    "resourceVersion": {"n":6,"proto":"string","type":"string","go":"t"},
    "uid": {"n":4,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.PersistentVolume": {
  "gvk": [{"group":"","kind":"PersistentVolume","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PersistentVolumeSpec","type":"io.k8s.api.core.v1.PersistentVolumeSpec","go":"s"},
    "status": {"n":3,"proto":"PersistentVolumeStatus","type":"io.k8s.api.core.v1.PersistentVolumeStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaim": {
  "gvk": [{"group":"","kind":"PersistentVolumeClaim","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PersistentVolumeClaimSpec","type":"io.k8s.api.core.v1.PersistentVolumeClaimSpec","go":"s"},
    "status": {"n":3,"proto":"PersistentVolumeClaimStatus","type":"io.k8s.api.core.v1.PersistentVolumeClaimStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimCondition": {
  "fields": {
    "lastProbeTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":6,"proto":"string","type":"string","go":"t"},
    "reason": {"n":5,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimList": {
  "gvk": [{"group":"","kind":"PersistentVolumeClaimList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PersistentVolumeClaim","required":true,"type":"io.k8s.api.core.v1.PersistentVolumeClaim[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimSpec": {
  "fields": {
    "accessModes": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "dataSource": {"n":7,"proto":"TypedLocalObjectReference","type":"io.k8s.api.core.v1.TypedLocalObjectReference","go":"p"},
    "dataSourceRef": {"n":8,"proto":"TypedObjectReference","type":"io.k8s.api.core.v1.TypedObjectReference","go":"p"},
    "resources": {"n":2,"proto":"VolumeResourceRequirements","type":"io.k8s.api.core.v1.VolumeResourceRequirements","go":"s"},
    "selector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "storageClassName": {"n":5,"proto":"string","type":"string","go":"p"},
    "volumeAttributesClassName": {"n":9,"proto":"string","type":"string","go":"p"},
    "volumeMode": {"n":6,"proto":"string","type":"string","go":"p"},
    "volumeName": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimStatus": {
  "fields": {
    "accessModes": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "allocatedResourceStatuses": {"map-type":"granular","n":7,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "allocatedResources": {"n":5,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "capacity": {"n":3,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":4,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated PersistentVolumeClaimCondition","type":"io.k8s.api.core.v1.PersistentVolumeClaimCondition[]","go":"l"},
    "currentVolumeAttributesClassName": {"n":8,"proto":"string","type":"string","go":"p"},
    "modifyVolumeStatus": {"n":9,"proto":"ModifyVolumeStatus","type":"io.k8s.api.core.v1.ModifyVolumeStatus","go":"p"},
    "phase": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimTemplate": {
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PersistentVolumeClaimSpec","required":true,"type":"io.k8s.api.core.v1.PersistentVolumeClaimSpec","go":"s!"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource": {
  "fields": {
    "claimName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":2,"proto":"bool","type":"boolean","go":"b"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeList": {
  "gvk": [{"group":"","kind":"PersistentVolumeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PersistentVolume","required":true,"type":"io.k8s.api.core.v1.PersistentVolume[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeSource": {
  "noSchema": true,
  "fields": {
    "awsElasticBlockStore": {"n":2,"proto":"AWSElasticBlockStoreVolumeSource","go":"p"},
    "azureDisk": {"n":16,"proto":"AzureDiskVolumeSource","go":"p"},
    "azureFile": {"n":13,"proto":"AzureFilePersistentVolumeSource","go":"p"},
    "cephfs": {"n":9,"proto":"CephFSPersistentVolumeSource","go":"p"},
    "cinder": {"n":8,"proto":"CinderPersistentVolumeSource","go":"p"},
    "csi": {"n":22,"proto":"CSIPersistentVolumeSource","go":"p"},
    "fc": {"n":10,"proto":"FCVolumeSource","go":"p"},
    "flexVolume": {"n":12,"proto":"FlexPersistentVolumeSource","go":"p"},
    "flocker": {"n":11,"proto":"FlockerVolumeSource","go":"p"},
    "gcePersistentDisk": {"n":1,"proto":"GCEPersistentDiskVolumeSource","go":"p"},
    "glusterfs": {"n":4,"proto":"GlusterfsPersistentVolumeSource","go":"p"},
    "hostPath": {"n":3,"proto":"HostPathVolumeSource","go":"p"},
    "iscsi": {"n":7,"proto":"ISCSIPersistentVolumeSource","go":"p"},
    "local": {"n":20,"proto":"LocalVolumeSource","go":"p"},
    "nfs": {"n":5,"proto":"NFSVolumeSource","go":"p"},
    "photonPersistentDisk": {"n":17,"proto":"PhotonPersistentDiskVolumeSource","go":"p"},
    "portworxVolume": {"n":18,"proto":"PortworxVolumeSource","go":"p"},
    "quobyte": {"n":15,"proto":"QuobyteVolumeSource","go":"p"},
    "rbd": {"n":6,"proto":"RBDPersistentVolumeSource","go":"p"},
    "scaleIO": {"n":19,"proto":"ScaleIOPersistentVolumeSource","go":"p"},
    "storageos": {"n":21,"proto":"StorageOSPersistentVolumeSource","go":"p"},
    "vsphereVolume": {"n":14,"proto":"VsphereVirtualDiskVolumeSource","go":"p"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeSpec": {
  "protoOnly": {"persistentVolumeSource":{"n":2,"proto":"PersistentVolumeSource"}},
  "fields": {
    "accessModes": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"},
    "awsElasticBlockStore": {"type":"io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource","go":"p"},
    "azureDisk": {"type":"io.k8s.api.core.v1.AzureDiskVolumeSource","go":"p"},
    "azureFile": {"type":"io.k8s.api.core.v1.AzureFilePersistentVolumeSource","go":"p"},
    "capacity": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "cephfs": {"type":"io.k8s.api.core.v1.CephFSPersistentVolumeSource","go":"p"},
    "cinder": {"type":"io.k8s.api.core.v1.CinderPersistentVolumeSource","go":"p"},
    "claimRef": {"map-type":"granular","n":4,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"p"},
    "csi": {"type":"io.k8s.api.core.v1.CSIPersistentVolumeSource","go":"p"},
    "fc": {"type":"io.k8s.api.core.v1.FCVolumeSource","go":"p"},
    "flexVolume": {"type":"io.k8s.api.core.v1.FlexPersistentVolumeSource","go":"p"},
    "flocker": {"type":"io.k8s.api.core.v1.FlockerVolumeSource","go":"p"},
    "gcePersistentDisk": {"type":"io.k8s.api.core.v1.GCEPersistentDiskVolumeSource","go":"p"},
    "glusterfs": {"type":"io.k8s.api.core.v1.GlusterfsPersistentVolumeSource","go":"p"},
    "hostPath": {"type":"io.k8s.api.core.v1.HostPathVolumeSource","go":"p"},
    "iscsi": {"type":"io.k8s.api.core.v1.ISCSIPersistentVolumeSource","go":"p"},
    "local": {"type":"io.k8s.api.core.v1.LocalVolumeSource","go":"p"},
    "mountOptions": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]","go":"l"},
    "nfs": {"type":"io.k8s.api.core.v1.NFSVolumeSource","go":"p"},
    "nodeAffinity": {"n":9,"proto":"VolumeNodeAffinity","type":"io.k8s.api.core.v1.VolumeNodeAffinity","go":"p"},
    "persistentVolumeReclaimPolicy": {"n":5,"proto":"string","type":"string","go":"t"},
    "photonPersistentDisk": {"type":"io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource","go":"p"},
    "portworxVolume": {"type":"io.k8s.api.core.v1.PortworxVolumeSource","go":"p"},
    "quobyte": {"type":"io.k8s.api.core.v1.QuobyteVolumeSource","go":"p"},
    "rbd": {"type":"io.k8s.api.core.v1.RBDPersistentVolumeSource","go":"p"},
    "scaleIO": {"type":"io.k8s.api.core.v1.ScaleIOPersistentVolumeSource","go":"p"},
    "storageClassName": {"n":6,"proto":"string","type":"string","go":"t"},
    "storageos": {"type":"io.k8s.api.core.v1.StorageOSPersistentVolumeSource","go":"p"},
    "volumeAttributesClassName": {"n":10,"proto":"string","type":"string","go":"p"},
    "volumeMode": {"n":8,"proto":"string","type":"string","go":"p"},
    "vsphereVolume": {"type":"io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource","go":"p"}
  }
},
"io.k8s.api.core.v1.PersistentVolumeStatus": {
  "fields": {
    "lastPhaseTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "message": {"n":2,"proto":"string","type":"string","go":"t"},
    "phase": {"n":1,"proto":"string","type":"string","go":"t"},
    "reason": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "pdID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Pod": {
  "gvk": [{"group":"","kind":"Pod","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PodSpec","type":"io.k8s.api.core.v1.PodSpec","go":"s"},
    "status": {"n":3,"proto":"PodStatus","type":"io.k8s.api.core.v1.PodStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.PodAffinity": {
  "fields": {
    "preferredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":2,"proto":"repeated WeightedPodAffinityTerm","type":"io.k8s.api.core.v1.WeightedPodAffinityTerm[]","go":"l"},
    "requiredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":1,"proto":"repeated PodAffinityTerm","type":"io.k8s.api.core.v1.PodAffinityTerm[]","go":"l"}
  }
},
"io.k8s.api.core.v1.PodAffinityTerm": {
  "fields": {
    "labelSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "matchLabelKeys": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "mismatchLabelKeys": {"list-type":"atomic","n":6,"proto":"repeated string","type":"string[]","go":"l"},
    "namespaceSelector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "namespaces": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "topologyKey": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PodAntiAffinity": {
  "fields": {
    "preferredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":2,"proto":"repeated WeightedPodAffinityTerm","type":"io.k8s.api.core.v1.WeightedPodAffinityTerm[]","go":"l"},
    "requiredDuringSchedulingIgnoredDuringExecution": {"list-type":"atomic","n":1,"proto":"repeated PodAffinityTerm","type":"io.k8s.api.core.v1.PodAffinityTerm[]","go":"l"}
  }
},
"io.k8s.api.core.v1.PodAttachOptions": {
  "noSchema": true,
  "fields": {
    "container": {"n":5,"proto":"string","go":"t"},
    "stderr": {"n":3,"proto":"bool","go":"b"},
    "stdin": {"n":1,"proto":"bool","go":"b"},
    "stdout": {"n":2,"proto":"bool","go":"b"},
    "tty": {"n":4,"proto":"bool","go":"b"}
  }
},
"io.k8s.api.core.v1.PodCondition": {
  "fields": {
    "lastProbeTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "lastTransitionTime": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":6,"proto":"string","type":"string","go":"t"},
    "reason": {"n":5,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PodDNSConfig": {
  "fields": {
    "nameservers": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "options": {"list-type":"atomic","n":3,"proto":"repeated PodDNSConfigOption","type":"io.k8s.api.core.v1.PodDNSConfigOption[]","go":"l"},
    "searches": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.PodDNSConfigOption": {
  "fields": {
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "value": {"n":2,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.PodExecOptions": {
  "noSchema": true,
  "fields": {
    "command": {"n":6,"proto":"repeated string","go":"l!"},
    "container": {"n":5,"proto":"string","go":"t"},
    "stderr": {"n":3,"proto":"bool","go":"b"},
    "stdin": {"n":1,"proto":"bool","go":"b"},
    "stdout": {"n":2,"proto":"bool","go":"b"},
    "tty": {"n":4,"proto":"bool","go":"b"}
  }
},
"io.k8s.api.core.v1.PodIP": {
  "fields": {
    "ip": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PodList": {
  "gvk": [{"group":"","kind":"PodList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Pod","required":true,"type":"io.k8s.api.core.v1.Pod[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.PodLogOptions": {
  "noSchema": true,
  "fields": {
    "container": {"n":1,"proto":"string","go":"t"},
    "follow": {"n":2,"proto":"bool","go":"b"},
    "insecureSkipTLSVerifyBackend": {"n":9,"proto":"bool","go":"b"},
    "limitBytes": {"n":8,"proto":"int64","go":"p"},
    "previous": {"n":3,"proto":"bool","go":"b"},
    "sinceSeconds": {"n":4,"proto":"int64","go":"p"},
    "sinceTime": {"n":5,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "stream": {"n":10,"proto":"string","go":"p"},
    "tailLines": {"n":7,"proto":"int64","go":"p"},
    "timestamps": {"n":6,"proto":"bool","go":"b"}
  }
},
"io.k8s.api.core.v1.PodOS": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PodPortForwardOptions": {
  "noSchema": true,
  "fields": {
    "ports": {"n":1,"proto":"repeated int32","go":"l"}
  }
},
"io.k8s.api.core.v1.PodProxyOptions": {
  "noSchema": true,
  "fields": {
    "path": {"n":1,"proto":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.PodReadinessGate": {
  "fields": {
    "conditionType": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PodResourceClaim": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "resourceClaimName": {"n":3,"proto":"string","type":"string","go":"p"},
    "resourceClaimTemplateName": {"n":4,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.PodResourceClaimStatus": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "resourceClaimName": {"n":2,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.PodSchedulingGate": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PodSecurityContext": {
  "fields": {
    "appArmorProfile": {"n":11,"proto":"AppArmorProfile","type":"io.k8s.api.core.v1.AppArmorProfile","go":"p"},
    "fsGroup": {"n":5,"proto":"int64","type":"integer:int64","go":"p"},
    "fsGroupChangePolicy": {"n":9,"proto":"string","type":"string","go":"p"},
    "runAsGroup": {"n":6,"proto":"int64","type":"integer:int64","go":"p"},
    "runAsNonRoot": {"n":3,"proto":"bool","type":"boolean","go":"p"},
    "runAsUser": {"n":2,"proto":"int64","type":"integer:int64","go":"p"},
    "seLinuxChangePolicy": {"n":13,"proto":"string","type":"string","go":"p"},
    "seLinuxOptions": {"n":1,"proto":"SELinuxOptions","type":"io.k8s.api.core.v1.SELinuxOptions","go":"p"},
    "seccompProfile": {"n":10,"proto":"SeccompProfile","type":"io.k8s.api.core.v1.SeccompProfile","go":"p"},
    "supplementalGroups": {"list-type":"atomic","n":4,"proto":"repeated int64","type":"integer:int64[]","go":"l"},
    "supplementalGroupsPolicy": {"n":12,"proto":"string","type":"string","go":"p"},
    "sysctls": {"list-type":"atomic","n":7,"proto":"repeated Sysctl","type":"io.k8s.api.core.v1.Sysctl[]","go":"l"},
    "windowsOptions": {"n":8,"proto":"WindowsSecurityContextOptions","type":"io.k8s.api.core.v1.WindowsSecurityContextOptions","go":"p"}
  }
},
"io.k8s.api.core.v1.PodSignature": {
  "noSchema": true,
  "fields": {
    "podController": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.OwnerReference","go":"p"}
  }
},
"io.k8s.api.core.v1.PodSpec": {
  "fields": {
    "activeDeadlineSeconds": {"n":5,"proto":"int64","type":"integer:int64","go":"p"},
    "affinity": {"n":18,"proto":"Affinity","type":"io.k8s.api.core.v1.Affinity","go":"p"},
    "automountServiceAccountToken": {"n":21,"proto":"bool","type":"boolean","go":"p"},
    "containers": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated Container","required":true,"type":"io.k8s.api.core.v1.Container[]","go":"l!"},
    "dnsConfig": {"n":26,"proto":"PodDNSConfig","type":"io.k8s.api.core.v1.PodDNSConfig","go":"p"},
    "dnsPolicy": {"n":6,"proto":"string","type":"string","go":"t"},
    "enableServiceLinks": {"n":30,"proto":"bool","type":"boolean","go":"p"},
    "ephemeralContainers": {"list-map-keys":["name"],"list-type":"map","n":34,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated EphemeralContainer","type":"io.k8s.api.core.v1.EphemeralContainer[]","go":"l"},
    "hostAliases": {"list-map-keys":["ip"],"list-type":"map","n":23,"patch-merge-key":"ip","patch-strategy":"merge","proto":"repeated HostAlias","type":"io.k8s.api.core.v1.HostAlias[]","go":"l"},
    "hostIPC": {"n":13,"proto":"bool","type":"boolean","go":"b"},
    "hostNetwork": {"n":11,"proto":"bool","type":"boolean","go":"b"},
    "hostPID": {"n":12,"proto":"bool","type":"boolean","go":"b"},
    "hostUsers": {"n":37,"proto":"bool","type":"boolean","go":"p"},
    "hostname": {"n":16,"proto":"string","type":"string","go":"t"},
    "imagePullSecrets": {"list-map-keys":["name"],"list-type":"map","n":15,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference[]","go":"l"},
    "initContainers": {"list-map-keys":["name"],"list-type":"map","n":20,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated Container","type":"io.k8s.api.core.v1.Container[]","go":"l"},
    "nodeName": {"n":10,"proto":"string","type":"string","go":"t"},
    "nodeSelector": {"map-type":"atomic","n":7,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "os": {"n":36,"proto":"PodOS","type":"io.k8s.api.core.v1.PodOS","go":"p"},
    "overhead": {"n":32,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "preemptionPolicy": {"n":31,"proto":"string","type":"string","go":"p"},
    "priority": {"n":25,"proto":"int32","type":"integer:int32","go":"p"},
    "priorityClassName": {"n":24,"proto":"string","type":"string","go":"t"},
    "readinessGates": {"list-type":"atomic","n":28,"proto":"repeated PodReadinessGate","type":"io.k8s.api.core.v1.PodReadinessGate[]","go":"l"},
    "resourceClaims": {"list-map-keys":["name"],"list-type":"map","n":39,"patch-merge-key":"name","patch-strategy":"merge,retainKeys","proto":"repeated PodResourceClaim","type":"io.k8s.api.core.v1.PodResourceClaim[]","go":"l"},
    "resources": {"n":40,"proto":"ResourceRequirements","type":"io.k8s.api.core.v1.ResourceRequirements","go":"p"},
    "restartPolicy": {"n":3,"proto":"string","type":"string","go":"t"},
    "runtimeClassName": {"n":29,"proto":"string","type":"string","go":"p"},
    "schedulerName": {"n":19,"proto":"string","type":"string","go":"t"},
    "schedulingGates": {"list-map-keys":["name"],"list-type":"map","n":38,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated PodSchedulingGate","type":"io.k8s.api.core.v1.PodSchedulingGate[]","go":"l"},
    "securityContext": {"n":14,"proto":"PodSecurityContext","type":"io.k8s.api.core.v1.PodSecurityContext","go":"p"},
    "serviceAccount": {"n":9,"proto":"string","type":"string","go":"t"},
    "serviceAccountName": {"n":8,"proto":"string","type":"string","go":"t"},
    "setHostnameAsFQDN": {"n":35,"proto":"bool","type":"boolean","go":"p"},
    "shareProcessNamespace": {"n":27,"proto":"bool","type":"boolean","go":"p"},
    "subdomain": {"n":17,"proto":"string","type":"string","go":"t"},
    "terminationGracePeriodSeconds": {"n":4,"proto":"int64","type":"integer:int64","go":"p"},
    "tolerations": {"list-type":"atomic","n":22,"proto":"repeated Toleration","type":"io.k8s.api.core.v1.Toleration[]","go":"l"},
    "topologySpreadConstraints": {"list-map-keys":["topologyKey","whenUnsatisfiable"],"list-type":"map","n":33,"patch-merge-key":"topologyKey","patch-strategy":"merge","proto":"repeated TopologySpreadConstraint","type":"io.k8s.api.core.v1.TopologySpreadConstraint[]","go":"l"},
    "volumes": {"list-map-keys":["name"],"list-type":"map","n":1,"patch-merge-key":"name","patch-strategy":"merge,retainKeys","proto":"repeated Volume","type":"io.k8s.api.core.v1.Volume[]","go":"l"}
  }
},
"io.k8s.api.core.v1.PodStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated PodCondition","type":"io.k8s.api.core.v1.PodCondition[]","go":"l"},
    "containerStatuses": {"list-type":"atomic","n":8,"proto":"repeated ContainerStatus","type":"io.k8s.api.core.v1.ContainerStatus[]","go":"l"},
    "ephemeralContainerStatuses": {"list-type":"atomic","n":13,"proto":"repeated ContainerStatus","type":"io.k8s.api.core.v1.ContainerStatus[]","go":"l"},
    "hostIP": {"n":5,"proto":"string","type":"string","go":"t"},
    "hostIPs": {"list-type":"atomic","n":16,"patch-merge-key":"ip","patch-strategy":"merge","proto":"repeated HostIP","type":"io.k8s.api.core.v1.HostIP[]","go":"l"},
    "initContainerStatuses": {"list-type":"atomic","n":10,"proto":"repeated ContainerStatus","type":"io.k8s.api.core.v1.ContainerStatus[]","go":"l"},
    "message": {"n":3,"proto":"string","type":"string","go":"t"},
    "nominatedNodeName": {"n":11,"proto":"string","type":"string","go":"t"},
    "phase": {"n":1,"proto":"string","type":"string","go":"t"},
    "podIP": {"n":6,"proto":"string","type":"string","go":"t"},
    "podIPs": {"list-map-keys":["ip"],"list-type":"map","n":12,"patch-merge-key":"ip","patch-strategy":"merge","proto":"repeated PodIP","type":"io.k8s.api.core.v1.PodIP[]","go":"l"},
    "qosClass": {"n":9,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "resize": {"n":14,"proto":"string","type":"string","go":"t"},
    "resourceClaimStatuses": {"list-map-keys":["name"],"list-type":"map","n":15,"patch-merge-key":"name","patch-strategy":"merge,retainKeys","proto":"repeated PodResourceClaimStatus","type":"io.k8s.api.core.v1.PodResourceClaimStatus[]","go":"l"},
    "startTime": {"n":7,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"}
  }
},
"io.k8s.api.core.v1.PodStatusResult": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "status": {"n":2,"proto":"PodStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.PodTemplate": {
  "gvk": [{"group":"","kind":"PodTemplate","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "template": {"n":2,"proto":"PodTemplateSpec","type":"io.k8s.api.core.v1.PodTemplateSpec","go":"s"}
  }
},
"io.k8s.api.core.v1.PodTemplateList": {
  "gvk": [{"group":"","kind":"PodTemplateList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PodTemplate","required":true,"type":"io.k8s.api.core.v1.PodTemplate[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.PodTemplateSpec": {
  "fields": {
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PodSpec","type":"io.k8s.api.core.v1.PodSpec","go":"s"}
  }
},
"io.k8s.api.core.v1.PortStatus": {
  "fields": {
    "error": {"n":3,"proto":"string","type":"string","go":"p"},
    "port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "protocol": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.PortworxVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "volumeID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Preconditions": {
  "noSchema": true,
  "fields": {
    "uid": {"n":1,"proto":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.PreferAvoidPodsEntry": {
  "noSchema": true,
  "fields": {
    "evictionTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":4,"proto":"string","go":"t"},
    "podSignature": {"n":1,"proto":"PodSignature","go":"s!"},
    "reason": {"n":3,"proto":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.PreferredSchedulingTerm": {
  "fields": {
    "preference": {"n":2,"proto":"NodeSelectorTerm","required":true,"type":"io.k8s.api.core.v1.NodeSelectorTerm","go":"s!"},
    "weight": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.core.v1.Probe": {
  "protoOnly": {"handler":{"n":1,"proto":"ProbeHandler"}},
  "fields": {
    "exec": {"type":"io.k8s.api.core.v1.ExecAction","go":"p"},
    "failureThreshold": {"n":6,"proto":"int32","type":"integer:int32","go":"n"},
    "grpc": {"type":"io.k8s.api.core.v1.GRPCAction","go":"p"},
    "httpGet": {"type":"io.k8s.api.core.v1.HTTPGetAction","go":"p"},
    "initialDelaySeconds": {"n":2,"proto":"int32","type":"integer:int32","go":"n"},
    "periodSeconds": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "successThreshold": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "tcpSocket": {"type":"io.k8s.api.core.v1.TCPSocketAction","go":"p"},
    "terminationGracePeriodSeconds": {"n":7,"proto":"int64","type":"integer:int64","go":"p"},
    "timeoutSeconds": {"n":3,"proto":"int32","type":"integer:int32","go":"n"}
  }
},
"io.k8s.api.core.v1.ProbeHandler": {
  "noSchema": true,
  "fields": {
    "exec": {"n":1,"proto":"ExecAction","go":"p"},
    "grpc": {"n":4,"proto":"GRPCAction","go":"p"},
    "httpGet": {"n":2,"proto":"HTTPGetAction","go":"p"},
    "tcpSocket": {"n":3,"proto":"TCPSocketAction","go":"p"}
  }
},
"io.k8s.api.core.v1.ProjectedVolumeSource": {
  "fields": {
    "defaultMode": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "sources": {"list-type":"atomic","n":1,"proto":"repeated VolumeProjection","type":"io.k8s.api.core.v1.VolumeProjection[]","go":"l!"}
  }
},
"io.k8s.api.core.v1.QuobyteVolumeSource": {
  "fields": {
    "group": {"n":5,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "registry": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "tenant": {"n":6,"proto":"string","type":"string","go":"t"},
    "user": {"n":4,"proto":"string","type":"string","go":"t"},
    "volume": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.RBDPersistentVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string","go":"t"},
    "image": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "keyring": {"default":"/etc/ceph/keyring","n":6,"proto":"string","type":"string","go":"t"},
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "pool": {"default":"rbd","n":4,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":8,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":7,"proto":"SecretReference","type":"io.k8s.api.core.v1.SecretReference","go":"p"},
    "user": {"default":"admin","n":5,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.RBDVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string","go":"t"},
    "image": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "keyring": {"default":"/etc/ceph/keyring","n":6,"proto":"string","type":"string","go":"t"},
    "monitors": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "pool": {"default":"rbd","n":4,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":8,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":7,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"},
    "user": {"default":"admin","n":5,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.RangeAllocation": {
  "noSchema": true,
  "fields": {
    "data": {"n":3,"proto":"bytes","go":"l!"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "range": {"n":2,"proto":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ReplicationController": {
  "gvk": [{"group":"","kind":"ReplicationController","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ReplicationControllerSpec","type":"io.k8s.api.core.v1.ReplicationControllerSpec","go":"s"},
    "status": {"n":3,"proto":"ReplicationControllerStatus","type":"io.k8s.api.core.v1.ReplicationControllerStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerList": {
  "gvk": [{"group":"","kind":"ReplicationControllerList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ReplicationController","required":true,"type":"io.k8s.api.core.v1.ReplicationController[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerSpec": {
  "fields": {
    "minReadySeconds": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "replicas": {"n":1,"proto":"int32","type":"integer:int32","go":"p"},
    "selector": {"map-type":"atomic","n":2,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "template": {"n":3,"proto":"PodTemplateSpec","type":"io.k8s.api.core.v1.PodTemplateSpec","go":"p"}
  }
},
"io.k8s.api.core.v1.ReplicationControllerStatus": {
  "fields": {
    "availableReplicas": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":6,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated ReplicationControllerCondition","type":"io.k8s.api.core.v1.ReplicationControllerCondition[]","go":"l"},
    "fullyLabeledReplicas": {"n":2,"proto":"int32","type":"integer:int32","go":"n"},
    "observedGeneration": {"n":3,"proto":"int64","type":"integer:int64","go":"n"},
    "readyReplicas": {"n":4,"proto":"int32","type":"integer:int32","go":"n"},
    "replicas": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.core.v1.ResourceClaim": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "request": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ResourceFieldSelector": {
  "map-type": "atomic",
  "fields": {
    "containerName": {"n":1,"proto":"string","type":"string","go":"t"},
    "divisor": {"n":3,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"q"},
    "resource": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ResourceHealth": {
  "fields": {
    "health": {"n":2,"proto":"string","type":"string","go":"t"},
    "resourceID": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ResourceQuota": {
  "gvk": [{"group":"","kind":"ResourceQuota","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ResourceQuotaSpec","type":"io.k8s.api.core.v1.ResourceQuotaSpec","go":"s"},
    "status": {"n":3,"proto":"ResourceQuotaStatus","type":"io.k8s.api.core.v1.ResourceQuotaStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.ResourceQuotaList": {
  "gvk": [{"group":"","kind":"ResourceQuotaList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ResourceQuota","required":true,"type":"io.k8s.api.core.v1.ResourceQuota[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ResourceQuotaSpec": {
  "fields": {
    "hard": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "scopeSelector": {"n":3,"proto":"ScopeSelector","type":"io.k8s.api.core.v1.ScopeSelector","go":"p"},
    "scopes": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.ResourceQuotaStatus": {
  "fields": {
    "hard": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "used": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"}
  }
},
"io.k8s.api.core.v1.ResourceRequirements": {
  "fields": {
    "claims": {"list-map-keys":["name"],"list-type":"map","n":3,"proto":"repeated ResourceClaim","type":"io.k8s.api.core.v1.ResourceClaim[]","go":"l"},
    "limits": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "requests": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"}
  }
},
"io.k8s.api.core.v1.ResourceStatus": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "resources": {"list-map-keys":["resourceID"],"list-type":"map","n":2,"proto":"repeated ResourceHealth","type":"io.k8s.api.core.v1.ResourceHealth[]","go":"l"}
  }
},
"io.k8s.api.core.v1.SELinuxOptions": {
  "fields": {
    "level": {"n":4,"proto":"string","type":"string","go":"t"},
    "role": {"n":2,"proto":"string","type":"string","go":"t"},
    "type": {"n":3,"proto":"string","type":"string","go":"t"},
    "user": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ScaleIOPersistentVolumeSource": {
  "fields": {
    "fsType": {"default":"xfs","n":9,"proto":"string","type":"string","go":"t"},
    "gateway": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "protectionDomain": {"n":5,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":10,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":3,"proto":"SecretReference","required":true,"type":"io.k8s.api.core.v1.SecretReference","go":"p!"},
    "sslEnabled": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "storageMode": {"default":"ThinProvisioned","n":7,"proto":"string","type":"string","go":"t"},
    "storagePool": {"n":6,"proto":"string","type":"string","go":"t"},
    "system": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "volumeName": {"n":8,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ScaleIOVolumeSource": {
  "fields": {
    "fsType": {"default":"xfs","n":9,"proto":"string","type":"string","go":"t"},
    "gateway": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "protectionDomain": {"n":5,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":10,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":3,"proto":"LocalObjectReference","required":true,"type":"io.k8s.api.core.v1.LocalObjectReference","go":"p!"},
    "sslEnabled": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "storageMode": {"default":"ThinProvisioned","n":7,"proto":"string","type":"string","go":"t"},
    "storagePool": {"n":6,"proto":"string","type":"string","go":"t"},
    "system": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "volumeName": {"n":8,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ScopeSelector": {
  "map-type": "atomic",
  "fields": {
    "matchExpressions": {"list-type":"atomic","n":1,"proto":"repeated ScopedResourceSelectorRequirement","type":"io.k8s.api.core.v1.ScopedResourceSelectorRequirement[]","go":"l"}
  }
},
"io.k8s.api.core.v1.ScopedResourceSelectorRequirement": {
  "fields": {
    "operator": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "scopeName": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.core.v1.SeccompProfile": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"localhostProfile":"LocalhostProfile"}}],
  "fields": {
    "localhostProfile": {"n":2,"proto":"string","type":"string","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.Secret": {
  "gvk": [{"group":"","kind":"Secret","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "data": {"n":2,"proto":"map<string, bytes>","type":"map<string:byte>","go":"m"},
    "immutable": {"n":5,"proto":"bool","type":"boolean","go":"p"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "stringData": {"n":4,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "type": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.SecretEnvSource": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "name": {"type":"string","go":"t"},
    "optional": {"n":2,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.SecretKeySelector": {
  "map-type": "atomic",
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "key": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"type":"string","go":"t"},
    "optional": {"n":3,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.SecretList": {
  "gvk": [{"group":"","kind":"SecretList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Secret","required":true,"type":"io.k8s.api.core.v1.Secret[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.SecretProjection": {
  "protoOnly": {"localObjectReference":{"n":1,"proto":"LocalObjectReference"}},
  "fields": {
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]","go":"l"},
    "name": {"type":"string","go":"t"},
    "optional": {"n":4,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.core.v1.SecretReference": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "namespace": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.SecretVolumeSource": {
  "fields": {
    "defaultMode": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "items": {"list-type":"atomic","n":2,"proto":"repeated KeyToPath","type":"io.k8s.api.core.v1.KeyToPath[]","go":"l"},
    "optional": {"n":4,"proto":"bool","type":"boolean","go":"p"},
    "secretName": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.SecurityContext": {
  "fields": {
    "allowPrivilegeEscalation": {"n":7,"proto":"bool","type":"boolean","go":"p"},
    "appArmorProfile": {"n":12,"proto":"AppArmorProfile","type":"io.k8s.api.core.v1.AppArmorProfile","go":"p"},
    "capabilities": {"n":1,"proto":"Capabilities","type":"io.k8s.api.core.v1.Capabilities","go":"p"},
    "privileged": {"n":2,"proto":"bool","type":"boolean","go":"p"},
    "procMount": {"n":9,"proto":"string","type":"string","go":"p"},
    "readOnlyRootFilesystem": {"n":6,"proto":"bool","type":"boolean","go":"p"},
    "runAsGroup": {"n":8,"proto":"int64","type":"integer:int64","go":"p"},
    "runAsNonRoot": {"n":5,"proto":"bool","type":"boolean","go":"p"},
    "runAsUser": {"n":4,"proto":"int64","type":"integer:int64","go":"p"},
    "seLinuxOptions": {"n":3,"proto":"SELinuxOptions","type":"io.k8s.api.core.v1.SELinuxOptions","go":"p"},
    "seccompProfile": {"n":11,"proto":"SeccompProfile","type":"io.k8s.api.core.v1.SeccompProfile","go":"p"},
    "windowsOptions": {"n":10,"proto":"WindowsSecurityContextOptions","type":"io.k8s.api.core.v1.WindowsSecurityContextOptions","go":"p"}
  }
},
"io.k8s.api.core.v1.SerializedReference": {
  "noSchema": true,
  "fields": {
    "reference": {"n":1,"proto":"ObjectReference","go":"s"}
  }
},
"io.k8s.api.core.v1.Service": {
  "gvk": [{"group":"","kind":"Service","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"ServiceSpec","type":"io.k8s.api.core.v1.ServiceSpec","go":"s"},
    "status": {"n":3,"proto":"ServiceStatus","type":"io.k8s.api.core.v1.ServiceStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.ServiceAccount": {
  "gvk": [{"group":"","kind":"ServiceAccount","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "automountServiceAccountToken": {"n":4,"proto":"bool","type":"boolean","go":"p"},
    "imagePullSecrets": {"list-type":"atomic","n":3,"proto":"repeated LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference[]","go":"l"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "secrets": {"list-map-keys":["name"],"list-type":"map","n":2,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated ObjectReference","type":"io.k8s.api.core.v1.ObjectReference[]","go":"l"}
  }
},
"io.k8s.api.core.v1.ServiceAccountList": {
  "gvk": [{"group":"","kind":"ServiceAccountList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ServiceAccount","required":true,"type":"io.k8s.api.core.v1.ServiceAccount[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ServiceAccountTokenProjection": {
  "fields": {
    "audience": {"n":1,"proto":"string","type":"string","go":"t"},
    "expirationSeconds": {"n":2,"proto":"int64","type":"integer:int64","go":"p"},
    "path": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.ServiceList": {
  "gvk": [{"group":"","kind":"ServiceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Service","required":true,"type":"io.k8s.api.core.v1.Service[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.core.v1.ServicePort": {
  "fields": {
    "appProtocol": {"n":6,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "nodePort": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "port": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "protocol": {"default":"TCP","n":2,"proto":"string","type":"string","go":"t"},
    "targetPort": {"n":4,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"n"}
  }
},
"io.k8s.api.core.v1.ServiceProxyOptions": {
  "noSchema": true,
  "fields": {
    "path": {"n":1,"proto":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ServiceSpec": {
  "fields": {
    "allocateLoadBalancerNodePorts": {"n":20,"proto":"bool","type":"boolean","go":"p"},
    "clusterIP": {"n":3,"proto":"string","type":"string","go":"t"},
    "clusterIPs": {"list-type":"atomic","n":18,"proto":"repeated string","type":"string[]","go":"l"},
    "externalIPs": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "externalName": {"n":10,"proto":"string","type":"string","go":"t"},
    "externalTrafficPolicy": {"n":11,"proto":"string","type":"string","go":"t"},
    "healthCheckNodePort": {"n":12,"proto":"int32","type":"integer:int32","go":"n"},
    "internalTrafficPolicy": {"n":22,"proto":"string","type":"string","go":"p"},
    "ipFamilies": {"list-type":"atomic","n":19,"proto":"repeated string","type":"string[]","go":"l"},
    "ipFamilyPolicy": {"n":17,"proto":"string","type":"string","go":"p"},
    "loadBalancerClass": {"n":21,"proto":"string","type":"string","go":"p"},
    "loadBalancerIP": {"n":8,"proto":"string","type":"string","go":"t"},
    "loadBalancerSourceRanges": {"list-type":"atomic","n":9,"proto":"repeated string","type":"string[]","go":"l"},
    "ports": {"list-map-keys":["port","protocol"],"list-type":"map","n":1,"patch-merge-key":"port","patch-strategy":"merge","proto":"repeated ServicePort","type":"io.k8s.api.core.v1.ServicePort[]","go":"l"},
    "publishNotReadyAddresses": {"n":13,"proto":"bool","type":"boolean","go":"b"},
    "selector": {"map-type":"atomic","n":2,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "sessionAffinity": {"n":7,"proto":"string","type":"string","go":"t"},
    "sessionAffinityConfig": {"n":14,"proto":"SessionAffinityConfig","type":"io.k8s.api.core.v1.SessionAffinityConfig","go":"p"},
    "trafficDistribution": {"n":23,"proto":"string","type":"string","go":"p"},
    "type": {"n":4,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.ServiceStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":2,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.Condition","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Condition[]","go":"l"},
    "loadBalancer": {"n":1,"proto":"LoadBalancerStatus","type":"io.k8s.api.core.v1.LoadBalancerStatus","go":"s"}
  }
},
"io.k8s.api.core.v1.SessionAffinityConfig": {
  "fields": {
    "clientIP": {"n":1,"proto":"ClientIPConfig","type":"io.k8s.api.core.v1.ClientIPConfig","go":"p"}
  }
},
"io.k8s.api.core.v1.SleepAction": {
  "fields": {
    "seconds": {"default":0,"n":1,"proto":"int64","required":true,"type":"integer:int64","go":"n!"}
  }
},
"io.k8s.api.core.v1.StorageOSPersistentVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":5,"proto":"ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"p"},
    "volumeName": {"n":1,"proto":"string","type":"string","go":"t"},
    "volumeNamespace": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.StorageOSVolumeSource": {
  "fields": {
    "fsType": {"n":3,"proto":"string","type":"string","go":"t"},
    "readOnly": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "secretRef": {"n":5,"proto":"LocalObjectReference","type":"io.k8s.api.core.v1.LocalObjectReference","go":"p"},
    "volumeName": {"n":1,"proto":"string","type":"string","go":"t"},
    "volumeNamespace": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.Sysctl": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "value": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.TCPSocketAction": {
  "fields": {
    "host": {"n":2,"proto":"string","type":"string","go":"t"},
    "port": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","required":true,"type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"n!"}
  }
},
"io.k8s.api.core.v1.Taint": {
  "fields": {
    "effect": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "timeAdded": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "value": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.Toleration": {
  "fields": {
    "effect": {"n":4,"proto":"string","type":"string","go":"t"},
    "key": {"n":1,"proto":"string","type":"string","go":"t"},
    "operator": {"n":2,"proto":"string","type":"string","go":"t"},
    "tolerationSeconds": {"n":5,"proto":"int64","type":"integer:int64","go":"p"},
    "value": {"n":3,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.TopologySelectorLabelRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "values": {"list-type":"atomic","n":2,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.api.core.v1.TopologySelectorTerm": {
  "map-type": "atomic",
  "fields": {
    "matchLabelExpressions": {"list-type":"atomic","n":1,"proto":"repeated TopologySelectorLabelRequirement","type":"io.k8s.api.core.v1.TopologySelectorLabelRequirement[]","go":"l"}
  }
},
"io.k8s.api.core.v1.TopologySpreadConstraint": {
  "fields": {
    "labelSelector": {"n":4,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "matchLabelKeys": {"list-type":"atomic","n":8,"proto":"repeated string","type":"string[]","go":"l"},
    "maxSkew": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "minDomains": {"n":5,"proto":"int32","type":"integer:int32","go":"p"},
    "nodeAffinityPolicy": {"n":6,"proto":"string","type":"string","go":"p"},
    "nodeTaintsPolicy": {"n":7,"proto":"string","type":"string","go":"p"},
    "topologyKey": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "whenUnsatisfiable": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.TypedLocalObjectReference": {
  "map-type": "atomic",
  "fields": {
    "apiGroup": {"n":1,"proto":"string","type":"string","go":"p!"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.TypedObjectReference": {
  "fields": {
    "apiGroup": {"n":1,"proto":"string","type":"string","go":"p!"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":4,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.Volume": {
  "protoOnly": {"volumeSource":{"n":2,"proto":"VolumeSource"}},
  "fields": {
    "awsElasticBlockStore": {"type":"io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource","go":"p"},
    "azureDisk": {"type":"io.k8s.api.core.v1.AzureDiskVolumeSource","go":"p"},
    "azureFile": {"type":"io.k8s.api.core.v1.AzureFileVolumeSource","go":"p"},
    "cephfs": {"type":"io.k8s.api.core.v1.CephFSVolumeSource","go":"p"},
    "cinder": {"type":"io.k8s.api.core.v1.CinderVolumeSource","go":"p"},
    "configMap": {"type":"io.k8s.api.core.v1.ConfigMapVolumeSource","go":"p"},
    "csi": {"type":"io.k8s.api.core.v1.CSIVolumeSource","go":"p"},
    "downwardAPI": {"type":"io.k8s.api.core.v1.DownwardAPIVolumeSource","go":"p"},
    "emptyDir": {"type":"io.k8s.api.core.v1.EmptyDirVolumeSource","go":"p"},
    "ephemeral": {"type":"io.k8s.api.core.v1.EphemeralVolumeSource","go":"p"},
    "fc": {"type":"io.k8s.api.core.v1.FCVolumeSource","go":"p"},
    "flexVolume": {"type":"io.k8s.api.core.v1.FlexVolumeSource","go":"p"},
    "flocker": {"type":"io.k8s.api.core.v1.FlockerVolumeSource","go":"p"},
    "gcePersistentDisk": {"type":"io.k8s.api.core.v1.GCEPersistentDiskVolumeSource","go":"p"},
    "gitRepo": {"type":"io.k8s.api.core.v1.GitRepoVolumeSource","go":"p"},
    "glusterfs": {"type":"io.k8s.api.core.v1.GlusterfsVolumeSource","go":"p"},
    "hostPath": {"type":"io.k8s.api.core.v1.HostPathVolumeSource","go":"p"},
    "image": {"type":"io.k8s.api.core.v1.ImageVolumeSource","go":"p"},
    "iscsi": {"type":"io.k8s.api.core.v1.ISCSIVolumeSource","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "nfs": {"type":"io.k8s.api.core.v1.NFSVolumeSource","go":"p"},
    "persistentVolumeClaim": {"type":"io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource","go":"p"},
    "photonPersistentDisk": {"type":"io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource","go":"p"},
    "portworxVolume": {"type":"io.k8s.api.core.v1.PortworxVolumeSource","go":"p"},
    "projected": {"type":"io.k8s.api.core.v1.ProjectedVolumeSource","go":"p"},
    "quobyte": {"type":"io.k8s.api.core.v1.QuobyteVolumeSource","go":"p"},
    "rbd": {"type":"io.k8s.api.core.v1.RBDVolumeSource","go":"p"},
    "scaleIO": {"type":"io.k8s.api.core.v1.ScaleIOVolumeSource","go":"p"},
    "secret": {"type":"io.k8s.api.core.v1.SecretVolumeSource","go":"p"},
    "storageos": {"type":"io.k8s.api.core.v1.StorageOSVolumeSource","go":"p"},
    "vsphereVolume": {"type":"io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource","go":"p"}
  }
},
"io.k8s.api.core.v1.VolumeDevice": {
  "fields": {
    "devicePath": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.VolumeMount": {
  "fields": {
    "mountPath": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "mountPropagation": {"n":5,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":2,"proto":"bool","type":"boolean","go":"b"},
    "recursiveReadOnly": {"n":7,"proto":"string","type":"string","go":"p"},
    "subPath": {"n":4,"proto":"string","type":"string","go":"t"},
    "subPathExpr": {"n":6,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.core.v1.VolumeMountStatus": {
  "fields": {
    "mountPath": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "readOnly": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "recursiveReadOnly": {"n":4,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.core.v1.VolumeNodeAffinity": {
  "fields": {
    "required": {"n":1,"proto":"NodeSelector","type":"io.k8s.api.core.v1.NodeSelector","go":"p"}
  }
},
"io.k8s.api.core.v1.VolumeProjection": {
  "fields": {
    "clusterTrustBundle": {"n":5,"proto":"ClusterTrustBundleProjection","type":"io.k8s.api.core.v1.ClusterTrustBundleProjection","go":"p"},
    "configMap": {"n":3,"proto":"ConfigMapProjection","type":"io.k8s.api.core.v1.ConfigMapProjection","go":"p"},
    "downwardAPI": {"n":2,"proto":"DownwardAPIProjection","type":"io.k8s.api.core.v1.DownwardAPIProjection","go":"p"},
    "secret": {"n":1,"proto":"SecretProjection","type":"io.k8s.api.core.v1.SecretProjection","go":"p"},
    "serviceAccountToken": {"n":4,"proto":"ServiceAccountTokenProjection","type":"io.k8s.api.core.v1.ServiceAccountTokenProjection","go":"p"}
  }
},
"io.k8s.api.core.v1.VolumeResourceRequirements": {
  "fields": {
    "limits": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"},
    "requests": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"}
  }
},
"io.k8s.api.core.v1.VolumeSource": {
  "noSchema": true,
  "fields": {
    "awsElasticBlockStore": {"n":4,"proto":"AWSElasticBlockStoreVolumeSource","go":"p"},
    "azureDisk": {"n":22,"proto":"AzureDiskVolumeSource","go":"p"},
    "azureFile": {"n":18,"proto":"AzureFileVolumeSource","go":"p"},
    "cephfs": {"n":14,"proto":"CephFSVolumeSource","go":"p"},
    "cinder": {"n":13,"proto":"CinderVolumeSource","go":"p"},
    "configMap": {"n":19,"proto":"ConfigMapVolumeSource","go":"p"},
    "csi": {"n":28,"proto":"CSIVolumeSource","go":"p"},
    "downwardAPI": {"n":16,"proto":"DownwardAPIVolumeSource","go":"p"},
    "emptyDir": {"n":2,"proto":"EmptyDirVolumeSource","go":"p"},
    "ephemeral": {"n":29,"proto":"EphemeralVolumeSource","go":"p"},
    "fc": {"n":17,"proto":"FCVolumeSource","go":"p"},
    "flexVolume": {"n":12,"proto":"FlexVolumeSource","go":"p"},
    "flocker": {"n":15,"proto":"FlockerVolumeSource","go":"p"},
    "gcePersistentDisk": {"n":3,"proto":"GCEPersistentDiskVolumeSource","go":"p"},
    "gitRepo": {"n":5,"proto":"GitRepoVolumeSource","go":"p"},
    "glusterfs": {"n":9,"proto":"GlusterfsVolumeSource","go":"p"},
    "hostPath": {"n":1,"proto":"HostPathVolumeSource","go":"p"},
    "image": {"n":30,"proto":"ImageVolumeSource","go":"p"},
    "iscsi": {"n":8,"proto":"ISCSIVolumeSource","go":"p"},
    "nfs": {"n":7,"proto":"NFSVolumeSource","go":"p"},
    "persistentVolumeClaim": {"n":10,"proto":"PersistentVolumeClaimVolumeSource","go":"p"},
    "photonPersistentDisk": {"n":23,"proto":"PhotonPersistentDiskVolumeSource","go":"p"},
    "portworxVolume": {"n":24,"proto":"PortworxVolumeSource","go":"p"},
    "projected": {"n":26,"proto":"ProjectedVolumeSource","go":"p"},
    "quobyte": {"n":21,"proto":"QuobyteVolumeSource","go":"p"},
    "rbd": {"n":11,"proto":"RBDVolumeSource","go":"p"},
    "scaleIO": {"n":25,"proto":"ScaleIOVolumeSource","go":"p"},
    "secret": {"n":6,"proto":"SecretVolumeSource","go":"p"},
    "storageos": {"n":27,"proto":"StorageOSVolumeSource","go":"p"},
    "vsphereVolume": {"n":20,"proto":"VsphereVirtualDiskVolumeSource","go":"p"}
  }
},
"io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource": {
  "fields": {
    "fsType": {"n":2,"proto":"string","type":"string","go":"t"},
    "storagePolicyID": {"n":4,"proto":"string","type":"string","go":"t"},
    "storagePolicyName": {"n":3,"proto":"string","type":"string","go":"t"},
    "volumePath": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.core.v1.WeightedPodAffinityTerm": {
  "fields": {
    "podAffinityTerm": {"n":2,"proto":"PodAffinityTerm","required":true,"type":"io.k8s.api.core.v1.PodAffinityTerm","go":"s!"},
    "weight": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.core.v1.WindowsSecurityContextOptions": {
  "fields": {
    "gmsaCredentialSpec": {"n":2,"proto":"string","type":"string","go":"p"},
    "gmsaCredentialSpecName": {"n":1,"proto":"string","type":"string","go":"p"},
    "hostProcess": {"n":4,"proto":"bool","type":"boolean","go":"p"},
    "runAsUserName": {"n":3,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.discovery.v1.Endpoint": {
  "fields": {
    "addresses": {"list-type":"set","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "conditions": {"n":2,"proto":"EndpointConditions","type":"io.k8s.api.discovery.v1.EndpointConditions","go":"s"},
    "deprecatedTopology": {"n":5,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "hints": {"n":8,"proto":"EndpointHints","type":"io.k8s.api.discovery.v1.EndpointHints","go":"p"},
    "hostname": {"n":3,"proto":"string","type":"string","go":"p"},
    "nodeName": {"n":6,"proto":"string","type":"string","go":"p"},
    "targetRef": {"n":4,"proto":"k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"p"},
    "zone": {"n":7,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.discovery.v1.EndpointConditions": {
  "fields": {
    "ready": {"n":1,"proto":"bool","type":"boolean","go":"p"},
    "serving": {"n":2,"proto":"bool","type":"boolean","go":"p"},
    "terminating": {"n":3,"proto":"bool","type":"boolean","go":"p"}
  }
},
"io.k8s.api.discovery.v1.EndpointHints": {
  "fields": {
    "forZones": {"list-type":"atomic","n":1,"proto":"repeated ForZone","type":"io.k8s.api.discovery.v1.ForZone[]","go":"l"}
  }
},
"io.k8s.api.discovery.v1.EndpointPort": {
  "map-type": "atomic",
  "fields": {
    "appProtocol": {"n":4,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","type":"string","go":"p"},
    "port": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "protocol": {"n":2,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.discovery.v1.EndpointSlice": {
  "gvk": [{"group":"discovery.k8s.io","kind":"EndpointSlice","version":"v1"}],
  "fields": {
    "addressType": {"n":4,"proto":"string","required":true,"type":"string","go":"t!"},
    "apiVersion": {"type":"string"},
    "endpoints": {"list-type":"atomic","n":2,"proto":"repeated Endpoint","required":true,"type":"io.k8s.api.discovery.v1.Endpoint[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "ports": {"list-type":"atomic","n":3,"proto":"repeated EndpointPort","type":"io.k8s.api.discovery.v1.EndpointPort[]","go":"l!"}
  }
},
"io.k8s.api.discovery.v1.EndpointSliceList": {
  "gvk": [{"group":"discovery.k8s.io","kind":"EndpointSliceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated EndpointSlice","required":true,"type":"io.k8s.api.discovery.v1.EndpointSlice[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.discovery.v1.ForZone": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.events.v1.Event": {
  "gvk": [{"group":"events.k8s.io","kind":"Event","version":"v1"}],
  "fields": {
    "action": {"n":6,"proto":"string","type":"string","go":"t"},
    "apiVersion": {"type":"string"},
    "deprecatedCount": {"n":15,"proto":"int32","type":"integer:int32","go":"n"},
    "deprecatedFirstTimestamp": {"n":13,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "deprecatedLastTimestamp": {"n":14,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "deprecatedSource": {"n":12,"proto":"k8s.io.api.core.v1.EventSource","type":"io.k8s.api.core.v1.EventSource","go":"s"},
    "eventTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime","go":"T!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s!"},
    "note": {"n":10,"proto":"string","type":"string","go":"t"},
    "reason": {"n":7,"proto":"string","type":"string","go":"t"},
    "regarding": {"n":8,"proto":"k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"s"},
    "related": {"n":9,"proto":"k8s.io.api.core.v1.ObjectReference","type":"io.k8s.api.core.v1.ObjectReference","go":"p"},
    "reportingController": {"n":4,"proto":"string","type":"string","go":"t"},
    "reportingInstance": {"n":5,"proto":"string","type":"string","go":"t"},
    "series": {"n":3,"proto":"EventSeries","type":"io.k8s.api.events.v1.EventSeries","go":"p"},
    "type": {"n":11,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.events.v1.EventList": {
  "gvk": [{"group":"events.k8s.io","kind":"EventList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Event","required":true,"type":"io.k8s.api.events.v1.Event[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.events.v1.EventSeries": {
  "fields": {
    "count": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "lastObservedTime": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime","go":"T!"}
  }
},
"io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration": {
  "fields": {
    "lendablePercent": {"n":2,"proto":"int32","type":"integer:int32","go":"p"},
    "nominalConcurrencyShares": {"n":1,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod": {
  "fields": {
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchema": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"FlowSchema","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"FlowSchemaSpec","type":"io.k8s.api.flowcontrol.v1.FlowSchemaSpec","go":"s"},
    "status": {"n":3,"proto":"FlowSchemaStatus","type":"io.k8s.api.flowcontrol.v1.FlowSchemaStatus","go":"s"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","type":"string","go":"t"},
    "type": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaList": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"FlowSchemaList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated FlowSchema","required":true,"type":"io.k8s.api.flowcontrol.v1.FlowSchema[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaSpec": {
  "fields": {
    "distinguisherMethod": {"n":3,"proto":"FlowDistinguisherMethod","type":"io.k8s.api.flowcontrol.v1.FlowDistinguisherMethod","go":"p"},
    "matchingPrecedence": {"default":0,"n":2,"proto":"int32","type":"integer:int32","go":"n!"},
    "priorityLevelConfiguration": {"n":1,"proto":"PriorityLevelConfigurationReference","required":true,"type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference","go":"s!"},
    "rules": {"list-type":"atomic","n":4,"proto":"repeated PolicyRulesWithSubjects","type":"io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects[]","go":"l"}
  }
},
"io.k8s.api.flowcontrol.v1.FlowSchemaStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated FlowSchemaCondition","type":"io.k8s.api.flowcontrol.v1.FlowSchemaCondition[]","go":"l"}
  }
},
"io.k8s.api.flowcontrol.v1.GroupSubject": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.flowcontrol.v1.LimitResponse": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"queuing":"Queuing"}}],
  "fields": {
    "queuing": {"n":2,"proto":"QueuingConfiguration","type":"io.k8s.api.flowcontrol.v1.QueuingConfiguration","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration": {
  "fields": {
    "borrowingLimitPercent": {"n":4,"proto":"int32","type":"integer:int32","go":"p"},
    "lendablePercent": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "limitResponse": {"n":2,"proto":"LimitResponse","type":"io.k8s.api.flowcontrol.v1.LimitResponse","go":"s"},
    "nominalConcurrencyShares": {"n":1,"proto":"int32","type":"integer:int32","go":"p!"}
  }
},
"io.k8s.api.flowcontrol.v1.NonResourcePolicyRule": {
  "fields": {
    "nonResourceURLs": {"list-type":"set","n":6,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "verbs": {"list-type":"set","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.api.flowcontrol.v1.PolicyRulesWithSubjects": {
  "fields": {
    "nonResourceRules": {"list-type":"atomic","n":3,"proto":"repeated NonResourcePolicyRule","type":"io.k8s.api.flowcontrol.v1.NonResourcePolicyRule[]","go":"l"},
    "resourceRules": {"list-type":"atomic","n":2,"proto":"repeated ResourcePolicyRule","type":"io.k8s.api.flowcontrol.v1.ResourcePolicyRule[]","go":"l"},
    "subjects": {"list-type":"atomic","n":1,"proto":"repeated Subject","required":true,"type":"io.k8s.api.flowcontrol.v1.Subject[]","go":"l!"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"PriorityLevelConfiguration","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PriorityLevelConfigurationSpec","type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec","go":"s"},
    "status": {"n":3,"proto":"PriorityLevelConfigurationStatus","type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus","go":"s"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","type":"string","go":"t"},
    "type": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationList": {
  "gvk": [{"group":"flowcontrol.apiserver.k8s.io","kind":"PriorityLevelConfigurationList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PriorityLevelConfiguration","required":true,"type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationReference": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec": {
  "unions": [{"discriminator":"type","fields-to-discriminateBy":{"exempt":"Exempt","limited":"Limited"}}],
  "fields": {
    "exempt": {"n":3,"proto":"ExemptPriorityLevelConfiguration","type":"io.k8s.api.flowcontrol.v1.ExemptPriorityLevelConfiguration","go":"p"},
    "limited": {"n":2,"proto":"LimitedPriorityLevelConfiguration","type":"io.k8s.api.flowcontrol.v1.LimitedPriorityLevelConfiguration","go":"p"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated PriorityLevelConfigurationCondition","type":"io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationCondition[]","go":"l"}
  }
},
"io.k8s.api.flowcontrol.v1.QueuingConfiguration": {
  "fields": {
    "handSize": {"default":0,"n":2,"proto":"int32","type":"integer:int32","go":"n!"},
    "queueLengthLimit": {"default":0,"n":3,"proto":"int32","type":"integer:int32","go":"n!"},
    "queues": {"default":0,"n":1,"proto":"int32","type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.flowcontrol.v1.ResourcePolicyRule": {
  "fields": {
    "apiGroups": {"list-type":"set","n":2,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "clusterScope": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "namespaces": {"list-type":"set","n":5,"proto":"repeated string","type":"string[]","go":"l!"},
    "resources": {"list-type":"set","n":3,"proto":"repeated string","required":true,"type":"string[]","go":"l!"},
    "verbs": {"list-type":"set","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.api.flowcontrol.v1.ServiceAccountSubject": {
  "fields": {
    "name": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.flowcontrol.v1.Subject": {
  "unions": [{"discriminator":"kind","fields-to-discriminateBy":{"group":"Group","serviceAccount":"ServiceAccount","user":"User"}}],
  "fields": {
    "group": {"n":3,"proto":"GroupSubject","type":"io.k8s.api.flowcontrol.v1.GroupSubject","go":"p"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "serviceAccount": {"n":4,"proto":"ServiceAccountSubject","type":"io.k8s.api.flowcontrol.v1.ServiceAccountSubject","go":"p"},
    "user": {"n":2,"proto":"UserSubject","type":"io.k8s.api.flowcontrol.v1.UserSubject","go":"p"}
  }
},
"io.k8s.api.flowcontrol.v1.UserSubject": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.networking.v1.HTTPIngressPath": {
  "fields": {
    "backend": {"n":2,"proto":"IngressBackend","required":true,"type":"io.k8s.api.networking.v1.IngressBackend","go":"s!"},
    "path": {"n":1,"proto":"string","type":"string","go":"t"},
    "pathType": {"n":3,"proto":"string","required":true,"type":"string","go":"p!"}
  }
},
"io.k8s.api.networking.v1.HTTPIngressRuleValue": {
  "fields": {
    "paths": {"list-type":"atomic","n":1,"proto":"repeated HTTPIngressPath","required":true,"type":"io.k8s.api.networking.v1.HTTPIngressPath[]","go":"l!"}
  }
},
"io.k8s.api.networking.v1.IPBlock": {
  "fields": {
    "cidr": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "except": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.Ingress": {
  "gvk": [{"group":"networking.k8s.io","kind":"Ingress","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"IngressSpec","type":"io.k8s.api.networking.v1.IngressSpec","go":"s"},
    "status": {"n":3,"proto":"IngressStatus","type":"io.k8s.api.networking.v1.IngressStatus","go":"s"}
  }
},
"io.k8s.api.networking.v1.IngressBackend": {
  "fields": {
    "resource": {"n":3,"proto":"k8s.io.api.core.v1.TypedLocalObjectReference","type":"io.k8s.api.core.v1.TypedLocalObjectReference","go":"p"},
    "service": {"n":4,"proto":"IngressServiceBackend","type":"io.k8s.api.networking.v1.IngressServiceBackend","go":"p"}
  }
},
"io.k8s.api.networking.v1.IngressClass": {
  "gvk": [{"group":"networking.k8s.io","kind":"IngressClass","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"IngressClassSpec","type":"io.k8s.api.networking.v1.IngressClassSpec","go":"s"}
  }
},
"io.k8s.api.networking.v1.IngressClassList": {
  "gvk": [{"group":"networking.k8s.io","kind":"IngressClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated IngressClass","required":true,"type":"io.k8s.api.networking.v1.IngressClass[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.networking.v1.IngressClassParametersReference": {
  "fields": {
    "apiGroup": {"n":1,"proto":"string","type":"string","go":"p"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":5,"proto":"string","type":"string","go":"p"},
    "scope": {"n":4,"proto":"string","type":"string","go":"p!"}
  }
},
"io.k8s.api.networking.v1.IngressClassSpec": {
  "fields": {
    "controller": {"n":1,"proto":"string","type":"string","go":"t"},
    "parameters": {"n":2,"proto":"IngressClassParametersReference","type":"io.k8s.api.networking.v1.IngressClassParametersReference","go":"p"}
  }
},
"io.k8s.api.networking.v1.IngressList": {
  "gvk": [{"group":"networking.k8s.io","kind":"IngressList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Ingress","required":true,"type":"io.k8s.api.networking.v1.Ingress[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.networking.v1.IngressLoadBalancerIngress": {
  "fields": {
    "hostname": {"n":2,"proto":"string","type":"string","go":"t"},
    "ip": {"n":1,"proto":"string","type":"string","go":"t"},
    "ports": {"list-type":"atomic","n":4,"proto":"repeated IngressPortStatus","type":"io.k8s.api.networking.v1.IngressPortStatus[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.IngressLoadBalancerStatus": {
  "fields": {
    "ingress": {"list-type":"atomic","n":1,"proto":"repeated IngressLoadBalancerIngress","type":"io.k8s.api.networking.v1.IngressLoadBalancerIngress[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.IngressPortStatus": {
  "fields": {
    "error": {"n":3,"proto":"string","type":"string","go":"p"},
    "port": {"default":0,"n":1,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "protocol": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.networking.v1.IngressRule": {
  "protoOnly": {"ingressRuleValue":{"n":2,"proto":"IngressRuleValue"}},
  "fields": {
    "host": {"n":1,"proto":"string","type":"string","go":"t"},
    "http": {"type":"io.k8s.api.networking.v1.HTTPIngressRuleValue","go":"p"}
  }
},
"io.k8s.api.networking.v1.IngressRuleValue": {
  "noSchema": true,
  "fields": {
    "http": {"n":1,"proto":"HTTPIngressRuleValue","go":"p"}
  }
},
"io.k8s.api.networking.v1.IngressServiceBackend": {
  "fields": {
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "port": {"n":2,"proto":"ServiceBackendPort","type":"io.k8s.api.networking.v1.ServiceBackendPort","go":"s"}
  }
},
"io.k8s.api.networking.v1.IngressSpec": {
  "fields": {
    "defaultBackend": {"n":1,"proto":"IngressBackend","type":"io.k8s.api.networking.v1.IngressBackend","go":"p"},
    "ingressClassName": {"n":4,"proto":"string","type":"string","go":"p"},
    "rules": {"list-type":"atomic","n":3,"proto":"repeated IngressRule","type":"io.k8s.api.networking.v1.IngressRule[]","go":"l"},
    "tls": {"list-type":"atomic","n":2,"proto":"repeated IngressTLS","type":"io.k8s.api.networking.v1.IngressTLS[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.IngressStatus": {
  "fields": {
    "loadBalancer": {"n":1,"proto":"IngressLoadBalancerStatus","type":"io.k8s.api.networking.v1.IngressLoadBalancerStatus","go":"s"}
  }
},
"io.k8s.api.networking.v1.IngressTLS": {
  "fields": {
    "hosts": {"list-type":"atomic","n":1,"proto":"repeated string","type":"string[]","go":"l"},
    "secretName": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicy": {
  "gvk": [{"group":"networking.k8s.io","kind":"NetworkPolicy","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"NetworkPolicySpec","type":"io.k8s.api.networking.v1.NetworkPolicySpec","go":"s"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyEgressRule": {
  "fields": {
    "ports": {"list-type":"atomic","n":1,"proto":"repeated NetworkPolicyPort","type":"io.k8s.api.networking.v1.NetworkPolicyPort[]","go":"l"},
    "to": {"list-type":"atomic","n":2,"proto":"repeated NetworkPolicyPeer","type":"io.k8s.api.networking.v1.NetworkPolicyPeer[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyIngressRule": {
  "fields": {
    "from": {"list-type":"atomic","n":2,"proto":"repeated NetworkPolicyPeer","type":"io.k8s.api.networking.v1.NetworkPolicyPeer[]","go":"l"},
    "ports": {"list-type":"atomic","n":1,"proto":"repeated NetworkPolicyPort","type":"io.k8s.api.networking.v1.NetworkPolicyPort[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyList": {
  "gvk": [{"group":"networking.k8s.io","kind":"NetworkPolicyList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated NetworkPolicy","required":true,"type":"io.k8s.api.networking.v1.NetworkPolicy[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyPeer": {
  "fields": {
    "ipBlock": {"n":3,"proto":"IPBlock","type":"io.k8s.api.networking.v1.IPBlock","go":"p"},
    "namespaceSelector": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "podSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicyPort": {
  "fields": {
    "endPort": {"n":3,"proto":"int32","type":"integer:int32","go":"p"},
    "port": {"n":2,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"},
    "protocol": {"n":1,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.networking.v1.NetworkPolicySpec": {
  "fields": {
    "egress": {"list-type":"atomic","n":3,"proto":"repeated NetworkPolicyEgressRule","type":"io.k8s.api.networking.v1.NetworkPolicyEgressRule[]","go":"l"},
    "ingress": {"list-type":"atomic","n":2,"proto":"repeated NetworkPolicyIngressRule","type":"io.k8s.api.networking.v1.NetworkPolicyIngressRule[]","go":"l"},
    "podSelector": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"s!"},
    "policyTypes": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.networking.v1.ServiceBackendPort": {
  "map-type": "atomic",
  "fields": {
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "number": {"n":2,"proto":"int32","type":"integer:int32","go":"n"}
  }
},
"io.k8s.api.node.v1.Overhead": {
  "fields": {
    "podFixed": {"n":1,"proto":"map<string, k8s.io.apimachinery.pkg.api.resource.Quantity>","type":"map<io.k8s.apimachinery.pkg.api.resource.Quantity>","go":"m"}
  }
},
"io.k8s.api.node.v1.RuntimeClass": {
  "gvk": [{"group":"node.k8s.io","kind":"RuntimeClass","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "handler": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "overhead": {"n":3,"proto":"Overhead","type":"io.k8s.api.node.v1.Overhead","go":"p"},
    "scheduling": {"n":4,"proto":"Scheduling","type":"io.k8s.api.node.v1.Scheduling","go":"p"}
  }
},
"io.k8s.api.node.v1.RuntimeClassList": {
  "gvk": [{"group":"node.k8s.io","kind":"RuntimeClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated RuntimeClass","required":true,"type":"io.k8s.api.node.v1.RuntimeClass[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.node.v1.Scheduling": {
  "fields": {
    "nodeSelector": {"map-type":"atomic","n":1,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "tolerations": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.api.core.v1.Toleration","type":"io.k8s.api.core.v1.Toleration[]","go":"l"}
  }
},
"io.k8s.api.policy.v1.Eviction": {
  "gvk": [{"group":"policy","kind":"Eviction","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "deleteOptions": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.DeleteOptions","type":"io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions","go":"p"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudget": {
  "gvk": [{"group":"policy","kind":"PodDisruptionBudget","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"PodDisruptionBudgetSpec","type":"io.k8s.api.policy.v1.PodDisruptionBudgetSpec","go":"s"},
    "status": {"n":3,"proto":"PodDisruptionBudgetStatus","type":"io.k8s.api.policy.v1.PodDisruptionBudgetStatus","go":"s"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudgetList": {
  "gvk": [{"group":"policy","kind":"PodDisruptionBudgetList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PodDisruptionBudget","required":true,"type":"io.k8s.api.policy.v1.PodDisruptionBudget[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudgetSpec": {
  "fields": {
    "maxUnavailable": {"n":3,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"},
    "minAvailable": {"n":1,"proto":"k8s.io.apimachinery.pkg.util.intstr.IntOrString","type":"io.k8s.apimachinery.pkg.util.intstr.IntOrString","go":"p"},
    "selector": {"n":2,"patch-strategy":"replace","proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "unhealthyPodEvictionPolicy": {"n":4,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.policy.v1.PodDisruptionBudgetStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":7,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.Condition","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Condition[]","go":"l"},
    "currentHealthy": {"default":0,"n":4,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "desiredHealthy": {"default":0,"n":5,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "disruptedPods": {"n":2,"proto":"map<string, k8s.io.apimachinery.pkg.apis.meta.v1.Time>","type":"map<io.k8s.apimachinery.pkg.apis.meta.v1.Time>","go":"m"},
    "disruptionsAllowed": {"default":0,"n":3,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "expectedPods": {"default":0,"n":6,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "observedGeneration": {"n":1,"proto":"int64","type":"integer:int64","go":"n"}
  }
},
"io.k8s.api.rbac.v1.AggregationRule": {
  "fields": {
    "clusterRoleSelectors": {"list-type":"atomic","n":1,"proto":"repeated k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector[]","go":"l"}
  }
},
"io.k8s.api.rbac.v1.ClusterRole": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRole","version":"v1"}],
  "fields": {
    "aggregationRule": {"n":3,"proto":"AggregationRule","type":"io.k8s.api.rbac.v1.AggregationRule","go":"p"},
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "rules": {"list-type":"atomic","n":2,"proto":"repeated PolicyRule","type":"io.k8s.api.rbac.v1.PolicyRule[]","go":"l!"}
  }
},
"io.k8s.api.rbac.v1.ClusterRoleBinding": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRoleBinding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "roleRef": {"n":3,"proto":"RoleRef","required":true,"type":"io.k8s.api.rbac.v1.RoleRef","go":"s!"},
    "subjects": {"list-type":"atomic","n":2,"proto":"repeated Subject","type":"io.k8s.api.rbac.v1.Subject[]","go":"l"}
  }
},
"io.k8s.api.rbac.v1.ClusterRoleBindingList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRoleBindingList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ClusterRoleBinding","required":true,"type":"io.k8s.api.rbac.v1.ClusterRoleBinding[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.rbac.v1.ClusterRoleList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"ClusterRoleList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated ClusterRole","required":true,"type":"io.k8s.api.rbac.v1.ClusterRole[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.rbac.v1.PolicyRule": {
  "fields": {
    "apiGroups": {"list-type":"atomic","n":2,"proto":"repeated string","type":"string[]","go":"l"},
    "nonResourceURLs": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "resourceNames": {"list-type":"atomic","n":4,"proto":"repeated string","type":"string[]","go":"l"},
    "resources": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"},
    "verbs": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.api.rbac.v1.Role": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"Role","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "rules": {"list-type":"atomic","n":2,"proto":"repeated PolicyRule","type":"io.k8s.api.rbac.v1.PolicyRule[]","go":"l!"}
  }
},
"io.k8s.api.rbac.v1.RoleBinding": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"RoleBinding","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "roleRef": {"n":3,"proto":"RoleRef","required":true,"type":"io.k8s.api.rbac.v1.RoleRef","go":"s!"},
    "subjects": {"list-type":"atomic","n":2,"proto":"repeated Subject","type":"io.k8s.api.rbac.v1.Subject[]","go":"l"}
  }
},
"io.k8s.api.rbac.v1.RoleBindingList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"RoleBindingList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated RoleBinding","required":true,"type":"io.k8s.api.rbac.v1.RoleBinding[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.rbac.v1.RoleList": {
  "gvk": [{"group":"rbac.authorization.k8s.io","kind":"RoleList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated Role","required":true,"type":"io.k8s.api.rbac.v1.Role[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.rbac.v1.RoleRef": {
  "map-type": "atomic",
  "fields": {
    "apiGroup": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "kind": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.rbac.v1.Subject": {
  "map-type": "atomic",
  "fields": {
    "apiGroup": {"n":2,"proto":"string","type":"string","go":"t"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":4,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.scheduling.v1.PriorityClass": {
  "gvk": [{"group":"scheduling.k8s.io","kind":"PriorityClass","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "description": {"n":4,"proto":"string","type":"string","go":"t"},
    "globalDefault": {"n":3,"proto":"bool","type":"boolean","go":"b"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "preemptionPolicy": {"n":5,"proto":"string","type":"string","go":"p"},
    "value": {"default":0,"n":2,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.api.scheduling.v1.PriorityClassList": {
  "gvk": [{"group":"scheduling.k8s.io","kind":"PriorityClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated PriorityClass","required":true,"type":"io.k8s.api.scheduling.v1.PriorityClass[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.storage.v1.CSIDriver": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIDriver","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"CSIDriverSpec","required":true,"type":"io.k8s.api.storage.v1.CSIDriverSpec","go":"s!"}
  }
},
"io.k8s.api.storage.v1.CSIDriverList": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIDriverList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CSIDriver","required":true,"type":"io.k8s.api.storage.v1.CSIDriver[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.storage.v1.CSIDriverSpec": {
  "fields": {
    "attachRequired": {"n":1,"proto":"bool","type":"boolean","go":"p"},
    "fsGroupPolicy": {"n":5,"proto":"string","type":"string","go":"p"},
    "podInfoOnMount": {"n":2,"proto":"bool","type":"boolean","go":"p"},
    "requiresRepublish": {"n":7,"proto":"bool","type":"boolean","go":"p"},
    "seLinuxMount": {"n":8,"proto":"bool","type":"boolean","go":"p"},
    "storageCapacity": {"n":4,"proto":"bool","type":"boolean","go":"p"},
    "tokenRequests": {"list-type":"atomic","n":6,"proto":"repeated TokenRequest","type":"io.k8s.api.storage.v1.TokenRequest[]","go":"l"},
    "volumeLifecycleModes": {"list-type":"set","n":3,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.api.storage.v1.CSINode": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSINode","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"CSINodeSpec","required":true,"type":"io.k8s.api.storage.v1.CSINodeSpec","go":"s!"}
  }
},
"io.k8s.api.storage.v1.CSINodeDriver": {
  "fields": {
    "allocatable": {"n":4,"proto":"VolumeNodeResources","type":"io.k8s.api.storage.v1.VolumeNodeResources","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "nodeID": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "topologyKeys": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l!"}
  }
},
"io.k8s.api.storage.v1.CSINodeList": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSINodeList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CSINode","required":true,"type":"io.k8s.api.storage.v1.CSINode[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.storage.v1.CSINodeSpec": {
  "fields": {
    "drivers": {"list-map-keys":["name"],"list-type":"map","n":1,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated CSINodeDriver","required":true,"type":"io.k8s.api.storage.v1.CSINodeDriver[]","go":"l!"}
  }
},
"io.k8s.api.storage.v1.CSIStorageCapacity": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIStorageCapacity","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "capacity": {"n":4,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "kind": {"type":"string"},
    "maximumVolumeSize": {"n":5,"proto":"k8s.io.apimachinery.pkg.api.resource.Quantity","type":"io.k8s.apimachinery.pkg.api.resource.Quantity","go":"p"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "nodeTopology": {"n":2,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.LabelSelector","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector","go":"p"},
    "storageClassName": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.storage.v1.CSIStorageCapacityList": {
  "gvk": [{"group":"storage.k8s.io","kind":"CSIStorageCapacityList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CSIStorageCapacity","required":true,"type":"io.k8s.api.storage.v1.CSIStorageCapacity[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.storage.v1.StorageClass": {
  "gvk": [{"group":"storage.k8s.io","kind":"StorageClass","version":"v1"}],
  "fields": {
    "allowVolumeExpansion": {"n":6,"proto":"bool","type":"boolean","go":"p"},
    "allowedTopologies": {"list-type":"atomic","n":8,"proto":"repeated k8s.io.api.core.v1.TopologySelectorTerm","type":"io.k8s.api.core.v1.TopologySelectorTerm[]","go":"l"},
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "mountOptions": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "parameters": {"n":3,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "provisioner": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "reclaimPolicy": {"n":4,"proto":"string","type":"string","go":"p"},
    "volumeBindingMode": {"n":7,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.storage.v1.StorageClassList": {
  "gvk": [{"group":"storage.k8s.io","kind":"StorageClassList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated StorageClass","required":true,"type":"io.k8s.api.storage.v1.StorageClass[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.storage.v1.TokenRequest": {
  "fields": {
    "audience": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "expirationSeconds": {"n":2,"proto":"int64","type":"integer:int64","go":"p"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachment": {
  "gvk": [{"group":"storage.k8s.io","kind":"VolumeAttachment","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"VolumeAttachmentSpec","required":true,"type":"io.k8s.api.storage.v1.VolumeAttachmentSpec","go":"s!"},
    "status": {"n":3,"proto":"VolumeAttachmentStatus","type":"io.k8s.api.storage.v1.VolumeAttachmentStatus","go":"s"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentList": {
  "gvk": [{"group":"storage.k8s.io","kind":"VolumeAttachmentList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated VolumeAttachment","required":true,"type":"io.k8s.api.storage.v1.VolumeAttachment[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentSource": {
  "fields": {
    "inlineVolumeSpec": {"n":2,"proto":"k8s.io.api.core.v1.PersistentVolumeSpec","type":"io.k8s.api.core.v1.PersistentVolumeSpec","go":"p"},
    "persistentVolumeName": {"n":1,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentSpec": {
  "fields": {
    "attacher": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "nodeName": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "source": {"n":2,"proto":"VolumeAttachmentSource","required":true,"type":"io.k8s.api.storage.v1.VolumeAttachmentSource","go":"s!"}
  }
},
"io.k8s.api.storage.v1.VolumeAttachmentStatus": {
  "fields": {
    "attachError": {"n":3,"proto":"VolumeError","type":"io.k8s.api.storage.v1.VolumeError","go":"p"},
    "attached": {"default":false,"n":1,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "attachmentMetadata": {"n":2,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "detachError": {"n":4,"proto":"VolumeError","type":"io.k8s.api.storage.v1.VolumeError","go":"p"}
  }
},
"io.k8s.api.storage.v1.VolumeError": {
  "fields": {
    "message": {"n":2,"proto":"string","type":"string","go":"t"},
    "time": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"}
  }
},
"io.k8s.api.storage.v1.VolumeNodeResources": {
  "fields": {
    "count": {"n":1,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionRequest": {
  "fields": {
    "desiredAPIVersion": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "objects": {"list-type":"atomic","n":3,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension","required":true,"type":"io.k8s.apimachinery.pkg.runtime.RawExtension[]","go":"l!"},
    "uid": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionResponse": {
  "fields": {
    "convertedObjects": {"list-type":"atomic","n":2,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension","required":true,"type":"io.k8s.apimachinery.pkg.runtime.RawExtension[]","go":"l!"},
    "result": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Status","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.Status","go":"s!"},
    "uid": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionReview": {
  "gvk": [{"group":"apiextensions.k8s.io","kind":"ConversionReview","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "request": {"n":1,"proto":"ConversionRequest","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionRequest","go":"p"},
    "response": {"n":2,"proto":"ConversionResponse","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ConversionResponse","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition": {
  "fields": {
    "description": {"n":4,"proto":"string","type":"string","go":"t"},
    "format": {"n":3,"proto":"string","type":"string","go":"t"},
    "jsonPath": {"n":6,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "priority": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "type": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion": {
  "fields": {
    "strategy": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "webhook": {"n":2,"proto":"WebhookConversion","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookConversion","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition": {
  "gvk": [{"group":"apiextensions.k8s.io","kind":"CustomResourceDefinition","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"CustomResourceDefinitionSpec","required":true,"type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec","go":"s!"},
    "status": {"n":3,"proto":"CustomResourceDefinitionStatus","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus","go":"s"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList": {
  "gvk": [{"group":"apiextensions.k8s.io","kind":"CustomResourceDefinitionList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated CustomResourceDefinition","required":true,"type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames": {
  "fields": {
    "categories": {"list-type":"atomic","n":6,"proto":"repeated string","type":"string[]","go":"l"},
    "kind": {"n":4,"proto":"string","required":true,"type":"string","go":"t!"},
    "listKind": {"n":5,"proto":"string","type":"string","go":"t"},
    "plural": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "shortNames": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"},
    "singular": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec": {
  "fields": {
    "conversion": {"n":9,"proto":"CustomResourceConversion","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion","go":"p"},
    "group": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "names": {"n":3,"proto":"CustomResourceDefinitionNames","required":true,"type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames","go":"s!"},
    "preserveUnknownFields": {"n":10,"proto":"bool","type":"boolean","go":"b"},
    "scope": {"n":4,"proto":"string","required":true,"type":"string","go":"t!"},
    "versions": {"list-type":"atomic","n":7,"proto":"repeated CustomResourceDefinitionVersion","required":true,"type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion[]","go":"l!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus": {
  "fields": {
    "acceptedNames": {"n":2,"proto":"CustomResourceDefinitionNames","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames","go":"s!"},
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"proto":"repeated CustomResourceDefinitionCondition","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition[]","go":"l!"},
    "storedVersions": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion": {
  "fields": {
    "additionalPrinterColumns": {"list-type":"atomic","n":6,"proto":"repeated CustomResourceColumnDefinition","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition[]","go":"l"},
    "deprecated": {"n":7,"proto":"bool","type":"boolean","go":"b"},
    "deprecationWarning": {"n":8,"proto":"string","type":"string","go":"p"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "schema": {"n":4,"proto":"CustomResourceValidation","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation","go":"p"},
    "selectableFields": {"list-type":"atomic","n":9,"proto":"repeated SelectableField","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.SelectableField[]","go":"l"},
    "served": {"n":2,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "storage": {"n":3,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "subresources": {"n":5,"proto":"CustomResourceSubresources","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale": {
  "fields": {
    "labelSelectorPath": {"n":3,"proto":"string","type":"string","go":"p"},
    "specReplicasPath": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "statusReplicasPath": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus": {"fields":{}},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources": {
  "fields": {
    "scale": {"n":2,"proto":"CustomResourceSubresourceScale","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale","go":"p"},
    "status": {"n":1,"proto":"CustomResourceSubresourceStatus","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation": {
  "fields": {
    "openAPIV3Schema": {"n":1,"proto":"JSONSchemaProps","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation": {
  "fields": {
    "description": {"n":1,"proto":"string","type":"string","go":"t"},
    "url": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON": {
  "noSchema": true,
  "fields": {
    "raw": {"n":1,"proto":"bytes"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps": {
  "fields": {
    "$ref": {"n":3,"proto":"string","type":"string","go":"p"},
    "$schema": {"n":2,"proto":"string","type":"string","go":"t"},
    "additionalItems": {"n":33,"proto":"JSONSchemaPropsOrBool","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool","go":"p"},
    "additionalProperties": {"n":30,"proto":"JSONSchemaPropsOrBool","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool","go":"p"},
    "allOf": {"list-type":"atomic","n":25,"proto":"repeated JSONSchemaProps","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps[]","go":"l"},
    "anyOf": {"list-type":"atomic","n":27,"proto":"repeated JSONSchemaProps","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps[]","go":"l"},
    "default": {"n":8,"proto":"JSON","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON","go":"p"},
    "definitions": {"n":34,"proto":"map<string, JSONSchemaProps>","type":"map<io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps>","go":"m"},
    "dependencies": {"n":32,"proto":"map<string, JSONSchemaPropsOrStringArray>","type":"map<io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray>","go":"m"},
    "description": {"n":4,"proto":"string","type":"string","go":"t"},
    "enum": {"list-type":"atomic","n":20,"proto":"repeated JSON","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON[]","go":"l"},
    "example": {"n":36,"proto":"JSON","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON","go":"p"},
    "exclusiveMaximum": {"n":10,"proto":"bool","type":"boolean","go":"b"},
    "exclusiveMinimum": {"n":12,"proto":"bool","type":"boolean","go":"b"},
    "externalDocs": {"n":35,"proto":"ExternalDocumentation","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation","go":"p"},
    "format": {"n":6,"proto":"string","type":"string","go":"t"},
    "id": {"n":1,"proto":"string","type":"string","go":"t"},
    "items": {"n":24,"proto":"JSONSchemaPropsOrArray","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray","go":"p"},
    "maxItems": {"n":16,"proto":"int64","type":"integer:int64","go":"p"},
    "maxLength": {"n":13,"proto":"int64","type":"integer:int64","go":"p"},
    "maxProperties": {"n":21,"proto":"int64","type":"integer:int64","go":"p"},
    "maximum": {"n":9,"proto":"double","type":"number:double","go":"p"},
    "minItems": {"n":17,"proto":"int64","type":"integer:int64","go":"p"},
    "minLength": {"n":14,"proto":"int64","type":"integer:int64","go":"p"},
    "minProperties": {"n":22,"proto":"int64","type":"integer:int64","go":"p"},
    "minimum": {"n":11,"proto":"double","type":"number:double","go":"p"},
    "multipleOf": {"n":19,"proto":"double","type":"number:double","go":"p"},
    "not": {"n":28,"proto":"JSONSchemaProps","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps","go":"p"},
    "nullable": {"n":37,"proto":"bool","type":"boolean","go":"b"},
    "oneOf": {"list-type":"atomic","n":26,"proto":"repeated JSONSchemaProps","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps[]","go":"l"},
    "pattern": {"n":15,"proto":"string","type":"string","go":"t"},
    "patternProperties": {"n":31,"proto":"map<string, JSONSchemaProps>","type":"map<io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps>","go":"m"},
    "properties": {"n":29,"proto":"map<string, JSONSchemaProps>","type":"map<io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps>","go":"m"},
    "required": {"list-type":"atomic","n":23,"proto":"repeated string","type":"string[]","go":"l"},
    "title": {"n":7,"proto":"string","type":"string","go":"t"},
    "type": {"n":5,"proto":"string","type":"string","go":"t"},
    "uniqueItems": {"n":18,"proto":"bool","type":"boolean","go":"b"},
    "x-kubernetes-embedded-resource": {"n":39,"proto":"bool","type":"boolean","go":"b"},
    "x-kubernetes-int-or-string": {"n":40,"proto":"bool","type":"boolean","go":"b"},
    "x-kubernetes-list-map-keys": {"list-type":"atomic","n":41,"proto":"repeated string","type":"string[]","go":"l"},
    "x-kubernetes-list-type": {"n":42,"proto":"string","type":"string","go":"p"},
    "x-kubernetes-map-type": {"n":43,"proto":"string","type":"string","go":"p"},
    "x-kubernetes-preserve-unknown-fields": {"n":38,"proto":"bool","type":"boolean","go":"p"},
    "x-kubernetes-validations": {"list-map-keys":["rule"],"list-type":"map","n":44,"patch-merge-key":"rule","patch-strategy":"merge","proto":"repeated ValidationRule","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ValidationRule[]","go":"l"}
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
  "fields": {
    "jsonPath": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ServiceReference": {
  "fields": {
    "name": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespace": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "path": {"n":3,"proto":"string","type":"string","go":"p"},
    "port": {"n":4,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ValidationRule": {
  "fields": {
    "fieldPath": {"n":5,"proto":"string","type":"string","go":"t"},
    "message": {"n":2,"proto":"string","type":"string","go":"t"},
    "messageExpression": {"n":3,"proto":"string","type":"string","go":"t"},
    "optionalOldSelf": {"n":6,"proto":"bool","type":"boolean","go":"p"},
    "reason": {"n":4,"proto":"string","type":"string","go":"p"},
    "rule": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig": {
  "fields": {
    "caBundle": {"n":2,"proto":"bytes","type":"string:byte","go":"l"},
    "service": {"n":1,"proto":"ServiceReference","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.ServiceReference","go":"p"},
    "url": {"n":3,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookConversion": {
  "fields": {
    "clientConfig": {"n":2,"proto":"WebhookClientConfig","type":"io.k8s.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig","go":"p"},
    "conversionReviewVersions": {"list-type":"atomic","n":3,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
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
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "preferredVersion": {"n":3,"proto":"GroupVersionForDiscovery","type":"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery","go":"s"},
    "serverAddressByClientCIDRs": {"list-type":"atomic","n":4,"proto":"repeated ServerAddressByClientCIDR","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR[]","go":"l"},
    "versions": {"list-type":"atomic","n":2,"proto":"repeated GroupVersionForDiscovery","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery[]","go":"l!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList": {
  "gvk": [{"group":"","kind":"APIGroupList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "groups": {"list-type":"atomic","n":1,"proto":"repeated APIGroup","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup[]","go":"l!"},
    "kind": {"type":"string"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIResource": {
  "fields": {
    "categories": {"list-type":"atomic","n":7,"proto":"repeated string","type":"string[]","go":"l"},
    "group": {"n":8,"proto":"string","type":"string","go":"t"},
    "kind": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "namespaced": {"default":false,"n":2,"proto":"bool","required":true,"type":"boolean","go":"b!"},
    "shortNames": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "singularName": {"n":6,"proto":"string","required":true,"type":"string","go":"t!"},
    "storageVersionHash": {"n":10,"proto":"string","type":"string","go":"t"},
    "verbs": {"n":4,"proto":"Verbs","required":true,"type":"string[]","go":"l!"},
    "version": {"n":9,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList": {
  "gvk": [{"group":"","kind":"APIResourceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "groupVersion": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "kind": {"type":"string"},
    "resources": {"list-type":"atomic","n":2,"proto":"repeated APIResource","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.APIResource[]","go":"l!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions": {
  "gvk": [{"group":"","kind":"APIVersions","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "serverAddressByClientCIDRs": {"list-type":"atomic","n":2,"proto":"repeated ServerAddressByClientCIDR","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR[]","go":"l!"},
    "versions": {"list-type":"atomic","n":1,"proto":"repeated string","required":true,"type":"string[]","go":"l!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ApplyOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string","go":"l"},
    "fieldManager": {"n":3,"proto":"string","go":"t!"},
    "force": {"n":2,"proto":"bool","go":"b!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Condition": {
  "fields": {
    "lastTransitionTime": {"n":4,"proto":"Time","required":true,"type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T!"},
    "message": {"n":6,"proto":"string","required":true,"type":"string","go":"t!"},
    "observedGeneration": {"n":3,"proto":"int64","type":"integer:int64","go":"n"},
    "reason": {"n":5,"proto":"string","required":true,"type":"string","go":"t!"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string","go":"l"},
    "fieldManager": {"n":3,"proto":"string","go":"t"},
    "fieldValidation": {"n":4,"proto":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions": {
  "fields": {
    "apiVersion": {"type":"string"},
    "dryRun": {"list-type":"atomic","n":5,"proto":"repeated string","type":"string[]","go":"l"},
    "gracePeriodSeconds": {"n":1,"proto":"int64","type":"integer:int64","go":"p"},
    "ignoreStoreReadErrorWithClusterBreakingPotential": {"n":6,"proto":"bool","type":"boolean","go":"p"},
    "kind": {"type":"string"},
    "orphanDependents": {"n":3,"proto":"bool","type":"boolean","go":"p"},
    "preconditions": {"n":2,"proto":"Preconditions","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions","go":"p"},
    "propagationPolicy": {"n":4,"proto":"string","type":"string","go":"p"}
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
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"}
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
    "resourceVersion": {"n":1,"proto":"string","go":"t"}
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
    "groupVersion": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "version": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
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
    "matchExpressions": {"list-type":"atomic","n":2,"proto":"repeated LabelSelectorRequirement","type":"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement[]","go":"l"},
    "matchLabels": {"n":1,"proto":"map<string, string>","type":"map<string>","go":"m"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement": {
  "fields": {
    "key": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "operator": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "values": {"list-type":"atomic","n":3,"proto":"repeated string","type":"string[]","go":"l"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.List": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated k8s.io.apimachinery.pkg.runtime.RawExtension","go":"l!"},
    "metadata": {"n":1,"proto":"ListMeta","go":"s"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta": {
  "fields": {
    "continue": {"n":3,"proto":"string","type":"string","go":"t"},
    "remainingItemCount": {"n":4,"proto":"int64","type":"integer:int64","go":"p"},
    "resourceVersion": {"n":2,"proto":"string","type":"string","go":"t"},
    "selfLink": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ListOptions": {
  "noSchema": true,
  "fields": {
    "allowWatchBookmarks": {"n":9,"proto":"bool","go":"b"},
    "continue": {"n":8,"proto":"string","go":"t"},
    "fieldSelector": {"n":2,"proto":"string","go":"t"},
    "labelSelector": {"n":1,"proto":"string","go":"t"},
    "limit": {"n":7,"proto":"int64","go":"n"},
    "resourceVersion": {"n":4,"proto":"string","go":"t"},
    "resourceVersionMatch": {"n":10,"proto":"string","go":"t"},
    "sendInitialEvents": {"n":11,"proto":"bool","go":"p"},
    "timeoutSeconds": {"n":5,"proto":"int64","go":"p"},
    "watch": {"n":3,"proto":"bool","go":"b"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry": {
  "fields": {
    "apiVersion": {"n":3,"proto":"string","type":"string","go":"t"},
    "fieldsType": {"n":6,"proto":"string","type":"string","go":"t"},
    "fieldsV1": {"n":7,"proto":"FieldsV1","type":"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1","go":"p"},
    "manager": {"n":1,"proto":"string","type":"string","go":"t"},
    "operation": {"n":2,"proto":"string","type":"string","go":"t"},
    "subresource": {"n":8,"proto":"string","type":"string","go":"t"},
    "time": {"n":4,"proto":"Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"}
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
    "annotations": {"n":12,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "creationTimestamp": {"n":8,"proto":"Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "deletionGracePeriodSeconds": {"n":10,"proto":"int64","type":"integer:int64","go":"p"},
    "deletionTimestamp": {"n":9,"proto":"Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"p"},
    "finalizers": {"list-type":"set","n":14,"patch-strategy":"merge","proto":"repeated string","type":"string[]","go":"l"},
    "generateName": {"n":2,"proto":"string","type":"string","go":"t"},
    "generation": {"n":7,"proto":"int64","type":"integer:int64","go":"n"},
    "labels": {"n":11,"proto":"map<string, string>","type":"map<string>","go":"m"},
    "managedFields": {"list-type":"atomic","n":17,"proto":"repeated ManagedFieldsEntry","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry[]","go":"l"},
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "namespace": {"n":3,"proto":"string","type":"string","go":"t"},
    "ownerReferences": {"list-map-keys":["uid"],"list-type":"map","n":13,"patch-merge-key":"uid","patch-strategy":"merge","proto":"repeated OwnerReference","type":"io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference[]","go":"l"},
    "resourceVersion": {"n":6,"proto":"string","type":"string","go":"t"},
    "selfLink": {"n":4,"proto":"string","type":"string","go":"t"},
    "uid": {"n":5,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference": {
  "map-type": "atomic",
  "fields": {
    "apiVersion": {"n":5,"proto":"string","required":true,"type":"string","go":"t!"},
    "blockOwnerDeletion": {"n":7,"proto":"bool","type":"boolean","go":"p"},
    "controller": {"n":6,"proto":"bool","type":"boolean","go":"p"},
    "kind": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "name": {"n":3,"proto":"string","required":true,"type":"string","go":"t!"},
    "uid": {"n":4,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata": {
  "noSchema": true,
  "fields": {
    "metadata": {"n":1,"proto":"ObjectMeta","go":"s"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList": {
  "noSchema": true,
  "fields": {
    "items": {"n":2,"proto":"repeated PartialObjectMetadata","go":"l!"},
    "metadata": {"n":1,"proto":"ListMeta","go":"s"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Patch": {"fields":{},"noSchema":true},
"io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string","go":"l"},
    "fieldManager": {"n":3,"proto":"string","go":"t"},
    "fieldValidation": {"n":4,"proto":"string","go":"t"},
    "force": {"n":2,"proto":"bool","go":"p"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions": {
  "fields": {
    "resourceVersion": {"n":2,"proto":"string","type":"string","go":"p"},
    "uid": {"n":1,"proto":"string","type":"string","go":"p"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.RootPaths": {
  "noSchema": true,
  "fields": {
    "paths": {"n":1,"proto":"repeated string","go":"l!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR": {
  "fields": {
    "clientCIDR": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"},
    "serverAddress": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.Status": {
  "gvk": [{"group":"","kind":"Status","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "code": {"n":6,"proto":"int32","type":"integer:int32","go":"n"},
    "details": {"list-type":"atomic","n":5,"proto":"StatusDetails","type":"io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails","go":"p"},
    "kind": {"type":"string"},
    "message": {"n":3,"proto":"string","type":"string","go":"t"},
    "metadata": {"n":1,"proto":"ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause": {
  "fields": {
    "field": {"n":3,"proto":"string","type":"string","go":"t"},
    "message": {"n":2,"proto":"string","type":"string","go":"t"},
    "reason": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails": {
  "fields": {
    "causes": {"list-type":"atomic","n":4,"proto":"repeated StatusCause","type":"io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause[]","go":"l"},
    "group": {"n":2,"proto":"string","type":"string","go":"t"},
    "kind": {"n":3,"proto":"string","type":"string","go":"t"},
    "name": {"n":1,"proto":"string","type":"string","go":"t"},
    "retryAfterSeconds": {"n":5,"proto":"int32","type":"integer:int32","go":"n"},
    "uid": {"n":6,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.TableOptions": {
  "noSchema": true,
  "fields": {
    "includeObject": {"n":1,"proto":"string","go":"t"}
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
    "apiVersion": {"n":2,"proto":"string","go":"t"},
    "kind": {"n":1,"proto":"string","go":"t"}
  }
},
"io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions": {
  "noSchema": true,
  "fields": {
    "dryRun": {"n":1,"proto":"repeated string","go":"l"},
    "fieldManager": {"n":2,"proto":"string","go":"t"},
    "fieldValidation": {"n":3,"proto":"string","go":"t"}
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
  "gvk": [{"group":"apiregistration.k8s.io","kind":"APIService","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"APIServiceSpec","type":"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceSpec","go":"s"},
    "status": {"n":3,"proto":"APIServiceStatus","type":"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceStatus","go":"s"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceCondition": {
  "fields": {
    "lastTransitionTime": {"n":3,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.Time","type":"io.k8s.apimachinery.pkg.apis.meta.v1.Time","go":"T"},
    "message": {"n":5,"proto":"string","type":"string","go":"t"},
    "reason": {"n":4,"proto":"string","type":"string","go":"t"},
    "status": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"},
    "type": {"n":1,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceList": {
  "gvk": [{"group":"apiregistration.k8s.io","kind":"APIServiceList","version":"v1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated APIService","required":true,"type":"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIService[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceSpec": {
  "fields": {
    "caBundle": {"list-type":"atomic","n":5,"proto":"bytes","type":"string:byte","go":"l"},
    "group": {"n":2,"proto":"string","type":"string","go":"t"},
    "groupPriorityMinimum": {"n":7,"proto":"int32","required":true,"type":"integer:int32","go":"n!"},
    "insecureSkipTLSVerify": {"n":4,"proto":"bool","type":"boolean","go":"b"},
    "service": {"n":1,"proto":"ServiceReference","type":"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.ServiceReference","go":"p"},
    "version": {"n":3,"proto":"string","type":"string","go":"t"},
    "versionPriority": {"n":8,"proto":"int32","required":true,"type":"integer:int32","go":"n!"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceStatus": {
  "fields": {
    "conditions": {"list-map-keys":["type"],"list-type":"map","n":1,"patch-merge-key":"type","patch-strategy":"merge","proto":"repeated APIServiceCondition","type":"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceCondition[]","go":"l"}
  }
},
"io.k8s.kube_aggregator.pkg.apis.apiregistration.v1.ServiceReference": {
  "fields": {
    "name": {"n":2,"proto":"string","type":"string","go":"t"},
    "namespace": {"n":1,"proto":"string","type":"string","go":"t"},
    "port": {"n":3,"proto":"int32","type":"integer:int32","go":"p"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicy": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingAdmissionPolicy","version":"v1beta1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"MutatingAdmissionPolicySpec","type":"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicySpec","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingAdmissionPolicyList","version":"v1beta1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated MutatingAdmissionPolicy","required":true,"type":"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicy[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBinding": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingAdmissionPolicyBinding","version":"v1beta1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta","go":"s"},
    "spec": {"n":2,"proto":"MutatingAdmissionPolicyBindingSpec","type":"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingList": {
  "gvk": [{"group":"admissionregistration.k8s.io","kind":"MutatingAdmissionPolicyBindingList","version":"v1beta1"}],
  "fields": {
    "apiVersion": {"type":"string"},
    "items": {"n":2,"proto":"repeated MutatingAdmissionPolicyBinding","required":true,"type":"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBinding[]","go":"l!"},
    "kind": {"type":"string"},
    "metadata": {"n":1,"proto":"k8s.io.apimachinery.pkg.apis.meta.v1.ListMeta","type":"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta","go":"s"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicySpec": {
  "fields": {
    "failurePolicy": {"n":5,"proto":"string","type":"string","go":"p"},
    "matchConditions": {"list-map-keys":["name"],"list-type":"map","n":6,"patch-merge-key":"name","patch-strategy":"merge","proto":"repeated k8s.io.api.admissionregistration.v1.MatchCondition","type":"io.k8s.api.admissionregistration.v1.MatchCondition[]","go":"l"},
    "matchConstraints": {"n":2,"proto":"k8s.io.api.admissionregistration.v1.MatchResources","type":"io.k8s.api.admissionregistration.v1.MatchResources","go":"p"},
    "mutations": {"list-type":"atomic","n":4,"proto":"repeated Mutation","type":"io.k8s.api.admissionregistration.v1beta1.Mutation[]","go":"l"},
    "paramKind": {"n":1,"proto":"k8s.io.api.admissionregistration.v1.ParamKind","type":"io.k8s.api.admissionregistration.v1.ParamKind","go":"p"},
    "reinvocationPolicy": {"n":7,"proto":"string","type":"string","go":"t"},
    "variables": {"list-type":"atomic","n":3,"proto":"repeated k8s.io.api.admissionregistration.v1.Variable","type":"io.k8s.api.admissionregistration.v1.Variable[]","go":"l"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec": {
  "fields": {
    "matchResources": {"n":3,"proto":"k8s.io.api.admissionregistration.v1.MatchResources","type":"io.k8s.api.admissionregistration.v1.MatchResources","go":"p"},
    "paramRef": {"n":2,"proto":"k8s.io.api.admissionregistration.v1.ParamRef","type":"io.k8s.api.admissionregistration.v1.ParamRef","go":"p"},
    "policyName": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.Mutation": {
  "fields": {
    "applyConfiguration": {"n":3,"proto":"ApplyConfiguration","type":"io.k8s.api.admissionregistration.v1beta1.ApplyConfiguration","go":"p"},
    "jsonPatch": {"n":4,"proto":"JSONPatch","type":"io.k8s.api.admissionregistration.v1beta1.JSONPatch","go":"p"},
    "patchType": {"n":2,"proto":"string","required":true,"type":"string","go":"t!"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.ApplyConfiguration": {
  "fields": {
    "expression": {"n":1,"proto":"string","type":"string","go":"t"}
  }
},
"io.k8s.api.admissionregistration.v1beta1.JSONPatch": {
  "fields": {
    "expression": {"n":1,"proto":"string","type":"string","go":"t"}
  }
}
}`,
) as Record<string, MessageFacts>;
