import { aiohttp } from './aiohttp.ts';
import { applicationBuilders } from './applicationBuilders.ts';
import { bottle } from './bottle.ts';
import { chatBots } from './chatBots.ts';
import { cherrypy } from './cherrypy.ts';
import { cloudFunctions } from './cloudFunctions.ts';
import { cloudResources } from './cloudResources.ts';
import { cloudServices } from './cloudServices.ts';
import { containers } from './containers.ts';
import { cryptography } from './cryptography.ts';
import { databaseApi } from './databaseApi.ts';
import { databaseDrivers } from './databaseDrivers.ts';
import { dataFrames } from './dataFrames.ts';
import { dataModels } from './dataModels.ts';
import { deserialization } from './deserialization.ts';
import { django } from './django.ts';
import { djangoDatabase } from './djangoDatabase.ts';
import { djangoRestFramework } from './djangoRestFramework.ts';
import { falcon } from './falcon.ts';
import { fastapi } from './fastapi.ts';
import { flask } from './flask.ts';
import { gradio } from './gradio.ts';
import { httpClients } from './httpClients.ts';
import { languageModels } from './languageModels.ts';
import { ldapClients } from './ldapClients.ts';
import type { Library } from './library.ts';
import { mailClients } from './mailClients.ts';
import { mongodb } from './mongodb.ts';
import { noSqlDatabases } from './noSqlDatabases.ts';
import { objectMappers } from './objectMappers.ts';
import { otherDatabases } from './otherDatabases.ts';
import { pyramid } from './pyramid.ts';
import { pythonArchive } from './pythonArchive.ts';
import { pythonBuiltins, pythonContainers } from './pythonBuiltins.ts';
import { pythonNet } from './pythonNet.ts';
import { pythonOs } from './pythonOs.ts';
import { pythonProcess } from './pythonProcess.ts';
import { pythonRuntime } from './pythonRuntime.ts';
import { pythonText } from './pythonText.ts';
import { remoteProcedures } from './remoteProcedures.ts';
import { resourceCreation } from './resourceCreation.ts';
import { sanic } from './sanic.ts';
import { smallFrameworks } from './smallFrameworks.ts';
import { spreadsheets } from './spreadsheets.ts';
import { sqlalchemy } from './sqlalchemy.ts';
import { sshClients } from './sshClients.ts';
import { taskQueues } from './taskQueues.ts';
import { templateEngines } from './templateEngines.ts';
import { tornado } from './tornado.ts';
import { twilio } from './twilio.ts';
import { twisted } from './twisted.ts';
import { werkzeug } from './werkzeug.ts';
import { xmlParsers } from './xmlParsers.ts';

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
