// The key and certificate of the tests that run everywhere, for those that run here.
import { CERTIFICATE, KEY } from '../runtimes/certificate.mjs';

export const TEST_KEY: string = KEY;
export const TEST_CERTIFICATE: string = CERTIFICATE;
