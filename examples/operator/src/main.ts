// An operator for the kind Website: a config map with the page, a deployment of a web server and a
// service for each website. An index of all websites shows the use of a finalizer.
import { KubeConfig } from '@kubernetes/client-node';
import { startOperator } from './operator.js';

const config = new KubeConfig();
config.loadFromDefault();
const stop = await startOperator(config);
console.log('the operator follows websites');
process.once('SIGTERM', () => void stop());
