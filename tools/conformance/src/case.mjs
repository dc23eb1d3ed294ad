// One case: bytes for a server, and what the RFCs let it do with them.

/**
 * @typedef {object} Case
 * @property {string} id unique; its first part is the family
 * @property {string} section of the RFC, such as `9112 5.1`
 * @property {string} gist the sentence in a few words
 * @property {'MUST' | 'SHOULD'} level of the requirement; SHOULD for whatever has exceptions
 * @property {(string | Function | { await: number | 'answer' })[]} steps text to write, one
 *   character a byte, made of the responses so far where it is a function, or what to wait for
 *   first: so many final responses, or any response at all
 * @property {string[]} methods of the requests that get a response, GET when absent
 * @property {boolean} isOld the request says HTTP/1.0
 * @property {'whole' | 'bytes'} pace in one write, or each byte in its own
 * @property {boolean} isAboutFiles only for servers whose content lies in files
 * @property {boolean} halfCloses the client ends its side after the last step
 * @property {import('./expectation.mjs').Alternative[]} expect what the RFCs allow
 * @property {import('./expectation.mjs').Alternative[]} house what holdline has decided to do
 * @property {string[] | null} contents of the responses, in order, where they matter
 * @property {string | null} echo the content of the first request, for servers that send it back
 * @property {((exchange: object) => string | null) | null} check says what else is wrong
 */

/**
 * Completes a case. `send` is short for one step.
 * @param {Partial<Case> & { id: string, section: string, gist: string, send?: string | undefined }} parts
 * @returns {Case}
 */
export function defineCase({ send = '', steps, expect = [], house, ...rest }) {
  return {
    level: 'SHOULD',
    methods: [],
    isOld: false,
    isAboutFiles: false,
    pace: 'whole',
    halfCloses: false,
    contents: null,
    echo: null,
    check: null,
    ...rest,
    steps: steps ?? [send],
    expect,
    house: house ?? expect,
  };
}

/** The family that a case belongs to. */
export const familyOf = ({ id }) => id.slice(0, id.indexOf('/'));

/** A family under construction: `add` numbers its cases. */
export function openFamily(name, shared = {}) {
  const cases = [];
  const add = (gist, send, expect, more = {}) => {
    const steps = Array.isArray(send) ? send : [send];
    const id = `${name}/${cases.length + 1}`;
    cases.push(defineCase({ ...shared, id, gist, steps, expect, ...more }));
  };
  return { cases, add };
}

/** The cases of a family, which each of `fills` adds some to. */
export function family(name, shared, ...fills) {
  const { cases, add } = openFamily(name, shared);
  for (const fill of fills) fill(add);
  return cases;
}
