import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const xmlSignatureNotVerified: Rule = {
  id: 'xml-signature-not-verified',
  title: 'XML signature accepted from any key',
  cwe: [347],
  aspect: 'cryptography',
  kind: 'defect',
  severity: 'high',
  rows: [70],
  summary:
    'SignXML’s `XMLVerifier().verify(...)` told not to ask for an X.509 certificate (`require_x509=False`), or a python3-saml or pysaml2 setting that accepts unsigned assertions and responses.',
  why: 'A signature only counts when the key is known: otherwise the sender brings a key of their own and signs whatever they like.',
  fix: 'Give the certificate that you trust: `XMLVerifier().verify(data, x509_cert=certificate)`.',
  references: [
    'https://xml-security.github.io/signxml/',
    'https://github.com/SAML-Toolkits/python3-saml#settings',
  ],
  calls: [
    {
      paths: ['signxml.XMLVerifier.verify', 'signxml.xmldsig.verify', 'signxml.verifier.XMLVerifier.verify'],
      check: (call) => {
        const hasKey = ['x509_cert', 'hmac_key', 'ca_pem_file', 'cert_subject_name', 'expect_config'].some(
          (name) => call.argument(undefined, name) !== undefined,
        );
        if (call.argument(undefined, 'require_x509')?.isFalse && !hasKey) {
          return { message: text`${call.quote(call.node)} accepts a signature of any key.`, at: call.node };
        }
        return undefined;
      },
    },
    {
      paths: ['signxml.SignatureConfiguration', 'signxml.verifier.SignatureConfiguration'],
      check: (call) =>
        call.argument(undefined, 'require_x509')?.isFalse
          ? { message: text`${call.quote(call.node)} lets signatures of any key pass.`, at: call.node }
          : undefined,
    },
  ],
  on: {
    assignment: {
      check: (view) => {
        const settings = view.value.entry('security');
        const weak = ['wantAssertionsSigned', 'wantMessagesSigned'].find(
          (key) => settings?.entry(key)?.isFalse,
        );
        return weak &&
          settings?.entry(weak === 'wantAssertionsSigned' ? 'wantMessagesSigned' : 'wantAssertionsSigned')
            ?.isTrue !== true &&
          view.module.imports('onelogin')
          ? {
              message: text`${code(weak)} is off in ${code(view.name)}, so that unsigned SAML answers are accepted.`,
              at: view.node,
            }
          : undefined;
      },
    },
  },
  examples: {
    bad: [
      {
        title: 'no certificate is asked for',
        code: `
from signxml import XMLVerifier

def read(document):
    return XMLVerifier().verify(document, require_x509=False).signed_xml  # report
`,
      },
    ],
    good: [
      {
        title: 'the certificate is given',
        code: `
from signxml import XMLVerifier

def read(document, certificate, key):
    a = XMLVerifier().verify(document, x509_cert=certificate).signed_xml
    b = XMLVerifier().verify(document, require_x509=False, hmac_key=key).signed_xml
    return a, b
`,
      },
    ],
  },
};
