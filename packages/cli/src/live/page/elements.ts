// What rows of tables are made of.

/** With its role, which a table loses where the style makes it something else. */
export function make<Name extends 'tr' | 'td' | 'th'>(
  name: Name,
  role: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.role = role;
  return element;
}

/** With a class, if one is given. */
export function span(className = ''): HTMLElement {
  const element = document.createElement('span');
  if (className !== '') element.className = className;
  return element;
}

/** A cell with its column's name, for narrow screens, where the column's header is out of sight. */
export function cell(label: string, ...content: HTMLElement[]): HTMLTableCellElement {
  const element = make('td', 'cell');
  element.dataset['label'] = label;
  element.append(...content.flatMap((part) => [part, ' ']));
  return element;
}

/** The first cell of a row: the connection. */
export function rowHead(id: number, badge: HTMLElement, age: HTMLElement): HTMLTableCellElement {
  const head = make('th', 'rowheader');
  const name = document.createElement('b');
  name.textContent = `#${id}`;
  head.scope = 'row';
  head.append(name, ' ', badge, age);
  return head;
}

/** May be broken into lines where a target has its joints. */
export function breakable(target: string): Node[] {
  return target
    .split(/(?<=[/?&])/)
    .flatMap((part) => [document.createTextNode(part), document.createElement('wbr')]);
}

/** Draws the eye to a number that has grown, of those who like that. */
export function flash(element: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const frames = { color: ['var(--accent)', 'inherit'], scale: ['1.5', '1'] };
  element.animate(frames, { duration: 500, easing: 'ease-out' });
}

/** Text that is there already is left alone, and with it what somebody has selected of it. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
