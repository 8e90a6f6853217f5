// Streaming subresources of pods: exec, attach, portforward, log. The API server only connects the
// client with the kubelet of the pod's node; the kubelet and the container runtime do the work.
//
// Clients use WebSocket v5.channel.k8s.io and older versions, SPDY/3.1, and SPDY inside WebSocket
// for port-forward. Kubelets are reached by SPDY/3.1 over TLS with the API server's client
// certificate.
import type { ConnectHandler } from '../extension/handler.js';
import type { KubeletClientConfig } from './kubelet.js';
import { logHandler } from './log.js';
import { portForwardHandler } from './port-forward.js';
import { remoteCommand } from './remote-command.js';

export const streamingHandlers = (config: KubeletClientConfig): ConnectHandler[] => [
  remoteCommand('exec', config),
  remoteCommand('attach', config),
  portForwardHandler(config),
  logHandler(config),
];
