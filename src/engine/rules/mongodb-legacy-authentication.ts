import { code, text } from '../finding.ts';
import type { Rule } from './rule.ts';

export const mongodbLegacyAuthentication: Rule = {
  id: 'mongodb-legacy-authentication',
  title: 'Withdrawn log-in mechanism of MongoDB',
  cwe: [477, 287],
  aspect: 'access',
  kind: 'advisory',
  severity: 'low',
  rows: [81],
  summary: '`MONGODB-CR` as the mechanism of a MongoDB client.',
  why: 'MONGODB-CR rests on MD5 and was removed from MongoDB in version 4.0.',
  fix: 'Use `SCRAM-SHA-256`, which the driver takes when none is named.',
  references: ['https://pymongo.readthedocs.io/en/stable/examples/authentication.html'],
  calls: [
    {
      paths: [
        'pymongo.MongoClient',
        'motor.motor_asyncio.AsyncIOMotorClient',
        'pymongo.AsyncMongoClient',
        'mongoengine.connect',
      ],
      check: (call) => {
        const mechanism =
          call.argument(undefined, 'authMechanism')?.constant ??
          call.argument(undefined, 'authentication_mechanism')?.constant;
        const address = call.argument(0, 'host')?.constant;
        const isOld =
          mechanism === 'MONGODB-CR' ||
          (typeof address === 'string' && /authMechanism=MONGODB-CR/i.test(address));
        return isOld
          ? {
              message: text`${call.quote(call.node.func)} logs in with ${code('MONGODB-CR')}, which rests on MD5.`,
              at: call.node,
            }
          : undefined;
      },
    },
  ],
  examples: {
    bad: [
      {
        title: 'named in the call',
        code: `
from pymongo import MongoClient

client = MongoClient('db', username='app', password=read(), authMechanism='MONGODB-CR')  # report
`,
      },
    ],
    good: [
      {
        title: 'a current mechanism',
        code: `
from pymongo import MongoClient

client = MongoClient('db', username='app', password=read(), authMechanism='SCRAM-SHA-256')
other = MongoClient('db')
`,
      },
    ],
  },
};
