import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { VOLUME_ATTACHMENTS } from '../../apis/resource-types.js';
import {
  validateVolumeAttachment,
  validateVolumeAttachmentUpdate,
} from '../../apis/storage/v1/storage.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ALONE } from '../strategy.js';

export const volumeAttachments = defineResource({
  type: VOLUME_ATTACHMENTS,
  storage: 'volumeattachments',
  name: subdomainName,
  defaults(attachment) {
    attachment.spec ??= { attacher: '', nodeName: '', source: {} };
    attachment.spec.source ??= {};
    attachment.status ??= { attached: false };
  },
  row: (attachment, now) => [
    attachment.metadata.name,
    attachment.spec.attacher,
    attachment.spec.source.persistentVolumeName ?? '',
    attachment.spec.nodeName,
    attachment.status?.attached ?? false,
    age(attachment, now),
  ],
  prepareCreate(attachment) {
    attachment.status = { attached: false };
  },
  prepareUpdate: keepStatus,
  validate: validateVolumeAttachment,
  validateUpdate: validateVolumeAttachmentUpdate,
  allowUnconditionalUpdate: false,
  status: STATUS_ALONE,
});
