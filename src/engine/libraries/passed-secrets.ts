import type { SensitiveKind } from '../secrets/sensitive-names.ts';
import type { ApiPath } from './library.ts';

/** An argument that a library takes as a secret, whatever the caller calls it. */
export interface PassedSecret {
  readonly paths: readonly ApiPath[];
  readonly position?: number;
  readonly name?: string;
  readonly kind: SensitiveKind;
}

/** From the reference of each library; the names of the parameters are those of the signatures. */
export const PASSED_SECRETS: readonly PassedSecret[] = [
  {
    paths: [
      'pymysql.connect',
      'MySQLdb.connect',
      'mysql.connector.connect',
      'ftplib.FTP',
      'ftplib.FTP_TLS',
      'ldap3.Connection',
    ],
    position: 2,
    name: 'password',
    kind: 'password',
  },
  { paths: ['ftplib.FTP.login', 'ftplib.FTP_TLS.login'], position: 1, name: 'passwd', kind: 'password' },
  // https://python-oracledb.readthedocs.io/en/latest/user_guide/connection_handling.html
  { paths: ['cx_Oracle.connect'], position: 1, name: 'password', kind: 'password' },
  // https://pymssql.readthedocs.io/en/stable/ref/pymssql.html#pymssql.connect
  { paths: ['pymssql.connect'], position: 2, name: 'password', kind: 'password' },
  // https://pika.readthedocs.io/en/stable/modules/credentials.html
  { paths: ['pika.PlainCredentials'], position: 1, name: 'password', kind: 'password' },
  {
    paths: ['pika.credentials.PlainCredentials', 'pymongo.database.Database.authenticate'],
    position: 1,
    name: 'password',
    kind: 'password',
  },
  // https://eclipse.dev/paho/files/paho.mqtt.python/html/client.html
  { paths: ['paho.mqtt.client.Client.username_pw_set'], position: 1, name: 'password', kind: 'password' },
  { paths: ['smtplib.SMTP.login', 'imaplib.IMAP4.login'], position: 1, name: 'password', kind: 'password' },
  { paths: ['poplib.POP3.pass_'], position: 0, name: 'pswd', kind: 'password' },
  {
    paths: ['ldap.ldapobject.LDAPObject.simple_bind_s', 'ldap.ldapobject.LDAPObject.simple_bind'],
    position: 1,
    name: 'cred',
    kind: 'password',
  },
  { paths: ['paramiko.SSHClient.connect'], position: 3, name: 'password', kind: 'password' },
  { paths: ['paramiko.Transport.connect'], name: 'password', kind: 'password' },
  {
    paths: [
      'oracledb.connect',
      'psycopg2.connect',
      'psycopg.connect',
      'snowflake.connector.connect',
      'redis.Redis',
    ],
    name: 'password',
    kind: 'password',
  },
  {
    paths: [
      'boto3.client',
      'boto3.resource',
      'boto3.Session',
      'boto3.session.Session',
      'boto3.Session.client',
      'boto3.Session.resource',
    ],
    name: 'aws_secret_access_key',
    kind: 'api-key',
  },
  { paths: ['twilio.rest.Client'], position: 1, name: 'password', kind: 'token' },
  { paths: ['github.Github'], position: 0, name: 'login_or_token', kind: 'token' },
  {
    paths: ['slack_sdk.WebClient', 'slack_sdk.web.client.WebClient'],
    position: 0,
    name: 'token',
    kind: 'token',
  },
  // https://learn.microsoft.com/en-us/python/api/azure-identity/azure.identity.clientsecretcredential
  {
    paths: ['azure.identity.ClientSecretCredential', 'azure.identity.aio.ClientSecretCredential'],
    position: 2,
    name: 'client_secret',
    kind: 'secret',
  },
  { paths: ['azure.cosmos.CosmosClient'], position: 1, name: 'credential', kind: 'api-key' },
  // https://keyring.readthedocs.io/en/latest/#api-interface
  { paths: ['keyring.set_password'], position: 2, name: 'password', kind: 'password' },
  // https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk/SecretValue.html
  {
    paths: [
      'aws_cdk.SecretValue.unsafe_plain_text',
      'aws_cdk.SecretValue.plain_text',
      'aws_cdk.core.SecretValue.plain_text',
    ],
    position: 0,
    name: 'secret',
    kind: 'password',
  },
  {
    paths: [
      'boto3.client().create_secret',
      'boto3.client().put_secret_value',
      'boto3.client().update_secret',
    ],
    name: 'SecretString',
    kind: 'secret',
  },
  { paths: ['hvac.Client'], position: 1, name: 'token', kind: 'token' },
  {
    paths: ['openai.OpenAI', 'anthropic.Anthropic', 'sendgrid.SendGridAPIClient'],
    name: 'api_key',
    kind: 'api-key',
  },
];
