// What we accept, held against the grammar once more: where both parsers are wrong, they agree.
import { isHost, isTarget, isToken } from './grammar.mjs';
import { valuesOf } from './observation.mjs';

/** VCHAR, obs-text and blanks, without blanks at the ends. */
const VALUE = /^(?:[!-~\u0080-\u00ff](?:[\t -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)?$/;

function require(condition, what) {
  if (!condition) throw new Error(`accepted: ${what}`);
}

function checkFields(fields) {
  for (const [name, value] of fields) {
    require(isToken(name) && name === name.toLowerCase(), 'a field name that is none');
    require(VALUE.test(value), 'a field value that is none');
  }
}

function checkRequest({ start: [method, target], minorVersion, ...message }) {
  require(isToken(method), 'a method that is none');
  require(isTarget(method, target), 'a target that is none');
  const hosts = valuesOf(message, 'host');
  require(hosts.every(isHost), 'a host that is none');
  const isCoded = valuesOf(message, 'transfer-encoding').length > 0;
  require(minorVersion === 1 || !isCoded, 'a transfer coding in HTTP/1.0');
  require(hosts.length === 1 || (hosts.length === 0 && minorVersion === 0), 'no host, or several');
}

/** Throws for a message in an observation of ours that is not by the grammar. */
export function checkAccepted({ messages }, role) {
  for (const message of messages) {
    if (role === 'server') checkRequest(message);
    else require(/^[0-9]{1,3}$/.test(message.start[0]), 'a status that is none');
    require(role === 'server' || VALUE.test(message.start[1].trim()), 'a phrase that is none');
    checkFields(message.fields);
    checkFields(message.trailers);
  }
}
