// Entry `@holdline/tls`: both roles.
export * from './client.ts';
export * from './server.ts';
