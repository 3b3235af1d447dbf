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
  claims: { openid: ['sub'], acr: null, vo: ['vo_orgcode', 'vo_orgnaam', 'mandaatportaal_rol_3d'] },
  acrValues: ['urn:proef:sterk'],
  conformIdTokenClaims: false,
  cookies: { keys: ['proef'] },
  findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
});
// Its own page for development signs in anybody; here that also says how they proved it.
provider.use(async (context, next) => {
  if (context.method !== 'POST' || !context.path.startsWith('/interaction/')) return next();
  let body = '';
  for await (const part of context.req) body += part;
  const sent = new URLSearchParams(body);
  const login = { accountId: sent.get('login'), acr: people[sent.get('login')]?.acr };
  if (sent.get('prompt') === 'login') return provider.interactionFinished(context.req, context.res, { login });
  const { params, session } = await provider.interactionDetails(context.req, context.res);
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(context.req, context.res, { consent: { grantId: await grant.save() } });
});
provider.use(async (context, next) => {
  if (context.path !== '/kies') return next();
  people[context.query.wie] = JSON.parse(context.query.claims);
  context.body = 'ja';
});
provider.listen(Number(port), '127.0.0.1', () => console.log('up'));
