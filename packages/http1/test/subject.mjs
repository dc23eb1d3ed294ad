// What the case files need to know about http1: which options make which machine, and what the
// commands of a `do` block mean. Plain JavaScript, because the same files also run from the packed
// tarball on runtimes that have no type stripping.

const SERVER_OPTIONS = new Set(['requestsMax', 'announceKeepAlive', 'acceptUrlTargets']);
const CLIENT_OPTIONS = new Set([
  'requestsMax',
  'refuseObsFold',
  'acceptMissingReasonSpace',
  'allowUrlTargets',
]);
const RUNNER_OPTIONS = new Set([
  'role',
  'before',
  'after',
  'accept',
  'answer',
  'asked',
  'limits',
  'timeouts',
]);

/** `name=1 other=2` as an object of numbers. */
function numbers(text) {
  const words = (text ?? '').split(' ').filter((word) => word !== '');
  return Object.fromEntries(
    words.map((word) => word.split('=')).map(([name, value]) => [name, Number(value)]),
  );
}

/** The options that a case gives by name, apart from those of the runner. */
function namedOptions(options, known) {
  const named = {};
  for (const [name, value] of options) {
    if (RUNNER_OPTIONS.has(name)) continue;
    if (!known.has(name)) throw new SyntaxError(`unknown option ${name}`);
    named[name] = value === 'true' || value === 'false' ? value === 'true' : Number(value);
  }
  return named;
}

function encode(text) {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** `answer 200 "content"`: a whole response in one go. */
function answer(machine, status, content, now) {
  const hasContent = content !== undefined;
  const fields = hasContent ? [{ name: 'Content-Length', value: String(content.length) }] : [];
  machine.sendResponse({ status, fields }, now);
  if (hasContent) machine.sendData(encode(content), now);
  machine.endMessage([], now);
}

const SERVER_COMMANDS = {
  informational: (machine, { words, fields }, now) =>
    machine.sendInformational({ status: Number(words[0]), fields: fields ?? [] }, now),
  response: (machine, { words, pairs, fields }, now) => {
    const reason = pairs.find((pair) => pair.name === 'reason');
    const head = { status: Number(words[0]), fields: fields ?? [] };
    machine.sendResponse(reason === undefined ? head : { ...head, reason: reason.value }, now);
  },
  answer: (machine, { words }, now) => answer(machine, Number(words[0]), words[1], now),
  data: (machine, { words }, now) => machine.sendData(encode(words[0] ?? ''), now),
  'end-message': (machine, { fields }, now) => machine.endMessage(fields ?? [], now),
  trailing: (machine) => ({ type: 'trailing', ...machine.takeTrailingData() }),
  drain: (machine, _command, now) => machine.drain(now),
  abort: (machine, _command, now) => machine.abort(now),
};

/** A request with the fields given, or just Host. */
function sendRequest(machine, { words, fields }, now) {
  const [method, target] = words;
  machine.sendRequest({ method, target, fields: fields ?? [{ name: 'Host', value: 'a' }] }, now);
}

const CLIENT_COMMANDS = {
  request: sendRequest,
  ask: (machine, command, now) => {
    sendRequest(machine, command, now);
    machine.endMessage([], now);
  },
  data: SERVER_COMMANDS.data,
  'end-message': SERVER_COMMANDS['end-message'],
  trailing: SERVER_COMMANDS.trailing,
  drain: SERVER_COMMANDS.drain,
  abort: SERVER_COMMANDS.abort,
  reuse: (machine, _command, now) => ({ type: 'reuse', ...machine.reuseVerdict(now) }),
};

/** The subject for the transcript runner, from the modules `index`, `client` and `server` of a build. */
export function http1Subject({ client, server }) {
  return {
    create(options, now) {
      const limits = numbers(options.get('limits'));
      const timeouts = numbers(options.get('timeouts'));
      if (options.get('role') === 'server') {
        const named = namedOptions(options, SERVER_OPTIONS);
        return new server.Http1Server(server.serverSettings({ limits, timeouts, ...named }), now);
      }
      if (options.get('role') !== 'client') throw new SyntaxError('role: server or client');
      const named = namedOptions(options, CLIENT_OPTIONS);
      const machine = new client.Http1Client(
        client.clientSettings({ limits, timeouts, ...named }),
        now,
      );
      for (const [method, target] of asked(options)) {
        sendRequest(machine, { words: [method, target] }, now);
        machine.endMessage([], now);
      }
      return machine;
    },
    act(machine, command, now) {
      const commands = machine instanceof server.Http1Server ? SERVER_COMMANDS : CLIENT_COMMANDS;
      const carryOut = commands[command.name];
      if (carryOut === undefined) throw new SyntaxError(`unknown command ${command.name}`);
      return carryOut(machine, command, now);
    },
    react(machine, event, options, now) {
      const automatic = options.get('answer');
      if (automatic === undefined || options.get('role') !== 'server') return;
      const [status, content] = automatic.split(' ');
      if (event.type === 'end' || (event.type === 'failed' && event.canRespond)) {
        answer(machine, event.type === 'failed' ? event.status : Number(status), content, now);
      }
    },
  };
}

/** `asked: GET /, HEAD /x`: what a client has asked before the case begins. */
function asked(options) {
  const list = options.get('asked');
  return list === undefined ? [] : list.split(', ').map((request) => request.split(' '));
}
