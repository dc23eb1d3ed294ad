/** Every text of at most `lengthMax` of these characters, the empty one included. */
export function textsOf(characters: string, lengthMax: number): string[] {
  const all = [['']];
  for (let length = 1; length <= lengthMax; length++) {
    const shorter = all.at(-1) as string[];
    all.push(shorter.flatMap((text) => [...characters].map((character) => text + character)));
  }
  return all.flat();
}
