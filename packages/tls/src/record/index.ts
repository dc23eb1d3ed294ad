// @holdline/tls/record: the record layer by itself.
export * from './alert-message.ts';
export * from './content-type.ts';
export * from './padding.ts';
export * from './record-header.ts';
export * from './record-limits.ts';
export type * from './record-protection.ts';
export * from './record-sizes.ts';
