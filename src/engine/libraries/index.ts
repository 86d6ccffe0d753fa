import { aiohttp } from './aiohttp.ts';
import { applicationBuilders } from './application-builders.ts';
import { bottle } from './bottle.ts';
import { chatBots } from './chat-bots.ts';
import { cherrypy } from './cherrypy.ts';
import { cloudFunctions } from './cloud-functions.ts';
import { cloudResources } from './cloud-resources.ts';
import { cloudServices } from './cloud-services.ts';
import { containers } from './containers.ts';
import { cryptography } from './cryptography.ts';
import { dataFrames } from './data-frames.ts';
import { dataModels } from './data-models.ts';
import { databaseApi } from './database-api.ts';
import { databaseDrivers } from './database-drivers.ts';
import { deserialization } from './deserialization.ts';
import { django } from './django.ts';
import { djangoDatabase } from './django-database.ts';
import { djangoRestFramework } from './django-rest-framework.ts';
import { falcon } from './falcon.ts';
import { fastapi } from './fastapi.ts';
import { flask } from './flask.ts';
import { gradio } from './gradio.ts';
import { httpClients } from './http-clients.ts';
import { languageModels } from './language-models.ts';
import { ldapClients } from './ldap-clients.ts';
import type { Library } from './library.ts';
import { mailClients } from './mail-clients.ts';
import { markupLanguages } from './markup-languages.ts';
import { modelServers } from './model-servers.ts';
import { mongodb } from './mongodb.ts';
import { noSqlDatabases } from './no-sql-databases.ts';
import { objectMappers } from './object-mappers.ts';
import { otherDatabases } from './other-databases.ts';
import { pyramid } from './pyramid.ts';
import { pythonArchive } from './python-archive.ts';
import { pythonBuiltins, pythonContainers } from './python-builtins.ts';
import { pythonNet } from './python-net.ts';
import { pythonOs } from './python-os.ts';
import { pythonProcess } from './python-process.ts';
import { pythonRuntime } from './python-runtime.ts';
import { pythonText } from './python-text.ts';
import { remoteProcedures } from './remote-procedures.ts';
import { resourceCreation } from './resource-creation.ts';
import { sanic } from './sanic.ts';
import { smallFrameworks } from './small-frameworks.ts';
import { spreadsheets } from './spreadsheets.ts';
import { sqlalchemy } from './sqlalchemy.ts';
import { sshClients } from './ssh-clients.ts';
import { taskQueues } from './task-queues.ts';
import { templateEngines } from './template-engines.ts';
import { tornado } from './tornado.ts';
import { twilio } from './twilio.ts';
import { twisted } from './twisted.ts';
import { werkzeug } from './werkzeug.ts';
import { xmlParsers } from './xml-parsers.ts';

/** Everything the engine knows about libraries. */
export const LIBRARIES: readonly Library[] = [
  aiohttp,
  applicationBuilders,
  bottle,
  chatBots,
  cherrypy,
  cloudFunctions,
  cloudResources,
  cloudServices,
  containers,
  cryptography,
  databaseApi,
  databaseDrivers,
  dataFrames,
  dataModels,
  deserialization,
  django,
  djangoDatabase,
  djangoRestFramework,
  falcon,
  fastapi,
  flask,
  gradio,
  httpClients,
  languageModels,
  ldapClients,
  mailClients,
  markupLanguages,
  modelServers,
  mongodb,
  noSqlDatabases,
  objectMappers,
  otherDatabases,
  pyramid,
  pythonArchive,
  pythonBuiltins,
  pythonContainers,
  pythonNet,
  pythonOs,
  pythonProcess,
  pythonRuntime,
  pythonText,
  remoteProcedures,
  resourceCreation,
  sanic,
  smallFrameworks,
  spreadsheets,
  sqlalchemy,
  sshClients,
  taskQueues,
  templateEngines,
  tornado,
  twilio,
  twisted,
  werkzeug,
  xmlParsers,
];
