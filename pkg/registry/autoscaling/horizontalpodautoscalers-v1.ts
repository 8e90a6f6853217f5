// autoscaling/v1: what `kubectl autoscale` writes. The objects are stored as v2.
import {
  defaultHorizontalPodAutoscaler,
  fromV2,
  toV2,
} from '../../apis/autoscaling/v1/horizontalpodautoscaler.js';
import type { HorizontalPodAutoscaler } from '../../apis/autoscaling/v1/types.js';
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatus,
} from '../../apis/autoscaling/v2/horizontalpodautoscaler.js';
import type { HorizontalPodAutoscaler as V2 } from '../../apis/autoscaling/v2/types.js';
import { HORIZONTAL_POD_AUTOSCALERS } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';
import { scalerCells } from './horizontalpodautoscalers.js';

export const horizontalPodAutoscalersV1 = defineResource({
  type: HORIZONTAL_POD_AUTOSCALERS,
  stored: {
    fromStored: (object) => fromV2(object as V2),
    toStored: (object) => toV2(object as HorizontalPodAutoscaler),
  },
  defaults: defaultHorizontalPodAutoscaler,
  cells: (scaler) => scalerCells(toV2(scaler)),
  freshStatus: () => ({ currentReplicas: 0, desiredReplicas: 0 }),
  validate: (scaler) => validateHorizontalPodAutoscaler(toV2(scaler)),
  status: { validateUpdate: validateHorizontalPodAutoscalerStatus },
});
