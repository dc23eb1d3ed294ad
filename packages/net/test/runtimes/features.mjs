// Everything that is tried on every runtime, and what must be seen there.
import { adapterFeatures } from './adapter-features.mjs';
import { clientFeatures } from './client-features.mjs';
import { closingFeatures } from './closing-features.mjs';
import { serverFeatures } from './server-features.mjs';
import { tlsFeatures } from './tls-features.mjs';
import { transportFeatures } from './transport-features.mjs';
import { webSocketClientFeatures } from './websocket-client-features.mjs';
import { webSocketFeatures } from './websocket-features.mjs';

/**
 * The features, as the documentation shows them: `name`, the `expected` words, and `see(stage)`,
 * which resolves to the words for what happened.
 */
export const featureGroups = [
  { title: 'Server', features: serverFeatures },
  { title: 'Endings', features: closingFeatures },
  { title: 'Transports', features: transportFeatures },
  { title: 'TLS', features: tlsFeatures },
  {
    title: 'Client',
    features: clientFeatures.map((feature) => ({ ...feature, name: `client: ${feature.name}` })),
  },
  { title: 'The client as fetch and agent', features: adapterFeatures },
  { title: 'WebSocket', features: [...webSocketFeatures, ...webSocketClientFeatures] },
];
