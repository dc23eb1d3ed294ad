import { code, pageHead, table } from '../markdown.mjs';
import { interfaceOf, readModule, unionOf } from '../source.mjs';
import { eventsOf, list } from './http1-events.mjs';
import { interfaceSection } from './shapes.mjs';

const eventsFile = 'packages/websocket/src/events.ts';
const closedFile = 'packages/websocket/src/closed-event.ts';
const diagnosisFile = 'packages/websocket/src/diagnosis.ts';
const roundTripFile = 'packages/websocket/src/round-trip.ts';
const known = ['Evidence', 'Diagnosis', 'Observation', 'LikelyCause', 'RoundTrip'];

/** What the machines report, field by field. */
export function webSocketEvents() {
  const events = eventsOf(readModule(eventsFile), 'WebSocketEvent');
  const closed = readModule(closedFile);
  const diagnosis = readModule(diagnosisFile);
  const shapes = [
    interfaceOf(closed, 'Evidence'),
    interfaceOf(diagnosis, 'Diagnosis'),
    interfaceOf(readModule(roundTripFile), 'RoundTrip'),
  ];
  return `${pageHead('Events of websocket', [eventsFile, closedFile, diagnosisFile, roundTripFile])}
\`nextEvent\` returns one of these, or \`need-data\` (nothing more until bytes, an end or time come in). Every event is a plain
object whose \`type\` is the heading here: ${list(events)}. Both roles have the same ones. Messages are \`text\` and
\`binary\`, or, with \`delivery: 'pieces'\`, \`message\`, \`data\` and \`end\`.

${events.map((event) => interfaceSection(event, known, '##', code(event.type))).join('\n\n')}

${shapes.map((shape) => interfaceSection(shape, known, '##')).join('\n\n')}

${words(unionOf(closed, 'Observation'))}

${words(unionOf(diagnosis, 'LikelyCause'))}
`;
}

/** A union whose words are explained one by one. */
function words({ name, doc, alternatives }) {
  const rows = alternatives.map((each) => [code(each.name), each.doc]);
  return `## ${code(name)}\n\n${doc}\n\n${table(['', 'meaning'], rows)}`;
}
