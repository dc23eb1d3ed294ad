// @holdline/tls/record: the record layer by itself.
export * from './alert-message.ts';
export * from './content-type.ts';
export * from './heartbeat.ts';
export * from './heartbeat-message.ts';
export * from './padding.ts';
export * from './record-connection.ts';
export type * from './record-events.ts';
export * from './record-faults.ts';
export * from './record-header.ts';
export * from './record-limits.ts';
export * from './record-output.ts';
export type * from './record-protection.ts';
export * from './record-reader.ts';
export * from './record-sizes.ts';
export * from './tls12-opener.ts';
export * from './tls12-sealer.ts';
export * from './tls13-opener.ts';
export * from './tls13-sealer.ts';
