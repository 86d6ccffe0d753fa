import { cloudServices } from './cloudServices.ts';
import { containers } from './containers.ts';
import { cryptography } from './cryptography.ts';
import { databaseApi } from './databaseApi.ts';
import { databaseDrivers } from './databaseDrivers.ts';
import { deserialization } from './deserialization.ts';
import { httpClients } from './httpClients.ts';
import { languageModels } from './languageModels.ts';
import { ldapClients } from './ldapClients.ts';
import type { Library } from './library.ts';
import { mailClients } from './mailClients.ts';
import { mongodb } from './mongodb.ts';
import { noSqlDatabases } from './noSqlDatabases.ts';
import { objectMappers } from './objectMappers.ts';
import { otherDatabases } from './otherDatabases.ts';
import { spreadsheets } from './spreadsheets.ts';
import { sqlalchemy } from './sqlalchemy.ts';
import { sshClients } from './sshClients.ts';
import { templateEngines } from './templateEngines.ts';
import { twilio } from './twilio.ts';
import { xmlParsers } from './xmlParsers.ts';

/** Everything the engine knows about libraries. */
export const LIBRARIES: readonly Library[] = [
  cloudServices,
  containers,
  cryptography,
  databaseApi,
  databaseDrivers,
  deserialization,
  httpClients,
  languageModels,
  ldapClients,
  mailClients,
  mongodb,
  noSqlDatabases,
  objectMappers,
  otherDatabases,
  spreadsheets,
  sqlalchemy,
  sshClients,
  templateEngines,
  twilio,
  xmlParsers,
];
