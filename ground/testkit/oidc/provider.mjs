// A real OpenID Connect provider: `node provider.mjs JSON`, with { port, clients, accounts }. Whoever types the name of an account is it.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const { port, clients, accounts } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${port}`;
const key = { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' };
const names = [...new Set(Object.values(accounts).flatMap((claims) => Object.keys(claims)))];

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [key] },
  cookies: { keys: ['a key for tests only'] },
  claims: { openid: ['sub'], profile: names },
  // what the profile of a test asks for beside the token stands behind the address about the user
  conformIdTokenClaims: true,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  // the house it tells of a sign-out stands on this machine, which it would not speak to
  fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
  findAccount: (_ctx, sub) => (accounts[sub] ? { accountId: sub, claims: async () => ({ sub, ...accounts[sub] }) } : undefined),
});
// faults are for whoever reads the test's output
provider.on('server_error', (_ctx, error) => console.error(error));
provider.on('backchannel.error', (_ctx, error) => console.error(error));
provider.listen(port, 'localhost', () => console.log('ready'));
