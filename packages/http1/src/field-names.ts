// Field names in their original spelling, for forwarders.

/**
 * The names of a head's fields as received, in the order of the event's `fields`. Takes the event's
 * `rawHead`; continuation lines (obs-fold) name no field.
 */
export function fieldNamesAsReceived(rawHead: string): string[] {
  const names: string[] = [];
  for (const line of rawHead.split('\r\n').slice(1)) {
    const isContinuation = line.startsWith(' ') || line.startsWith('\t');
    if (line !== '' && !isContinuation) names.push(line.slice(0, line.indexOf(':')));
  }
  return names;
}
