import { at, type Library, named } from './library.ts';

/** python-ldap and ldap3: searches, binds and the escaping that each brings along. */
export const ldapClients: Library = {
  name: 'python-ldap, ldap3',
  docs: 'https://www.python-ldap.org/en/latest/reference/ldap.html',
  aliases: {
    'ldap3.core.connection.Connection': 'ldap3.Connection',
    'ldap.ldapobject.SimpleLDAPObject': 'ldap.ldapobject.LDAPObject',
    'ldap.ldapobject.ReconnectLDAPObject': 'ldap.ldapobject.LDAPObject',
  },
  returns: {
    'ldap.initialize': 'ldap.ldapobject.LDAPObject',
    'ldap.open': 'ldap.ldapobject.LDAPObject',
    'ldap.init': 'ldap.ldapobject.LDAPObject',
    'bonsai.LDAPClient.connect': 'bonsai.LDAPConnection',
  },
  sinks: [
    {
      kind: 'ldap-dn',
      paths: [
        'ldap.ldapobject.LDAPObject.search',
        'ldap.ldapobject.LDAPObject.search_s',
        'ldap.ldapobject.LDAPObject.search_st',
        'ldap.ldapobject.LDAPObject.search_ext',
        'ldap.ldapobject.LDAPObject.search_ext_s',
      ],
      arguments: [at(0, 'base')],
    },
    {
      kind: 'ldap-filter',
      paths: [
        'ldap.ldapobject.LDAPObject.search',
        'ldap.ldapobject.LDAPObject.search_s',
        'ldap.ldapobject.LDAPObject.search_st',
        'ldap.ldapobject.LDAPObject.search_ext',
        'ldap.ldapobject.LDAPObject.search_ext_s',
      ],
      arguments: [at(2, 'filterstr')],
    },
    {
      kind: 'ldap-dn',
      paths: [
        'ldap.ldapobject.LDAPObject.simple_bind',
        'ldap.ldapobject.LDAPObject.simple_bind_s',
        'ldap.ldapobject.LDAPObject.bind',
        'ldap.ldapobject.LDAPObject.bind_s',
        'ldap.ldapobject.LDAPObject.add_s',
        'ldap.ldapobject.LDAPObject.add_ext_s',
        'ldap.ldapobject.LDAPObject.modify_s',
        'ldap.ldapobject.LDAPObject.modify_ext_s',
        'ldap.ldapobject.LDAPObject.delete_s',
        'ldap.ldapobject.LDAPObject.delete_ext_s',
        'ldap.ldapobject.LDAPObject.rename_s',
        'ldap.ldapobject.LDAPObject.modrdn_s',
        'ldap.ldapobject.LDAPObject.compare_s',
        'ldap.ldapobject.LDAPObject.passwd_s',
        'ldap.ldapobject.LDAPObject.read_s',
      ],
      arguments: [at(0, 'dn'), named('who')],
    },
    // https://ldap3.readthedocs.io/en/latest/searches.html
    { kind: 'ldap-dn', paths: ['ldap3.Connection.search'], arguments: [at(0, 'search_base')] },
    { kind: 'ldap-filter', paths: ['ldap3.Connection.search'], arguments: [at(1, 'search_filter')] },
    {
      kind: 'ldap-dn',
      paths: [
        'ldap3.Connection.add',
        'ldap3.Connection.delete',
        'ldap3.Connection.modify',
        'ldap3.Connection.modify_dn',
        'ldap3.Connection.compare',
      ],
      arguments: [at(0, 'dn')],
    },
    { kind: 'ldap-dn', paths: ['ldap3.Connection'], arguments: [at(1, 'user')] },
    {
      kind: 'ldap-dn',
      paths: ['ldap3.ObjectDef', 'ldap3.Reader'],
      arguments: [at(2, 'base')],
      when: [{ argument: at(2, 'base'), given: true }],
    },
    { kind: 'ldap-dn', paths: ['bonsai.LDAPConnection.search'], arguments: [at(0, 'base')] },
    { kind: 'ldap-filter', paths: ['bonsai.LDAPConnection.search'], arguments: [at(2, 'filter_exp')] },
    // https://django-auth-ldap.readthedocs.io/
    { kind: 'ldap-filter', paths: ['django_auth_ldap.config.LDAPSearch'], arguments: [at(2, 'filterstr')] },
  ],
  sanitizers: [
    {
      paths: [
        'ldap.filter.escape_filter_chars',
        'ldap.filter.filter_format',
        'ldap3.utils.conv.escape_filter_chars',
        'bonsai.escape_filter_exp',
      ],
      kinds: ['ldap-filter'],
    },
    {
      paths: [
        'ldap.dn.escape_dn_chars',
        'ldap3.utils.dn.escape_rdn',
        'ldap3.utils.dn.escape_attribute_value',
        'ldap3.utils.dn.safe_rdn',
        'bonsai.escape_attribute_value',
      ],
      kinds: ['ldap-dn'],
    },
  ],
  duckSinks: [
    {
      kind: 'ldap-filter',
      method: 'search_s',
      receiver: /./,
      arguments: [at(2, 'filterstr')],
    },
    {
      kind: 'ldap-filter',
      method: 'search_ext_s',
      receiver: /./,
      arguments: [at(2, 'filterstr')],
    },
    { kind: 'ldap-dn', method: 'search_s', receiver: /./, arguments: [at(0, 'base')] },
    { kind: 'ldap-dn', method: 'search_ext_s', receiver: /./, arguments: [at(0, 'base')] },
    { kind: 'ldap-dn', method: 'simple_bind_s', receiver: /./, arguments: [at(0, 'who')] },
    {
      kind: 'ldap-filter',
      method: 'search',
      receiver: /ldap/,
      arguments: [named('search_filter'), named('filterstr'), at(1)],
      positional: [0, 2],
    },
  ],
};
