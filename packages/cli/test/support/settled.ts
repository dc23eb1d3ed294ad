import { setTimeout } from 'node:timers/promises';
import type { RawClient } from './raw-client.ts';

/** The entity tag of a file, once it is a strong one: that of a file just written is weak. */
export async function settledTag(client: RawClient, target: string): Promise<string> {
  for (;;) {
    const { fields } = await client.request(`HEAD ${target}`);
    const tag = fields.get('etag');
    if (tag === undefined) throw new Error(`${target} has no entity tag`);
    if (!tag.startsWith('W/')) return tag;
    await setTimeout(10);
  }
}
