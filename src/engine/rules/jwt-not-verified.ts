import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import type { CallView, ValueView } from './views.ts';

export const jwtNotVerified: Rule = {
  id: 'jwt-not-verified',
  title: 'JSON Web Token used without checking its signature',
  cwe: [347, 287],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [71],
  summary:
    'A token that is decoded with the check of its signature off (`verify_signature: False`, `verify=False`), with the algorithm `none`, or issued without a signature, in PyJWT, python-jose, Authlib, jwcrypto and python-jwt. Decoding without the check to find the key, with a checked decoding after it in the same function, is fine.',
  why: 'The content of a token is what its sender says. Without the check anyone writes a token with any user and any role in it.',
  fix: 'Give the key and the algorithms that you issue: `jwt.decode(token, key, algorithms=["HS256"])`.',
  references: [
    'https://pyjwt.readthedocs.io/en/stable/usage.html',
    'https://datatracker.ietf.org/doc/html/rfc8725',
  ],
  calls: [
    {
      paths: [
        'jwt.decode',
        'jwt.decode_complete',
        'jwt.PyJWT.decode',
        'jwt.api_jwt.decode',
        'jwt.PyJWT.decode_complete',
        'jwt.api_jwt.PyJWT.decode',
        'jose.jwt.decode',
      ],
      check: checkDecode,
    },
    {
      paths: ['jwt.encode', 'jose.jwt.encode', 'jwt.PyJWT.encode', 'jwt.api_jwt.encode'],
      check: checkEncode,
    },
    {
      paths: ['jose.jws.verify'],
      check: (call) => (call.argument(3, 'verify')?.isFalse ? unchecked(call) : undefined),
    },
    {
      paths: ['python_jwt.process_jwt', 'jose.jwt.get_unverified_claims', 'jose.jws.get_unverified_claims'],
      check: (call) => (verifiesAfterwards(call) ? undefined : unchecked(call)),
    },
    {
      paths: ['python_jwt.verify_jwt'],
      check: (call) =>
        allowsNone(call.argument(2, 'allowed_algs')) || call.argument(1, 'pub_key')?.isNone
          ? unchecked(call)
          : undefined,
    },
    {
      // https://jose.authlib.org/en/guide/algorithms/
      paths: ['joserfc.jwt.decode', 'joserfc.jws.deserialize_compact', 'joserfc.jws.deserialize_json'],
      check: (call) => (allowsNone(call.argument(2, 'algorithms')) ? unchecked(call) : undefined),
    },
    {
      paths: ['authlib.jose.jwt.encode', 'joserfc.jwt.encode'],
      check: (call) => {
        const algorithm = call.argument(0, 'header')?.entry('alg')?.constant;
        return typeof algorithm === 'string' && algorithm.toLowerCase() === 'none'
          ? {
              message: text`${call.quote(call.node)} issues a token without a signature.`,
              at: call.node,
              cwe: [347, 327],
            }
          : undefined;
      },
    },
    {
      paths: ['authlib.jose.JsonWebToken'],
      check: (call) => (allowsNone(call.argument(0, 'algorithms')) ? unchecked(call) : undefined),
    },
  ],
  examples: {
    bad: [
      {
        title: 'PyJWT',
        code: `
import jwt

def user(token):
    return jwt.decode(token, options={'verify_signature': False})['sub']  # report

def old(token, key):
    return jwt.decode(token, key, verify=False)  # report

def other(token, key):
    return jwt.decode(token, key, algorithms=['none', 'HS256'])  # report

def issue(claims):
    return jwt.encode(claims, None, algorithm='none')  # report
`,
      },
      {
        title: 'options from a constant',
        code: `
import jwt

OPTIONS = {'verify_signature': False, 'verify_exp': True}

class Auth:
    def user(self, token):
        return jwt.decode(token, options=OPTIONS)['sub']  # report
`,
      },
      {
        title: 'python-jose',
        code: `
from jose import jwt

def user(token):
    claims = jwt.get_unverified_claims(token)  # report
    return claims['sub']
`,
      },
      {
        title: 'read by one who knows that it is not verified',
        kind: 'advisory',
        code: `
import jwt

def mint(token, services):
    unverified_claims = jwt.decode(token, options={'verify_signature': False})  # report
    return services[unverified_claims['iss']].mint(token)
`,
      },
      {
        title: 'keys of two kinds, tokens for ever',
        kind: 'advisory',
        code: `
import jwt

def refresh(token, key):
    claims = jwt.decode(token, key, algorithms=['HS256', 'RS256'])  # report
    return jwt.encode({'sub': claims['sub']}, key, algorithm='HS256')  # report
`,
      },
      {
        title: 'an algorithm that the token names',
        kind: 'advisory',
        code: `
import jwt

def user(token, key):
    header = jwt.get_unverified_header(token)
    return jwt.decode(token, key, algorithms=[header['alg']])  # report
`,
      },
    ],
    good: [
      {
        title: 'checked',
        code: `
import jwt
from jose import jwt as jose_jwt

def user(token, key):
    a = jwt.decode(token, key, algorithms=['HS256'])
    b = jwt.decode(token, key, algorithms=['RS256'], options={'verify_aud': False})
    c = jose_jwt.decode(token, key, algorithms=['RS256'], audience='app')
    return a['sub'], b, c, jwt.encode(a, key, algorithm='HS256')
`,
      },
      {
        title: 'read first to find the key, then checked',
        code: `
import jwt

def user(token, keys):
    issuer = jwt.decode(token, options={'verify_signature': False})['iss']
    return jwt.decode(token, keys[issuer], algorithms=['RS256'])
`,
      },
    ],
  },
};

function checkDecode(call: CallView): Report | undefined {
  const options = call.argument(undefined, 'options');
  const verify =
    call.argument(undefined, 'verify') ?? (call.callee.startsWith('jose.') ? undefined : call.argument(2));
  const off =
    options?.entry('verify_signature')?.isFalse ||
    (verify?.isFalse && !verify.isNone && verify.constant === false);
  if (off) return verifiesAfterwards(call) ? undefined : unchecked(call);
  if (allowsNone(call.argument(2, 'algorithms'))) {
    return {
      message: text`${call.quote(call.node)} accepts the algorithm ${code('none')}, with which a token has no signature.`,
      at: call.node,
      cwe: [347, 327],
    };
  }
  const algorithms = call.argumentNode(2, 'algorithms');
  if (algorithms && /\[["']alg["']\]|\.get\(["']alg["']/.test(call.sourceOf(algorithms))) {
    return {
      message: text`${call.quote(call.node)} lets the token say by which algorithm it is checked (${call.quote(algorithms)}).`,
      at: call.node,
      kind: 'advisory',
      severity: 'medium',
      fix: { text: text`Name the algorithms that you issue: ${code("algorithms=['RS256']")}.` },
    };
  }
  if (mixesKinds(call.argument(2, 'algorithms'))) {
    return {
      message: text`${call.quote(call.node)} accepts signatures with a shared secret and with a key pair alike, so that the public key may pass as the secret.`,
      at: call.node,
      kind: 'advisory',
      severity: 'medium',
      quiet: true,
      fix: { text: text`Name the algorithms of one kind: ${code("algorithms=['RS256']")}.` },
    };
  }
  if (options?.entry('verify_exp')?.constant === false) {
    return {
      message: text`${call.quote(call.node)} takes tokens that have expired.`,
      at: call.node,
      kind: 'advisory',
      severity: 'low',
      quiet: true,
      cwe: [613],
      fix: { text: text`Leave ${code('verify_exp')} on.` },
    };
  }
  return undefined;
}

/** https://auth0.com/blog/critical-vulnerabilities-in-json-web-token-libraries/ */
function mixesKinds(algorithms: ValueView | undefined): boolean {
  const names = algorithms?.elements?.map(({ constant }) => String(constant ?? '')) ?? [];
  return names.some((name) => name.startsWith('HS')) && names.some((name) => /^(RS|ES|PS)\d/.test(name));
}

function checkEncode(call: CallView): Report | undefined {
  const algorithm = call.argument(2, 'algorithm');
  const none =
    (algorithm?.isNone && call.argumentNode(2, 'algorithm') !== undefined) ||
    (typeof algorithm?.constant === 'string' && algorithm.constant.toLowerCase() === 'none');
  if (none) {
    return {
      message: text`${call.quote(call.node)} issues a token without a signature.`,
      at: call.node,
      cwe: [347, 327],
    };
  }
  const key = call.argument(1, 'key');
  return key?.isNone || key?.constant === ''
    ? {
        message: text`${call.quote(call.node)} signs a token with an empty key.`,
        at: call.node,
        cwe: [347, 321],
      }
    : neverExpires(call);
}

function neverExpires(call: CallView): Report | undefined {
  const claims = call.argument(0, 'payload') ?? call.argument(0, 'claims');
  if (!claims?.keys || claims.keys.length === 0 || claims.keys.includes('exp') || call.role === 'test')
    return undefined;
  return {
    message: text`${call.quote(call.node)} issues a token that never expires (no ${code('exp')}).`,
    at: call.node,
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    cwe: [613],
    fix: { text: text`Put the time after which it is worth nothing into ${code('exp')}.` },
  };
}

function allowsNone(algorithms: ValueView | undefined): boolean {
  const values = algorithms?.elements ?? (algorithms ? [algorithms] : []);
  return values.some(
    (value) => typeof value.constant === 'string' && value.constant.toLowerCase() === 'none',
  );
}

function unchecked(call: CallView): Report {
  // `get_unverified_issuer`, `is_our_token`, `unverified_claims = …`: the name says that nothing is trusted yet.
  const looksAhead =
    /unverified|unsafe|without_|peek|insecure|^_?is_|issuer|_kid|header/i.test(call.function?.name ?? '') ||
    call.targets.some((name) => /unverified|untrusted|unsafe|insecure/i.test(name));
  return {
    ...(looksAhead ? { kind: 'advisory' as const, severity: 'medium' as const } : {}),
    message: text`${call.quote(call.node)} reads the token without checking its signature.`,
    at: call.node,
  };
}

/** Another decoding in the same function that does check. */
function verifiesAfterwards(call: CallView): boolean {
  if (!call.function) return false;
  const start = call.node.end;
  const rest = call.module.text.slice(start, call.function.node.end);
  return [...rest.matchAll(/\.(decode|verify|verify_jwt|decode_complete)\(([^\n]*(?:\n[^\n]*){0,6})/g)].some(
    (match) =>
      !/verify_signature["']?\s*[:=]\s*False|verify\s*=\s*False|options\s*=\s*\w+\s*[,)]/.test(
        match[2] ?? '',
      ) && /key|secret|algorithms|cert|jwk/i.test(match[2] ?? ''),
  );
}
