import { certificateValidationDisabled } from './certificate-validation-disabled.ts';
import { csvInjection } from './csv-injection.ts';
import { ldapInjection } from './ldap-injection.ts';
import { nosqlInjection } from './nosql-injection.ts';
import { promptInjection } from './prompt-injection.ts';
import { remoteCommandInjection } from './remote-command-injection.ts';
import type { Rule } from './rule.ts';
import { sqlInjection } from './sql-injection.ts';
import { unsafeDeserialization } from './unsafe-deserialization.ts';
import { unsafeYamlLoad } from './unsafe-yaml-load.ts';
import { weakHash } from './weak-hash.ts';
import { xmlInjection } from './xml-injection.ts';
import { xpathInjection } from './xpath-injection.ts';
import { xsltInjection } from './xslt-injection.ts';

/** All rules, by id. */
export const RULES: readonly Rule[] = [
  certificateValidationDisabled,
  csvInjection,
  ldapInjection,
  nosqlInjection,
  promptInjection,
  remoteCommandInjection,
  sqlInjection,
  unsafeDeserialization,
  unsafeYamlLoad,
  weakHash,
  xmlInjection,
  xpathInjection,
  xsltInjection,
];
