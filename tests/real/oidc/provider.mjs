// A certified OpenID provider for tests: node provider.mjs PORT REDIRECT_URI
// /kies?wie=alice&claims={...} sets what it says of somebody from the next sign-in on.
import Provider from 'oidc-provider';

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = {};
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'portaal', client_secret: 'een-geheim-van-de-proef', redirect_uris: [redirect],
    response_types: ['code'], grant_types: ['authorization_code'],
  }],
  pkce: { required: () => true },
  claims: { openid: ['sub', 'acr'], vo: ['vo_orgcode', 'vo_orgnaam', 'mandaatportaal_rol_3d'] },
  acrValues: ['urn:proef:sterk'],
  conformIdTokenClaims: false,
  cookies: { keys: ['proef'] },
  findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
});
provider.use(async (context, next) => {
  if (context.path !== '/kies') return next();
  people[context.query.wie] = JSON.parse(context.query.claims);
  context.body = 'ja';
});
provider.listen(Number(port), '127.0.0.1', () => console.log('up'));
