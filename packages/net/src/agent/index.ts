// Entry `@holdline/net/agent`: for programs that use node's `http.request`.
export { createAgent } from './http-agent.ts';
