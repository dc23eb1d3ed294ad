// The client machine and node's parser on the same responses.
import { llhttpTarget } from './llhttp/target.mjs';

export default llhttpTarget('client', 8_000);
