import { isPlaceholder } from './placeholder.ts';

/** An address of a service, read from a literal. */
export interface ConnectionString {
  /** In lower case, as written: `postgresql+psycopg2`. */
  readonly scheme: string;
  readonly service:
    | 'database'
    | 'cache'
    | 'broker'
    | 'directory'
    | 'hypervisor'
    | 'mail'
    | 'file-transfer'
    | 'web';
  readonly user: string | undefined;
  /** undefined: none is given. '' : an empty one is. */
  readonly password: string | undefined;
  readonly host: string;
  /** Whether it holds a password that is one: no placeholder and no part of a template. */
  readonly hasCredentials: boolean;
  /** Points at the machine that it runs on. */
  readonly isLocal: boolean;
}

const SERVICES: Readonly<Record<string, ConnectionString['service']>> = {
  postgresql: 'database',
  postgres: 'database',
  postgis: 'database',
  mysql: 'database',
  mariadb: 'database',
  mssql: 'database',
  oracle: 'database',
  mongodb: 'database',
  cockroachdb: 'database',
  clickhouse: 'database',
  snowflake: 'database',
  redshift: 'database',
  neo4j: 'database',
  bolt: 'database',
  couchdb: 'database',
  cassandra: 'database',
  db2: 'database',
  redis: 'cache',
  rediss: 'cache',
  valkey: 'cache',
  memcached: 'cache',
  amqp: 'broker',
  amqps: 'broker',
  pyamqp: 'broker',
  rabbit: 'broker',
  kombu: 'broker',
  kafka: 'broker',
  nats: 'broker',
  mqtt: 'broker',
  mqtts: 'broker',
  stomp: 'broker',
  sqs: 'broker',
  ldap: 'directory',
  ldaps: 'directory',
  qemu: 'hypervisor',
  xen: 'hypervisor',
  lxc: 'hypervisor',
  vbox: 'hypervisor',
  esx: 'hypervisor',
  vpx: 'hypervisor',
  hyperv: 'hypervisor',
  bhyve: 'hypervisor',
  smtp: 'mail',
  smtps: 'mail',
  imap: 'mail',
  imaps: 'mail',
  ftp: 'file-transfer',
  ftps: 'file-transfer',
  sftp: 'file-transfer',
  ssh: 'file-transfer',
  http: 'web',
  https: 'web',
};

const URI =
  /^(?<scheme>[a-z][a-z0-9]*(?:\+[a-z0-9_]+)*):\/\/(?:(?<user>[^:@/?#\s]*)(?::(?<password>[^@/\s]*))?@)?(?<host>[^/?#\s]*)/i;

/**
 * Reads a URI of a database, cache, broker, directory, hypervisor, mail or file server, or a web address
 * with a user in it. undefined for any other text, plain web addresses among them.
 */
export function readConnectionString(text: string): ConnectionString | undefined {
  const groups = URI.exec(text.trim())?.groups;
  if (!groups) return undefined;
  const scheme = groups.scheme!.toLowerCase();
  const service = SERVICES[scheme.split('+')[0]!];
  const { user, password, host = '' } = groups;
  if (!service || (service === 'web' && user === undefined)) return undefined;
  const hasCredentials = password !== undefined && password !== '' && !isFiller(password, user, host);
  const isLocal = host === '' || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?::\d+)?$/i.test(host);
  return { scheme, service, user, password, host, hasCredentials, isLocal };
}

/** Words of documentation for user, password and host. */
function isFiller(password: string, user: string | undefined, host: string): boolean {
  if (/^(?:pass(?:word|wd)?|pwd|secret|pw|p|token|key|\*+|x+|userpass|user_?password)$/i.test(password))
    return true;
  if (/[{}%$<>[\]*]/.test(password.replace(/%[0-9a-f]{2}/gi, '')) || isPlaceholder(password)) return true;
  if (/(?:^|\.)(?:example\.(?:com|org|net)|[a-z.]*\.(?:example|test|invalid))(?::\d+)?$/i.test(host))
    return true;
  return (
    user !== undefined &&
    /^(?:user(?:name)?|usr|u)$/i.test(user) &&
    /^(?:host(?:name)?|server|ip)?(?::(?:port|\d+))?$/i.test(host)
  );
}
