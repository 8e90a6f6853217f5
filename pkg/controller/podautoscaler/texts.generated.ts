// Written by hack/generate-tables.mjs from texts.yaml; do not edit.

export const CONDITION_TEXTS = {
"SucceededGetScale": ["AbleToScale","True","the HPA controller was able to get the target's current scale"],
"FailedGetScale": ["AbleToScale","False","the HPA controller was unable to get the target's current scale: {cause}"],
"ReadyForNewScale": ["AbleToScale","True","recommended size matches current size"],
"ScaleUpStabilized": ["AbleToScale","True","recent recommendations were lower than current one, applying the lowest recent recommendation"],
"ScaleDownStabilized": ["AbleToScale","True","recent recommendations were higher than current one, applying the highest recent recommendation"],
"SucceededRescale": ["AbleToScale","True","the HPA controller was able to update the target scale to {cause}"],
"FailedUpdateScale": ["AbleToScale","False","the HPA controller was unable to update the target scale: {cause}"],
"ValidMetricFound": ["ScalingActive","True","the HPA was able to successfully calculate a replica count from {cause}"],
"ScalingDisabled": ["ScalingActive","False","scaling is disabled since the replica count of the target is zero"],
"SelectorRequired": ["ScalingActive","False","the HPA target's scale is missing a selector"],
"InvalidSelector": ["ScalingActive","False","{cause}"],
"AmbiguousSelector": ["ScalingActive","False","{cause}"],
"FailedGetResourceMetric": ["ScalingActive","False","the HPA was unable to compute the replica count: {cause}"],
"FailedGetContainerResourceMetric": ["ScalingActive","False","the HPA was unable to compute the replica count: {cause}"],
"FailedGetPodsMetric": ["ScalingActive","False","the HPA was unable to compute the replica count: {cause}"],
"FailedGetObjectMetric": ["ScalingActive","False","the HPA was unable to compute the replica count: {cause}"],
"FailedGetExternalMetric": ["ScalingActive","False","the HPA was unable to compute the replica count: {cause}"],
"DesiredWithinRange": ["ScalingLimited","False","the desired count is within the acceptable range"],
"TooFewReplicas": ["ScalingLimited","True","the desired replica count is less than the minimum replica count"],
"TooManyReplicas": ["ScalingLimited","True","the desired replica count is more than the maximum replica count"],
"ScaleUpLimit": ["ScalingLimited","True","the desired replica count is increasing faster than the maximum scale rate"],
"ScaleDownLimit": ["ScalingLimited","True","the desired replica count is decreasing faster than the maximum scale rate"]
} as const;

export const SOURCE_TEXTS = {
"Resource/utilization": {"unread":"unable to get metrics for resource {metric}: ","cause":"failed to get {metric} utilization: ","summary":"failed to get {metric} resource metric value: ","title":"{metric} resource utilization (percentage of request)"},
"Resource/average": {"unread":"unable to get metrics for resource {metric}: ","cause":"failed to get {metric} usage: ","summary":"failed to get {metric} resource metric value: ","title":"{metric} resource"},
"ContainerResource/utilization": {"unread":"unable to get metrics for resource {metric}: ","cause":"failed to get {metric} utilization: ","summary":"failed to get {container} container metric value: ","title":"{metric} container resource utilization (percentage of request)"},
"ContainerResource/average": {"unread":"unable to get metrics for resource {metric}: ","cause":"failed to get {metric} usage: ","summary":"failed to get {container} container metric value: ","title":"{metric} resource"},
"Pods/average": {"unread":"unable to get metric {metric}: ","cause":"","summary":"failed to get pods metric value: ","title":"pods metric {metric}"},
"Object/value": {"unread":"unable to get metric {metric}: {kind} on {namespace} {object}/","cause":"","summary":"failed to get object metric value: ","title":"{kind} metric {metric}"},
"Object/average": {"unread":"unable to get metric {metric}: {kind} on {namespace} {object}/","cause":"","summary":"failed to get object metric value: failed to get {metric} object metric: ","title":"external metric {metric}({selector})"},
"External/value": {"unread":"unable to get external metric {namespace}/{metric}/{selector}: ","cause":"","summary":"failed to get {metric} external metric value: failed to get external metric {metric}: ","title":"external metric {metric}({selector})"},
"External/average": {"unread":"unable to get external metric {namespace}/{metric}/{selector}: ","cause":"","summary":"failed to get {metric} external metric value: failed to get {metric} external metric: ","title":"external metric {metric}({selector})"}
} as const;
