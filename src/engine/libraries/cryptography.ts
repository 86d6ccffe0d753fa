import type { Library } from './library.ts';

/** Hashes, ciphers, keys, TLS contexts and tokens: which calls give which objects. The rules know what is weak. */
export const cryptography: Library = {
  name: 'hashlib, ssl, cryptography, PyCryptodome, pyOpenSSL',
  docs: 'https://cryptography.io/en/latest/hazmat/primitives/',
  aliases: {
    Cryptodome: 'Crypto',
    'cryptography.hazmat.decrepit.ciphers.algorithms': 'cryptography.hazmat.primitives.ciphers.algorithms',
    'requests.packages.urllib3.util.ssl_.create_urllib3_context': 'urllib3.util.create_urllib3_context',
    'urllib3.util.ssl_.create_urllib3_context': 'urllib3.util.create_urllib3_context',
    'pip._vendor.urllib3.util.ssl_.create_urllib3_context': 'urllib3.util.create_urllib3_context',
    'ssl._create_stdlib_context': 'ssl._create_unverified_context',
  },
  returns: {
    'ssl.create_default_context': 'ssl.SSLContext',
    'ssl._create_unverified_context': 'ssl.SSLContext',
    'ssl._create_default_https_context': 'ssl.SSLContext',
    'urllib3.util.create_urllib3_context': 'ssl.SSLContext',
    'httpx.create_ssl_context': 'ssl.SSLContext',
    'uamqp.ssl.SSLContext': 'ssl.SSLContext',
    'hmac.new': 'hmac.HMAC',
    'hmac.HMAC.copy': 'hmac.HMAC',
    'cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key':
      'cryptography.hazmat.primitives.asymmetric.rsa.RSAPrivateKey',
    'cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key':
      'cryptography.hazmat.primitives.asymmetric.dsa.DSAPrivateKey',
    'cryptography.hazmat.primitives.asymmetric.ec.generate_private_key':
      'cryptography.hazmat.primitives.asymmetric.ec.EllipticCurvePrivateKey',
    'cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey.generate':
      'cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey',
    'Crypto.PublicKey.RSA.generate': 'Crypto.PublicKey.RSA.RsaKey',
    'Crypto.PublicKey.RSA.import_key': 'Crypto.PublicKey.RSA.RsaKey',
    'Crypto.PublicKey.RSA.importKey': 'Crypto.PublicKey.RSA.RsaKey',
    'Crypto.PublicKey.ECC.generate': 'Crypto.PublicKey.ECC.EccKey',
    'paramiko.RSAKey.generate': 'paramiko.RSAKey',
    'paramiko.ECDSAKey.generate': 'paramiko.ECDSAKey',
  },
  bases: {
    'paramiko.RSAKey': ['paramiko.PKey'],
    'paramiko.DSSKey': ['paramiko.PKey'],
    'paramiko.ECDSAKey': ['paramiko.PKey'],
    'paramiko.Ed25519Key': ['paramiko.PKey'],
  },
};
