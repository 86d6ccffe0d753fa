/** The kinds of security control, how they are spoken of, and how each is recognised by name. */
import type { Aspect, Kind, Severity } from '../finding.ts';

export interface ControlKind {
  readonly aspect: Aspect;
  readonly cwe: readonly number[];
  readonly severity: Severity;
  /** What taking it away is. */
  readonly kind: Kind;
  /** Taking it away is often harmless: listed on request only. */
  readonly quiet?: true;
  /** What it does: "escapes …", said of the quoted control. */
  readonly does: string;
  /** What follows from its absence, as the end of a sentence. */
  readonly lost: string;
}

export const CONTROL_KINDS = {
  authentication: {
    aspect: 'access',
    cwe: [306, 862],
    severity: 'high',
    kind: 'defect',
    does: 'lets in only who is logged in',
    lost: 'so that anyone can call it',
  },
  authorization: {
    aspect: 'access',
    cwe: [862, 285],
    severity: 'high',
    kind: 'defect',
    does: 'checks what the caller may do',
    lost: 'so that nothing here checks what the caller may do',
  },
  refusal: {
    aspect: 'access',
    cwe: [862, 285],
    severity: 'medium',
    kind: 'advisory',
    does: 'refuses who may not do this',
    lost: 'so that nobody is refused here any more',
  },
  csrf: {
    aspect: 'access',
    cwe: [352],
    severity: 'high',
    kind: 'defect',
    does: 'rejects forged requests',
    lost: 'so that other sites can send requests in the name of a user',
  },
  throttle: {
    aspect: 'access',
    cwe: [307, 770],
    severity: 'medium',
    kind: 'advisory',
    does: 'limits how often it can be called',
    lost: 'so that it can be called without limit',
  },
  schema: {
    aspect: 'validation',
    cwe: [20],
    severity: 'medium',
    kind: 'defect',
    does: 'checks the body of the request',
    lost: 'so that a request of any form is taken',
  },
  'shell-escape': {
    aspect: 'injection',
    cwe: [78],
    severity: 'high',
    kind: 'defect',
    does: 'quotes a word for the shell',
    lost: 'so that the value can change the command',
  },
  'url-escape': {
    aspect: 'injection',
    cwe: [116, 20],
    severity: 'medium',
    kind: 'advisory',
    does: 'escapes text for an address',
    lost: 'so that the value can change where the address leads',
  },
  'html-escape': {
    aspect: 'injection',
    cwe: [79, 116],
    severity: 'high',
    kind: 'defect',
    does: 'escapes text for HTML',
    lost: 'so that the value can bring its own markup',
  },
  'sql-escape': {
    aspect: 'injection',
    cwe: [89],
    severity: 'high',
    kind: 'advisory',
    does: 'doubles the quotes of a text for SQL',
    lost: 'so that a quote in the value ends the text',
  },
  'ldap-escape': {
    aspect: 'injection',
    cwe: [90],
    severity: 'high',
    kind: 'defect',
    does: 'escapes text for LDAP',
    lost: 'so that the value can change the query',
  },
  'regex-escape': {
    aspect: 'injection',
    cwe: [1333, 730],
    severity: 'medium',
    kind: 'defect',
    does: 'escapes text for a regular expression',
    lost: 'so that the value is read as a pattern',
  },
  'file-name': {
    aspect: 'injection',
    cwe: [22],
    severity: 'high',
    kind: 'defect',
    does: 'makes a file name harmless',
    lost: 'so that the name can lead out of its folder',
  },
  'url-check': {
    aspect: 'validation',
    cwe: [601],
    severity: 'medium',
    kind: 'defect',
    does: 'checks where a URL leads',
    lost: 'so that the URL can lead to any site',
  },
  masking: {
    aspect: 'exposure',
    cwe: [532],
    severity: 'medium',
    kind: 'defect',
    does: 'hides secrets in text',
    lost: 'so that secrets stay readable',
  },
  'constant-time': {
    aspect: 'cryptography',
    cwe: [208],
    severity: 'medium',
    kind: 'defect',
    does: 'compares in constant time',
    lost: 'so that the time of the comparison tells how much was right',
  },
  timeout: {
    aspect: 'errors',
    cwe: [1088, 400],
    severity: 'low',
    kind: 'advisory',
    does: 'bounds how long it waits',
    lost: 'so that it can wait for ever',
  },
  'archive-filter': {
    aspect: 'injection',
    cwe: [22],
    severity: 'high',
    kind: 'defect',
    does: 'refuses archive members that lead out of the folder',
    lost: 'so that an archive can write outside the folder',
  },
  'cookie-flag': {
    aspect: 'configuration',
    cwe: [614, 1004],
    severity: 'medium',
    kind: 'defect',
    does: 'protects the cookie',
    lost: 'so that the cookie travels or is read more freely',
  },
  autoescape: {
    aspect: 'injection',
    cwe: [79, 116],
    severity: 'high',
    kind: 'defect',
    does: 'makes templates escape what they show',
    lost: 'so that templates show values as markup',
  },
  sandbox: {
    aspect: 'injection',
    cwe: [1336, 94],
    severity: 'high',
    kind: 'defect',
    does: 'keeps templates from running code',
    lost: 'so that whoever writes a template can run code',
  },
  'xml-limit': {
    aspect: 'parsing',
    cwe: [611],
    severity: 'high',
    kind: 'defect',
    does: 'keeps the XML parser from fetching entities',
    lost: 'so that a document can make the parser read files and addresses',
  },
  'token-algorithms': {
    aspect: 'cryptography',
    cwe: [347],
    severity: 'high',
    kind: 'defect',
    does: 'fixes the algorithms of the signature',
    lost: 'so that the token chooses how it is checked',
  },
  lock: {
    aspect: 'concurrency',
    cwe: [362, 820],
    severity: 'medium',
    kind: 'defect',
    does: 'lets one at a time change shared state',
    lost: 'so that two can change the shared state at once',
  },
  'path-check': {
    aspect: 'injection',
    cwe: [22],
    severity: 'high',
    kind: 'advisory',
    does: 'keeps a path in its folder',
    lost: 'so that a path can lead out of its folder',
  },
  'address-check': {
    aspect: 'validation',
    cwe: [918, 601],
    severity: 'high',
    kind: 'advisory',
    does: 'checks where an address leads',
    lost: 'so that an address can lead anywhere',
  },
  allowlist: {
    aspect: 'validation',
    cwe: [20, 183],
    severity: 'medium',
    kind: 'advisory',
    does: 'takes only what is listed',
    lost: 'so that anything is taken',
  },
  sanitizing: {
    aspect: 'injection',
    cwe: [20, 116],
    severity: 'medium',
    kind: 'advisory',
    does: 'makes a value harmless',
    lost: 'so that the value is used as it came',
  },
  'value-check': {
    aspect: 'validation',
    cwe: [20],
    severity: 'medium',
    kind: 'advisory',
    does: 'refuses values that are not safe',
    lost: 'so that any value is taken',
  },
  guard: {
    aspect: 'validation',
    cwe: [20],
    severity: 'medium',
    kind: 'advisory',
    quiet: true,
    does: 'says which values are refused',
    lost: 'so that no value is refused before it is used',
  },
  narrowed: {
    aspect: 'validation',
    cwe: [20],
    severity: 'medium',
    kind: 'advisory',
    quiet: true,
    does: 'is one of the checks of a value',
    lost: 'so that fewer values are refused',
  },
  'security-header': {
    aspect: 'configuration',
    cwe: [1021],
    severity: 'medium',
    kind: 'advisory',
    does: 'tells browsers how to protect the page',
    lost: 'so that browsers protect it less',
  },
  signature: {
    aspect: 'cryptography',
    cwe: [345, 347],
    severity: 'high',
    kind: 'defect',
    does: 'checks that a value was signed here',
    lost: 'so that anyone can make such a value',
  },
  'plain-data': {
    aspect: 'parsing',
    cwe: [502],
    severity: 'high',
    kind: 'defect',
    does: 'reads nothing but plain data',
    lost: 'so that a document can have other objects made',
  },
  setting: {
    aspect: 'configuration',
    cwe: [693],
    severity: 'medium',
    kind: 'defect',
    does: 'turns a protection on',
    lost: 'so that the protection is off',
  },
} as const satisfies Record<string, ControlKind>;

export type ControlKindName = keyof typeof CONTROL_KINDS;

/** Calls that protect a value, by the last part of their path, with the start that the whole path must have. */
export const PROTECTING_CALLS: ReadonlyMap<
  string,
  readonly { readonly kind: ControlKindName; readonly from: RegExp }[]
> = new Map([
  [
    'quote',
    [
      { kind: 'shell-escape', from: /^(shlex|pipes)\./ },
      { kind: 'url-escape', from: /^urllib\b/ },
    ],
  ],
  [
    'escape',
    [
      {
        kind: 'html-escape',
        from: /^(html|cgi|markupsafe|flask|jinja2|django\.utils\.html|tornado|werkzeug|saxutils|xml\.sax|twisted\.web\.(html|util|template))\b/,
      },
      { kind: 'regex-escape', from: /^(re|regex)\./ },
    ],
  ],
  ['conditional_escape', [{ kind: 'html-escape', from: /^django\./ }]],
  ['xhtml_escape', [{ kind: 'html-escape', from: /^tornado\./ }]],
  ['escapejs', [{ kind: 'html-escape', from: /^django\./ }]],
  ['strip_tags', [{ kind: 'html-escape', from: /^django\./ }]],
  ['clean', [{ kind: 'html-escape', from: /^(bleach|nh3)\./ }]],
  ['escape_filter_chars', [{ kind: 'ldap-escape', from: /./ }]],
  ['escape_dn_chars', [{ kind: 'ldap-escape', from: /./ }]],
  ['escape_rdn', [{ kind: 'ldap-escape', from: /./ }]],
  ['loads', [{ kind: 'signature', from: /^(django\.core\.signing|itsdangerous)\b/ }]],
  ['unsign', [{ kind: 'signature', from: /^(django\.core\.signing|itsdangerous)\b/ }]],
  ['safe_load', [{ kind: 'plain-data', from: /^yaml\./ }]],
  ['safe_load_all', [{ kind: 'plain-data', from: /^yaml\./ }]],
  ['secure_filename', [{ kind: 'file-name', from: /./ }]],
  ['get_valid_filename', [{ kind: 'file-name', from: /./ }]],
  ['safe_join', [{ kind: 'file-name', from: /./ }]],
  ['url_has_allowed_host_and_scheme', [{ kind: 'url-check', from: /./ }]],
  ['is_safe_url', [{ kind: 'url-check', from: /./ }]],
  ['mask_password', [{ kind: 'masking', from: /./ }]],
  ['mask_dict_password', [{ kind: 'masking', from: /./ }]],
  ['compare_digest', [{ kind: 'constant-time', from: /./ }]],
  ['constant_time_compare', [{ kind: 'constant-time', from: /./ }]],
  ['safe_str_cmp', [{ kind: 'constant-time', from: /./ }]],
] as const);

/** Comparisons in constant time that a project wrote itself, by name. */
export const CONSTANT_TIME =
  /(?:constant_time|secure(?:ly)?|safe)_(?:\w+_)?compare|compare_(?:\w+_)?(?:secure|constant_time|safe)/i;

/** Texts whose replacement by another protects: `value.replace("'", "''")`, `path.replace('../', '')`. */
export const PROTECTING_REPLACEMENTS: readonly {
  readonly kind: ControlKindName;
  readonly from: RegExp;
  readonly to: RegExp;
}[] = [
  { kind: 'sql-escape', from: /^['"\]`]$/, to: /^(?:''|""|\]\]|``|\\['"])$/ },
  { kind: 'path-check', from: /^\.\.[/\\]?$/, to: /^[^/.]?$/ },
];

/** Decorators, by the last part of their name. */
export const DECORATORS: readonly { readonly kind: ControlKindName; readonly name: RegExp }[] = [
  {
    kind: 'authorization',
    name: /^(permission_required|permissions?_required|require_permissions?|requires_permissions?|has_permissions?|has_access(_\w+)?|user_passes_test|staff_member_required|superuser_required|admin_required|require_admin|requires_admin|admin_only|roles?_required|roles?_accepted|require_roles?|requires_roles?|scopes?_required|requires_scopes?|require_scopes?|permission_classes|require_context|require_admin_context|requires_role|protect|protected)$/,
  },
  {
    kind: 'authentication',
    name: /^(login_required|requires?_login|auth_required|requires?_auth(entication|enticated)?|authenticated|require_authenticated|jwt_required|fresh_jwt_required|token_required|require_token|api_key_required|require_api_key|token_auth_required|authentication_classes|http_auth_required|auth_token_required|basic_auth_required|authenticated_required|requires_session|session_required|login_required_api)$/,
  },
  { kind: 'csrf', name: /^(csrf_protect|requires_csrf_token|ensure_csrf|csrf_protected)$/ },
  { kind: 'throttle', name: /^(ratelimit|rate_limit|rate_limited|throttle|throttle_classes|throttled)$/ },
  { kind: 'lock', name: /^(synchronized|with_lock|locked)$/ },
];

/** Calls inside a function that end it when the caller may not go on. */
export const CHECKING_CALLS =
  /^(enforce|authorize|check_permissions?|check_object_permissions?|require_permissions?|assert_permissions?|verify_permissions?|ensure_permissions?|raise_for_access|check_policy|check_authorization|require_admin|assert_can_\w+|check_access|check_is_admin|verify_deploy_policy|enforce_(?:policy|acl|call)|has_perms?|has_permission|has_object_permission)$/;

/** Names of dependencies that stand for a check of the caller: FastAPI's `Depends(get_current_user)`. */
export const CHECKING_DEPENDENCY =
  /(^|_)(current_(active_)?(super)?user|auth\w*|login|logged_in|permissions?|roles?|admin|superuser|scopes?|api_?key|verify_\w*|token|oauth2\w*|bearer|credentials|security|access)(_|$)/i;

/** Mixins of class-based views. */
export const ACCESS_MIXINS: readonly { readonly kind: ControlKindName; readonly name: RegExp }[] = [
  {
    kind: 'authorization',
    name: /(^|\.)(PermissionRequiredMixin|UserPassesTestMixin|SuperuserRequiredMixin|StaffRequiredMixin|AdminRequiredMixin|StaffuserRequiredMixin|GroupRequiredMixin)$/,
  },
  { kind: 'authentication', name: /(^|\.)(LoginRequiredMixin|AuthRequiredMixin|AccessMixin)$/ },
];

/** Keyword arguments that protect, with the calls that take them. */
export const PROTECTING_ARGUMENTS: ReadonlyMap<
  string,
  { readonly kind: ControlKindName; readonly value: RegExp; readonly callee: RegExp }
> = new Map([
  [
    'timeout',
    {
      kind: 'timeout',
      value: /^(?!None$)/,
      callee:
        /^(requests|httpx|urllib|urllib\.request|session|self\.session|self\._session|client|http|socket|subprocess)\..*|(^|\.)urlopen$|(^|\.)create_connection$/,
    },
  ],
  [
    'filter',
    {
      kind: 'archive-filter',
      value: /^['"](data|tar)['"]$|data_filter$|tar_filter$/,
      callee: /(^|\.)(extractall|extract|unpack_archive)$/,
    },
  ],
  [
    'secure',
    {
      kind: 'cookie-flag',
      value: /^(?!False$|None$)/,
      callee: /(^|\.)(set_cookie|set_signed_cookie|set_secure_cookie)$/,
    },
  ],
  [
    'httponly',
    {
      kind: 'cookie-flag',
      value: /^(?!False$|None$)/,
      callee: /(^|\.)(set_cookie|set_signed_cookie|set_secure_cookie)$/,
    },
  ],
  [
    'samesite',
    {
      kind: 'cookie-flag',
      value: /^(?!None$|['"]none['"]$)/i,
      callee: /(^|\.)(set_cookie|set_signed_cookie)$/,
    },
  ],
  [
    'autoescape',
    {
      kind: 'autoescape',
      value: /^(?!False$|None$)/,
      callee: /(^|\.)(Environment|Template|NativeEnvironment|SandboxedEnvironment)$/,
    },
  ],
  [
    'resolve_entities',
    {
      kind: 'xml-limit',
      value: /^False$/,
      callee: /(^|\.)(XMLParser|ETCompatXMLParser|HTMLParser|iterparse)$/,
    },
  ],
  ['Loader', { kind: 'plain-data', value: /(^|\.)C?(Safe|Base)Loader$/, callee: /(^|\.)load(_all)?$/ }],
  [
    'parser',
    {
      kind: 'xml-limit',
      value: /safe|secure|resolve_entities\s*=\s*False/i,
      callee: /(^|\.)(fromstring|fromstringlist|parse|iterparse|XML)$/,
    },
  ],
  ['algorithms', { kind: 'token-algorithms', value: /./, callee: /(^|\.)decode$/ }],
] as const);

/** Headers of a response by which browsers protect a page. */
export const PROTECTING_HEADERS =
  /^(?:X-Frame-Options|X-Content-Type-Options|Content-Security-Policy|Strict-Transport-Security)$/i;

/** Settings that turn on a protection which is off without them, by name; values as written. */
export const PROTECTING_SETTINGS: ReadonlyMap<string, RegExp> = new Map([
  ['SESSION_COOKIE_SECURE', /^True$/],
  ['CSRF_COOKIE_SECURE', /^True$/],
  ['REMEMBER_COOKIE_SECURE', /^True$/],
  ['SECURE_SSL_REDIRECT', /^True$/],
  ['SECURE_HSTS_SECONDS', /^[1-9]/],
  ['SECURE_HSTS_INCLUDE_SUBDOMAINS', /^True$/],
  ['AUTH_PASSWORD_VALIDATORS', /^[[(]\s*[^\])\s]/],
]);

/** Entries of MIDDLEWARE whose absence takes a protection away. */
export const PROTECTING_MIDDLEWARE: ReadonlyMap<string, ControlKindName> = new Map<string, ControlKindName>([
  ['django.middleware.csrf.CsrfViewMiddleware', 'csrf'],
  ['django.middleware.security.SecurityMiddleware', 'setting'],
  ['django.middleware.clickjacking.XFrameOptionsMiddleware', 'setting'],
  ['django.contrib.auth.middleware.AuthenticationMiddleware', 'authentication'],
  ['django.contrib.auth.middleware.LoginRequiredMiddleware', 'authentication'],
  ['csp.middleware.CSPMiddleware', 'setting'],
  ['axes.middleware.AxesMiddleware', 'throttle'],
]);
