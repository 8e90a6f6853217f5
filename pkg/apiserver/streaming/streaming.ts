// Streaming subresources of pods: exec, attach, portforward, log. The apiserver only joins the client to
// the kubelet of the pod's node; what happens inside a container is the kubelet's and the runtime's.
//
// Towards clients: WebSocket v5.channel.k8s.io and its elders, SPDY/3.1, and SPDY inside WebSocket for
// port-forward. Towards kubelets: SPDY/3.1 over TLS with the apiserver's client certificate.
import type { ConnectHandler } from '../extension/handler.js';
import type { KubeletClientConfig } from './kubelet.js';
import { logHandler } from './log.js';
import { portForwardHandler } from './port-forward.js';
import { attachHandler, execHandler } from './remote-command.js';

export function streamingHandlers(config: KubeletClientConfig): ConnectHandler[] {
  return [
    execHandler(config),
    attachHandler(config),
    portForwardHandler(config),
    logHandler(config),
  ];
}
