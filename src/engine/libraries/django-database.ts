import { at, type Library, named } from './library.ts';

const QUERY = 'django.db.models.QuerySet';

/** Django's ORM where it takes SQL text, field names or whole dicts; and its mail and storage. */
export const djangoDatabase: Library = {
  name: 'Django ORM, mail, storage',
  docs: 'https://docs.djangoproject.com/en/stable/topics/db/sql/',
  aliases: {
    'django.db.models.query.QuerySet': QUERY,
    'django.db.models.manager.Manager': 'django.db.models.Manager',
    'django.db.models.base.Model': 'django.db.models.Model',
    'django.core.mail.message.EmailMessage': 'django.core.mail.EmailMessage',
    'django.core.mail.message.EmailMultiAlternatives': 'django.core.mail.EmailMultiAlternatives',
  },
  returns: {
    'django.db.connection.cursor': 'databaseApi.Cursor',
    'django.db.models.Manager.all': QUERY,
    'django.db.models.QuerySet.all': QUERY,
    'django.db.models.QuerySet.filter': QUERY,
    'django.db.models.QuerySet.exclude': QUERY,
    'django.db.models.QuerySet.annotate': QUERY,
    'django.db.models.QuerySet.order_by': QUERY,
    'django.db.models.QuerySet.select_related': QUERY,
    'django.db.models.QuerySet.using': QUERY,
    'django.contrib.auth.get_user_model': 'django.contrib.auth.models.User',
  },
  attributes: {
    'django.db.models.Model.objects': 'django.db.models.Manager',
    'django.db.models.Model._default_manager': 'django.db.models.Manager',
  },
  elements: { 'django.db.connections': 'django.db.connection' },
  bases: {
    'django.db.models.Manager': [QUERY],
    'django.contrib.auth.models.UserManager': ['django.db.models.Manager'],
    'django.contrib.auth.models.AbstractBaseUser': ['django.db.models.Model'],
    'django.contrib.auth.models.AbstractUser': ['django.contrib.auth.models.AbstractBaseUser'],
    'django.contrib.auth.models.User': ['django.contrib.auth.models.AbstractUser'],
    'django.core.mail.EmailMultiAlternatives': ['django.core.mail.EmailMessage'],
  },
  sinks: [
    { kind: 'sql', paths: [`${QUERY}.raw`], arguments: [at(0, 'raw_query')] },
    {
      kind: 'sql',
      paths: [`${QUERY}.extra`],
      arguments: [at(0, 'select'), at(1, 'where'), at(3, 'tables'), at(4, 'order_by')],
    },
    { kind: 'sql', paths: ['django.db.models.expressions.RawSQL'], arguments: [at(0, 'sql')] },
    {
      kind: 'sql',
      paths: ['django.db.models.Func', 'django.db.models.expressions.Func'],
      arguments: [named('template'), named('function')],
    },
    { kind: 'sql', paths: ['django.db.migrations.RunSQL'], arguments: [at(0, 'sql')] },
    { kind: 'sql', paths: ['django.db.connection.cursor().execute'], arguments: [at(0, 'sql')] },
    {
      kind: 'mass-assignment',
      paths: [
        `${QUERY}.create`,
        `${QUERY}.update`,
        `${QUERY}.get_or_create`,
        `${QUERY}.update_or_create`,
        'django.db.models.Model',
      ],
      arguments: '*',
    },
    // Line breaks in headers are refused by Django itself: BadHeaderError.
    {
      kind: 'mail-html',
      paths: [
        'django.core.mail.send_mail',
        'django.core.mail.mail_admins',
        'django.core.mail.mail_managers',
        'django.contrib.auth.models.AbstractUser.email_user',
      ],
      arguments: [named('html_message')],
    },
    {
      kind: 'mail-html',
      paths: ['django.core.mail.EmailMultiAlternatives.attach_alternative'],
      arguments: [at(0, 'content')],
      when: [{ argument: at(1, 'mimetype'), is: 'text/html' }],
    },
    { kind: 'path', paths: ['django.core.files.storage.FileSystemStorage'], arguments: [at(0, 'location')] },
  ],
  duckSinks: [
    ...['create', 'update', 'get_or_create', 'update_or_create'].map((method) => ({
      kind: 'mass-assignment' as const,
      method,
      receiver: /^_*(objects|manager|queryset|qs|\w+_qs|query_set)$|^filter$|^all$/,
      arguments: '*' as const,
    })),
    // `Book.objects.raw(sql)` where the model stands in a file that is not at hand.
    {
      kind: 'sql',
      method: 'raw',
      receiver: /^_*(objects|manager|queryset|qs|query_set)$/,
      arguments: [at(0, 'raw_query')],
    },
    {
      kind: 'sql',
      method: 'extra',
      receiver: /^_*(objects|manager|queryset|qs|query_set)$/,
      arguments: [at(0, 'select'), at(1, 'where'), at(3, 'tables'), at(4, 'order_by')],
    },
  ],
  propagators: [{ paths: ['django.core.mail.EmailMessage'], from: [at(1, 'body')] }],
  sanitizers: [
    {
      paths: ['django.db.connection.ops.quote_name', 'django.db.connection.schema_editor().quote_value'],
      kinds: ['sql'],
    },
  ],
};
