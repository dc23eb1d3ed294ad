// The server machine and node's parser on the same requests.
import { llhttpTarget } from './llhttp/target.mjs';

export default llhttpTarget('server', 8_000);
