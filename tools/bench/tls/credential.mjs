// The certificate and key that every server of tls.mjs shows: P-256, for localhost, signed by itself. Of no
// use for anything else.

/** PEM. */
export const cert = `-----BEGIN CERTIFICATE-----
MIIBpTCCAUugAwIBAgIUASMMDiPNxiKDyv1M30m9NG9+Ct0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIzMTMxN1oYDzIxMjYxMDMw
MjMxMzE3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS1kF5WShUvpyY9Z+bUFiqjavzVLZeF+5x/+r9uduEZF6CUdgr8g/c5
xj0Jstr/kwgtoomvAoeHoGMYYxtB8xBTo3kwdzAdBgNVHQ4EFgQUH87B47teodWu
LiOovFKR7W2NSWQwHwYDVR0jBBgwFoAUH87B47teodWuLiOovFKR7W2NSWQwFAYD
VR0RBA0wC4IJbG9jYWxob3N0MA4GA1UdDwEB/wQEAwIHgDAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIF1PlgV9ASaIkfCEm3fgZhNvO7JsSs4KPCq9
ogvtEtBvAiEA3fsOkU4WAY8JV4i1jV86yksFgjrViyZx9AchoEOH1h0=
-----END CERTIFICATE-----
`;

/** PEM. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLepGmDCzZrf1RSMj
upoFE7QAhjzRU5JhDemMlPQhYu2hRANCAAS1kF5WShUvpyY9Z+bUFiqjavzVLZeF
+5x/+r9uduEZF6CUdgr8g/c5xj0Jstr/kwgtoomvAoeHoGMYYxtB8xBT
-----END PRIVATE KEY-----
`;

/** What is asked for. */
export const SERVER_NAME = 'localhost';
