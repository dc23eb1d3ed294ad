// What the case files need to know about http1: which options make which machine, and what the
// commands of a `do` block mean. Plain JavaScript, because the same files also run from the packed
// tarball on runtimes that have no type stripping.

const SERVER_OPTIONS = new Set(['requestsMax', 'announceKeepAlive', 'acceptUrlTargets']);
const RUNNER_OPTIONS = new Set([
  'role',
  'before',
  'after',
  'accept',
  'answer',
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
      throw new SyntaxError(`unknown role ${options.get('role')} ${client}`);
    },
    act(machine, command, now) {
      const carryOut = SERVER_COMMANDS[command.name];
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
