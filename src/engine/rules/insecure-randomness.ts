import { code, text } from '../finding.ts';
import type { Report, Rule } from './rule.ts';
import { assignedOnLine } from './support/assigned-on-line.ts';
import { lineReplaced } from './support/replacement.ts';
import { handlesCredentials, meansCredential } from './support/security-words.ts';
import type { CallView } from './views.ts';

export const insecureRandomness: Rule = {
  id: 'insecure-randomness',
  title: 'Predictable random value for a secret',
  cwe: [338, 330],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [68],
  summary:
    'A password, token, key, code, nonce or salt that is made with `random`, `numpy.random` or `uuid.uuid1`. What says so is the name that the value is given to, or the function that makes it. Random values for anything else are not reported; `secrets`, `os.urandom` and `random.SystemRandom` are the right sources.',
  why: 'These generators are made for simulations: after a few outputs, or from the time of the start, all others can be computed, and with them every token that was or will be given out.',
  fix: 'Use `secrets`: `secrets.token_urlsafe()`, `secrets.choice(alphabet)`, `secrets.randbelow(n)`.',
  references: [
    'https://docs.python.org/3/library/secrets.html',
    'https://docs.python.org/3/library/random.html',
  ],
  roles: { test: 'silent', example: 'advisory' },
  calls: [
    {
      paths: [
        'random.random',
        'random.randint',
        'random.randrange',
        'random.choice',
        'random.choices',
        'random.sample',
        'random.getrandbits',
        'random.randbytes',
        'random.uniform',
        'random.Random.random',
        'random.Random.randint',
        'random.Random.randrange',
        'random.Random.choice',
        'random.Random.choices',
        'random.Random.sample',
        'random.Random.getrandbits',
        'random.Random.randbytes',
        'numpy.random.rand',
        'numpy.random.randint',
        'numpy.random.random',
        'numpy.random.choice',
        'numpy.random.bytes',
        'uuid.uuid1',
        'Crypto.Util.number.random.random',
        'django.utils.crypto.random.choice',
      ],
      check: checkGenerator,
    },
  ],
  examples: {
    bad: [
      {
        title: 'a token, a password, a code',
        code: `
import random
import string
import uuid

def reset_link(user):
    token = ''.join(random.choice(string.ascii_letters) for _ in range(32))  # report
    return f'https://example.com/reset/{user.id}/{token}'

def generate_password(length=12):
    alphabet = string.ascii_letters + string.digits
    return ''.join(random.choices(alphabet, k=length))  # report

def generate_api_key():
    chars = [random.choice(string.hexdigits) for _ in range(40)]  # report
    return ''.join(chars)

class Session:
    def __init__(self):
        self.session_id = random.getrandbits(64)  # report
        self.otp = random.randint(100000, 999999)  # report
        self.api_key = str(uuid.uuid1())  # report
`,
      },
      {
        title: 'what is worth guessing',
        kind: 'advisory',
        code: `
import random

def make_coupon_code():
    return ''.join(random.choices('ABCDEFGH', k=8))  # report

def order(user):
    user.account_number = random.randint(10 ** 9, 10 ** 10)  # report
`,
      },
      {
        title: 'a verifier of OAuth',
        code: `
import random

def authorize(request_token, user):
    token = request_token.to_dict()
    token['verifier'] = str(random.randint(1000, 9999))  # report
    return token
`,
      },
      {
        title: 'a salt',
        code: `
import random

def new_user(user, hash_password):
    user.salt = str(random.random())  # report
    user.password = hash_password(user.salt)
`,
      },
    ],
    good: [
      {
        title: 'simulations, games, delays',
        code: `
import random
import uuid

def roll():
    return random.randint(1, 6)

def delay(attempt):
    jitter = random.uniform(0, 1)
    return 2 ** attempt + jitter

def pick(items):
    winner = random.choice(items)
    event_id = uuid.uuid1()
    max_tokens = random.randint(10, 100)
    return winner, event_id, max_tokens
`,
      },
      {
        title: 'the right sources',
        code: `
import os
import random
import secrets
import string
import uuid

def generate_password(length=12):
    return ''.join(secrets.choice(string.ascii_letters) for _ in range(length))

def generate_token():
    rng = random.SystemRandom()
    token = ''.join(rng.choice(string.ascii_letters) for _ in range(32))
    secret = os.urandom(random.randint(20, 30))
    return token, secret, secrets.token_hex(16), os.urandom(16), uuid.uuid4(), random.SystemRandom().choice('abc')
`,
      },
    ],
  },
};

/** `os.urandom(random.randint(20, 30))`: only how many there are can be predicted. */
function saysHowMany(call: CallView): boolean {
  const before = call.module.text.slice(Math.max(0, call.node.start - 60), call.node.start);
  return /\b(?:urandom|token_(?:bytes|hex|urlsafe)|randbytes|range)\(\s*$/.test(before);
}

/** `random.choice(api_keys)` takes one of several secrets: it makes none. */
function picksOne(call: CallView): boolean {
  const from = call.node.args[0];
  return (
    call.name === 'choice' &&
    from !== undefined &&
    /(keys|tokens|passwords|secrets|credentials|accounts|users|proxies|pool|list)\W*$/i.test(
      call.sourceOf(from),
    )
  );
}

/** Verifiers are the codes of OAuth 1 and of PKCE; vectors start ciphers. */
function mustNotBeGuessed(name: string): boolean {
  return meansCredential(name) || /(?:^|_)(?:verifier|iv|initiali[sz]ation_vector)$/i.test(name);
}

/** What is worth something to who guesses it, though it is no secret by its name. */
const WORTH_GUESSING =
  /(^|_)(coupon|voucher|promo|gift_?card|captcha|invite|invitation|referral|ticket|order_number|account_number|card_number|room_code|share_?(id|link|code)|download_?(id|link)|short_?(code|link)|file_?token|verification|activation|confirmation)(_(code|number|id|link))?(_|$)/i;

function guessableNumber(call: CallView): Report | undefined {
  const made = [...call.targets, ...(call.targets.length === 0 ? [call.function?.name ?? ''] : [])].find(
    (name) => WORTH_GUESSING.test(name),
  );
  if (made === undefined) return undefined;
  return {
    kind: 'advisory',
    severity: 'low',
    quiet: true,
    message: text`${code(made)} is made with ${call.quote(call.node.func)}, whose values can be predicted.`,
    at: call.node,
  };
}

/** Names of pieces and results, which mean what the function makes. */
const SAYS_NOTHING =
  /^_?(chars?|characters|letters|digits|parts?|pieces|result|results|res|ret|retval|out|output|value|val|rand\w*|rnd|generated|string|text|s|r)$/i;

function checkGenerator(call: CallView): Report | undefined {
  if (call.receiver?.type === 'random.SystemRandom' || picksOne(call) || saysHowMany(call)) return undefined;
  const target = [...call.targets, assignedOnLine(call, call.node)].find(
    (name) => name !== undefined && mustNotBeGuessed(name),
  );
  const maker = call.function?.name;
  // Where a target is known and means something else, the name of the function says nothing about it.
  const isNeutral = call.targets.every((name) => SAYS_NOTHING.test(name));
  const made = target ?? (isNeutral && maker && handlesCredentials(maker) ? maker : undefined);
  if (!made) return guessableNumber(call);
  return {
    message: text`${code(made)} is made with ${call.quote(call.node.func)}, whose values can be predicted.`,
    at: call.node,
    ...(/salt|nonce/i.test(made) ? { severity: 'medium' as const } : {}),
    ...(call.callee === 'random.choice' && /^import secrets\b/m.test(call.module.text)
      ? { fix: lineReplaced(call, call.node.func, 'secrets.choice', text`Use ${code('secrets.choice')}.`) }
      : {}),
  };
}
