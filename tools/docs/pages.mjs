import { http1Events } from './pages/http1-events.mjs';
import { http1Faults } from './pages/http1-faults.mjs';
import { http1Limits } from './pages/http1-limits.mjs';
import { http1States } from './pages/http1-states.mjs';
import { net } from './pages/net.mjs';
import { netClient } from './pages/net-client.mjs';
import { parserDisagreements } from './pages/parser-disagreements.mjs';
import { runtimes } from './pages/runtimes.mjs';
import { tlsEvents } from './pages/tls-events.mjs';
import { tlsFaults } from './pages/tls-faults.mjs';
import { tlsLimits } from './pages/tls-limits.mjs';
import { webSocketEvents } from './pages/websocket-events.mjs';
import { webSocketFaults } from './pages/websocket-faults.mjs';
import { webSocketLimits } from './pages/websocket-limits.mjs';
import { webSocketStates } from './pages/websocket-states.mjs';

/** Every generated page: its file, relative to the workspace, and what makes it. */
export const pages = [
  { file: 'docs/reference/http1-faults.md', make: http1Faults },
  { file: 'docs/reference/http1-states.md', make: http1States },
  { file: 'docs/reference/http1-limits.md', make: http1Limits },
  { file: 'docs/reference/http1-events.md', make: http1Events },
  { file: 'docs/reference/websocket-faults.md', make: webSocketFaults },
  { file: 'docs/reference/websocket-states.md', make: webSocketStates },
  { file: 'docs/reference/websocket-limits.md', make: webSocketLimits },
  { file: 'docs/reference/websocket-events.md', make: webSocketEvents },
  { file: 'docs/reference/tls-faults.md', make: tlsFaults },
  { file: 'docs/reference/tls-limits.md', make: tlsLimits },
  { file: 'docs/reference/tls-events.md', make: tlsEvents },
  { file: 'docs/reference/net.md', make: net },
  { file: 'docs/reference/net-client.md', make: netClient },
  { file: 'docs/security/parser-disagreements.md', make: parserDisagreements },
  { file: 'docs/runtimes.md', make: runtimes },
];
