// A client and a server that have shaken hands send each other messages of every size, whole and in
// pieces, compressed and not, through a transport that cuts them anywhere: each must hear what the
// other said. Plain JavaScript, because it also runs from the packed tarball everywhere.
import fc from 'fast-check';

const NOW = 1_000;

/** Keys for masking that need not be secret here. */
function countingRandom(target) {
  for (let index = 0; index < target.length; index++) target[index] = (index * 37 + 11) & 255;
}

const agreement = fc.record({
  serverNoContextTakeover: fc.boolean(),
  clientNoContextTakeover: fc.boolean(),
  serverMaxWindowBits: fc.integer({ min: 8, max: 15 }),
  clientMaxWindowBits: fc.integer({ min: 8, max: 15 }),
});
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.nat({ max: 70_000 }).map((length) => 'The quick brown fox. '.repeat(length / 21)),
);
const data = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .nat({ max: 70_000 })
    .map((length) => Uint8Array.from({ length }, (_, index) => (index * index) >> 3)),
);
const move = fc.oneof(
  fc.record({ kind: fc.constant('text'), content: text }),
  fc.record({ kind: fc.constant('binary'), content: data }),
  fc.record({ kind: fc.constant('pieces'), content: fc.array(data, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('ping'), content: fc.uint8Array({ maxLength: 125 }) }),
);
const conversation = fc.array(fc.record({ fromClient: fc.boolean(), move }), { maxLength: 12 });
const cuts = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 });

function joined(pieces) {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Does it, and returns what the other side must hear. */
function speak(machine, { kind, content }) {
  if (kind === 'text') machine.sendText(content, NOW);
  else if (kind === 'binary') machine.sendBinary(content, NOW);
  else if (kind === 'ping') machine.ping(content, NOW);
  else {
    machine.beginMessage('binary', NOW);
    for (const piece of content) machine.sendPiece(piece, false, NOW);
    machine.sendPiece(new Uint8Array(0), true, NOW);
    return { type: 'binary', data: Array.from(joined(content)) };
  }
  if (kind === 'text') return { type: 'text', text: content };
  return { type: kind, data: Array.from(content) };
}

/** Carries what one machine has to say to the other, cut as told; returns what that reports. */
function carry(from, to, sizes) {
  const events = [];
  const chunks = [];
  for (let chunk = from.nextOutput(); chunk !== null; chunk = from.nextOutput()) {
    chunks.push(chunk);
    from.outputAccepted(chunk.length, NOW);
  }
  const bytes = joined(chunks);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = Math.min(bytes.length, at + sizes[turn % sizes.length]);
    to.receive(bytes.slice(at, end), NOW);
    for (let event = to.nextEvent(NOW); event.type !== 'need-data'; event = to.nextEvent(NOW)) {
      events.push(event.data === undefined ? event : { ...event, data: Array.from(event.data) });
    }
    at = end;
  }
  return events;
}

/** The two roles, with the same settings, after the same handshake. */
function shakeHands({ server, client }, compression, deflate) {
  const options = { compression, compressBytesMin: 10 };
  const agreed = compression === undefined ? null : deflate;
  return {
    client: new client.ClientWebSocket(
      client.clientSettings({ random: countingRandom, ...options }),
      NOW,
      agreed,
    ),
    server: new server.ServerWebSocket(server.serverSettings(options), NOW, agreed),
  };
}

function same(heard, said) {
  if (JSON.stringify(heard) === JSON.stringify(said)) return;
  throw new Error(`heard ${JSON.stringify(heard)}, but said was ${JSON.stringify(said)}`);
}

function converse(modules, compression, deflate, turns, sizes) {
  const ends = shakeHands(modules, compression, deflate);
  for (const { fromClient, move: what } of turns) {
    const [from, to] = fromClient ? [ends.client, ends.server] : [ends.server, ends.client];
    const said = speak(from, what);
    same(carry(from, to, sizes), [said]);
    // A ping comes back.
    const answers = carry(to, from, sizes).map(({ type, data: echoed }) => [type, echoed]);
    same(answers, what.kind === 'ping' ? [['pong', said.data]] : []);
  }
  ends.client.close(NOW, 1000, 'done');
  same(carry(ends.client, ends.server, sizes), [{ type: 'close', code: 1000, reason: 'done' }]);
  same(carry(ends.server, ends.client, sizes), [{ type: 'close', code: 1000, reason: 'done' }]);
  if (ends.server.transport !== 'half-close') throw new Error('the server ends first');
}

/** Each holds for all conversations. */
export function allProperties(modules) {
  const compressions = {
    none: undefined,
    pure: modules.deflate.pureCompression,
    ...(modules.node === undefined ? {} : { node: modules.node.nodeCompression }),
  };
  return Object.entries(compressions).map(([name, compression]) => ({
    name: `what one side says the other hears, compression: ${name}`,
    arbitraries: [agreement, conversation, cuts],
    check: (deflate, turns, sizes) => converse(modules, compression, deflate, turns, sizes),
  }));
}

/** Checks one property; returns null, or what broke it with the seed that shows it again. */
export function checkProperty({ arbitraries, check }, parameters) {
  const property = fc.property(...arbitraries, (...values) => void check(...values));
  const details = fc.check(property, parameters);
  return details.failed ? fc.defaultReportMessage(details) : null;
}
