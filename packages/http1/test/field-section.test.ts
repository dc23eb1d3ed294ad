import { expect, test } from 'vitest';
import { ControlFields } from '../src/control-fields.ts';
import { sectionFields } from '../src/field-section.ts';

function fields(text: string, start = 0): string[] {
  return sectionFields(text, start, null).map(({ name, value }) => `${name}=${value}`);
}

test('names in lower case, values without the white space around them', () => {
  expect(fields('\r\n')).toEqual([]);
  expect(fields('line\r\nA:b\r\nC-D: \te f \t\r\nG:\r\nH: \r\nI: j:k\r\n\r\n', 6)).toEqual([
    'a=b',
    'c-d=e f',
    'g=',
    'h=',
    'i=j:k',
  ]);
});

// RFC 9112 section 5.2
test.each([
  ['A: b\r\n c\r\n\r\n', ['a=b c']],
  ['A: b \t\r\n \t c \r\n\r\n', ['a=b c']],
  ['A:\r\n b\r\n\r\n', ['a=b']],
  ['A: b\r\n \r\n\r\n', ['a=b']],
  ['A: b\r\n \r\n\t\r\n c\r\n\r\n', ['a=b   c']],
  ['A:\r\n \r\n\r\n', ['a=']],
  ['A: b\r\n c\r\nD: e\r\n f\r\nG: h\r\n\r\n', ['a=b c', 'd=e f', 'g=h']],
])('unfolded, %j', (section, expected) => expect(fields(section)).toEqual(expected));

test('those that steer the connection are told', () => {
  const control = new ControlFields();
  sectionFields('HOST: a\r\nX: y\r\nConnection: c\r\n lose\r\n\r\n', 0, control);
  expect(control).toMatchObject({ host: 'a', hostCount: 1, connection: 'c lose', expect: null });
});
