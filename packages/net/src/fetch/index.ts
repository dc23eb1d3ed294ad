// Entry `@holdline/net/fetch`: the platform's `fetch`, over an `HttpClient`.
export { createFetch, type Fetch, type FetchOptions } from './fetch.ts';
